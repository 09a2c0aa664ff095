"""Simplified graphs show the same words under the same names, on every row; and a step that is none is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from compile.analysis.ranges import ranges
from compile.backend import Batch
from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.interpreter.backend import Interpreter
from compile.passes.flush_subnormals import flush_subnormals
from compile.passes.simplify import rewritten, simplified, simplify
from compile.pipeline import prepare
from compile.proof.core.source import source_terms
from compile.proof.core.terms import IllTyped
from compile.rewrites.steps import RewriteStep
from compile.rewrites.validate import CannotBeFollowed, InvalidRewrite, refuse_invalid
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.table import OPS
from dag.values.domain import interval, whole_domain
from dag.values.types import BOOL, F64, I64, enum_type
from dag.values.words import words_of_column
from tests.support.backends import backend_or_skip
from tests.support.tiers import only


def assert_same(before: Graph, after: Graph, seed: int, backend: str = "interpreter") -> None:
    """Every tap, output and state, on rows of all kinds."""
    batch = random_batch(before, seed, bars=5, instances=23)
    healthy = Interpreter()
    lowering = backend_or_skip(backend)
    reference = healthy.load(before, healthy.lower(before)).run(batch, [tap.node for tap in before.taps])
    got = lowering.load(after, lowering.lower(after)).run(batch, [tap.node for tap in after.taps])
    assert [tap.name for tap in before.taps] == [tap.name for tap in after.taps]
    for mine, theirs in zip(before.taps, after.taps, strict=True):
        type_ = before.types[mine.node]
        assert (type_, before.units[mine.node]) == (after.types[theirs.node], after.units[theirs.node])
        words = words_of_column(reference.nodes[mine.node], type_), words_of_column(got.nodes[theirs.node], type_)
        assert np.array_equal(*words), mine.name
    for state in before.states:
        type_ = before.types[state.node]
        held = [words_of_column(each.state[state.name], type_) for each in (reference, got)]
        assert np.array_equal(held[0], held[1]), state.name


@pytest.mark.parametrize("seed", only(range(12), {0, 3, 4, 9}.__contains__))
def test_random_graphs_show_the_same_words(seed: int) -> None:
    graph = random_graph(seed, len(OPS) if seed % 2 else 60, arrays=seed % 3 == 0)
    graph = prepare(graph) if seed % 4 else graph
    graph = flush_subnormals(graph) if seed % 5 == 4 else graph
    found = simplified(graph)
    assert found.used
    assert len(found.graph) < len(graph)
    assert_same(graph, found.graph, seed)


@pytest.mark.parametrize("backend", ["c", "c_batch"])
def test_other_backends_take_what_is_left(backend: str) -> None:
    graph = prepare(random_graph(77, 60))
    assert_same(graph, simplify(graph), 77, backend)


def test_simplifying_twice_changes_nothing() -> None:
    once = simplify(prepare(random_graph(5, len(OPS))))
    assert simplify(once).content_hash == once.content_hash


def sums(*adding: float, low: float = -5.0) -> GraphBuilder:
    builder = GraphBuilder("sums")
    builder.open_scope("", "sums")
    at = builder.input("x", F64, "1", interval(F64, low, 5.0))
    for k, constant in enumerate(adding):
        node = builder.op(ops.ADD, (at, builder.const(constant, F64, "1")))
        builder.tap(f"sum_{k}", node)
        builder.output(f"out_{k}", node, 0.0)
    return builder


def test_a_sum_with_zero_goes_only_where_minus_zero_cannot_come() -> None:
    assert simplified(sums(-0.0).freeze()).used == {"add_minus_zero": 1}
    assert not simplified(sums(0.0).freeze()).used
    builder = sums()
    size = builder.op(ops.ABS, (builder.ports()["x"],))
    builder.output("out", builder.op(ops.ADD, (size, builder.const(0.0, F64, "1"))), 0.0)
    assert simplified(builder.freeze()).used == {"add_zero": 1}


def test_domains_are_not_believed_because_rows_outside_them_are_shown_too() -> None:
    graph = prepare(sums(0.0, low=1.0).freeze())
    found = simplified(graph)
    assert "add_zero" not in found.used  # -0.0 is rejected, and the tap `sum_0` shows 0.0 on that row
    rejected = Batch({"x": np.array([[-0.0, math.nan, 2.0]])}, {}, None, 1, 3)
    runner = Interpreter().load(found.graph, Interpreter().lower(found.graph))
    assert runner.run(rejected, [found.graph.status or 0]).nodes[found.graph.status or 0].tolist() == [[1, 1, 0]]


def test_a_column_of_an_enum_may_hold_any_code_outside_its_domain() -> None:
    side = enum_type("Side", {"LONG": 1})
    builder = GraphBuilder("sides")
    builder.open_scope("", "sides")
    at = builder.input("side", side, "1", whole_domain(side))
    builder.output("is_long", builder.op(ops.ENUM_EQ, (at, builder.const(1, side, "1"))), False)
    code = builder.op(ops.ENUM_TO_I64, (at,))
    fifty = builder.op(ops.IEQ, (code, builder.const(50, I64, "1")))
    builder.output("code", builder.op(ops.SELECT, (fifty, builder.const(7, I64, "1"), code)), 0)
    graph = builder.freeze()
    facts = ranges(graph, accepted=False).facts
    for value in (1, 50, -3, 0):
        assert facts[graph.outputs[1].node].contains(value), value
    assert facts[graph.outputs[0].node].contains(True)
    assert facts[graph.outputs[0].node].contains(False)
    assert not simplified(graph).used


def test_units_are_kept() -> None:
    builder = GraphBuilder("units")
    builder.open_scope("", "units")
    price = builder.input("price", F64, "usd", whole_domain(F64))
    scaled = builder.op(ops.MUL, (price, builder.const(1.0, F64, "bars")))
    builder.output("value", scaled, 0.0)
    builder.output("half", builder.op(ops.DIV, (price, builder.const(2.0, F64, "1"))), 0.0)
    graph = builder.freeze()
    found = simplified(graph)
    assert found.used == {"div_power_of_two": 1}
    assert [found.graph.units[output.node] for output in found.graph.outputs] == ["bars * usd", "usd"]
    assert {found.graph.ops[output.node] for output in found.graph.outputs} == {ops.MUL}


def test_a_step_that_no_rule_allows_is_refused() -> None:
    builder = sums(-0.0, 0.0, 1.0)
    builder.output("both", builder.op(ops.MUL, (builder.ports()["x"], builder.const(1.0, F64, "1"))), 0.0)
    graph = builder.freeze()
    after, working = rewritten(graph)
    refuse_invalid(graph, after, working)
    at = graph.node("sum_1")
    row = working.node_of[graph.node("x")]
    forged = {
        "the condition of `add_zero` does not hold": RewriteStep("add_zero", (("x", row),), row),
        "is no instance of `mul_one`": RewriteStep("mul_one", (("x", row),), row),
        "there is no rule `add_any`": RewriteStep("add_any", (("x", row),), row),
        "binds y": RewriteStep("add_zero", (("y", row),), row),
    }
    for message, step in forged.items():
        with pytest.raises(InvalidRewrite, match=message):
            refuse_invalid(graph, after, replace(working, steps={**working.steps, at: (step,)}))
    for node in working.steps:  # a step that was not written down
        fewer = {each: steps for each, steps in working.steps.items() if each != node}
        with pytest.raises(InvalidRewrite, match="is not what the steps lead to"):
            refuse_invalid(graph, after, replace(working, steps=fewer))


@pytest.mark.parametrize("seed", range(3))
def test_a_graph_that_is_not_what_the_steps_lead_to_is_refused(seed: int) -> None:
    graph = prepare(random_graph(seed, 60))
    after, working = rewritten(graph)
    refuse_invalid(graph, after, working)
    state, output = after.states[0], after.outputs[0]
    other = next(node for node in range(len(after)) if after.types[node] == F64 and node != output.node)
    changed = (
        replace(after, outputs=(replace(output, safe=17.0), *after.outputs[1:])),
        replace(after, states=(replace(state, initial=7), *after.states[1:])),
        replace(after, taps=after.taps[1:]),
        replace(after, taps=(replace(after.taps[0], node=other), *after.taps[1:])),
        replace(after, status=None),
        replace(after, units=("usd", *after.units[1:])),
        replace(after, inputs=(replace(after.inputs[0], domain=interval(F64, 0.0, 1.0)), *after.inputs[1:])),
    )
    for each in changed:
        with pytest.raises(InvalidRewrite):
            refuse_invalid(graph, each, working)


def test_booleans_and_choices_of_one_value_are_found() -> None:
    builder = GraphBuilder("choices")
    builder.open_scope("", "choices")
    p, q = (builder.input(name, BOOL, "1", whole_domain(BOOL)) for name in "pq")
    x = builder.input("x", F64, "1", whole_domain(F64))
    absorbed = builder.op(ops.AND, (p, builder.op(ops.OR, (q, p))))
    smaller = builder.op(
        ops.SELECT, (builder.op(ops.LT, (x, builder.const(1.0, F64, "1"))), x, builder.const(1.0, F64, "1"))
    )
    builder.output("absorbed", absorbed, False)
    builder.output("smaller", smaller, 0.0)
    found = simplified(builder.freeze())
    assert found.used == {"and_absorbs_second": 1, "select_is_min": 1}
    assert [found.graph.ops[node] for node in found.graph.operators()] == [ops.MIN]


def test_a_graph_that_the_check_cannot_follow_is_not_rewritten() -> None:
    for seed in range(2):
        graph = prepare(random_graph(seed, 60, arrays=True, folds=True))
        try:
            source_terms(graph)
        except (KeyError, IllTyped):
            with pytest.raises(CannotBeFollowed):
                simplify(graph)
        else:
            assert_same(graph, simplify(graph), seed)
