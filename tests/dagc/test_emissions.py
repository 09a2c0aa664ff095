"""An order that is computed twice leaves once, and the engine can say how often that happened."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

import pytest

from compile.pipeline import prepare
from dag.trace import trace
from dagc import Emissions, domain, lane, safe, sink
from dagc.live.outputs import Outputs, outputs_class


@dataclass(frozen=True)
class Booking:
    pnl: Annotated[float, safe(0.0), sink(key="trade_id")]
    closed: Annotated[bool, sink(key=None)]
    trade_id: int


@lane
def booked(trade_id: Annotated[int, domain(0, 1_000_000)], pnl: float, closed: bool) -> Booking:
    return Booking(pnl, closed, trade_id)


ROW = outputs_class(prepare(trace(booked)))


def row(trade_id: int, pnl: float, closed: bool = False, status: int = 0) -> Outputs:
    by_name = {"pnl": pnl, "closed": closed, "trade_id": trade_id, "status": status}
    return ROW.of(by_name[name] for name in ROW.names)


def test_repeats_are_dropped_and_counted() -> None:
    orders = Emissions(booked)
    assert orders.send(row(7, 1.5)) == {"pnl": 1.5}
    assert [orders.send(row(7, 1.5)) for _ in range(316)] == [{}] * 316
    assert orders.send(row(8, 1.5)) == {"pnl": 1.5}
    assert (orders.repeats, orders.conflicts) == ({"pnl": 316, "closed": 0}, {"pnl": 0, "closed": 0})


def test_another_value_of_a_known_order_is_sent_and_counted_apart() -> None:
    orders = Emissions(booked)
    assert [orders.send(row(7, pnl)) for pnl in (1.5, -0.5, -0.5, 1.5)] == [
        {"pnl": 1.5},
        {"pnl": -0.5},
        {},
        {"pnl": 1.5},
    ]
    assert (orders.repeats["pnl"], orders.conflicts["pnl"]) == (1, 2)
    assert [orders.send(row(9, math.nan))["pnl"] for _ in range(2)] != []  # NaN repeats nothing
    assert orders.conflicts["pnl"] == 3


def test_what_is_idle_or_rejected_does_not_leave() -> None:
    orders = Emissions(booked)
    assert orders.send(row(7, 0.0)) == orders.send(row(7, 1.5, status=1)) == {}
    assert orders.send(row(7, 1.5)) == {"pnl": 1.5}
    assert orders.repeats["pnl"] == 0


def test_a_sink_without_a_key_acts_each_time() -> None:
    orders = Emissions(booked)
    assert [orders.send(row(7, 0.0, closed=True)) for _ in range(3)] == [{"closed": True}] * 3


def test_so_many_orders_are_remembered() -> None:
    orders = Emissions(booked, capacity=2)
    for trade_id in (1, 2, 1, 3):
        orders.send(row(trade_id, 1.0))
    assert orders.send(row(1, 1.0)) == {}  # seen since 2 was
    assert orders.send(row(2, 1.0)) == {"pnl": 1.0}
    with pytest.raises(ValueError, match="at least 1"):
        Emissions(booked, capacity=0)
