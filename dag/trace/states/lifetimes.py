"""`lifetime=` of a carried value, as its lane says it."""

from __future__ import annotations

import ast
import inspect

from dag.language.lifetime import BY_NAME, SESSION, Lifetime, LifetimeKind, Persistent, persistent
from dag.language.shapes import describe
from dag.trace.frame import Carried, Frame, Lasting
from dag.trace.scalars import to_node, type_of, unit_of, what
from dag.trace.soundness import is_poisoned
from dag.trace.values import Record, Static, Value, parts_of
from dag.values.types import F32, F64, I32, I64
from dag.values.types import Value as Plain

#: What a constant of each numeric type may be written as.
_LITERALS = {F64: (F64, I64), F32: (F32, F64, I64), I32: (I32, I64)}


def lasting_of(frame: Frame, at: ast.expr | None, call: ast.Call) -> Lasting:
    """What `lifetime=` says; that of a session after a report, and where there is none."""
    if at is None:
        return Lasting(SESSION, None, call)
    persists = _persistent_call(frame, at) if isinstance(at, ast.Call) else None
    match persists or frame.evaluate(at):
        case Static(str() as name) if name in BY_NAME:
            return Lasting(BY_NAME[name], None, at)
        case Record(cls, {"max_age": Static(int() | float() as age), "cold": cold}) if cls is Persistent and age >= 0:
            is_given = not (isinstance(cold, Static) and cold.value is None)
            return Lasting(Lifetime(LifetimeKind.PERSISTENT, float(age)), cold if is_given else None, at)
        case value if is_poisoned(value):
            pass
        case _:
            expected = '`lifetime=` "tick", "session" or persistent(max_age=..., cold=...) of plain numbers'
            fix = "write persistent(max_age=86_400.0), an age in seconds that is at least 0"
            frame.report("E034", at, expected, f"`{frame.text(at)}`", fix)
    return Lasting(SESSION, None, call)


def _persistent_call(frame: Frame, call: ast.Call) -> Value | None:
    """The record that a call of `persistent` written in place makes; None for any other call."""
    function = frame.evaluate(call.func)
    if not isinstance(function, Static) or function.value is not persistent:
        return None
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    try:
        given = inspect.signature(persistent).bind(*call.args, **named).arguments
    except TypeError:
        return Static(None)
    fields = {name: frame.evaluate(each) for name, each in given.items()}
    return Record(Persistent, {"cold": Static(None), **fields})


def cold_parts(frame: Frame, name: str, carried: Carried) -> dict[str, Value]:
    """What a snapshot that is too old makes of the parts of a carried name, by suffix; empty where it is the initial value."""
    cold = carried.lasting.cold
    if cold is None:
        return {}
    parts = dict(parts_of(cold))
    if set(parts) != set(carried.states):
        expected = f"a cold value of `{name}` with {len(carried.states)} part(s), as the initial value"
        frame.report("E030", carried.lasting.where, expected, what(frame, cold), "give a value for each part")
        return {}
    return parts


def cold_value(frame: Frame, lasting: Lasting, cold: Value | None, slot: int) -> Plain | None:
    """The constant that a part of `cold` is; None where it is the initial value, and after a report."""
    if cold is None:
        return None
    builder, at = frame.builder, lasting.where
    type_, unit = builder.type_of(slot).element, builder.unit_of(slot)  # of an array, each element
    fits = type_of(frame, cold) in _LITERALS.get(type_, (type_,)) and unit_of(frame, cold) in (None, unit)
    node = to_node(frame, at, cold, type_, unit) if fits else None
    held = None if node is None else builder.constant_of(node)
    if held is None:
        expected = f"a constant cold value of type {describe(type_, unit)}"
        frame.report("E030", at, expected, what(frame, cold), "write the number itself")
    return held
