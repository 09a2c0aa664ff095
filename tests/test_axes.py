"""Values along an axis: the numbers that Python gives are those of every backend, and every artifact is proved."""

from __future__ import annotations

import math
import pickle
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
import pytest

from compile.backend import Batch, Refused, refuse_unsupported
from compile.c.backend import C
from compile.campaign.drawing.sample import sample, universe_of
from compile.hazards.search import hazards
from compile.interpreter.backend import Interpreter
from compile.lane.check import LaneCheck
from compile.passes.validate import refuse_changed
from compile.pipeline import prepare
from compile.proof.core.prove import prove
from compile.proof.core.verdict import Proved
from compile.xla.backend import Xla
from dag.diagnostics.diagnostic import CompileError
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_from_json, graph_to_json
from dag.language.lane import AnyLane
from dag.trace import trace, traced
from dagc import T, Vector, carry, domain, lane, sum_seq
from tests.support.axis_lanes import LANES, Asset, Assets, Levels, Momentum, Side, chosen, folds, relative, repeated
from tests.support.backends import backend_or_skip
from tests.support.meaning import assert_same_words, evaluate

BARS, INSTANCES = 9, 5
#: Values at which IEEE arithmetic, ties and folds change their minds.
SPECIAL = (0.0, -0.0, 5e-324, -1e-310, 1.5, 1.5, -2.0, 1e300, -1e300)


def rows_of(graph: Graph, seed: int = 7) -> Batch:
    """Drawn rows, rejected ones among them, with special values in every second instance where the domain has them."""
    rng = np.random.default_rng(seed)
    batch = sample(universe_of(graph), BARS, INSTANCES, rng)
    inputs = dict(batch.inputs)
    for port in graph.inputs:
        if graph.types[port.node].is_float:
            column = inputs[port.name].copy()
            special = rng.choice(np.array([x for x in SPECIAL if port.domain.contains(x)]), column.shape)
            chosen_here = rng.random(column.shape) < 0.4
            column[:, ::2] = np.where(chosen_here, special, column)[:, ::2]
            inputs[port.name] = column
    return Batch(inputs, batch.params, None, BARS, INSTANCES)


def shown(graph: Graph) -> list[int]:
    """Every value that has one to show."""
    return [node for node in graph.shown_values() if graph.constants[node] is None]


@pytest.mark.parametrize("which", LANES, ids=lambda each: each.name)
def test_the_lane_on_numbers_is_its_graph_in_the_interpreter_and_in_c(which: AnyLane) -> None:
    trace_of = traced(which)
    graph = prepare(trace_of.graph)
    batch = rows_of(graph)
    expected = evaluate(graph, batch, shown(graph))
    for name in ("interpreter", "c", "c_batch"):
        backend = backend_or_skip(name)
        assert_same_words(graph, backend.load(graph, backend.lower(graph)).run(batch, shown(graph)), expected, name)
    compared = LaneCheck.of(which, graph, trace_of).compare(batch, expected)
    assert compared.words >= BARS * INSTANCES
    assert compared.differences == 0, compared.first


@pytest.mark.parametrize("which", [relative, folds, chosen, repeated], ids=lambda each: each.name)
def test_xla_has_the_same_words(which: AnyLane) -> None:
    graph = prepare(trace(which))
    batch, xla = rows_of(graph), backend_or_skip("xla")
    wanted = [output.node for output in graph.outputs]
    assert_same_words(graph, xla.load(graph, xla.lower(graph)).run(batch, wanted), evaluate(graph, batch, wanted))


@pytest.mark.parametrize("which", LANES, ids=lambda each: each.name)
def test_every_artifact_is_proved(which: AnyLane) -> None:
    graph = prepare(trace(which))
    verdicts = prove(graph, {**Interpreter().lower(graph), **C().lower(graph), **Xla().lower(graph)})
    assert {each.artifact for each in verdicts} == {
        "interpreter.py",
        "kernel.c",
        "batch.c",
        "entry.c",
        "kernel.stablehlo",
    }
    assert all(isinstance(each, Proved) for each in verdicts), verdicts


def by_hand(prices: Sequence[float], traded: Sequence[bool], kept: dict[str, list[Any]], window: float) -> list[float]:
    """`relative`, written once more with lists."""
    for i, (x, t) in enumerate(zip(prices, traded, strict=True)):
        if t:
            slow = kept["slow"][i] if kept["started"][i] else x
            kept["slow"][i] = slow + 2.0 / (window + 1.0) * (x - slow)
            kept["started"][i] = True
            kept["held"][i] = x - kept["slow"][i]
    total = 0.0
    for held, t in zip(kept["held"], traded, strict=True):
        if t:
            total += abs(held)
    return [held - (total / 5.0 if t else 0.0) for held, t in zip(kept["held"], traded, strict=True)]


def test_a_held_call_in_a_map_is_what_five_lists_would_be() -> None:
    rng = np.random.default_rng(3)
    stream = relative.stream(Momentum(window=7.0))
    kept: dict[str, list[Any]] = {"slow": [0.0] * 5, "started": [False] * 5, "held": [0.0] * 5}
    for _ in range(50):
        prices, traded = rng.choice([1.0, 1.5, 2.25, 7.0, 1e-310], 5).tolist(), (rng.random(5) < 0.5).tolist()
        found = list(stream(Assets(prices), Assets(traded)))
        assert [each.hex() for each in found] == [each.hex() for each in by_hand(prices, traded, kept, 7.0)]


def test_what_is_left_out_of_a_fold_changes_no_bit() -> None:
    """Not even the sign of a zero: -0.0 is what a sum goes on with, an infinity what an extreme does."""
    none = folds(Assets(fill=-0.0), Assets(fill=False), Assets(fill=0))
    assert math.copysign(1.0, none.squares) == -1.0
    graph = prepare(trace(folds))
    batch = Batch(
        {"x": np.full((1, 1, 5), -0.0), "ok": np.zeros((1, 1, 5), bool), "n": np.zeros((1, 1, 5), np.int64)},
        {},
        None,
        1,
        1,
    )
    output = next(each.node for each in graph.outputs if each.name == "squares")
    for name in ("interpreter", "c", "c_batch"):
        backend = backend_or_skip(name)
        found = backend.load(graph, backend.lower(graph)).run(batch, [output]).nodes[output]
        assert math.copysign(1.0, float(found[0, 0])) == -1.0, name


# --- the graph ------------------------------------------------------------------------------------------------------


class Few(Vector[T], length=48):
    """A class of 48 places."""


class Many(Vector[T], length=1000):
    """The same of 1,000."""


def score(x: float, t: bool) -> float:
    """Of one place."""
    return x * 3.0 if t and x > 2.0 else x - 1.0


@lane
def of_few(x: Few[float], t: Few[bool]) -> Few[float]:
    """48 places."""
    largest = max(abs(x))
    return Few(score(v, k) / max(largest, 1.0) for v, k in zip(x, t, strict=True))


@lane
def of_many(x: Many[float], t: Many[bool]) -> Many[float]:
    """1,000 places."""
    largest = max(abs(x))
    return Many(score(v, k) / max(largest, 1.0) for v, k in zip(x, t, strict=True))


def test_a_map_is_no_node_however_many_places_it_goes_over() -> None:
    few, many = prepare(trace(of_few)), prepare(trace(of_many))
    assert len(few) == len(many)
    assert few.ops == many.ops


def test_a_thousand_places_have_the_same_bits() -> None:
    graph = prepare(trace(of_many))
    batch = sample(universe_of(graph), 2, 3, np.random.default_rng(0))
    expected = evaluate(graph, batch, shown(graph))
    for name in ("interpreter", "c", "c_batch"):
        backend = backend_or_skip(name)
        assert_same_words(graph, backend.load(graph, backend.lower(graph)).run(batch, shown(graph)), expected, name)


def test_a_pass_is_checked_at_every_place() -> None:
    before = trace(relative)
    assert refuse_changed("reject", before, prepare(before)) > 0


def test_the_graph_comes_back_from_its_file_with_its_axes() -> None:
    graph = prepare(trace(relative))
    again = graph_from_json(graph_to_json(graph))
    assert again == graph
    assert again.types[again.inputs[0].node].axis is not None
    assert [str(graph.types[each.node].axis) for each in graph.inputs] == ["Assets (5)", "Assets (5)"]


def test_verilog_refuses_an_axis_by_name() -> None:
    graph = prepare(trace(relative))
    with pytest.raises(Refused, match=r"rtl takes no value along an axis, such as `prices`.*nothing unrolls an axis"):
        refuse_unsupported(graph, backend_or_skip("rtl"))


Positive = Annotated[float, domain(above=0.0)]


@lane
def guarded_at_one_place(x: Few[float]) -> Few[float]:
    """The condition says that this place is positive, and nothing of the sum of all."""
    total = sum_seq(x, 0.0)
    return Few(v / total if v > 0.0 else 0.0 for v in x)


@lane
def guarded(x: Few[Positive]) -> Few[float]:
    """Here every place is."""
    total = sum_seq(x, 0.0)
    return Few(v / (total + 1.0) for v in x)


def test_a_condition_of_one_place_says_nothing_of_a_fold_over_all() -> None:
    (found,) = hazards(prepare(trace(guarded_at_one_place)))
    assert found.code == "E060"
    assert not hazards(prepare(trace(guarded)))


@lane
def window_in_disguise(x: Few[float], i: int) -> float:
    """A place that may be outside."""
    return x[i]


def test_a_place_that_may_be_outside_is_an_error() -> None:
    (found,) = hazards(prepare(trace(window_in_disguise)))
    assert found.code == "E065"


# --- on numbers -----------------------------------------------------------------------------------------------------


def test_the_class_is_type_and_constructor() -> None:
    v = Assets(float(i) for i in range(5))
    assert isinstance(v, Assets)
    assert (len(v), list(v), v[1], v[Asset.SOL]) == (5, [0.0, 1.0, 2.0, 3.0, 4.0], 1.0, 2.0)
    assert list(2.0 * v - v / 4.0 + 1.0) == [1.0, 2.75, 4.5, 6.25, 8.0]
    assert list(abs(-v) ** 2) == [0.0, 1.0, 4.0, 9.0, 16.0]
    assert list(Assets(fill=7)) == [7] * 5
    assert list(pickle.loads(pickle.dumps(v))) == list(v)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda v: v + Levels(fill=1.0), "operands along two axes, Assets and Levels"),
        (lambda v: Assets(Levels(fill=1.0)), "operands along two axes"),
        (lambda v: Assets([1.0]), r"Assets has 5 places, not 1 \(`ETH` is missing\)"),
        (lambda v: type(v)(), "takes its 5 items, or fill="),
        (lambda v: v < v, "map it"),
        (lambda v: v == v, "map it"),
        (lambda v: 1 if v else 0, "map it"),
        (lambda v: min(v, v), "map it"),
        (lambda v: v[-1], "has the places 0 to 4, not -1"),
        (lambda v: v[1:], "no value along it"),
        (lambda v: v**0.5, "takes a whole k"),
    ],
)
def test_what_is_ambiguous_raises(wrong: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError, IndexError), match=message):
        wrong(Assets(fill=1.0))


@pytest.mark.parametrize("made", [{"length": 0}, {"length": 2, "labels": ("a",)}, {"labels": ("a", "a")}, {}])
def test_a_class_says_its_places(made: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        type("Wrong", (Vector,), {}, **made)


def test_a_call_converts_lists_and_arrays_to_the_declared_axis() -> None:
    given: Any = (np.arange(5.0), [True] * 5, (Side.BUY,) * 5)
    found = chosen(*given)
    assert isinstance(found, Assets)
    assert all(type(each) is float for each in found)


def test_the_trace_refuses_what_it_has_no_meaning_for() -> None:
    """The messages stand in tests/dag/refused/axes.expect; this is one of them, so that nobody takes the file for all there is."""

    @lane
    def nested(x: Few[float]) -> Few[float]:
        return Few(sum_seq((a * b for a in x), 0.0) for b in x)

    @lane
    def of_a_state(x: Few[float]) -> Few[float]:
        s = carry(initial=Few(fill=0.5))
        found = Few(sum_seq((a * b for a in x), 0.0) for b in s)
        s = x
        return found

    @lane
    def of_literals(x: Few[float], t: Few[bool]) -> Few[float]:
        chosen = Few(0.5 if b else 2.0 for b in t)
        return Few(sum_seq((a * b for a in x), 0.0) for b in chosen)

    for each in (of_a_state, of_literals):
        with pytest.raises(CompileError, match="a loop that reads nothing of the loop around it"):
            trace(each)
    with pytest.raises(CompileError, match="a loop that reads nothing of the loop around it"):
        trace(nested)
