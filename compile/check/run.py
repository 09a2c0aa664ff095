"""Running backends over the same rows and comparing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch, Result, Runner
from compile.check.compare import LANE, comparable_nodes, compare, rows_of
from compile.check.report import Report
from compile.interpreter.record import REFERENCE
from compile.lane.check import LaneCheck
from dag.graphs.graph import Graph
from dag.values.floating_point import in_standard_environment
from dag.values.words import Column

#: Values of one backend that are kept at a time when a file is replayed.
WORDS_AT_ONCE = 1 << 23
Chosen = NDArray[np.intp]


def new_report(graph: Graph, source: str, seed: int | None = None) -> Report:
    """An empty report on `graph`."""
    return Report(graph.name, graph.content_hash, len(comparable_nodes(graph)), source, seed)


@in_standard_environment
def check_batch(
    graph: Graph,
    runners: Mapping[str, Runner],
    batch: Batch,
    report: Report,
    nodes: Sequence[int] | None = None,
    lane: LaneCheck | None = None,
) -> None:
    """Replay one batch in every runner, the interpreter's words being the right ones, and add to `report`.

    So is the lane on numbers, where `lane` is given. A long replay goes in pieces of WORDS_AT_ONCE, each backend carrying its own state from piece to piece; it stops after
    the first piece that differs.
    """
    wanted = comparable_nodes(graph) if nodes is None else list(nodes)
    length = max(1, WORDS_AT_ONCE // (batch.instances * max(1, len(wanted))))
    states: dict[str, Mapping[str, Column] | None] = dict.fromkeys(runners, batch.state)
    on_numbers = None if lane is None else lane.begin()
    report.rows_of |= dict.fromkeys([] if lane is None else [LANE], 0)
    for start in range(0, batch.bars, length):
        if report.differences:
            return
        results: dict[str, Result] = {}
        for name in [REFERENCE, *(name for name in runners if name != REFERENCE)]:
            part = bars_of(batch, start, min(start + length, batch.bars), states[name])
            results[name] = runners[name].run(part, wanted)
            states[name] = results[name].state
            report.rows_of[name] = report.rows_of.get(name, 0) + rows_of(part)
            report.recomputed += getattr(runners[name], "recomputed_rows", 0)
            if name == REFERENCE:
                report.rows += rows_of(part)
                report.rejected += rejected_rows(graph, results[name])
                if on_numbers is not None:
                    report.rows_of[LANE] += rows_of(part)
                    report.add(on_numbers.compare(part, results[name], first_bar=start))
            else:
                report.add(compare(graph, results[REFERENCE], results[name], name, wanted, first_bar=start))


def rejected_rows(graph: Graph, result: Result) -> int:
    """How many rows of `result` the status rejects."""
    if graph.status is None or graph.status not in result.nodes:
        return 0
    return int(np.count_nonzero(result.nodes[graph.status]))


def only_instances(result: Result, which: Chosen | slice) -> Result:
    """The result of the instances numbered in `which` only."""
    return Result(
        {node: column[:, which] for node, column in result.nodes.items()},
        {name: column[which] for name, column in result.state.items()},
    )


def bars_of(batch: Batch, start: int, stop: int, state: Mapping[str, Column] | None) -> Batch:
    """The bars from `start` up to `stop` of the batch, starting from `state`."""
    inputs = {name: column[start:stop] for name, column in batch.inputs.items()}
    return Batch(inputs, batch.params, state, stop - start, batch.instances)


def first_instances(batch: Batch, count: int) -> Batch:
    """The batch with its first `count` instances only."""
    return instances_of(batch, np.arange(count)) if count < batch.instances else batch


def instances_of(batch: Batch, which: Chosen) -> Batch:
    """The batch with the instances numbered in `which` only."""
    return Batch(
        {name: column[:, which] for name, column in batch.inputs.items()},
        {name: column[which] for name, column in batch.params.items()},
        None if batch.state is None else {name: column[which] for name, column in batch.state.items()},
        batch.bars,
        len(which),
    )
