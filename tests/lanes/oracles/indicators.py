"""Indicators: each lane beside its reference function, which sees the whole history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dag.values.types import Value
from tests.lanes.oracle_kinds import Oracle, Row
from tests.oracle import indicators

AVERAGE = ("value", "warm")


def over_history(
    function: Callable[..., tuple[Any, ...]], inputs: tuple[str, ...], params: tuple[str, ...], results: tuple[str, ...]
) -> Oracle:
    def oracle(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
        history: list[list[float]] = [[] for _ in inputs]
        for r in rows:
            for past, name in zip(history, inputs, strict=True):
                past.append(r[name])
            yield dict(zip(results, function(*history, *(r[name] for name in params)), strict=True))

    return oracle


ORACLES: dict[str, Oracle] = {
    "sma": over_history(indicators.sma, ("x",), ("n",), AVERAGE),
    "ema": over_history(indicators.ema, ("x",), ("n",), AVERAGE),
    "wilder": over_history(indicators.wilder, ("x",), ("n",), AVERAGE),
    "rsi": over_history(indicators.rsi, ("x",), ("n",), AVERAGE),
    "atr": over_history(indicators.atr, ("high", "low", "close"), ("n",), AVERAGE),
    "roc": over_history(indicators.roc, ("x",), ("n",), AVERAGE),
    "bollinger": over_history(indicators.bollinger, ("x",), ("n", "width"), ("lower", "middle", "upper", "warm")),
    "donchian": over_history(indicators.donchian, ("high", "low"), ("n",), ("lower", "upper", "warm")),
}
