"""A flush behind arithmetic becomes one core: the same words, sooner, and only where its operands allow it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

from compile.backend import Batch
from compile.campaign.drawing.special_values import SPECIAL_F32, SPECIAL_F64
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import (
    ADD,
    ADD_F32,
    DIV,
    DIV_F32,
    F64_TO_F32,
    FLUSH,
    FLUSH_F32,
    FMA,
    FMA_F32,
    MAX,
    MUL,
    MUL_F32,
    NEG,
    OPS,
    RINT,
    SQRT,
    SQRT_F32,
    SUB,
    SUB_F32,
)
from dag.values.domain import whole_domain
from dag.values.types import F32, F64, Kind, Type
from dag.values.words import column_dtype
from rtl.backend import Verilog
from rtl.core_table import FLUSHED, TABLE
from rtl.plan.lowering import Core, Expression
from rtl.plan.operators import NEVER_SUBNORMAL, PASSED_ON, operators
from rtl.plan.schedule import schedule
from tests.support.meaning import assert_same_words, evaluate
from tests.support.simulator import needs_verilator

_ARITHMETIC: dict[Type, tuple[Op, ...]] = {
    F64: (ADD, SUB, MUL, DIV, SQRT, FMA),
    F32: (ADD_F32, SUB_F32, MUL_F32, DIV_F32, SQRT_F32, FMA_F32),
}
_FLUSH = {F64: FLUSH, F32: FLUSH_F32}
_SPECIAL = {F64: SPECIAL_F64, F32: SPECIAL_F32}


def flushing(type_: Type) -> Graph:
    """Every arithmetic op on flushed operands, flushed."""
    builder = GraphBuilder("flushing")
    flushed = [
        builder.op(_FLUSH[type_], (builder.input(name, type_, "1", whole_domain(type_)),)) for name in ("a", "b", "c")
    ]
    for op in _ARITHMETIC[type_]:
        exact = builder.op(op, tuple(flushed[: len(op.operands)]))
        builder.tap(f"exact_{op.name}", exact)
        builder.output(f"out_{op.name}", builder.op(_FLUSH[type_], (exact,)), 0.0)
    return builder.freeze()


def merged(graph: Graph) -> list[str]:
    """The ops that a flush was merged into."""
    made_by = operators(graph)
    return [
        graph.ops[graph.args[node][0]].name
        for node, op in enumerate(graph.ops)
        if op in _FLUSH.values() and (operator := made_by[node]) and isinstance(operator.row, Core)
    ]


@pytest.mark.parametrize("type_", _ARITHMETIC, ids=str)
def test_every_arithmetic_op_takes_its_flush_in(type_: Type) -> None:
    graph = flushing(type_)
    assert sorted(merged(graph)) == sorted(op.name for op in _ARITHMETIC[type_])
    plan = schedule(graph)
    for node, op in enumerate(graph.ops):
        operator = plan.operators[node]
        if op is _FLUSH[type_] and operator and isinstance(operator.row, Core):
            exact = graph.args[node][0]
            assert plan.ready[node] <= plan.ready[exact]
            assert not plan.live[exact], "what nothing but the flush read is left to the taps"


@needs_verilator
@pytest.mark.parametrize("type_", _ARITHMETIC, ids=str)
def test_the_same_words_for_all_special_values_at_every_node(type_: Type) -> None:
    graph = flushing(type_)
    backend = Verilog()
    step = 6
    rows = np.array(list(product(_SPECIAL[type_], _SPECIAL[type_], _SPECIAL[type_][::step])), column_dtype(type_))
    near = _near_the_least_normal(type_)
    rows = np.concatenate([rows, near])
    columns = {name: rows[np.newaxis, :, k] for k, name in enumerate("abc")}
    batch = Batch(columns, {}, None, 1, len(rows))
    nodes = graph.single_values()
    got = backend.load(graph, backend.lower(graph)).run(batch, nodes)
    assert_same_words(graph, got, evaluate(graph, batch, nodes))


def _near_the_least_normal(type_: Type, rows: int = 4000) -> np.ndarray[tuple[int, ...], np.dtype[np.floating]]:
    """Operands whose products, quotients and differences lie around the least normal number, some exactly on it."""
    rng = np.random.default_rng(3)
    dtype = column_dtype(type_)
    bottom = int(np.finfo(dtype).minexp)
    with np.errstate(all="ignore"):
        a = np.ldexp(rng.uniform(1, 2, rows).astype(dtype), rng.integers(bottom // 2, 0, rows))
        half = np.ldexp(dtype.type(1), rng.integers(bottom // 2, 0, rows))
        a = np.where(rng.random(rows) < 0.3, half, a).astype(dtype)
        b = (np.ldexp(dtype.type(1), bottom) * (1 + rng.integers(-2, 3, rows) * np.finfo(dtype).eps)).astype(dtype) / a
        c = (-(a * b) * rng.choice([0, 1, 2], rows)).astype(dtype)
    return np.stack([a, b, c], axis=1).astype(dtype)


def graph_with(operand: str) -> Graph:
    """flush(operand * flushed): may the two become one?"""
    builder = GraphBuilder("product")
    x, y, z = (builder.input(name, F64, "1", whole_domain(F64)) for name in "xyz")
    state = builder.state("kept", F64, "1", 0.0)
    builder.set_next("kept", x)
    flushed = builder.op(FLUSH, (x,))
    made = {
        "a flushed value": lambda: builder.op(FLUSH, (y,)),
        "its opposite": lambda: builder.op(NEG, (builder.op(FLUSH, (y,)),)),
        "the larger of two": lambda: builder.op(MAX, (flushed, builder.op(FLUSH, (y,)))),
        "an integral value": lambda: builder.op(RINT, (y,)),
        "a root": lambda: builder.op(SQRT, (y,)),
        "the least normal number": lambda: builder.const(2.0**-1022, F64, "1"),
        "a zero": lambda: builder.const(-0.0, F64, "1"),
        "an infinity": lambda: builder.const(float("inf"), F64, "1"),
        "a subnormal constant": lambda: builder.const(2.0**-1023, F64, "1"),
        "an input": lambda: y,
        "a state": lambda: state,
        "a sum": lambda: builder.op(ADD, (flushed, flushed)),
        "the larger of a flushed value and an input": lambda: builder.op(MAX, (flushed, z)),
    }[operand]()
    builder.output("out", builder.op(FLUSH, (builder.op(MUL, (made, flushed)),)), 0.0)
    return builder.freeze()


@pytest.mark.parametrize(
    "operand",
    [
        "a flushed value", "its opposite", "the larger of two", "an integral value", "a root", "the least normal number",
        "a zero", "an infinity",
    ],
)  # fmt: skip
def test_merged_where_no_operand_can_be_subnormal(operand: str) -> None:
    assert merged(graph_with(operand)) == ["mul"]


@pytest.mark.parametrize(
    "operand",
    ["a subnormal constant", "an input", "a state", "a sum", "the larger of a flushed value and an input"],
)
def test_not_merged_where_an_operand_may_be_subnormal(operand: str) -> None:
    assert merged(graph_with(operand)) == []


def test_not_merged_where_the_exact_result_is_read_as_well() -> None:
    builder = GraphBuilder("both")
    flushed = builder.op(FLUSH, (builder.input("x", F64, "1", whole_domain(F64)),))
    exact = builder.op(MUL, (flushed, flushed))
    builder.output("out", builder.op(FLUSH, (exact,)), 0.0)
    builder.output("exact", exact, 0.0)
    graph = builder.freeze()
    assert merged(graph) == []


def test_a_narrowed_number_may_be_subnormal_in_the_shorter_format() -> None:
    builder = GraphBuilder("narrowed")
    narrow = builder.op(F64_TO_F32, (builder.op(FLUSH, (builder.input("x", F64, "1", whole_domain(F64)),)),))
    builder.output("out", builder.op(FLUSH_F32, (builder.op(MUL_F32, (narrow, narrow)),)), 0.0)
    assert merged(builder.freeze()) == []


@pytest.mark.parametrize("op", sorted(NEVER_SUBNORMAL | PASSED_ON, key=str), ids=str)
def test_what_never_is_subnormal_or_passes_an_operand_on_does_so(op: Op) -> None:
    never = op in NEVER_SUBNORMAL
    specials: dict[Kind, Sequence[float | int | bool]] = {
        Kind.F64: SPECIAL_F64,
        Kind.F32: SPECIAL_F32,
        Kind.I64: (-(1 << 63), -1, 0, 1, (1 << 53) + 1),
        Kind.BOOL: (False, True),
    }
    kinds = [taken.kind if isinstance(taken, Type) else Kind.F64 for taken in op.takes]
    gives = op.gives.kind if isinstance(op.gives, Type) else Kind.F64
    for values in product(*(specials[kind] for kind in kinds)):
        if never or not any(_subnormal(float(value), kind) for value, kind in zip(values, kinds, strict=True)):
            assert not _subnormal(op.meaning(*values), gives), values


def _subnormal(value: float, kind: Kind) -> bool:
    least = {Kind.F64: 2.0**-1022, Kind.F32: 2.0**-126}.get(kind, 0.0)
    return 0.0 < abs(value) < least


def test_a_flushing_core_is_no_slower_than_the_other() -> None:
    for op, core in FLUSHED.items():
        row = TABLE[op]
        assert isinstance(row, Core)
        assert core.module == row.module
        assert core.latency <= row.latency
    assert isinstance(TABLE[FLUSH], Expression)
    assert {op.name for op in FLUSHED} <= set(OPS)
