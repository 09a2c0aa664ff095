"""Held values and held calls: in the graph, on numbers, and as they would be written out by hand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compile.backend import Batch
from compile.pipeline import prepare
from dag import AnyLane, carry, domain, float32, lane, params, unit, warm
from dag.trace import trace
from dag.values.words import word_of, words_of_column
from tests.support.meaning import evaluate
from tests.support.python_bars import assert_like_python

Price = Annotated[float, unit("px")]


class Mood(Enum):
    CALM = "calm"
    WILD = "wild"
    LOST = "lost"


@params
class Patience:
    bars: Annotated[int, unit("bars")] = 2


@dataclass(frozen=True)
class Level:
    at: Price
    count: int
    mood: Mood


@lane
def average(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.5 * (x - level)
    return level


@lane
def level_of(x: Price, mood: Mood) -> Level:
    at = carry(initial=x)
    count = carry(initial=0)
    at = max(at, x)
    count = count + 1
    return Level(at, count, mood)


@lane
def held_names(x: float, y: float, fire: bool) -> tuple[float, float, int]:
    first = carry(initial=x, when=fire)
    both = carry(initial=(y, 0), when=x > y)
    was = first
    first = x - first
    both = (both[0] + 1.0, both[1] + 1)
    return was, both[0], both[1]


@lane
def held_calls(x: float, y: float, fire: bool) -> tuple[float, float, float]:
    slow = average(x, when=fire, initial=0.0)
    slower = average(slow, when=fire and x > y, initial=y)
    return slow, slower, average(x)


@lane
def nested(x: float, y: float, fire: bool) -> tuple[float, float]:
    inner = average(x, when=x > 0.0, initial=-1.0)
    odd = carry(initial=False, when=y > 0.0)
    odd = not odd
    return inner, average(y) + (1.0 if odd else 0.0)


@lane
def held_within_held(x: float, y: float, fire: bool) -> tuple[float, float]:
    return nested(x, y, fire, when=fire, initial=(x, 5.0))


def plain(x: float) -> float:
    return average(x)


@lane
def through_a_function(x: float) -> float:
    return plain(x) + plain(-x)


@lane
def twice(x: float, y: float, fire: bool) -> tuple[float, float]:
    total = 0.0
    for each in (x, y):
        total = total + through_a_function(each, when=fire, initial=0.0)
    return total, through_a_function(y, when=not fire, initial=x)


@lane
def records(x: Price, mood: Mood, fire: bool) -> tuple[Price, int, Mood]:
    kept = level_of(x, mood, when=fire, initial=Level(0.0, -1, Mood.LOST))
    return kept.at, kept.count, kept.mood


@lane
def held_record(x: Price, mood: Mood, fire: bool) -> Level:
    return level_of(x, mood, when=fire, initial=Level(at=x, count=7, mood=mood))


@lane
def narrow(x: float) -> float32:
    total = carry(initial=float32(0.0))
    total = total * 0.1 + float32(x)
    return total


@lane
def held_narrow(x: float, fire: bool) -> float32:
    return narrow(x, when=fire, initial=0.1)


@lane
def warming(x: float, fire: bool, p: Patience = Patience()) -> tuple[bool, bool, bool, float]:  # noqa: B008
    level = carry(initial=x, warm_up=3)
    peak = carry(initial=(0.0, 0), when=fire, warm_up=p.bars)
    at_once = carry(initial=0, warm_up=0)
    level = level + 0.5 * (x - level) if warm(level) else x
    peak = (max(peak[0], x), peak[1] + 1)
    at_once = 1 - at_once
    return warm(level), warm(peak), warm(at_once), level


@lane
def never(x: float) -> tuple[float, float]:
    off = average(x, when=False, initial=2.5)
    on = average(x, when=True, initial=2.5)
    return off, on


LANES: list[AnyLane] = [
    held_names, held_calls, held_within_held, twice, records, held_record, held_narrow, warming, never,
]  # fmt: skip


@pytest.mark.parametrize("traced", LANES, ids=lambda each: each.name)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_graph_gives_the_bits_of_python(traced: AnyLane, data: st.DataObject) -> None:
    assert_like_python(traced, {"mood": Mood}, data, bars=8)


def test_a_held_call_by_hand() -> None:
    """The first update is the first bar inside; between updates the result is the last one, whatever the inputs do."""
    stream = held_calls.stream()
    bars = [(8.0, 0.0, False), (4.0, 0.0, True), (99.0, 0.0, False), (8.0, 9.0, True), (10.0, 0.0, True)]
    assert [stream(*bar)[:2] for bar in bars] == [(0.0, 0.0), (4.0, 4.0), (4.0, 4.0), (6.0, 4.0), (8.0, 6.0)]


def test_a_held_name_by_hand() -> None:
    """It reads this bar's initial value until the first update, and then what that one left."""
    stream = held_names.stream()
    bars = [
        (1.0, 0.0, False),
        (2.0, 0.0, False),
        (3.0, 0.0, True),
        (10.0, 0.0, False),
        (10.0, 0.0, True),
        (0.0, 0.0, True),
    ]
    assert [stream(*bar)[0] for bar in bars] == [1.0, 2.0, 3.0, 0.0, 0.0, 10.0]


def test_warm_counts_updates_before_the_bar() -> None:
    stream = warming.stream(Patience(bars=2))
    fires = [False, True, False, True, False, False]
    seen = [stream(1.0, fire) for fire in fires]
    assert [each[0] for each in seen] == [False, False, False, True, True, True]
    assert [each[1] for each in seen] == [False, False, False, False, True, True]
    assert all(each[2] for each in seen)


def test_without_a_stream_a_held_call_is_on_its_first_bar() -> None:
    assert average(3.0, when=True, initial=1.0) == 3.0
    assert average(3.0, when=False, initial=1.0) == 1.0
    with pytest.raises(TypeError, match="initial"):
        average(3.0, when=True)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="in the lane that says"):
        warm(3.0)


def test_what_moves_together_shares_a_latch_and_a_counter() -> None:
    """Both names of a lane follow one condition, so one bit says whether they started."""

    states = {state.name for state in trace(held_record).states}
    assert states == {"level_of.at", "level_of.count", "level_of.at.started", *(f"level_of.held.{n}" for n in ("at", "count", "mood"))}  # fmt: skip
    graph = trace(warming)
    assert {s.name: s.warm_up for s in graph.states if s.warm_up} == {"level": 3, "peak.0": "bars", "peak.1": "bars"}
    assert {"level.warm", "peak.warm", "at_once.warm"} <= {tap.name for tap in graph.taps}


def test_a_lane_whose_own_argument_is_called_when_is_not_held() -> None:
    assert through_when.stream()(2.0, False) == 2.0
    assert not trace(through_when).states


@lane
def chosen(x: float, when: bool) -> float:
    return -x if when else x


@lane
def through_when(x: float, fire: bool) -> float:
    return chosen(x, when=fire)


@lane
def busy(x: Annotated[float, domain(-8.0, 8.0)], y: float) -> tuple[float, int, bool, float]:
    level = carry(initial=x, warm_up=2)
    pair = carry(initial=(y, 0))
    odd = carry(initial=0.0, when=x > y)
    inner = average(x, when=pair[1] > 2, initial=y)
    was, ready = odd, warm(level)
    level = level + 0.5 * (x - level)
    pair = (max(pair[0], inner), pair[1] + 1)
    odd = x + y - odd
    return level + was, pair[1], ready, pair[0] if ready else inner


@lane
def held_busy(x: Annotated[float, domain(-8.0, 8.0)], y: float, fire: bool) -> tuple[float, int, bool, float]:
    return busy(x, y, when=fire, initial=(-1.0, -2, True, -3.0))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), share=st.sampled_from([0.05, 0.5, 0.95]))
def test_a_held_call_is_the_call_on_the_bars_that_update_it(seed: int, share: float) -> None:
    """The lane as a root of its own, shown those bars and no others; bars outside a domain are among the others."""
    bars, rng = 30, np.random.default_rng(seed)
    x = rng.choice([0.0, 1.0, -2.5, 8.0, 5e-324, 9.0, math.nan], (bars, 1), p=[0.15, 0.3, 0.25, 0.1, 0.1, 0.05, 0.05])
    y, fire = rng.choice([0.0, -0.0, 1.5, -3.0], (bars, 1)), rng.random((bars, 1)) < share
    held, alone = (prepare(trace(each)) for each in (held_busy, busy))
    whole = evaluate(held, Batch({"x": x, "y": y, "fire": fire}, {}, None, bars, 1), range(len(held)))
    shown = np.flatnonzero(fire[:, 0] & (np.abs(x[:, 0]) <= 8.0))
    part = evaluate(alone, Batch({"x": x[shown], "y": y[shown]}, {}, None, len(shown), 1), range(len(alone)))
    accepted = whole.nodes[held.node("status")][:, 0] == 0
    for output, safe in ((f"result.{k}", value) for k, value in enumerate((-1.0, -2, True, -3.0))):
        type_ = held.types[held.node(f"output.{output}")]
        kept = words_of_column(part.nodes[alone.node(f"output.{output}")], type_)[:, 0]
        updates = np.searchsorted(shown, np.arange(bars), side="right")
        before_any = np.full(1, word_of(safe, type_), np.uint64)
        expected = np.concatenate([before_any, kept])[updates]
        got = words_of_column(whole.nodes[held.node(f"output.{output}")], type_)[:, 0]
        np.testing.assert_array_equal(got[accepted], expected[accepted], output)
