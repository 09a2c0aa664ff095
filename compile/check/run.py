"""Running backends over the same rows and comparing them: sampled campaigns and recorded data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from compile.backend import Batch, Result, Runner
from compile.campaign.sample import sample, universe_of
from compile.check.compare import REFERENCE, comparable_nodes, compare, rows_of
from compile.check.report import Report
from dag.graph import Graph

#: Rows of one chunk of a campaign: small enough that every node of every backend fits in memory together.
CHUNK_BARS, CHUNK_INSTANCES = 16, 512
#: At most so many rows are replayed by the interpreter and by the simulated Verilog; the others see every row.
INTERPRETER_ROWS, RTL_ROWS = 50_000, 100_000

Progress = Callable[[int], None]


def new_report(graph: Graph, source: str, seed: int | None = None) -> Report:
    """An empty report on `graph`."""
    return Report(graph.name, graph.content_hash, len(comparable_nodes(graph)), source, seed)


def check_batch(
    graph: Graph, runners: Mapping[str, Runner], batch: Batch, report: Report, nodes: Sequence[int] | None = None
) -> None:
    """Replay one batch in every runner, the interpreter's words being the right ones, and add to `report`."""
    wanted = comparable_nodes(graph) if nodes is None else list(nodes)
    reference = runners[REFERENCE].run(batch, wanted)
    _count(graph, report, reference, REFERENCE, batch)
    report.rows += rows_of(batch)
    for name, runner in runners.items():
        if name != REFERENCE:
            found = runner.run(batch, wanted)
            report.rows_of[name] = report.rows_of.get(name, 0) + rows_of(batch)
            report.recomputed += getattr(runner, "recomputed_rows", 0)
            report.add(compare(graph, reference, found, name, wanted))


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

    XLA and C see every row. The interpreter sees at least `interpreter_rows` of them spread over the whole campaign, the
    Verilog the first `rtl_rows`; where the interpreter did not go, the others are compared with C, and should they differ
    the interpreter is run on that very instance to say who is wrong. Stops after the first chunk that differs.
    """
    report = new_report(graph, "sampled universe", seed)
    nodes = comparable_nodes(graph)
    universe = universe_of(graph)
    rng = np.random.default_rng(seed)
    share = min(1.0, interpreter_rows / max(rows, 1))
    while report.rows < rows and not report.differences:
        instances = min(CHUNK_INSTANCES, -(-(rows - report.rows) // CHUNK_BARS))
        batch = sample(universe, CHUNK_BARS, instances, rng)
        by_interpreter = math.ceil(instances * share)
        left_for_rtl = rtl_rows - report.rows_of.get("rtl", 0)
        by_rtl = min(instances, max(0, -(-left_for_rtl // CHUNK_BARS)))
        _campaign_chunk(graph, runners, batch, nodes, {REFERENCE: by_interpreter, "rtl": by_rtl}, report)
        progress(min(report.rows, rows))
    return report


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
    _count(graph, report, results[widest][0])
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
                _blame(graph, runners, batch, nodes, comparison.first.instance, (widest, name), report)


def _blame(
    graph: Graph,
    runners: Mapping[str, Runner],
    batch: Batch,
    nodes: Sequence[int],
    instance: int,
    suspects: Sequence[str],
    report: Report,
) -> None:
    """Two backends differ at `instance`: replay it in the interpreter and count who differs from that."""
    part = instances_of(batch, np.array([instance]))
    exact = runners[REFERENCE].run(part, nodes)
    for name in suspects:
        report.add(compare(graph, exact, runners[name].run(part, nodes), name, nodes))


def _count(graph: Graph, report: Report, result: Result, name: str | None = None, batch: Batch | None = None) -> None:
    if name is not None and batch is not None:
        report.rows_of[name] = report.rows_of.get(name, 0) + rows_of(batch)
    if graph.status is not None and graph.status in result.nodes:
        report.rejected += int(np.count_nonzero(result.nodes[graph.status]))


def _narrow(result: Result, instances: int) -> Result:
    return Result(
        {node: column[:, :instances] for node, column in result.nodes.items()},
        {name: column[:instances] for name, column in result.state.items()},
    )


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
