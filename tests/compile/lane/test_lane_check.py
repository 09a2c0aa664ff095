"""The lane on numbers against its graph: right traces pass in every word, wrong ones are found at the user's line."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dag.trace.operators.comparisons
from compile.backend import Batch
from compile.campaign.drawing.sample import sample, universe_of
from compile.campaign.run.campaign import campaign
from compile.check.compare import LANE, Comparison, explain_divergence
from compile.check.run import check_batch, new_report
from compile.interpreter.backend import Interpreter
from compile.interpreter.runner import InterpreterRunner
from compile.lane.arguments import arguments_of
from compile.lane.check import LaneCheck
from compile.passes.simplify import simplify
from compile.pipeline import prepare
from dag import carry, lane, with_slots
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.language.lift import lift
from dag.trace import trace, traced
from tests.support import on_numbers, ordinary_python, slotted
from tests.support.on_numbers import average, early, flushing, named_as_ours, narrow, records, ringed, twice, windowed

LANES = {
    each.name: each
    for each in (
        *(average, records, twice, narrow, windowed, ringed, flushing, early, named_as_ours),
        *ordinary_python.LANES,
    )
}


def interpreted(graph: Graph) -> InterpreterRunner:
    return Interpreter().load(graph, Interpreter().lower(graph))


def compared(each: AnyLane, bars: int = 12, instances: int = 20, simpler: bool = False) -> Comparison:
    """A comparison over sampled rows, some of them outside their domain."""
    trace = traced(each)
    graph = prepare(trace.graph, each.subnormals)
    graph = simplify(graph) if simpler else graph
    check = LaneCheck.of(each, graph, trace)
    batch = sample(universe_of(graph), bars, instances, np.random.default_rng(3))
    return check.compare(batch, interpreted(graph).run(batch, check.nodes))


@pytest.mark.parametrize("name", LANES)
def test_a_lane_on_numbers_is_its_graph_in_every_word(name: str) -> None:
    found = compared(LANES[name])
    assert found.differences == 0, found.first and explain_divergence(found.first)
    assert found.words >= 12 * 20 * 2


def test_a_simpler_graph_is_still_the_lane() -> None:
    for each in (records, twice):
        assert compared(each, simpler=True).differences == 0


def test_lanes_in_slots_and_lifted_functions_are_run_with_what_they_take() -> None:
    filled = with_slots(
        slotted.sized, z_leverage_gate=slotted.by_level, meta_boost=slotted.rising, label=slotted.odd_label
    )
    for each in (slotted.sized, filled, lift(clipped), lift(clipped, fixed=("hi",))):
        assert compared(each).differences == 0


def clipped(x: float, lo: float = -1.0, hi: float = 1.0) -> float:
    return min(max(x, lo), hi)


def test_a_flushing_lane_is_held_against_the_graph_before_the_flush() -> None:
    graph = prepare(trace(flushing), flushing.subnormals)
    check = LaneCheck.of(flushing, graph)
    batch = Batch({"x": np.full((3, 1), 1e-9)}, {}, None, 3, 1)
    exact = interpreted(graph).run(batch, [output.node for output in graph.outputs])
    flushed = next(output.node for output in graph.outputs if output.name == "flushing")
    assert (exact.nodes[flushed] == 0.0).all()
    assert check.begin().run.run(batch).outputs["flushing"][0, 0] == 1e-9 * 1e-180 * 1e-125 != 0.0
    assert check.compare(batch, exact).differences == 0


def test_a_replay_in_pieces_carries_the_state_of_the_lane_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compile.check.run.WORDS_AT_ONCE", 200)
    for each in (twice, flushing):
        graph = prepare(trace(each), each.subnormals)
        batch = sample(universe_of(graph), 40, 1, np.random.default_rng(1))
        report = new_report(graph, "rows")
        check_batch(graph, {"interpreter": interpreted(graph)}, batch, report, lane=LaneCheck.of(each, graph))
        assert (report.differences, report.rows_of) == (0, {LANE: 40, "interpreter": 40})


# --- faults of a tracer, planted one by one -------------------------------------------------------------------------

Original = Callable[..., Any]


def _arms_swapped(original: Original) -> Original:
    return lambda frame, at, condition, chosen, otherwise, *rest: original(
        frame, at, condition, otherwise, chosen, *rest
    )


def _operands_swapped(original: Original) -> Original:
    return lambda frame, at, op, left, right: original(frame, at, op, right, left)


def _another_operator(original: Original) -> Original:
    def faulty(frame: Any, at: Any, op: Any, left: Any, right: Any) -> Any:
        return original(frame, at, ast.Add() if isinstance(op, ast.Sub) else op, left, right)

    return faulty


def _strict_comparison(original: Original) -> Original:
    def faulty(frame: Any, at: Any, op: Any, left: Any, right: Any) -> Any:
        return original(frame, at, ast.Gt() if isinstance(op, ast.GtE) else op, left, right)

    return faulty


def _never_updated(original: Original) -> Original:
    return lambda frame, moving, new, old, at: old


def _always_updated(original: Original) -> Original:
    return lambda frame, moving, new, old, at: new


def _first_return_alone(original: Original) -> Original:
    return lambda first, rest: (
        original(rest, first) if rest is not None and first is not None else original(first, rest)
    )


FAULTS: dict[str, tuple[str, Callable[[Original], Original], AnyLane]] = {
    "the arms of a choice are swapped": ("dag.trace.returns.select", _arms_swapped, early),
    "the operands of an operator are swapped": ("dag.trace.expressions.evaluation.binary", _operands_swapped, average),
    "an operator is another one": ("dag.trace.expressions.evaluation.binary", _another_operator, average),
    "a comparison is strict": ("dag.trace.expressions.evaluation.comparison", _strict_comparison, early),
    "a state is never updated": ("dag.trace.states.carrying.kept_unless", _never_updated, twice),
    "a state is updated on every bar": ("dag.trace.states.carrying.kept_unless", _always_updated, windowed),
    "a window keeps the values of all bars": (
        "dag.trace.states.rings.moving_when",
        lambda original: lambda frame, when: None,
        windowed,
    ),
    "a write is lost": (
        "dag.trace.states.arrays.carried_on",
        lambda original: lambda frame, array, moving: array.state,
        ringed,
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_tracer_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, broken, each = FAULTS[fault]
    module, _, name = place.rpartition(".")
    original = getattr(__import__(module, fromlist=[name]), name)
    assert compared(each).differences == 0
    monkeypatch.setattr(place, broken(original))
    found = compared(each)
    assert found.differences > 0
    assert found.first is not None
    text = explain_divergence(found.first)
    assert "on_numbers.py:" in text
    assert text.startswith("lane differs from the interpreter at bar ")


def test_a_campaign_stops_at_a_wrong_trace_and_lists_the_lane_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def sampled() -> Any:
        graph = prepare(trace(early))
        return campaign(graph, {"interpreter": interpreted(graph)}, 1_000, 0, lane=LaneCheck.of(early, graph)).report

    right = sampled()
    assert (right.differences, right.exit_code) == (0, 0)
    assert list(right.rows_of) == [LANE, "interpreter"]
    assert 512 <= right.rows_of[LANE] < 1_000
    monkeypatch.setattr(
        "dag.trace.expressions.evaluation.comparison", _strict_comparison(dag.trace.operators.comparisons.comparison)
    )
    wrong = sampled()
    assert wrong.exit_code == 1
    assert list(wrong.firsts) == [LANE]


def test_a_state_that_one_of_the_two_lacks_is_no_agreement() -> None:
    trace = traced(summed)
    graph = prepare(trace.graph)
    batch = Batch({"x": np.ones((2, 1))}, {}, None, 2, 1)
    check = LaneCheck.of(summed, graph, type(trace)(trace.graph, {}))
    found = check.compare(batch, interpreted(graph).run(batch, check.nodes))
    assert found.first is not None
    assert found.first.node.values[LANE] == "carries nothing that the graph's states total stand for"
    other = prepare(traced(stateless).graph)
    check = LaneCheck.of(stateless, other)
    carrying = LaneCheck(summed, other, None, arguments_of(stateless, other), check.states)
    found = carrying.compare(batch, interpreted(other).run(batch, check.nodes))
    assert found.first is not None
    assert found.first.node.values[LANE] == "carries total, which no state of the graph stands for"


@lane
def stateless(x: on_numbers.X) -> float:
    return x


@lane
def summed(x: on_numbers.X) -> float:
    total = carry(initial=0.0)
    total = total + x
    return x


@pytest.mark.parametrize("name", ["average", "stateless"])
def test_ports_and_outputs_that_one_of_the_two_lacks_are_named(name: str) -> None:
    each = average if name == "average" else stateless
    other = prepare(trace(summed))
    misfit = arguments_of(each, other).misfit
    assert f"has other outputs than the graph: `{name}` only in the lane, `summed` only in the graph" in misfit
    assert ("has other ports than the graph: `bars`, `weight` only in the lane" in misfit) == (name == "average")
    batch = Batch({"x": np.ones((2, 1))}, {}, None, 2, 1)
    check = LaneCheck.of(each, other)
    found = check.compare(batch, interpreted(other).run(batch, check.nodes))
    assert found.first is not None
    assert found.first.node.values[LANE] == misfit


@lane(taps=False)
def unguarded(x: on_numbers.X) -> float:
    return 1.0 / x  # the lane answers for its insides, so that nobody refuses this


def test_where_python_raises_and_the_graph_does_not_the_line_is_named() -> None:
    graph = prepare(trace(unguarded))
    check = LaneCheck.of(unguarded, graph)
    batch = Batch({"x": np.array([[1.0, 2.0], [0.0, 4.0], [5.0, 2e6]])}, {}, None, 3, 2)
    found = check.compare(batch, interpreted(graph).run(batch, check.nodes))
    assert found.first is not None
    assert (found.first.bar, found.first.instance) == (1, 0)
    assert found.first.node.values[LANE] == "raises ZeroDivisionError: float division by zero"
    assert found.first.at is not None
    assert found.first.at.startswith("test_lane_check.py:")
