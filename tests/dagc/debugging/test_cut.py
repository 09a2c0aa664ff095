"""The law of a cut: with the kept operands as they are and the others anywhere in their freedom, the word is the same."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import ADD, AND, IMUL, MAX, MIN, MUL, OR, SELECT, SUB
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F64, I64, Type, Value
from dag.values.words import word_of
from dagc.debugging.why.cut import Cut, cut_at

FLOATS = st.sampled_from([0.0, -0.0, 1.0, -1.0, 5e-324, -5e-324, math.inf, -math.inf, math.nan, 1e308]) | st.floats()
SMALL = st.sampled_from([0.0, -0.0, 1.0, -2.5, math.nan, math.inf])


def graph_of(op: Op, types: tuple[Type, ...]) -> tuple[Graph, int]:
    builder = GraphBuilder("one")
    builder.open_scope("", "one", "")
    args = tuple(builder.input(f"x{k}", type_, "1", whole_domain(type_)) for k, type_ in enumerate(types))
    node = builder.op(op, args)
    builder.output("result", node, False if op.gives == BOOL else 0 if op.gives == I64 else 0.0)
    builder.close_scope()
    graph = builder.freeze()
    return graph, graph.outputs[0].node


def word(graph: Graph, node: int, operands: list[Value]) -> int:
    op = graph.ops[node]
    assert isinstance(op, Op)
    return word_of(op.meaning(*operands), graph.types[node])


def cut(graph: Graph, node: int, operands: list[Value]) -> Cut:
    op = graph.ops[node]
    assert isinstance(op, Op)
    found = cut_at(graph, node, operands, op.meaning(*operands))
    if found.returned is not None:
        assert word_of(operands[found.returned], graph.types[node]) == word(graph, node, operands)
    return found


@given(st.booleans(), FLOATS, FLOATS, st.lists(FLOATS, min_size=5))
def test_a_select_does_not_see_the_arm_it_does_not_take(
    condition: bool, a: float, b: float, others: list[float]
) -> None:
    graph, node = graph_of(SELECT, (BOOL, F64, F64))
    operands: list[Value] = [condition, a, b]
    found = cut(graph, node, operands)
    (free,) = {0, 1, 2} - {*found.kept}
    assert free == (2 if condition else 1)
    for other in others:
        assert word(graph, node, [other if k == free else each for k, each in enumerate(operands)]) == word(
            graph, node, operands
        )


@pytest.mark.parametrize("op", [MIN, MAX])
@given(SMALL | FLOATS, SMALL | FLOATS, st.lists(FLOATS, min_size=20))
def test_an_extreme_does_not_see_the_side_that_cannot_win(op: Op, a: float, b: float, others: list[float]) -> None:
    graph, node = graph_of(op, (F64, F64))
    found = cut(graph, node, [a, b])
    if math.isnan(a) or math.isnan(b) or a == b:
        assert found.kept == (0, 1)
        return
    (kept,) = found.kept
    free = 1 - kept
    held = (a, b)[kept]
    # Python's own: `b if b < a else a`. The free side loses where it is strictly beyond the other.
    loses = [o for o in others if (o > held if op is MIN else o < held)]
    for other in loses:
        operands: list[Value] = [a, b]
        operands[free] = other
        assert word(graph, node, operands) == word(graph, node, [a, b])


@pytest.mark.parametrize("op", [AND, OR])
@given(st.booleans(), st.booleans())
def test_logic_keeps_the_first_that_decides(op: Op, a: bool, b: bool) -> None:
    graph, node = graph_of(op, (BOOL, BOOL))
    found = cut(graph, node, [a, b])
    for free in {0, 1} - {*found.kept}:
        for other in (False, True):
            operands: list[Value] = [a, b]
            operands[free] = other
            assert word(graph, node, operands) == word(graph, node, [a, b])
    decides = op is OR
    assert found.kept == ((0,) if a is decides else (1,) if b is decides else (0, 1))


@given(st.sampled_from([0.0, -0.0]), SMALL | FLOATS, st.booleans(), st.lists(FLOATS, min_size=20))
def test_a_zero_factor_decides_among_finite_values_of_a_sign(
    zero: float, x: float, is_left: bool, others: list[float]
) -> None:
    graph, node = graph_of(MUL, (F64, F64))
    operands: list[Value] = [zero, x] if is_left else [x, zero]
    found = cut(graph, node, operands)
    if not math.isfinite(x):
        assert found.kept == (0, 1)
        return
    (kept,) = found.kept
    free = 1 - kept
    for other in others:
        if math.isfinite(other) and math.copysign(1.0, other) == math.copysign(1.0, float(operands[free])):
            changed = [other if k == free else each for k, each in enumerate(operands)]
            assert word(graph, node, changed) == word(graph, node, operands)


@pytest.mark.parametrize(
    ("op", "types", "operands"),
    [
        (ADD, (F64, F64), [0.0, 2.0]),
        (SUB, (F64, F64), [2.0, 0.0]),
        (MUL, (F64, F64), [1.0, 2.0]),
        (IMUL, (I64, I64), [3, 4]),
    ],
    ids=str,
)
def test_everything_else_keeps_all(op: Op, types: tuple[Type, ...], operands: list[Value]) -> None:
    graph, node = graph_of(op, types)
    assert cut(graph, node, operands).kept == (0, 1)


def test_a_zero_integer_factor_decides_alone() -> None:
    graph, node = graph_of(IMUL, (I64, I64))
    assert cut(graph, node, [7, 0]).kept == (1,)
    assert all(word(graph, node, [int(x), 0]) == 0 for x in np.arange(-5, 5))
