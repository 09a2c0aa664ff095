"""The bounds hold, and no proved node ever has a subnormal exact result, on rows built to break them."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from compile.analysis import magnitude
from compile.analysis.magnitude import LEAST_NORMAL, Bound, Magnitude, magnitudes
from compile.campaign.drawing.special_values import SPECIAL_F64
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import AnyType, Op, Source
from dag.operators.table import OPS, ROTATE
from dag.values.domain import whole_domain
from dag.values.types import F64, I64, Kind, Value
from tests.support.arithmetic_graphs import arithmetic_batch, arithmetic_graph

SMALLEST_NORMAL = Fraction(2) ** LEAST_NORMAL


def exact_result(op: Op | Source, args: list[Value]) -> Fraction | None:
    """The unrounded result, for the ops whose result can be smaller than their operands; None for any other case."""
    numbers = [Fraction(arg) for arg in args if isinstance(arg, float) and math.isfinite(arg)]
    if len(numbers) != 2 or op not in (ops.ADD, ops.SUB, ops.MUL, ops.DIV):
        return None
    a, b = numbers
    if op is ops.DIV:
        return a / b if b else None
    return a + b if op is ops.ADD else a - b if op is ops.SUB else a * b


def is_tiny(exact: Fraction | None, value: Value) -> bool:
    """Whether a flush could show: the exact result, or the value itself where nothing is rounded, is subnormal."""
    size = abs(exact) if exact is not None else Fraction(abs(value)) if math.isfinite(value) else Fraction(0)
    return 0 < size < SMALLEST_NORMAL


def violations(graph: Graph, rows: list[dict[int, Value]]) -> tuple[int, list[str]]:
    """How many f64 values were judged, and what contradicts the analysis; a row ends at the first watched tiny result."""
    found = magnitudes(graph)
    unproved = set(found.unproved)
    judged, wrong = 0, []
    for row in rows:
        values = dict(row)
        for node, op in enumerate(graph.ops):
            args = [values[arg] for arg in graph.args[node]]
            if isinstance(op, Op):
                values[node] = op.meaning(*args)
            constant = graph.constants[node]
            if constant is not None:
                values[node] = constant
            if graph.types[node].kind is not Kind.F64:
                continue
            value = float(values[node])
            tiny = is_tiny(exact_result(op, args), value)
            if tiny and node in unproved:
                break
            judged += 1
            bound = found.bounds[node]
            if tiny:
                wrong.append(f"proved, yet tiny: {op} {args}")
            elif not (bound.holds(value) if bound else value == 0.0 or not math.isfinite(value)):
                wrong.append(f"{op} {args} = {value!r} is outside {bound}")
    return judged, wrong


def rows_of(graph: Graph, seed: int, count: int) -> list[dict[int, Value]]:
    """Rows of special and ordinary numbers; half of them repeat one number and its neighbours, so that terms cancel."""
    batch = arithmetic_batch(graph, seed, 1, count, subnormal=0.05)
    columns = {port.node: batch.inputs[port.name][0] for port in graph.inputs}
    columns |= {port.node: batch.params[port.name] for port in graph.params}
    rng = np.random.default_rng(seed)
    rows: list[dict[int, Value]] = []
    for index in range(count):
        row: dict[int, Value] = {node: column[index].item() for node, column in columns.items()}
        if index % 2:
            near = float(rng.normal() * 10.0 ** rng.integers(-300, 300))
            for node, value in row.items():
                if isinstance(value, float):
                    row[node] = math.copysign(
                        math.nextafter(near, math.inf if rng.random() < 0.5 else 0.0), rng.random() - 0.5
                    )
        row |= {state.node: float(rng.choice(SPECIAL_F64)) for state in graph.states}
        rows.append(row)
    return rows


@pytest.mark.parametrize("seed", range(60))
def test_random_graphs_obey_the_bounds(seed: int) -> None:
    graph = arithmetic_graph(seed, operators=25, stateful=seed % 2 == 1)
    judged, wrong = violations(graph, rows_of(graph, seed, 40))
    assert judged > 200
    assert not wrong, wrong[0]


def from_integers() -> Graph:
    """Values with a coarse grid, where the analysis can prove much: integers, halves and their combinations."""
    builder = GraphBuilder("integers")
    m, n = (builder.op(ops.I64_TO_F64, (builder.input(name, I64, "1", whole_domain(I64)),)) for name in "mn")
    half = builder.op(ops.MUL, (m, builder.const(0.5, F64, "1")))
    tiny = builder.op(ops.MUL, (n, builder.const(2.0**-300, F64, "1")))
    apart = builder.op(ops.ADD, (builder.op(ops.MUL, (m, builder.const(2.0**200, F64, "1"))), tiny))
    quotient = builder.op(ops.DIV, (half, n))
    root = builder.op(ops.SQRT, (builder.op(ops.ABS, (quotient,)),))
    for index, node in enumerate((half, tiny, apart, quotient, root, builder.op(ops.SUB, (root, apart)))):
        builder.tap(f"t{index}", node)
    builder.output("out", root, 0.0)
    return builder.freeze()


def integer_rows() -> list[dict[int, Value]]:
    graph = from_integers()
    chosen = (0, 1, -1, 2, 3, 7, 10**6, (1 << 53) + 1, (1 << 63) - 1, -(1 << 63))
    first, second = (port.node for port in graph.inputs)
    return [{first: m, second: n} for m in chosen for n in chosen]


def test_grids_prove_whole_graphs() -> None:
    graph = from_integers()
    assert magnitudes(graph).unproved == ()
    judged, wrong = violations(graph, integer_rows())
    assert judged > 1000
    assert not wrong, wrong[0]


def test_a_wrong_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def far_apart_forgets_zero(a: Bound, b: Bound) -> Bound:
        assert a
        assert b
        return Magnitude(max(a.least, b.least), max(a.greatest, b.greatest) + 1, min(a.grid, b.grid))

    monkeypatch.setitem(magnitude._TRANSFER, ops.ADD, far_apart_forgets_zero)
    _, wrong = violations(from_integers(), integer_rows())
    assert wrong


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (1.0, Magnitude(0, 0, 0, True)),
        (3.0, Magnitude(1, 2, 0, True)),
        (0.75, Magnitude(-1, 0, -2, True)),
        (5e-324, Magnitude(-1074, -1074, -1074, True)),
        (-6.0, Magnitude(2, 3, 1, True)),
    ],
)
def test_constants_are_bounded_tightly(value: float, bound: Magnitude) -> None:
    assert magnitude._of_constant(value) == bound
    assert bound.holds(value)
    assert not Magnitude(bound.least + 1, bound.greatest + 2, bound.grid).holds(math.copysign(2.0**bound.least, value))
    assert not Magnitude(bound.least, bound.greatest, bound.grid + 1).holds(value)
    assert not bound.holds(0.0)


@pytest.mark.parametrize("value", [0.0, -0.0, math.inf, -math.inf, math.nan])
def test_a_constant_without_magnitude_has_no_bound(value: float) -> None:
    assert magnitude._of_constant(value) is None


def test_subnormal_constants_are_watched() -> None:
    builder = GraphBuilder("tiny")
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.output("out", builder.op(ops.MAX, (x, builder.const(1e-310, F64, "1"))), 0.0)
    graph = builder.freeze()
    watched = {graph.ops[node] for node in magnitudes(graph).unproved}
    assert watched == {Source.INPUT, Source.CONST}


def test_every_op_that_can_give_an_f64_has_a_rule() -> None:
    expected = {op for op in OPS.values() if op.gives == F64 or op.gives is AnyType.T}
    expected.add(ROTATE)
    assert set(magnitude._TRANSFER) == expected
