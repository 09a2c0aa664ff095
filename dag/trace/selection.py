"""Choosing between two values at run time."""

from __future__ import annotations

import ast
from dataclasses import replace

from dag.diagnostics.span import Arms, Span
from dag.operators.table import SELECT
from dag.trace.frame import Frame
from dag.trace.open_units import unit_supposed
from dag.trace.operators.applying import partly_whole
from dag.trace.scalars import (
    NUMERIC,
    WIDTHS,
    common_type,
    origin_line,
    origins,
    report_units,
    to_node,
    type_of,
    unit_of,
)
from dag.trace.states.arrays import merged
from dag.trace.values import (
    POISON,
    Along,
    Array,
    Choice,
    Group,
    Merged,
    Number,
    Poison,
    Record,
    Static,
    Unsettled,
    Value,
)
from dag.values.binary32 import as_literal, is_narrow
from dag.values.types import F32, F64, I32, I64, Type
from dag.values.words import word_of


def select(
    frame: Frame,
    at: ast.AST,
    condition: int,
    chosen: Value,
    otherwise: Value,
    arms: tuple[ast.AST, ast.AST] | None = None,
    places: Arms | None = None,
) -> Value:
    """`chosen if condition else otherwise`; tuples and records part by part. Differing types or units are reported.

    `arms` are the expressions of the two, where they have expressions of their own; `places` is where an `if` has them from.
    """
    if isinstance(chosen, Poison) or isinstance(otherwise, Poison):
        return POISON
    if chosen is otherwise or _equal(chosen, otherwise):
        return chosen
    match chosen, otherwise:
        case Group(a), Group(b) if len(a) == len(b):
            return Group(tuple(select(frame, at, condition, x, y, None, places) for x, y in zip(a, b, strict=True)))
        case Record(cls, a), Record(other, b) if cls is other:
            return Record(cls, {name: select(frame, at, condition, a[name], b[name], None, places) for name in a})
        case Along(cls, a), Along(other, b) if cls is other and not (chosen.lazily or otherwise.lazily):
            item = select(frame, at, condition, a, b, arms, places)
            return POISON if isinstance(item, Poison) else Along(cls, item, chosen.span)
        case Array(), Array():
            return merged(frame, at, condition, chosen, otherwise)
    if _open_type(frame, chosen) is not None and _open_type(frame, chosen) == _open_type(frame, otherwise):
        assert isinstance(chosen, Static | Choice)
        assert isinstance(otherwise, Static | Choice)
        return Choice(condition, chosen, otherwise, places)
    return _select_nodes(frame, at, condition, chosen, otherwise, arms or (at, at), places)


def _equal(a: Value, b: Value) -> bool:
    match a, b:
        case Number(x), Number(y):
            return x == y
        case Static(float(x)), Static(float(y)):
            return word_of(x, F64) == word_of(y, F64)
        case Static(x), Static(y) if is_narrow(x) and type(x) is type(y):
            return _equal(Static(as_literal(x)), Static(as_literal(y)))
        case Static(x), Static(y):
            return type(x) is type(y) and not isinstance(x, float) and (x is y or x == y)
        case _:
            return False


def _open_type(frame: Frame, value: Value) -> Type | None:
    """The type of a number whose unit is open, F64 for every literal; None for anything else."""
    type_ = type_of(frame, value) if isinstance(value, Static | Choice) else None
    return F64 if type_ in (F64, I64) else type_ if type_ in NUMERIC else None


def _select_nodes(
    frame: Frame,
    at: ast.AST,
    condition: int,
    chosen: Value,
    otherwise: Value,
    arms: tuple[ast.AST, ast.AST],
    places: Arms | None,
) -> Value:
    operands = tuple(zip(arms, (chosen, otherwise), strict=True))
    type_ = type_of(frame, chosen)
    types = {type_, type_of(frame, otherwise)}
    needs_conversion = F32 in types or I32 in types
    if len(types) > 1:
        # Beside a float32 even a literal is refused: where it is chosen, Python would go on computing in float.
        type_ = None if needs_conversion else common_type(frame, (chosen, otherwise))
    if type_ is None or None in types:
        return frame.report(
            "E030",
            at,
            "both alternatives of one type",
            tuple(origin_line(frame, node, value) for node, value in operands),
            WIDTHS
            if needs_conversion
            else "make both alternatives numbers, both bools, members of one Enum, or tuples of one length",
            labels=origins(frame, operands),
        )
    units = list(dict.fromkeys(unit for value in (chosen, otherwise) if (unit := unit_of(frame, value)) is not None))
    if len(units) > 1:
        report_units(frame, at, operands, "both alternatives in one unit")
        return POISON
    unit = units[0] if units else unit_supposed(frame, operands)
    a, b = (to_node(frame, at, value, type_, unit) for value in (chosen, otherwise))
    if a is None or b is None:
        return POISON
    span = frame.span(at)
    chosen_one = Number(a if a == b else frame.builder.op(SELECT, (condition, a, b), replace(span, arms=places)), span)
    return partly_whole(frame, chosen_one, ((chosen, a), (otherwise, b)))


def force(frame: Frame, at: ast.AST, value: Value | None, name: str, span: Span | None = None) -> Value:
    """The value of a name that is read at `at`, built now if an `if` left it open; a name that may be unbound is reported."""
    match value:
        case None:
            where = f"not on every path through the `if` at line {span.line}" if span else "nowhere before"
            way = "in the other branch too, or before the `if`" if span else "before it is read"
            expected = f"`{name}` assigned on every path that leads here"
            return frame.report("E021", at, expected, f"assigned {where}", f"assign `{name}` {way}")
        case Merged():
            if value.forced is None:
                chosen = force(frame, at, value.chosen, name, value.span)
                otherwise = force(frame, at, value.otherwise, name, value.span)
                value.forced = select(frame, at, value.condition, chosen, otherwise, None, value.arms)
                frame.define(name, value.forced)
            return value.forced
        case Unsettled(settled=Number() as settled):
            return settled
        case _:
            return value
