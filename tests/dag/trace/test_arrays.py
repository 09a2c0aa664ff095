"""Lanes with carried arrays: the graph against Python itself, and what the graph holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dag import array, as_unit, carry, float32, int32, lane, put, sum_seq, unit
from dag.language.lane import AnyLane
from dag.operators.table import GET, PUT
from dag.trace import trace
from tests.support.python_bars import assert_like_python, graph_of

Bps = Annotated[float, unit("bps")]


def inside(n: int) -> int:
    return min(max(n, 0), 4)


@lane
def mean_of_last(x: float) -> float:
    ring = carry(initial=array(5, 0.0))
    at = carry(initial=0)
    held = carry(initial=0)
    ring = put(ring, at, x)
    at = (at + 1) % 5
    held = min(held + 1, 5)
    return sum_seq(tuple(ring)) / float(held)


@dataclass(frozen=True)
class Seen:
    before: int
    after: int
    other: int
    length: int


@lane
def counted(n: int, m: int, flag: bool) -> Seen:
    n, m = inside(n), inside(m)
    counts = carry(initial=array(5, 0))
    before = counts[n]
    if flag:
        counts = put(counts, n, counts[n] + 1)
        if m > n:
            counts = put(counts, m, counts[n] + counts[m])
    else:
        counts = put(counts, m, 7)
    return Seen(before, counts[n], counts[m], len(counts))


def shifted(ring: tuple[float, ...], x: float) -> tuple[float, ...]:
    for i in range(len(ring) - 1):
        ring = put(ring, i, ring[i + 1])
    return put(ring, len(ring) - 1, x)


@lane
def through_functions(x: Bps) -> Bps:
    ring = carry(initial=array(3, as_unit(-0.0, "bps")))
    ring = shifted(ring, x)
    total = ring[0]
    for each in ring[1:]:
        total = total + each
    return total if x > ring[0] else ring[2]


@lane
def narrow(x: float32, m: int32, flag: bool) -> tuple[float32, int32, bool]:
    singles = carry(initial=array(2, float32(0.1)))
    wholes = carry(initial=array(2, int32(-1)))
    flags = carry(initial=array(2, False))
    place = int(m) & 1
    singles = put(singles, place, x * 0.5)
    wholes = put(wholes, 1 - place, m)
    flags = put(flags, place, not flags[1 - place] or flag)
    return singles[0], wholes[1], flags[m & 1]


@lane
def whole_numbers_become_floats(n: int) -> float:
    n = inside(n)
    ring = carry(initial=array(5, 0.5))
    ring = put(ring, n, n)
    ring = put(ring, 0, 3)
    return ring[n] / 2.0


@lane
def compared(x: float32, y: float32) -> bool:
    """What comparing float32s gives on numbers is numpy's bool."""
    flags = carry(initial=array(2, False))
    flags = put(flags, 0, x < y)
    return flags[0]


@lane
def inner(x: float) -> float:
    ring = carry(initial=array(2, 0.0))
    ring = put(ring, 1, ring[0])
    ring = put(ring, 0, x)
    return ring[1]


@lane
def two_calls(x: float, y: float) -> float:
    return inner(x) + inner(y)


@lane
def held_on_some_bars(x: float, due: bool, n: int) -> tuple[float, float, float]:
    """One held as a whole, one in a held call."""
    ring = carry(initial=array(5, 0.5), when=due)
    ring = put(ring, inside(n), x)
    last = inner(x, when=due and x > 0.0, initial=-1.0)
    return ring[0], ring[4 - inside(n)], last


@lane
def leaves_early(x: float, y: float, flag: bool) -> float:
    ring = carry(initial=array(3, 0.0))
    ring = put(ring, 0, x)
    if flag:
        if y > x:
            return ring[0] + ring[1]
        ring = put(ring, 1, y)
    elif x > 0.0:
        ring = put(ring, 2, ring[1])
        return ring[2]
    ring = put(ring, 0, ring[2])
    return ring[0] - ring[1]


LANES = [
    leaves_early,
    held_on_some_bars,
    mean_of_last,
    counted,
    through_functions,
    narrow,
    whole_numbers_become_floats,
    two_calls,
    compared,
]


@pytest.mark.parametrize("each", LANES, ids=lambda each: each.name)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_the_graph_is_the_function(each: AnyLane, data: st.DataObject) -> None:
    assert_like_python(each, {}, data, bars=9)


def test_an_element_read_twice_is_one_read_and_every_put_one_write() -> None:
    graph = graph_of(counted)
    assert sum(op is GET for op in graph.ops) == 2
    assert sum(op is PUT for op in graph.ops) == 3
    (state,) = graph.states
    assert (state.name, str(graph.types[state.node])) == ("counts", "i64[5]")
    assert [graph.spans[node].text.strip().split(" = ")[1][:3] for node in graph.writes(state)] == ["put"] * 3  # type: ignore[union-attr]


def test_each_call_has_its_own() -> None:
    assert [state.name for state in trace(two_calls).states] == ["inner_1.ring", "inner_2.ring"]


@pytest.mark.parametrize(("index", "value", "error"), [(5, 1, IndexError), (-1, 1, IndexError), (0, 1.5, TypeError)])
def test_what_does_not_fit_raises_on_numbers(index: int, value: float, error: type[Exception]) -> None:
    with pytest.raises(error):
        put(array(5, 0), index, value)


@lane
def pair(x: float) -> tuple[float, float]:
    """Two values."""
    doubled = x * 2.0
    return doubled, x


@lane
def over_a_call(x: float) -> float:
    """A comprehension over what a call returns."""
    return sum_seq(v * 3.0 for v in pair(x))


def test_what_a_comprehension_goes_over_is_called_once() -> None:
    assert [scope.path for scope in trace(over_a_call).scopes] == ["", "pair"]
