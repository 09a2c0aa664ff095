"""What simplifying saves: `python bench/simplify.py [--rows 200000] [LANE ...]`.

For each lane (default: the five-factor sizing, the first lane, exp, the t-digest) and for random graphs: operators, nodes, cycles of
the Verilog pipeline where it is lowered, and nanoseconds a row in C's vectors, before and after; the time is the median of
interleaved rounds, with the ratio.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np

from compile.backend import Batch, Refusal
from compile.c.backend import C
from compile.c.runner import Entry
from compile.campaign.drawing.random_graph import random_graph
from compile.campaign.drawing.sample import sample, universe_of
from compile.passes.simplify import simplified
from compile.pipeline import prepare
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.trace import trace
from rtl.backend import Verilog, figures

ROUNDS, INSTANCES = 11, 2048
LANES = (
    "examples/five_factor.py:five_factor",
    "examples/first_lane.py:conviction",
    "lanes/elementary/exponential.py:exp",
    "lanes/distrack/tdigest.py:tdigest",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("lanes", nargs="*", default=LANES)
    parser.add_argument("--rows", type=int, default=200_000)
    chosen = parser.parse_args()
    graphs = {each: prepare(trace(load_lane(each))) for each in chosen.lanes}
    graphs |= {f"random graph {seed}": prepare(random_graph(seed, 120)) for seed in range(4)}
    for name, graph in graphs.items():
        began = time.perf_counter()
        after = simplified(graph).graph
        seconds = time.perf_counter() - began
        before_ns, after_ns = _nanoseconds((graph, after), chosen.rows)
        print(
            f"{name}: {len(list(graph.operators()))} -> {len(list(after.operators()))} operators, "
            f"{len(graph)} -> {len(after)} nodes, pipeline {_cycles(graph)} -> {_cycles(after)} cycles, "
            f"C vectors {before_ns:.1f} -> {after_ns:.1f} ns a row ({after_ns / before_ns:.3f}); simplified in {seconds:.2f} s",
            flush=True,
        )


def _cycles(graph: Graph) -> int | str:
    table = Verilog().table
    if any(isinstance(op, Op) and isinstance(table[op], Refusal) for op in graph.ops):
        return "-"
    latency: int = figures(Verilog().lower(graph))["latency"]
    return latency


def _nanoseconds(graphs: tuple[Graph, Graph], rows: int) -> tuple[float, float]:
    """Of one row, outputs only: medians of interleaved rounds."""
    backend = C(Entry.BATCH)
    runs = [backend.load(graph, backend.lower(graph)) for graph in graphs]
    bars = max(1, rows // INSTANCES)
    batch: Batch = sample(universe_of(graphs[0]), bars, INSTANCES, np.random.default_rng(3))
    taken: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for k, run in enumerate(runs):
            nodes = [output.node for output in graphs[k].outputs]
            began = time.perf_counter()
            run.run(batch, nodes)
            taken[k].append((time.perf_counter() - began) / (bars * INSTANCES) * 1e9)
    before, after = map(statistics.median, taken)
    return before, after


if __name__ == "__main__":
    main()
