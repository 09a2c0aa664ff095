"""What goes over the values of a window: an expression of each of them at once, then a fold of what there is.

Every value of a window is one array; an expression over them is computed for every place of it, for those without a value
too; a fold takes what there is, from the oldest to the newest.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from dag.language.lane import FLUSH
from dag.language.shapes import describe
from dag.operators import table as ops
from dag.operators.op import Op, Source
from dag.operators.table import IN_F32
from dag.operators.units import DIMENSIONLESS
from dag.trace.boundaries import PYTHON_NAMES
from dag.trace.frame import Frame
from dag.trace.open_units import suppose
from dag.trace.operators.applying import Operand, made
from dag.trace.operators.comparisons import condition
from dag.trace.scalars import arithmetic_type, common_type, is_literal, origin_line, origins, to_node, unit_of, what
from dag.trace.values import POISON, Group, Number, Poison, Static, Value, Window
from dag.values.types import BOOL, F32, I32, I64, Type

#: To the wide type of the same numbers, and back.
_WIDENING = {F32: (ops.F32_TO_F64, ops.F64_TO_F32), I32: (ops.I32_TO_I64, ops.I64_TO_I32)}
#: numpy's order is that of one block up to this length.
NUMPY_BLOCK = 128
#: What a fold goes on with unchanged: x + -0.0 is x, and nothing is less than an infinity.
_NEUTRAL: dict[Op, tuple[float, int]] = {
    ops.FOLD_ADD: (-0.0, 0),
    ops.FOLD_MIN: (float("inf"), (1 << 63) - 1),
    ops.FOLD_MAX: (float("-inf"), -(1 << 63)),
}


def paired(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`itertools.pairwise(past)`: each value and the one after it."""
    window = operands[0][1]
    if not isinstance(window, Window):
        return frame.report(
            "E030", at, "a window for `pairwise`", origin_line(frame, *operands[0]), "write zip(items[:-1], items[1:])"
        )
    if _refuse_left_out(frame, at, (window,)):
        return POISON
    builder, span = frame.builder, frame.span(at)
    one_less = builder.op(ops.ISUB, (window.count, builder.const(1, I64, DIMENSIONLESS)), span)
    count = builder.op(ops.IMAX, (one_less, builder.const(0, I64, DIMENSIONLESS)), span)
    item = Group((window.item, _turned(frame, at, window.item)))
    return Window(item, window.first, count, window.length, span)


def _turned(frame: Frame, at: ast.AST, item: Value) -> Value:
    match item:
        case Number(node):
            return Number(frame.builder.op(ops.ROTATE, (node,), frame.span(at)), item.origin, item.declared)
        case Group(items):
            return Group(tuple(_turned(frame, at, each) for each in items))
        case _:
            return POISON


def numbered(frame: Frame, at: ast.Call, window: Window, begin: int) -> Value:
    """`enumerate(past)`: the number of each value, from `begin` for the oldest, and the value."""
    array = _an_array(frame, window.item)
    if array is None or _refuse_left_out(frame, at, (window,)):
        return POISON
    builder, span = frame.builder, frame.span(at)
    size = builder.const(window.length, I64, DIMENSIONLESS, span)
    with builder.taking_every_result():  # places and their difference are far from any limit
        behind = builder.op(ops.ISUB, (builder.op(ops.INDEXES, (array,), span), window.first), span)
        number = builder.op(ops.IMOD, (builder.op(ops.IADD, (behind, size), span), size), span)
        if begin:
            number = builder.op(ops.IADD, (number, builder.const(begin, I64, DIMENSIONLESS, span)), span)
    item = Group((Number(number, span, declared=True), window.item))
    return Window(item, window.first, window.count, window.length, span)


def _an_array(frame: Frame, item: Value) -> int | None:
    """An array of the values of a window, or of one of its windows."""
    match item:
        case Number(node) if frame.builder.type_of(node).is_array:
            return node
        case Group(items):
            return next((found for each in items if (found := _an_array(frame, each)) is not None), None)
        case _:
            return None


def quantified(frame: Frame, at: ast.Call, name: str, window: Window) -> Value:
    """`any(v > x for v in past)`, `all(...)`: whether some of the values holds, or none does not."""
    if isinstance(window.item, Poison):
        return POISON
    decided = condition(frame, (at.args[0], window.item), f"`{name}`")
    operand = None if decided is None else to_node(frame, at, decided, BOOL, DIMENSIONLESS)
    if operand is None:
        return POISON
    builder, span = frame.builder, frame.span(at)
    if name == "all":
        operand = builder.op(ops.NOT, (operand,), span)
    counted = replace(window, item=Number(builder.op(ops.BOOL_TO_I64, (operand,), span), span))
    count = folded(frame, at, name, ops.FOLD_ADD, ops.FOLD_IADD, counted, (at.args[0], Static(0)))
    none = builder.const(0, I64, DIMENSIONLESS, span)
    op = ops.IGT if name == "any" else ops.IEQ
    return Number(builder.op(op, (count.node, none), span), span) if isinstance(count, Number) else POISON


def _refuse_left_out(frame: Frame, at: ast.expr, windows: Sequence[Window]) -> bool:
    """Report what goes on with a generator that leaves some values of a window out; True where it did."""
    if all(each.only is None for each in windows):
        return False
    frame.report(
        "E069", at, "all values of a window", f"`{frame.text(at)}`, of which a generator's `if` leaves some out",
        "let the fold leave them out: sum_seq((f(v) for v in past if c(v)), 0.0)",
    )  # fmt: skip
    return True


def zipped(frame: Frame, at: ast.Call, windows: Sequence[Window]) -> Value:
    """`zip(past, other)`: windows side by side, which keep the values of the same bars."""
    first = windows[0]
    if _refuse_left_out(frame, at, windows):
        return POISON
    if any((each.first, each.count, each.length) != (first.first, first.count, first.length) for each in windows):
        return frame.report(
            "E069", at, "windows of one length that keep the values of the same bars",
            tuple(f"a window of {each.length}, at {frame.session.display(each.span).at}" for each in windows),
            "give them one length and the same `when=`",
        )  # fmt: skip
    return Window(Group(tuple(each.item for each in windows)), first.first, first.count, first.length, frame.span(at))


def place_of(frame: Frame, at: ast.AST, window: Window, position: int) -> int:
    """The node of the place of `window[position]`; -1 where there are not so many values."""
    builder, span = frame.builder, frame.span(at)

    def whole(value: int) -> int:
        return builder.const(value, I64, DIMENSIONLESS, span)

    needed = position + 1 if position >= 0 else -position
    ahead = window.first
    if position < 0:
        ahead = builder.op(ops.IADD, (ahead, window.count), span)
    ahead = builder.op(ops.IADD, (ahead, whole(position % window.length)), span)
    place = builder.op(ops.IMOD, (ahead, whole(window.length)), span)
    present = builder.op(ops.IGE, (window.count, whole(needed)), span)
    return builder.op(ops.SELECT, (present, place, whole(-1)), span)


def item_at(frame: Frame, at: ast.Subscript, window: Window, position: int) -> Value:
    """`past[-1]`: one value; that it is there has to be seen from the conditions around it."""
    if _refuse_left_out(frame, at, (window,)):
        return POISON
    if not -window.length <= position < window.length:
        return frame.report(
            "E036", at, f"an index from {-window.length} to {window.length - 1}", f"{position}",
            f"the window has at most {window.length} values",
        )  # fmt: skip
    place = place_of(frame, at, window, position)

    def read(item: Value) -> Value:
        match item:
            case Number(node) if frame.builder.source_of(node) is Source.STATE:
                return Number(frame.builder.op(ops.GET, (node, place), frame.span(at)), item.origin, declared=True)
            case Group(items):
                return Group(tuple(read(each) for each in items))
            case _:
                return frame.report(
                    "E069", at, "a value of a window", f"`{frame.text(at)}`, a value computed from one",
                    "take the value from the window, then compute with it",
                )  # fmt: skip

    return read(window.item)


def left_out(frame: Frame, at: ast.AST, op: Op, node: int, kept: int, type_: Type) -> int:
    """`node` where it is kept; elsewhere what changes nothing."""
    builder, span = frame.builder, frame.span(at)
    on_floats, on_integers = _NEUTRAL[op]
    if type_ == I32:
        on_integers = max(min(on_integers, (1 << 31) - 1), -(1 << 31))
    neutral = builder.const(on_floats if type_.is_float else on_integers, type_, builder.unit_of(node), span)
    return builder.op(ops.SELECT, (kept, node, neutral), span)


def folded(
    frame: Frame, at: ast.Call, name: str, on_floats: Op, on_integers: Op | None, window: Window, start: Operand
) -> Value:
    """One value of all that are there, from the oldest on, beginning with `start`."""
    items: Operand = (at.args[0], window.item)
    if isinstance(window.item, Poison) or isinstance(start[1], Poison):
        return POISON
    numbers = arithmetic_type(frame, window.item) is not None and arithmetic_type(frame, start[1]) is not None
    type_ = common_type(frame, (window.item, start[1])) if numbers else None
    if type_ is None or (on_integers is None and not type_.is_float):
        got = tuple(origin_line(frame, *each) for each in (items, start))
        wanted, ways = ("floats", "float(x)") if on_integers is None else ("floats or integers", "float(x) or int(n)")
        fix = f"convert them with {ways}"
        return frame.report("E030", at, f"{wanted} for `{name}`", got, fix, labels=origins(frame, (items, start)))
    if type_ in _WIDENING and is_literal(start[1]):
        narrow = PYTHON_NAMES[type_]
        return frame.report(
            "E030", start[0], f"`{name}` to begin with {describe(type_, DIMENSIONLESS)}, as the values of the window are",
            origin_line(frame, *start),
            f"write {narrow}({frame.text(start[0])}): of an empty window Python goes on with what stands here",
        )  # fmt: skip
    if window.only is not None and on_floats not in _NEUTRAL:
        return frame.report(
            "E069", at, f"all values of a window for `{name}`", f"`{frame.text(at.args[0])}`, which leaves some out",
            "numpy's order depends on how many there are; use sum_seq",
        )  # fmt: skip
    if frame.session.subnormals == FLUSH:
        return frame.report(
            "E069", at, "a fold in a lane that keeps subnormals",
            f'`{name}` over a window, in a lane with subnormals="{FLUSH}"',
            f'drop subnormals="{FLUSH}", or carry the sum: total = flushed(total + x)',
        )  # fmt: skip
    if on_floats is ops.FOLD_NUMPY and window.length > NUMPY_BLOCK:
        return frame.report(
            "E069", at, f"a window of at most {NUMPY_BLOCK} for `{name}`", f"a window of {window.length}",
            "beyond that numpy adds by halves, whose ends depend on the count; use sum_seq",
        )  # fmt: skip
    units = list(dict.fromkeys(unit for _, each in (items, start) if (unit := unit_of(frame, each)) is not None))
    if len(units) > 1:
        got = tuple(origin_line(frame, *each) for each in (items, start))
        suppose(frame, items[1], unit_of(frame, start[1]))
        suppose(frame, start[1], unit_of(frame, items[1]))
        return frame.report(
            "E031",
            at,
            "values and a beginning in one unit",
            got,
            "say the unit of the beginning with as_unit",
            labels=origins(frame, (items, start)),
        )
    unit = units[0] if units else DIMENSIONLESS
    nodes = [to_node(frame, *each, type_, unit) for each in (items, start)]
    array, initial = nodes
    if array is None or initial is None:
        return POISON
    if window.only is not None:
        array = left_out(frame, at, on_floats, array, window.only, type_)
    if not frame.builder.type_of(array).is_array:
        return frame.report(
            "E069", at, "an expression of the window's values", f"{frame.text(at.args[0])}  {what(frame, window.item)}, the same for all",
            "multiply by len(...)",
        )  # fmt: skip
    op = on_floats if type_.is_float or on_integers is None else on_integers
    return made(frame, at, _folded(frame, at, op, type_, window, array, initial))


def _folded(frame: Frame, at: ast.Call, op: Op, type_: Type, window: Window, array: int, initial: int) -> int:
    """The fold of nodes. A sum of float32s is rounded at every step, by a row of its own; every other fold of narrow numbers is
    that of the wide ones that they are: the least and the greatest of them, and what is left of an integer sum in 32 bits."""
    builder, span = frame.builder, frame.span(at)
    if type_ in _WIDENING and not (type_ == F32 and op in IN_F32):
        widen, narrow = _WIDENING[type_]
        array, initial = (builder.op(widen, (node,), span) for node in (array, initial))
        return builder.op(narrow, (builder.op(op, (array, window.first, window.count, initial), span),), span)
    op = IN_F32[op] if type_ == F32 else op
    return builder.op(op, (array, window.first, window.count, initial), span)
