"""What people write in Python besides: it is accepted, and its graph gives the bits of Python, or it is refused with a way out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dag import AnyLane, domain, float32, int32, lane, sum_seq
from dag.diagnostics.diagnostic import CompileError
from dag.files.loading import load_lane
from dag.trace import trace
from tests.support.python_bars import assert_like_python

Real = Annotated[float, domain(-10.0, 10.0)]


class Side(Enum):
    BUY = 1
    SELL = -1


class Tier(Enum):
    RETAIL = 0.0010
    PRO = 0.0005
    MAKER = -0.0001


class Regime(StrEnum):
    CALM = "calm"
    WILD = "wild"


FEES = {Side.BUY: 0.1, Side.SELL: 0.25}
LEVELS = [1.0, 2.0, 3.0]
NESTED = {"a": {"b": (1.0, 2.0)}}


@dataclass(frozen=True)
class Quote:
    bid: Real
    size: int32
    width: float32
    side: Side = Side.BUY


def total(*values: float, scale: float = 1.0) -> float:
    result = 0.0
    for value in values:
        result += value * scale
    return result


@lane
def values_of_members(side: Side, tier: Tier, x: Real) -> float:
    return side.value * x + tier.value * x + Tier.PRO.value


@lane
def texts(regime: Regime, x: Real) -> tuple[float, bool, bool, bool]:
    return x if regime == "calm" else -x, regime in ("calm", "other"), regime == "none", regime != "wild"


@lane
def tables(side: Side, x: Real) -> float:
    return FEES[side] * x + LEVELS[1] * x + LEVELS[-1] + NESTED["a"]["b"][0] + FEES[Side.BUY]


@lane
def other_fields(x: Real, n: int32, h: float32) -> tuple[float, int, float, Side]:
    wider = replace(Quote(x, n, h), bid=1, width=0.1)
    turned = replace(wider, size=int32(7), side=Side.SELL)
    return wider.bid + float(wider.width), int(turned.size), float(turned.width), turned.side


@lane
def any_number_of_arguments(x: Real, y: Real) -> float:
    pair = (x, y)
    return total(x, y, 3.0) + total() + total(*pair, scale=2.0)


@lane
def a_generator_by_name(x: Real, y: Real) -> float:
    halves = (0.5 * value for value in (x, y))
    return sum_seq(halves)


@lane
def truth_of_numbers(n: int, x: Real, any_float: float, i: int32, h: float32) -> tuple[float, bool, float, bool, bool]:
    held = 1.0 / float(n) if n else 0.5
    chosen = x
    if any_float:
        chosen = -x
    weights = 2
    return held, not x, chosen + (1.0 if weights else 0.0), not i, not h


@lane
def dicts_where_they_are_read(side: Side, tier: Tier, up: bool, x: Real) -> tuple[float, float, float]:
    fee = {Tier.RETAIL: 0.3 * x, Tier.PRO: 0.2, Tier.MAKER: -x, Tier.PRO: 0.25 * x}[tier]
    return {Side.BUY: x, Side.SELL: fee}[side], {True: fee, False: 0.0}[up], {"a": 1.0, "b": x}["b"]


LANES: list[AnyLane] = [
    values_of_members, texts, tables, other_fields, any_number_of_arguments, a_generator_by_name, truth_of_numbers,
    dicts_where_they_are_read,
]  # fmt: skip


@pytest.mark.parametrize("traced", LANES, ids=lambda each: each.name)
@settings(max_examples=30, deadline=None, derandomize=True)
@given(data=st.data())
def test_the_graph_gives_the_bits_of_python(traced: AnyLane, data: st.DataObject) -> None:
    assert_like_python(traced, {"side": Side, "tier": Tier, "regime": Regime}, data)


HEADER = """\
from dataclasses import dataclass, replace
from enum import Enum
from dagc import lane, max_seq, sum_seq, window

class Side(Enum):
    BUY = "buy"
    SELL = "sell"

@dataclass(frozen=True)
class Quote:
    bid: float

def twice(items):
    return sum_seq(items) + max(items)

def named(x, **others):
    return x

FEES = {Side.BUY: 0.1}

@lane
def f(x: float, side: Side, quote: Quote) -> float:
"""
REFUSED = {
    "a generator that is read twice": (
        "g = (v for v in (x, 1.0))\nreturn sum_seq(g) + sum_seq(g, 0.0)",
        "write a tuple",
    ),
    "one of a window": (
        "past = window(x, 3)\ng = (v for v in past)\nreturn sum_seq(g, 0.0) + max_seq(g, 0.0)",
        "tuple(f(x) for x in xs)",
    ),
    "one that a function reads twice": ("return twice(v for v in (x, 1.0))", "write a tuple"),
    "a text of a member": ("return x if side.value == 'buy' else 0.0", "compare the member: side == Side.BUY"),
    "a name of a member": ("return x if side.name == 'BUY' else 0.0", "compare the member: side == Side.BUY"),
    "a field that is not there": ("return replace(quote, bod=x).bid", "did you mean `bid`?"),
    "a key that is not there": ("return FEES['x'] * x", "correct the key"),
    "a member without an item": (
        "return {Side.BUY: x}[side]",
        "add the item",
    ),
    "a number as a key": ("return {1: x, 2: 0.0}[int(x)]", "choose by numbers with if / elif / else"),
    "a key that is not known": ("return {side: x}[side]", "write members of an Enum"),
    "numbers joined by `and`": ("return 1.0 if x and quote.bid > 0.0 else 0.0", "write x != 0.0"),
    "arguments of any name": ("return named(x, scale=2.0)", "name the arguments in `named`"),
    "a return inside what is no part of the language": ("while True:\n    return x", "write `for i in range(N)`"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_way_out_is_told_once(what: str, tmp_path: Path) -> None:
    body, way = REFUSED[what]
    file = tmp_path / "refused.py"
    file.write_text(HEADER + "".join(f"    {line}\n" for line in body.splitlines()))
    with pytest.raises(CompileError) as refused:
        trace(load_lane(f"{file}:f"))
    (found,) = refused.value.diagnostics
    assert way in found.fix
