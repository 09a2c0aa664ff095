"""Running backends over the same rows and comparing them: sampled campaigns and recorded data."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from compile.backend import SIMULATED, Batch, Result, Runner
from compile.campaign.sample import sample, universe_of
from compile.check.compare import REFERENCE, comparable_nodes, compare, rows_of
from compile.check.report import Report
from dag.graph import Graph
from dag.words import Column

#: Values of one backend that are kept at a time when a file is replayed.
WORDS_AT_ONCE = 1 << 23
#: Bars and instances of one chunk of a campaign: small enough that every node of every backend fits in memory together.
CHUNK = (16, 512)
#: Where there is state, every fourth chunk is this one: what carries across many bars is seen carrying.
LONG_CHUNK, LONG_EVERY = (512, 16), 4
#: The interpreter replays at least so many rows of a campaign, and one in so many; the simulated Verilog the first so many.
INTERPRETER_ROWS, INTERPRETER_SHARE, RTL_ROWS = 50_000, 20, 100_000

Progress = Callable[[int], None]


def new_report(graph: Graph, source: str, seed: int | None = None) -> Report:
    """An empty report on `graph`."""
    return Report(graph.name, graph.content_hash, len(comparable_nodes(graph)), source, seed)


def check_batch(
    graph: Graph, runners: Mapping[str, Runner], batch: Batch, report: Report, nodes: Sequence[int] | None = None
) -> None:
    """Replay one batch in every runner, the interpreter's words being the right ones, and add to `report`.

    A long replay goes in pieces of WORDS_AT_ONCE, each backend carrying its own state from piece to piece; it stops after
    the first piece that differs.
    """
    wanted = comparable_nodes(graph) if nodes is None else list(nodes)
    length = max(1, WORDS_AT_ONCE // (batch.instances * max(1, len(wanted))))
    states: dict[str, Mapping[str, Column] | None] = dict.fromkeys(runners, batch.state)
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
                report.rejected += _rejected(graph, results[name])
            else:
                report.add(compare(graph, results[REFERENCE], results[name], name, wanted, first_bar=start))


def campaign(
    graph: Graph,
    runners: Mapping[str, Runner],
    rows: int,
    seed: int,
    progress: Progress = lambda rows: None,
    interpreter_rows: int = INTERPRETER_ROWS,
    rtl_rows: int = RTL_ROWS,
) -> Report:
    """Sample `rows` rows of the universe and compare every node in every backend.

    XLA and C see every row. The interpreter sees at least `interpreter_rows` of them and one in INTERPRETER_SHARE, spread
    over the whole campaign, the Verilog the first `rtl_rows`; where the interpreter did not go, the others are compared
    with C, and should they differ the interpreter is run on that very instance to say who is wrong. Stops after the first
    chunk that differs.
    """
    report = new_report(graph, "sampled universe", seed)
    nodes = comparable_nodes(graph)
    universe = universe_of(graph)
    rng = np.random.default_rng(seed)
    share = min(1.0, max(interpreter_rows / max(rows, 1), 1.0 / INTERPRETER_SHARE))
    for number in itertools.count(1):
        left = rows - report.rows
        if left <= 0 or report.differences:
            return report
        bars, most = LONG_CHUNK if graph.states and number % LONG_EVERY == 0 else CHUNK
        instances = min(most, -(-left // bars))
        batch = sample(universe, bars, instances, rng)
        by_interpreter = math.ceil(instances * share)
        limits = {REFERENCE: by_interpreter}
        for name in SIMULATED:
            left_for_rtl = rtl_rows - report.rows_of.get(name, 0)
            limits[name] = min(instances, max(0, -(-left_for_rtl // bars)))
        _campaign_chunk(graph, runners, batch, nodes, limits, report)
        progress(min(report.rows, rows))
    raise AssertionError("the loop above only returns")


def _campaign_chunk(
    graph: Graph,
    runners: Mapping[str, Runner],
    batch: Batch,
    nodes: Sequence[int],
    limits: Mapping[str, int],
    report: Report,
) -> None:
    results: dict[str, tuple[Result, int]] = {}
    for name, runner in runners.items():
        count = limits.get(name, batch.instances)
        if count:
            part = first_instances(batch, count)
            results[name] = runner.run(part, nodes), count
            report.rows_of[name] = report.rows_of.get(name, 0) + rows_of(part)
            report.recomputed += getattr(runner, "recomputed_rows", 0)
    report.rows += rows_of(batch)
    widest = next((name for name in ("c", "c_batch", "xla") if name in results), REFERENCE)
    report.rejected += _rejected(graph, results[widest][0])
    exact, count = results[REFERENCE]
    for name, (result, seen) in results.items():
        if name == REFERENCE:
            continue
        shared = min(seen, count)
        report.add(compare(graph, _narrow(exact, shared), _narrow(result, shared), name, nodes))
        if name != widest and seen > count and not report.differences:
            wide = results[widest][0]
            comparison = compare(graph, _narrow(wide, seen), _narrow(result, seen), name, nodes)
            if comparison.first is None:
                report.add(comparison)
            else:
                suspects = {widest: wide, name: result}
                _blame(graph, runners[REFERENCE], batch, nodes, comparison.first.instance, suspects, report)


def _blame(
    graph: Graph,
    interpreter: Runner,
    batch: Batch,
    nodes: Sequence[int],
    instance: int,
    suspects: Mapping[str, Result],
    report: Report,
) -> None:
    """Two backends differ at `instance`: replay it in the interpreter and count whose results differ from that.

    What they returned is compared, not a second run: a bit that goes wrong only in company would be right alone.
    """
    exact = interpreter.run(instances_of(batch, np.array([instance])), nodes)
    for name, result in suspects.items():
        report.add(compare(graph, exact, _only(result, instance), name, nodes, first_instance=instance))


def _rejected(graph: Graph, result: Result) -> int:
    """How many rows the status rejects."""
    if graph.status is None or graph.status not in result.nodes:
        return 0
    return int(np.count_nonzero(result.nodes[graph.status]))


def _narrow(result: Result, instances: int) -> Result:
    return Result(
        {node: column[:, :instances] for node, column in result.nodes.items()},
        {name: column[:instances] for name, column in result.state.items()},
    )


def _only(result: Result, instance: int) -> Result:
    return Result(
        {node: column[:, instance : instance + 1] for node, column in result.nodes.items()},
        {name: column[instance : instance + 1] for name, column in result.state.items()},
    )


def bars_of(batch: Batch, start: int, stop: int, state: Mapping[str, Column] | None) -> Batch:
    """The bars from `start` up to `stop` of the batch, starting from `state`."""
    inputs = {name: column[start:stop] for name, column in batch.inputs.items()}
    return Batch(inputs, batch.params, state, stop - start, batch.instances)


def first_instances(batch: Batch, count: int) -> Batch:
    """The batch with its first `count` instances only."""
    return instances_of(batch, np.arange(count)) if count < batch.instances else batch


def instances_of(batch: Batch, which: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Batch:
    """The batch with the instances numbered in `which` only."""
    return Batch(
        {name: column[:, which] for name, column in batch.inputs.items()},
        {name: column[which] for name, column in batch.params.items()},
        None if batch.state is None else {name: column[which] for name, column in batch.state.items()},
        batch.bars,
        len(which),
    )
