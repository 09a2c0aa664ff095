"""Where nothing is said of a ceiling, no row has a result above it: random graphs, random rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from compile.campaign.drawing.sample import sample, universe_of
from compile.check.meaning import evaluate
from compile.lint.raised_ceiling import raised_ceilings
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.language.marks import Ceiling, ClaimSite
from dag.operators import table as ops
from dag.values.domain import interval
from dag.values.types import BOOL, F64
from tests.support.boolean_graphs import claimed

DOMAINS = {
    "c": (0.0, 9.0),
    "d": (-4.0, 4.0),
    "share": (0.0, 1.0),
    "boost": (1.0, 3.0),
    "loss": (-2.0, 0.0),
    "gain": (0.0, 2.0),
}
OPERATORS = (ops.MUL, ops.DIV, ops.ADD, ops.SUB, ops.MIN, ops.MAX, ops.SELECT, ops.NEG, ops.ABS)


def drawn(seed: int) -> tuple[Graph, int]:
    """A graph with an output for each of twelve operations after the ceiling, and the ceiling: `min(c, d)`, or `c` itself."""
    rng = np.random.default_rng(seed)
    builder = GraphBuilder("drawn")
    flag = builder.input("flag", BOOL, "1", interval(BOOL, None, None, None, None))
    apart = [builder.input(name, F64, "1", interval(F64, lo, hi, None, None)) for name, (lo, hi) in DOMAINS.items()]
    top = builder.op(ops.MIN, (apart[0], apart[1])) if seed % 2 else apart[0]
    builder.tap("top", top)
    values = [top]
    for index in range(12):
        op = OPERATORS[rng.integers(len(OPERATORS))]
        first = values[rng.integers(len(values))]
        second = rng.choice([*values, *apart, *apart])
        pair = (first, int(second)) if rng.random() < 0.7 else (int(second), first)
        node = builder.op(op, (flag, *pair) if op is ops.SELECT else pair if len(op.operands) == 2 else (first,))
        values.append(node)
        builder.output(f"out{index}", node, 0.0)
    graph = builder.freeze()
    return graph, next(tap.node for tap in graph.taps if tap.name == "top")


@pytest.mark.parametrize("seed", range(80))
def test_nothing_is_above_a_ceiling_that_nobody_is_told_of(seed: int) -> None:
    graph, top = drawn(seed)
    batch = sample(universe_of(graph), 1, 200, np.random.default_rng(seed))
    run = evaluate(graph, batch, [*(output.node for output in graph.outputs)])
    inside = [
        all(lo <= batch.inputs[name][0, row] <= hi for name, (lo, hi) in DOMAINS.items())
        for row in range(batch.instances)
    ]
    for output in graph.outputs:
        alone = claimed(graph, (top, ClaimSite.RESULT, "", Ceiling()))
        told = list(raised_ceilings(_only(alone, output.name)))
        # It may be clamped again with either bound, and is never idle above zero.
        limit = np.maximum(batch.inputs["c"][0], np.maximum(batch.inputs["d"][0], 0.0) if seed % 2 else 0.0)
        values = run.nodes[output.node][0]
        comes = {up: _reaches(graph, top, output.node, up) for up in (True, False)}
        flags = batch.inputs["flag"][0]
        above = [
            row for row, fits in enumerate(inside) if fits and values[row] > limit[row] and comes[bool(flags[row])]
        ]
        assert told or not above, (output.name, above[:3])


def _only(graph: Graph, name: str) -> Graph:
    return replace(graph, outputs=tuple(output for output in graph.outputs if output.name == name))


def _reaches(graph: Graph, top: int, node: int, flag: bool) -> bool:
    """Whether `node` is computed from the ceiling where the one condition is `flag`: what is not is another value."""
    found = {top}
    for each, args in enumerate(graph.args):
        read = (args[1] if flag else args[2],) if graph.ops[each] is ops.SELECT else args
        if found.intersection(read):
            found.add(each)
    return node in found


def test_most_outputs_are_told_of_and_many_are_not() -> None:
    """The test above says something only where both happen."""
    told = [bool([*raised_ceilings(_only(claimed(g, (top, ClaimSite.RESULT, "", Ceiling())), o.name))])
            for g, top in map(drawn, range(20)) for o in g.outputs]  # fmt: skip
    assert 40 < sum(told) < len(told) - 20
