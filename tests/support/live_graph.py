"""A small graph with every type at its ports and a carried state, for tests of what users hold in their hands."""

from __future__ import annotations

from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, AND, ENUM_EQ, GT, I64_TO_F64, MAX, MUL, NOT, SELECT, SUB
from dag.values.domain import interval, whole_domain
from dag.values.types import BOOL, F64, I64, enum_type

SIDE = enum_type("Side", {"SELL": -1, "BUY": 1})


def live_graph(name: str = "quoter") -> Graph:
    """`level` follows the price by `speed`; `size` is its distance to the price times `lots`, capped below by `floor`."""
    builder = GraphBuilder(name)
    builder.open_scope("", name, "Quote around a slow level.")
    price = builder.input("price", F64, "1", interval(F64, above=0.0, hi=1e6))
    side = builder.input("side", SIDE, "1", whole_domain(SIDE))
    halted = builder.input("halted", BOOL, "1", whole_domain(BOOL))
    speed = builder.param("follow.speed", F64, "1", interval(F64, 0.0, 1.0), 0.25)
    floor = builder.param("size.floor", F64, "1", interval(F64, -10.0, 10.0), None)
    lots = builder.param("size.lots", I64, "1", interval(I64, 1, 1000), 3)
    mode = builder.param("size.mode", SIDE, "1", whole_domain(SIDE), 1)
    level = builder.state("follow.level", F64, "1", 100.0)
    distance = builder.op(SUB, (price, level))
    builder.tap("distance", distance)
    moved = builder.op(ADD, (level, builder.op(MUL, (speed, distance))))
    builder.set_next("follow.level", moved)
    scaled = builder.op(MUL, (distance, builder.op(I64_TO_F64, (lots,))))
    buy = builder.op(AND, (builder.op(ENUM_EQ, (side, mode)), builder.op(NOT, (halted,))))
    builder.tap("buy", buy)
    size = builder.op(MAX, (builder.op(SELECT, (buy, scaled, distance)), floor))
    builder.output("size", size, 0.0)
    builder.output("up", builder.op(GT, (moved, level)), False)
    builder.output("facing", builder.op(SELECT, (buy, side, mode)), 1)
    builder.close_scope()
    return prepare(builder.freeze())
