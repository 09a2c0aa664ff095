"""Stepping a table of parameter rows at once, in C and through XLA: `python bench/instances.py FILE.py:LANE --rows N`.

Nanoseconds a row and bar, best of interleaved rounds, with each way's median ratio to the vectors of batch.c. The words of
all ways are compared first: a way that is fast and wrong is not printed.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np

from bench.accepted_bar import accepted_bar
from compile.backend import Runner
from compile.c.backend import C
from compile.c.runner import Entry
from compile.pipeline import prepare
from compile.xla.backend import Xla
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.types import Kind
from dag.values.words import Column, column_dtype, words_of_column
from dagc.binding.parameters import bound_columns
from dagc.live.instances import Instances

ROUNDS = 15


def parameter_table(graph: Graph, rows: int) -> dict[str, Column]:
    """The defaults, every f64 one moved by up to a percent inside its domain."""
    rng = np.random.default_rng(1)
    table: dict[str, Column] = {}
    for param in graph.params:
        assert param.default is not None, f"{param.name} has no default"
        column = np.full(rows, param.default, column_dtype(graph.types[param.node]))
        if graph.types[param.node].kind is Kind.F64:
            moved = column * rng.uniform(0.99, 1.01, rows)
            inside = (moved > param.domain.lo) & (moved < param.domain.hi)
            column = np.where(inside, moved, column)
        table[param.name] = column
    return table


def main() -> None:
    """Compare the words, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lane", nargs="?", default="examples/five_factor.py:five_factor")
    parser.add_argument("--rows", type=int, default=100_000)
    arguments = parser.parse_args()
    rows: int = arguments.rows
    graph = prepare(trace(load_lane(arguments.lane)))
    columns, _ = bound_columns(graph, parameter_table(graph, rows))
    runners: dict[str, Runner] = {
        "batch.c, vectors": C(Entry.BATCH).load(graph, C().lower(graph)),
        "kernel.c, row by row": C(Entry.ROW).load(graph, C().lower(graph)),
        "XLA": Xla().load(graph, Xla().lower(graph)),
    }
    ways = {name: Instances(graph, runner, columns, rows) for name, runner in runners.items()}
    bar = accepted_bar(graph)
    reference = "batch.c, vectors"
    expected = ways[reference].step(bar)
    assert not expected.rejected.any()
    for name, instances in ways.items():
        instances.reset()
        for output, got, want in zip(graph.outputs, instances.step(bar), expected, strict=True):
            type_ = graph.types[output.node]
            differing = int((words_of_column(got, type_) != words_of_column(want, type_)).sum())
            assert differing == 0, f"{name}: {differing} words of `{output.name}` differ"
    best = dict.fromkeys(ways, float("inf"))
    ratios: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        took = {}
        for name, instances in ways.items():
            begin = time.perf_counter_ns()
            instances.step(bar)
            took[name] = (time.perf_counter_ns() - begin) / rows
            best[name] = min(best[name], took[name])
        for name in ways:
            ratios[name].append(took[name] / took[reference])
    print(f"{graph.name}: {len(graph)} nodes, {rows} rows, all words equal")
    for name in ways:
        print(f"{best[name]:9.1f} ns a row  {statistics.median(ratios[name]):7.2f} x  {name}")


if __name__ == "__main__":
    main()
