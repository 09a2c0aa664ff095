"""The flush profile: what becomes zero, where the flushes stand, and the same words from every backend."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
import pytest

from compile.analysis.magnitude import magnitudes
from compile.backend import Batch
from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.check.compare import comparable_nodes
from compile.passes.flush_subnormals import flush_subnormals, unseen
from compile.pipeline import prepare
from compile.xla.emit import KERNEL, emit
from dag import bits_float, carry, domain, float32, float_bits, fma
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.language.lane import FLUSH, KEEP, lane
from dag.operators import table as ops
from dag.operators.op import Op
from dag.trace import trace
from dag.values.domain import interval, whole_domain
from dag.values.types import F32, F64, I64, Type
from dag.values.words import column_dtype, words_of_column
from tests.support.backends import BACKENDS, backend_or_skip
from tests.support.meaning import assert_same_words, evaluate
from tests.support.tiers import count, few

LEAST = 2.0**-1022
EDGES = (
    0.0, 5e-324, LEAST / 2, math.nextafter(LEAST, 0.0), LEAST, math.nextafter(LEAST, 1.0), 2 * LEAST, 1e-154, 1.5e-154, 1.0,
    1.0 - 2.0**-53, 1.0 + 2.0**-52, 0.5, 2.0, 1e300, math.inf,
)  # fmt: skip
LEAST_32 = 2.0**-126
EDGES_32 = (
    0.0, 2.0**-149, LEAST_32 - 2.0**-149, LEAST_32, LEAST_32 + 2.0**-149, 2.0**-63, 2.0**-64 * 1.5, 1.0 - 2.0**-24, 1.0, 0.5,
    3.0, math.inf,
)  # fmt: skip


OPS = {F64: (ops.ADD, ops.SUB, ops.MUL, ops.DIV), F32: (ops.ADD_F32, ops.SUB_F32, ops.MUL_F32, ops.DIV_F32)}


def arithmetic(type_: Type) -> Graph:
    """The four operations of two inputs, in the flush profile."""
    builder = GraphBuilder("arithmetic")
    builder.open_scope("", "arithmetic")
    a, b = (builder.input(name, type_, "1", whole_domain(type_)) for name in "ab")
    for op in OPS[type_]:
        node = builder.op(op, (a, b))
        builder.tap(op.name, node)
        builder.output(f"out_{op.name}", node, 0.0)
    builder.close_scope()
    return flush_subnormals(builder.freeze())


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("type_", OPS, ids=str)
def test_operations_at_the_edge_of_the_normal_numbers(type_: Type, backend: str) -> None:
    lowering = backend_or_skip(backend)
    graph = arithmetic(type_)
    edges = EDGES if type_ is F64 else EDGES_32
    values = [*edges, *(-x for x in edges), math.nan]
    dtype = column_dtype(type_)
    a, b = (each.reshape(1, -1).astype(dtype) for each in np.meshgrid(values, values))
    runner = lowering.load(graph, lowering.lower(graph))
    nodes = {op: graph.node(op.name) for op in OPS[type_]}
    got = runner.run(Batch({"a": a, "b": b}, {}, None, 1, a.size), list(nodes.values()))
    assert getattr(runner, "recomputed_rows", 0) == 0

    def flushed(x: float) -> float:
        return math.copysign(0.0, x) if abs(x) <= (LEAST if type_ is F64 else LEAST_32) else x

    pairs = list(zip(a[0].tolist(), b[0].tolist(), strict=True))
    for op, node in nodes.items():
        expected = np.array([flushed(op.meaning(flushed(x), flushed(y))) for x, y in pairs], dtype)
        wrong = np.flatnonzero(words_of_column(got.nodes[node][0], type_) != words_of_column(expected, type_))
        assert not wrong.size, [(str(op), pairs[k], got.nodes[node][0, k], expected[k]) for k in wrong[:5]]


def test_a_product_that_rounds_up_to_the_least_normal_is_flushed_too() -> None:
    """Hardware that flushes after rounding, and hardware that flushes before it, agree on nothing else here."""
    graph = arithmetic(F64)
    product = graph.node("mul")
    a = np.array([[1.0 - 2.0**-53]])
    b = np.array([[LEAST * (1.0 + 2.0**-52)]])
    assert a[0, 0] * b[0, 0] == LEAST, "exactly it lies between the two"
    for name in BACKENDS:
        lowering = backend_or_skip(name)
        got = lowering.load(graph, lowering.lower(graph)).run(Batch({"a": a, "b": b}, {}, None, 1, 1), [product])
        assert float(got.nodes[product][0, 0]).hex() == "0x0.0p+0", name


@lane(subnormals="flush")
def decaying(x: float, keep: Annotated[float, domain(0.0, 1.0)], y: float32) -> tuple[float, float, float32, float]:
    level = carry(initial=1.0)
    level = level * keep + x
    small = level / 1e300
    return level, small, y * y * 0.25, fma(level, small, -x) + bits_float(float_bits(x) & 4503599627370495)


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_average_decays_to_nothing_and_not_to_a_subnormal(backend: str) -> None:
    lowering = backend_or_skip(backend)
    graph = prepare(trace(decaying), decaying.subnormals)
    bars = 1200
    batch = Batch(
        {"x": np.zeros((bars, 2)), "keep": np.array([[0.5, 0.25]] * bars), "y": np.full((bars, 2), 2.0**-62, np.float32)},
        {}, None, bars, 2,
    )  # fmt: skip
    nodes = comparable_nodes(graph)
    runner = lowering.load(graph, lowering.lower(graph))
    got = runner.run(batch, nodes)
    assert_same_words(graph, got, evaluate(graph, batch, nodes))
    assert getattr(runner, "recomputed_rows", 0) == 0
    level = got.nodes[graph.node("level")]
    assert level[1020, 0] > 0.0
    assert level[-1].tolist() == [0.0, 0.0]
    kept = prepare(trace(decaying), KEEP)
    assert evaluate(kept, batch, [kept.node("level")]).nodes[kept.node("level")][1040, 0] == 2.0**-1041


def test_a_kernel_in_the_flush_profile_watches_nothing() -> None:
    graph = prepare(trace(decaying), FLUSH)
    assert "vanished" not in emit(graph)[KERNEL].decode()
    assert "@subnormal" not in emit(graph)[KERNEL].decode()
    assert "@subnormal" in emit(prepare(trace(decaying)))[KERNEL].decode()


def test_names_stay_with_the_flushed_value_and_nothing_else_is_compared() -> None:
    graph = prepare(trace(decaying), FLUSH)
    assert graph.ops[graph.node("small")] is ops.FLUSH
    hidden = unseen(graph)
    assert graph.args[graph.node("small")][0] in hidden
    compared = set(comparable_nodes(graph))
    assert {port.node for port in graph.inputs} <= compared
    assert not {node for node in hidden if isinstance(graph.ops[node], Op)} & compared


def test_a_subnormal_constant_is_a_zero_and_proofs_save_flushes() -> None:
    builder = GraphBuilder("constants")
    builder.open_scope("", "constants")
    x = builder.input("x", F64, "1", interval(F64, 0.0, 1.0))
    tiny = builder.const(-5e-324, F64, "1")
    builder.output("a", builder.op(ops.MAX, (x, tiny)), 0.0)
    whole = builder.op(ops.RINT, (x,))
    builder.output("b", builder.op(ops.ADD, (whole, builder.const(0.5, F64, "1"))), 0.0)
    builder.close_scope()
    graph = flush_subnormals(builder.freeze())
    assert sum(op is ops.FLUSH for op in graph.ops) == 1, "x alone: what rint gives is whole, and so is its sum a half"
    assert [value.hex() for value in graph.constants if isinstance(value, float) and value <= 0.0] == ["-0x0.0p+0"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_random_graph_in_the_profile(backend: str) -> None:
    seed = 5
    lowering = backend_or_skip(backend)
    graph = flush_subnormals(prepare(random_graph(seed, count(30, 90))))
    batch = random_batch(graph, seed, 5, 9)
    nodes = comparable_nodes(graph)
    runner = lowering.load(graph, lowering.lower(graph))
    assert_same_words(graph, runner.run(batch, nodes), evaluate(graph, batch, nodes), f"seed {seed}")


@pytest.mark.parametrize("seed", few(range(24), 3))
def test_flushed_graphs_have_no_subnormal_and_nothing_to_watch(seed: int) -> None:
    graph = random_graph(seed, 90, arrays=True)
    flushed = flush_subnormals(prepare(graph) if seed % 2 else graph)
    assert set(magnitudes(flushed).unproved) <= unseen(flushed), f"seed {seed}"
    assert_nothing_tiny(flushed, random_batch(flushed, seed, 3, 5), f"seed {seed}")


def assert_nothing_tiny(graph: Graph, batch: Batch, what: str) -> None:
    nodes = [node for node in comparable_nodes(graph) if graph.types[node].is_float and node not in unseen(graph)]
    values = evaluate(graph, batch, nodes).nodes
    for node in nodes:
        least = LEAST if graph.types[node] == F64 else LEAST_32
        tiny = (np.abs(values[node]) <= least) & (values[node] != 0.0)
        assert not tiny.any(), f"{what}: node {node}, {graph.ops[node]}: {values[node][tiny][0]}"


def test_a_constant_that_becomes_a_zero_proves_nothing() -> None:
    """2^-1022 * 2^1000 would keep the sum away from zero, were it not a zero here."""
    builder = GraphBuilder("lifted")
    builder.open_scope("", "lifted")
    n = builder.input("n", I64, "1", whole_domain(I64))

    def times(node: int, factor: float) -> int:
        return builder.op(ops.MUL, (node, builder.const(factor, F64, "1")))

    lifted = times(builder.const(LEAST, F64, "1"), 2.0**1000)
    total = builder.op(ops.ADD, (lifted, times(builder.op(ops.I64_TO_F64, (n,)), 2.0**-90)))
    builder.output("small", times(total, 2.0**-995), 0.0)
    builder.close_scope()
    graph = flush_subnormals(builder.freeze())
    assert_nothing_tiny(graph, Batch({"n": np.array([[1 << 62, 1, 0, -1]])}, {}, None, 1, 4), "lifted")


def test_the_least_normal_number_is_flushed_too() -> None:
    """What is proved to be no subnormal may still be that number: 2^-1021 / 2, exactly."""
    builder = GraphBuilder("halved")
    builder.open_scope("", "halved")
    n = builder.input("n", I64, "1", whole_domain(I64))
    small = builder.op(ops.MUL, (builder.op(ops.I64_TO_F64, (n,)), builder.const(2.0**-1021, F64, "1")))
    unit = builder.op(ops.MIN, (small, builder.const(2.0**-1021, F64, "1")))
    half = builder.op(ops.DIV, (unit, builder.const(2.0, F64, "1")))
    builder.output("half", half, 0.0)
    builder.close_scope()
    kept = builder.freeze()
    assert not magnitudes(kept).unproved
    graph = flush_subnormals(kept)
    batch = Batch({"n": np.array([[1, 0, -1, 7]])}, {}, None, 1, 4)
    node = graph.outputs[0].node
    assert [value.hex() for value in evaluate(graph, batch, [node]).nodes[node][0].tolist()] == [
        "0x0.0p+0", "0x0.0p+0", "-0x0.0p+0", "0x0.0p+0",
    ]  # fmt: skip


def test_another_profile_is_refused() -> None:
    with pytest.raises(ValueError, match='write "keep" or "flush"'):
        lane(subnormals="ignore")(lambda x: x)
