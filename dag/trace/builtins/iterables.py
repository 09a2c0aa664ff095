"""What a loop goes over: len, range, zip, enumerate, reversed, tuple."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from dag.trace import axes
from dag.trace.expressions.comprehensions import items_of
from dag.trace.expressions.subscripts import static_int
from dag.trace.frame import Frame
from dag.trace.operators.applying import Operand
from dag.trace.operators.arithmetic import LONGEST_TUPLE
from dag.trace.scalars import what
from dag.trace.states import windows
from dag.trace.values import POISON, Along, Array, Group, Number, Static, Value, Window


def length_of(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    value = operands[0][1]
    match value:
        case Group(items):
            return Static(len(items))
        case Array(length=length):
            return Static(length)
        case Along(cls, kept=None):
            return Static(len(cls.axis.labels))
        case Static(dict() as table):
            return Static(len(table))
        case Window(count=count, only=None):
            return Number(count, frame.span(at))
        case Window():
            got, fix = (
                f"`{frame.text(at)}`, of which an `if` leaves some out",
                "count them: sum(1 for v in past if c(v))",
            )
            return frame.report("E069", at, "all values of a window", got, fix)
        case _:
            return frame.report(
                "E030",
                at,
                "a tuple, an array or a window for `len`",
                what(frame, value),
                "lengths are those of tuples and arrays",
            )


def counted(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    ends = [static_int(frame, node, "the end of a range", value) for node, value in operands]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends):
        return POISON
    try:
        numbers = range(*known)
    except (TypeError, ValueError) as problem:
        return frame.report(
            "E034", at, "range(stop), range(start, stop) or range(start, stop, step)", f"{problem}", "correct it"
        )
    if numbers[LONGEST_TUPLE:]:
        got = f"`{frame.text(at)}`, which is longer"
        fix = "every pass of a loop becomes part of the graph: carry the value from bar to bar instead"
        return frame.report("E036", at, f"a range of at most {LONGEST_TUPLE} numbers", got, fix)
    return Group(tuple(Static(i) for i in numbers))


def _sequences(frame: Frame, operands: Sequence[Operand]) -> list[tuple[Value, ...]] | None:
    items = [items_of(frame, *operand) for operand in operands]
    known = [each for each in items if each is not None]
    return known if len(known) == len(items) else None


def zipped(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    found = [value for _, value in operands if isinstance(value, Window)]
    if found and len(found) == len(operands):
        return windows.zipped(frame, at, found)
    if any(isinstance(value, Along) for _, value in operands):
        return axes.side_by_side(frame, at, operands)
    sequences = _sequences(frame, operands)
    if sequences is None:
        return POISON
    strict = any(isinstance(keyword.value, ast.Constant) and keyword.value.value is True for keyword in at.keywords)
    lengths = {len(items) for items in sequences}
    if strict and len(lengths) > 1:
        return frame.report("E034", at, "tuples of one length", f"lengths {sorted(lengths)}", "make them equally long")
    return Group(tuple(Group(items) for items in zip(*sequences, strict=False)))


def numbered(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    first = static_int(frame, operands[1][0], "the first index", operands[1][1]) if len(operands) > 1 else 0
    if isinstance(operands[0][1], Along):
        return POISON if first is None else axes.numbered(frame, at, operands[0][1], first)
    if isinstance(operands[0][1], Window):
        return POISON if first is None else windows.numbered(frame, at, operands[0][1], first)
    items = items_of(frame, *operands[0])
    if items is None or first is None:
        return POISON
    return Group(tuple(Group((Static(i), item)) for i, item in enumerate(items, first)))


def backwards(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    items = items_of(frame, *operands[0])
    return POISON if items is None else Group(items[::-1])


def as_tuple(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    if operands and isinstance(operands[0][1], Window):
        return operands[0][1]
    items = items_of(frame, *operands[0]) if operands else ()
    return POISON if items is None else Group(items)
