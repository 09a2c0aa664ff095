"""Folds over an axis: one value of all places, from the first to the last. What an `if` leaves out changes no bit."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from dag.operators import table as ops
from dag.operators.op import Op
from dag.operators.units import DIMENSIONLESS
from dag.trace import axes
from dag.trace.axes import Operand
from dag.trace.frame import Frame
from dag.trace.scalars import arithmetic_type, common_type, origin_line, to_node, type_of
from dag.trace.states.windows import folded as folded_window
from dag.trace.states.windows import left_out
from dag.trace.values import POISON, Along, Number, Poison, Value, Window
from dag.values.types import BOOL, I64


def folded(
    frame: Frame,
    at: ast.Call,
    name: str,
    on_floats: Op,
    on_integers: Op,
    items: Operand,
    start: Sequence[Operand],
    needs_start: bool,
) -> Value:
    """`sum_seq((w * r for w, r in zip(a, b)), 0.0)` and its like."""
    items_at, value = items
    assert isinstance(value, Along)
    if not start and (needs_start or value.kept is not None):
        fix = f"write {name}({frame.text(items_at)}, 0.0): of no places it is what stands here"
        return frame.report("E034", at, f"what `{name}` begins with", f"`{frame.text(at)}`", fix)
    if isinstance(value.item, Poison) or any(isinstance(each, Poison) for _, each in start):
        return POISON
    type_ = arithmetic_type(frame, value.item)
    if type_ is None:
        fix = "fold a number of each place: sum_seq((f(x) for x in v), 0.0)"
        return frame.report("E030", at, f"numbers for `{name}`", origin_line(frame, *items), fix)
    if start and type_.is_float is False:
        type_ = common_type(frame, (value.item, start[0][1])) or type_
    unit = frame.builder.unit_of(value.item.node) if isinstance(value.item, Number) else DIMENSIONLESS
    node = to_node(frame, items_at, value.item, type_, unit)
    if node is None:
        return POISON
    if value.kept is not None:
        node = left_out(frame, at, on_floats, node, value.kept, type_)
    array = axes.spread(frame, at, node, value)
    if array is None:
        return POISON
    return _over_all(frame, at, name, on_floats, on_integers, items, array, start)


def _over_all(
    frame: Frame,
    at: ast.Call,
    name: str,
    on_floats: Op,
    on_integers: Op,
    items: Operand,
    array: int,
    start: Sequence[Operand],
) -> Value:
    """The fold from `start`, or from the first place, over the rest."""
    builder, span = frame.builder, frame.span(at)
    assert isinstance(items[1], Along)
    size = builder.type_of(array).size
    begin: Operand = (
        start[0] if start else (items[0], Number(builder.op(ops.GET, (array, _whole(frame, at, 0)), span), span))
    )
    first, count = (0, size) if start else (1, size - 1)
    window = Window(Number(array, span), _whole(frame, at, first), _whole(frame, at, count), size, items[1].span)
    return folded_window(frame, at, name, on_floats, on_integers, window, begin)


def _whole(frame: Frame, at: ast.AST, value: int) -> int:
    return frame.builder.const(value, I64, DIMENSIONLESS, frame.span(at))


def extreme(frame: Frame, at: ast.Call, items: Operand, is_max: bool) -> Value:
    """`max(v)`, `min(v)`: the first greatest, the first least."""
    floats, integers = (ops.FOLD_MAX, ops.FOLD_IMAX) if is_max else (ops.FOLD_MIN, ops.FOLD_IMIN)
    return folded(frame, at, "max" if is_max else "min", floats, integers, items, (), needs_start=False)


def quantified(frame: Frame, at: ast.Call, value: Along, is_any: bool) -> Value:
    """`any(v)`, `all(v)`: whether some place holds, or none does not."""
    if isinstance(value.item, Poison):
        return POISON
    operand = (
        to_node(frame, at.args[0], value.item, BOOL, DIMENSIONLESS) if type_of(frame, value.item) == BOOL else None
    )
    if operand is None:
        got = origin_line(frame, at.args[0], value)
        name = "any" if is_any else "all"
        return frame.report("E030", at, f"bools for `{name}`", got, f"compare: {name}(x > 0.0 for x in v)")
    builder, span = frame.builder, frame.span(at)
    if not is_any:
        operand = builder.op(ops.NOT, (operand,), span)
    if value.kept is not None:
        operand = builder.op(ops.AND, (value.kept, operand), span)
    array = axes.spread(frame, at, builder.op(ops.BOOL_TO_I64, (operand,), span), value)
    if array is None:
        return POISON
    none, size = _whole(frame, at, 0), _whole(frame, at, len(value.cls.axis.labels))
    count = builder.op(ops.FOLD_IADD, (array, none, size, none), span)
    return Number(builder.op(ops.IGT if is_any else ops.IEQ, (count, none), span), span)
