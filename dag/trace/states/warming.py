"""`warm_up=` of a carried value, and `warm(x)`."""

from __future__ import annotations

import ast

from dag.operators.op import Source
from dag.operators.table import AS_UNIT
from dag.operators.units import DIMENSIONLESS
from dag.trace.frame import Carried, Frame
from dag.trace.scalars import what
from dag.trace.states.holding import Updates, is_warm
from dag.trace.values import Number, Poison, Static, Value
from dag.values.types import BOOL, I64


def count_updates(frame: Frame, name: str, at: ast.expr, carried: Carried, updates: Updates) -> None:
    """Count the updates of a carried name, up to as many as `at` says."""
    builder, value = frame.builder, frame.evaluate(at)
    match value:
        case Poison():
            return
        case Static(int() as bars) if not isinstance(bars, bool) and 0 <= bars < 1 << 63:
            carried.warm_up = bars
            node = builder.const(bars, I64, DIMENSIONLESS)
        case Number(node) if builder.type_of(node) == I64 and builder.source_of(node) is Source.PARAM:
            carried.warm_up = next(name for name, port in builder.ports().items() if port == node)
            if builder.unit_of(node) != DIMENSIONLESS:
                node = builder.op(AS_UNIT, (node,), frame.span(at), DIMENSIONLESS)
        case _:
            fix = "write the number of updates, or make it a field of a @params class"
            expected = "`warm_up=` an int of at least 0, or an int parameter"
            frame.report("E034", at, expected, f"`{frame.text(at)}`, {what(frame, value)}", fix)
            return
    at_once = carried.warm_up == 0
    carried.warm = (
        builder.const(True, BOOL, DIMENSIONLESS) if at_once else is_warm(frame, updates, node, carried.warm_up)
    )
    if not frame.session.untapped:
        frame.session.names.constants.append((frame.scope, f"{name}.warm", carried.warm))


def warm_value(frame: Frame, call: ast.Call) -> Value:
    """The value of `warm(x)`."""
    match call:
        case ast.Call(args=[ast.Name(name)], keywords=[]) if name in frame.carried:
            carried = frame.carried[name]
            if carried.warm is not None:
                return Number(carried.warm, frame.span(carried.where))
            way = f"write `{name} = carry(initial=..., warm_up=20)`"
        case _:
            way = "read it in the lane that carries the name, after the `carry`"
    expected = "the name of a value that this lane carries with `warm_up=`"
    return frame.report("E034", call, expected, f"`{frame.text(call)}`", way)
