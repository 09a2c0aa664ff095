"""Parameters and bars of the graph that the tests of live kernels step."""

from __future__ import annotations

import math
from typing import Annotated

from dag import domain, params
from dag.values.types import Value

PARAMS: dict[str, Value] = {"follow.speed": 0.1, "size.floor": -2.5, "size.lots": 7, "size.mode": 1}

BARS: list[dict[str, Value]] = [
    {"price": 101.3, "side": 1, "halted": False},
    {"price": 99.7, "side": -1, "halted": False},
    {"price": 0.1 + 0.2, "side": 1, "halted": True},
    {"price": math.nan, "side": 1, "halted": False},
    {"price": 250.0, "side": 7, "halted": False},
    {"price": 5e-324, "side": 1, "halted": False},
    {"price": -0.0, "side": 1, "halted": False},
    {"price": 99.99, "side": 1, "halted": False},
]


@params
class Band:
    """The parameters of `outside`."""

    low: Annotated[float, domain(lo=0.0)] = 1.0
    high: Annotated[float, domain(lo=0.0)] = 2.0
