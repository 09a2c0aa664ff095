"""A small integer graph with two carried values and a multiplication in their loop: quick to build as hardware."""

from __future__ import annotations

from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import IADD, IAND, IMAX, IMUL, ISUB, NOT, SELECT
from dag.values.domain import interval, whole_domain
from dag.values.types import BOOL, I64


def counting_graph(name: str = "counting") -> Graph:
    """`total` takes in `x * gain` less what it held two bars ago, unless `hold`; `peak` is the largest total so far."""
    builder = GraphBuilder(name)
    builder.open_scope("", name, "Count with a memory of two bars.")
    x = builder.input("x", I64, "1", interval(I64, -1000, 1000))
    hold = builder.input("hold", BOOL, "1", whole_domain(BOOL))
    gain = builder.param("gain", I64, "1", interval(I64, 1, 9), 3)
    total, before, peak = (
        builder.state(name, I64, "1", initial) for name, initial in (("total", 7), ("before", 0), ("peak", -1))
    )
    scaled = builder.op(IMUL, (builder.op(ISUB, (x, before)), gain))
    builder.tap("scaled", scaled)
    moved = builder.op(SELECT, (hold, total, builder.op(IADD, (total, scaled))))
    kept = builder.op(IAND, (moved, builder.const(0xFFFFF, I64, "1")))
    builder.set_next("total", kept)
    builder.set_next("before", total)
    builder.set_next("peak", builder.op(IMAX, (peak, kept)))
    builder.tap("unread", builder.op(IMUL, (scaled, x)))
    builder.output("total", kept, 0)
    builder.output("peak", peak, -1)
    builder.output("moving", builder.op(NOT, (hold,)), False)
    builder.close_scope()
    return builder.freeze()
