"""Are the bits right on this device? The op matrix and random graphs on jax's default device against the meaning of every op.

    PYTHONPATH=. python bench/gpu_bits.py [--graphs 20] [--rows 2000]

Needs jax, numpy and pint. It prints how many values were compared, how many were wrong on rows that the guard left alone (must
be none), and how many differ on flagged rows, which the interpreter computes again (none where the hardware keeps
subnormals). Exit code 1 if any unflagged value is wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

import jax
import numpy as np

from compile.backend import Batch
from compile.campaign.drawing.special_values import special_column
from compile.xla.emit import emit
from compile.xla.program import Program
from compile.xla.selftest.canary import Hazard, check_hazards, formats
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import AS_UNIT, ON_ARRAYS, OPS
from dag.values.domain import whole_domain
from dag.values.types import F64, Kind, Type, enum_type
from tests.support.arithmetic_graphs import arithmetic_batch, arithmetic_graph
from tests.support.kernel_comparison import compared, sinks

SIDE = enum_type("Side", {"SELL": -1, "FLAT": 0, "BUY": 1})


def graph_of(op: Op) -> Graph:
    """`op` on its own, every operand an input."""
    builder = GraphBuilder(op.name)
    types = [each if isinstance(each, Type) else SIDE if each is Kind.ENUM else F64 for each in op.takes]
    inputs = [builder.input(f"in{k}", type_, "1", whole_domain(type_)) for k, type_ in enumerate(types)]
    node = builder.op(op, tuple(inputs), unit="1" if op is AS_UNIT else None)
    builder.tap("out", node)
    return builder.freeze()


def cases(graphs: int, rows: int) -> Iterator[tuple[str, Graph, Batch, list[int]]]:
    """Name, graph, rows and the nodes to compare: every op, then random graphs, fused and node by node."""
    rng = np.random.default_rng(0)
    for op in (each for each in OPS.values() if each not in ON_ARRAYS):
        graph = graph_of(op)
        inputs = {port.name: special_column(rng, graph.types[port.node], (1, rows)) for port in graph.inputs}
        yield "op matrix", graph, Batch(inputs, {}, None, 1, rows), [graph.node("out")]
    for seed in range(graphs):
        for stateful in (False, True):
            graph = arithmetic_graph(seed, 40, stateful)
            batch = arithmetic_batch(graph, seed, bars=5, instances=rows // 5)
            sort = "graphs with state" if stateful else "graphs"
            yield f"{sort}, fused", graph, batch, sinks(graph)
            yield f"{sort}, every node", graph, batch, list(graph.operators())


def main() -> int:
    """Run everything, print a line for each sort of case, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graphs", type=int, default=20, help="random graphs of each sort")
    parser.add_argument("--rows", type=int, default=2000, help="rows of each case")
    chosen = parser.parse_args()
    print(f"jax {jax.__version__} on {jax.devices()[0].device_kind} ({jax.default_backend()})")
    try:
        check_hazards(formats())
        print("canary: every hazard is neutralised")
    except Hazard as hazard:
        print(f"canary: {hazard}")
    totals: dict[str, list[int]] = {}
    started = time.perf_counter()
    for name, graph, batch, nodes in cases(chosen.graphs, chosen.rows):
        judged, wrong, hidden = compared(graph, Program.from_files(emit(graph)), batch, nodes)
        flagged = batch.bars * batch.instances * len(nodes) - judged
        if wrong:
            print(f"  {graph.name} ({name}): {wrong} of {judged} unflagged values are wrong")
        sums = totals.setdefault(name, [0, 0, 0, 0])
        totals[name] = [total + each for total, each in zip(sums, (judged, wrong, flagged, hidden), strict=True)]
    print(f"{'':28}{'unflagged':>12}{'wrong':>8}{'flagged':>12}{'differ':>8}")
    for name, sums in totals.items():
        print(f"{name:28}{sums[0]:>12}{sums[1]:>8}{sums[2]:>12}{sums[3]:>8}")
    print(f"{time.perf_counter() - started:.1f} s")
    return int(any(sums[1] for sums in totals.values()))


if __name__ == "__main__":
    sys.exit(main())
