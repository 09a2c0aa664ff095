"""Carried arrays: `a = carry(initial=array(64, 0.0))`, `a[i]`, `a = put(a, i, x)`.

A bar reads an array as it was before the bar. What is put into it meanwhile is kept as a list of writes: a later read looks
through them, and the array that the next bar sees is built once, where the lane returns.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from dag.language.shapes import Leaf
from dag.operators.table import AND, GET, I32_TO_I64, IEQ, NOT, PUT, SELECT
from dag.operators.units import DIMENSIONLESS
from dag.trace.boundaries import conform
from dag.trace.frame import Frame
from dag.trace.open_units import suppose, taken_for_ratio
from dag.trace.operators.applying import Operand, static_number
from dag.trace.scalars import origin_line, origins, to_node, type_of, unit_of, what
from dag.trace.values import POISON, Array, Filled, Number, Poison, Static, Value, Write
from dag.values.domain import whole_domain
from dag.values.types import BOOL, I32, I64, Kind, array_type

#: Elements that an array may have.
LONGEST = 1 << 16


def filled(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`array(length, fill)`: what a carried array begins as."""
    (length_at, length), (fill_at, fill) = operands
    if not isinstance(length, Static) or type(length.value) is not int:
        if isinstance(fill, Static) and type(fill.value) is int and static_number(length):
            fix = f"write array({fill.value}, {frame.text(length_at)})"
            return frame.report("E034", at, "the length, then what each element begins as", f"`{frame.text(at)}`", fix)
        return frame.report(
            "E035", length_at, "a length that is known when the graph is built",
            f"{frame.text(length_at)}  {what(frame, length)}", "write the largest length, and count in a state of its own",
        )  # fmt: skip
    if not 1 <= length.value <= LONGEST:
        return frame.report(
            "E036", length_at, f"a length from 1 to {LONGEST}", f"{length.value}", "carry several arrays, or a sketch"
        )
    type_ = type_of(frame, fill)
    known = isinstance(fill, Static) or (isinstance(fill, Number) and frame.builder.constant_of(fill.node) is not None)
    if type_ is None or type_.kind is Kind.ENUM or not known:
        return frame.report(
            "E030", fill_at, "a number or a bool that is known when the graph is built",
            origin_line(frame, fill_at, fill),
            "keep an integer or a bool of each member" if type_ is not None and type_.kind is Kind.ENUM
            else "begin with 0.0 and say with a counter or a flag what is there",
        )  # fmt: skip
    node = to_node(frame, fill_at, fill, type_, unit_of(frame, fill) or DIMENSIONLESS)
    return POISON if node is None else Filled(length.value, node, unit_of(frame, fill) is None)


def declare(frame: Frame, at: ast.AST, name: str, initial: Filled) -> Array:
    """The carried array called `name`, as it is before the bar."""
    builder = frame.builder
    constant = builder.constant_of(initial.fill)
    assert constant is not None
    type_ = array_type(builder.type_of(initial.fill), initial.length)
    unit, place, span = builder.unit_of(initial.fill), frame.session.places[name], frame.span(at)
    unit = frame.session.supposed.get(place, unit) if initial.is_open else unit
    state = builder.state(name, type_, unit, constant, span)
    if initial.is_open and unit == DIMENSIONLESS:
        taken_for_ratio(frame.session, state, place)
    return Array(state, initial.length, span)


def put(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`put(a, i, x)`: the array with x at place i."""
    (array_at, array), (index_at, index), (value_at, value) = operands
    if not isinstance(array, Array):
        return frame.report(
            "E030", array_at, "an array for `put`", f"{frame.text(array_at)}  {what(frame, array)}",
            "carry one: a = carry(initial=array(64, 0.0))",
        )  # fmt: skip
    place = _place(frame, index_at, index, array)
    type_, unit = frame.builder.type_of(array.state).element, frame.builder.unit_of(array.state)
    suppose(frame, array.state, unit_of(frame, value))
    shape = Leaf(type_, unit, whole_domain(type_), 0)
    element = conform(frame, value_at, value, shape, f"an element of `{frame.text(array_at)}`", array.span)
    if isinstance(element, Poison):
        return POISON
    node = to_node(frame, value_at, element, type_, unit)
    if place is None or node is None:
        return POISON
    write = Write(place, node, frame.builder.const(True, BOOL, "1"), frame.span(at))
    return replace(array, writes=(*array.writes, write))


def get(frame: Frame, at: ast.Subscript, array: Array, index: Value) -> Value:
    """`a[i]`: the element as it is now, after all that was put before."""
    place = _place(frame, at.slice, index, array)
    return POISON if place is None else Number(_read(frame, at, array, place), frame.span(at), declared=True)


def elements(frame: Frame, at: ast.AST, array: Array) -> tuple[Value, ...]:
    """All elements, from the first on."""
    places = (frame.builder.const(i, I64, DIMENSIONLESS, frame.span(at)) for i in range(array.length))
    return tuple(Number(_read(frame, at, array, place), frame.span(at), declared=True) for place in places)


def merged(frame: Frame, at: ast.AST, condition: int, chosen: Array, otherwise: Array) -> Value:
    """One array after an `if`: what only one arm has put is put where that arm is taken."""
    if chosen.state != otherwise.state:
        return frame.report(
            "E030", at, "one array to choose from", "two arrays, each a state of its own",
            "choose elements: `left[i] if condition else right[i]`, or put into one of them under an `if`",
        )  # fmt: skip
    builder, span = frame.builder, frame.span(at)
    shared = 0
    for a, b in zip(chosen.writes, otherwise.writes, strict=False):
        if a != b:
            break
        shared += 1
    writes = list(chosen.writes[:shared])
    refuted = builder.op(NOT, (condition,), span)
    for arm, holds in ((chosen, condition), (otherwise, refuted)):
        for write in arm.writes[shared:]:
            writes.append(replace(write, enable=_both(frame, holds, write)))
    return replace(chosen, writes=tuple(writes))


def carried_on(frame: Frame, array: Array, moving: int | None) -> int:
    """The node of the array that the next bar sees: with what was put into it, on the bars that update it (None: on all)."""
    node = array.state
    for write in array.writes:
        enable = write.enable if moving is None else _both(frame, moving, write)
        node = frame.builder.op(PUT, (node, write.index, write.value, enable), write.span)
    return node


def _both(frame: Frame, condition: int, write: Write) -> int:
    """Whether `condition` holds and the write is enabled."""
    if _is(frame, write.enable, True):
        return condition
    return frame.builder.op(AND, (condition, write.enable), write.span)


def _place(frame: Frame, at: ast.AST, index: Value, array: Array) -> int | None:
    """The node of an index; None after a report. A negative one is refused: Python counts it from the end, hardware does not."""
    if isinstance(index, Poison):
        return None
    if frame.session.sweeping is not None:
        frame.report(
            "E069", at, "an expression of single values over a window", f"a place of an array, `{frame.text(at)}`",
            "read the array before, into a variable",
        )  # fmt: skip
        return None
    if isinstance(index, Static) and type(index.value) is int and not 0 <= index.value < array.length:
        frame.report(
            "E036", at, f"an index from 0 to {array.length - 1}", f"{index.value}", f"the array has {array.length} elements"
        )  # fmt: skip
        return None
    type_ = type_of(frame, index)
    if type_ not in (I64, I32) or unit_of(frame, index) not in (None, DIMENSIONLESS):
        frame.report(
            "E030", at, "a whole number without a unit as an index", origin_line(frame, at, index),
            "int(x) makes a float a whole number; as_unit(n, \"1\") drops a unit",
            labels=origins(frame, ((at, index),)),
        )  # fmt: skip
        return None
    node = to_node(frame, at, index, type_, DIMENSIONLESS)
    if node is not None and type_ == I32:
        node = frame.builder.op(I32_TO_I64, (node,), frame.span(at))
    return node


def _read(frame: Frame, at: ast.AST, array: Array, place: int) -> int:
    builder, span = frame.builder, frame.span(at)
    node = builder.op(GET, (array.state, place), span)
    for write in array.writes:
        here = _same_place(frame, at, write.index, place)
        if here is not None and not _is(frame, write.enable, True):
            here = write.enable if _is(frame, here, True) else builder.op(AND, (write.enable, here), span)
        if here is not None:
            node = write.value if _is(frame, here, True) else builder.op(SELECT, (here, write.value, node), span)
    return node


def _same_place(frame: Frame, at: ast.AST, a: int, b: int) -> int | None:
    """Whether two indexes are equal; None where they never are."""
    builder = frame.builder
    known = builder.constant_of(a), builder.constant_of(b)
    if a == b or None not in known:
        return builder.const(True, BOOL, "1") if known[0] == known[1] else None
    return builder.op(IEQ, (a, b), frame.span(at))


def _is(frame: Frame, node: int, truth: bool) -> bool:
    return frame.builder.constant_of(node) is truth
