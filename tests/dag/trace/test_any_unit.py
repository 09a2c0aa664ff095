"""`unit(...)`: an argument, a result or a field that has the unit of whatever value comes, each call for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pytest

import dagc
from dag import carry, domain, lane, unit
from dag.diagnostics.diagnostic import CompileError
from dag.trace import trace
from lanes.indicators import BollingerPeriod, Period, atr, bollinger, donchian, ema, roc, rsi, sma

Any = Annotated[float, unit(...)]
Px = Annotated[float, unit("px"), domain(0.01, 1e6)]
Lots = Annotated[float, unit("lots"), domain(0.0, 1e9)]


@dataclass(frozen=True)
class Pair:
    value: Any
    twice: Any


@lane
def smooth(x: Any) -> Pair:
    level = carry(initial=0.0)
    level = level + 0.5 * (x - level)
    return Pair(level, 2.0 * level)


@lane
def both(
    price: Px, size: Lots, on: bool
) -> tuple[Annotated[float, unit("px * lots")], float, Annotated[float, unit("lots")]]:
    """The same lane on prices and on sizes, called always and held."""
    p, s = smooth(price), smooth(size)
    held = smooth(size, when=on, initial=Pair(0.0, 0.0))
    return p.value * s.twice, p.twice / price, held.value


@lane
def forgets(price: Px) -> float:
    return smooth(price).value


@lane
def indicators(
    high: Px, low: Px, close: Px, size: Lots, p: Period, b: BollingerPeriod
) -> tuple[float, Annotated[float, unit("px")], Annotated[float, unit("lots")], bool]:
    """Whatever goes in keeps its unit: prices, sizes, and a fraction of both."""
    stop = close - 3.0 * atr(high, low, close, p).value
    width = donchian(high, low, p)
    share = (width.upper - width.lower) / close
    return (
        rsi(close, p).value + roc(close, p).value + share,
        max(stop, sma(close, p).value),
        ema(size, p).value,
        bollinger(close, b).lower < close,
    )


def test_each_call_has_the_unit_of_its_argument() -> None:
    graph = trace(both)
    assert [graph.units[output.node] for output in graph.outputs] == ["lots * px", "1", "lots"]
    assert {graph.units[state.node] for state in graph.states} >= {"px", "lots"}


def test_alone_it_is_a_plain_number() -> None:
    graph = trace(smooth)
    assert {graph.units[node] for node in (graph.inputs[0].node, graph.states[0].node)} == {"1"}


def test_a_unit_that_the_result_does_not_say_is_refused() -> None:
    with pytest.raises(CompileError) as refused:
        trace(forgets)
    assert [each.code for each in refused.value.diagnostics] == ["E031"]


def test_the_bits_are_those_of_plain_numbers() -> None:
    rng = np.random.default_rng(4)
    close = rng.uniform(50.0, 60.0, 200)
    bars = {"high": close + 1.0, "low": close - 1.0, "close": close, "size": rng.uniform(1.0, 9.0, 200)}
    report = dagc.check(indicators, bars, backends=["interpreter", "c"])
    assert report.passed
    plain = dagc.compile(ema).run({"x": bars["size"]})
    with_unit = dagc.compile(indicators).run(bars, taps=["ema.level"])
    assert with_unit["ema.level"].tobytes() == plain["value"].tobytes()


@pytest.mark.parametrize("annotation", ["Annotated[bool, unit(...)]", "Annotated[Side, unit(...)]"])
def test_what_has_no_unit_has_none_of_any(annotation: str, tmp_path: object) -> None:
    from enum import Enum
    from typing import Any as Anything

    class Side(Enum):
        BUY = 1

    def flag(ok: Anything) -> bool:
        return True

    flag.__annotations__["ok"] = eval(annotation, {"Annotated": Annotated, "unit": unit, "Side": Side})
    with pytest.raises(CompileError, match="E012"):
        trace(lane(flag))
