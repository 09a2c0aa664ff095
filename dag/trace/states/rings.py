"""`past = window(x, 50)`: a ring in the state, with the place that is written next and a count of what is there.

Windows of one length that keep the values of the same bars share place and count.
"""

from __future__ import annotations

import ast
import inspect

from dag.graphs.state_places import Ring, RingCount, RingPlace
from dag.language.carry import window
from dag.language.leaves import has_integer_values
from dag.operators import table as ops
from dag.operators.units import DIMENSIONLESS
from dag.trace.expressions.subscripts import static_int
from dag.trace.frame import Frame
from dag.trace.scalars import enum_of, to_node, type_of, unit_of, what
from dag.trace.states import arrays
from dag.trace.states.carrying import arguments_of, is_call_of, misplaced, provisional_name
from dag.trace.states.holding import kept_unless, moving_when
from dag.trace.values import POISON, Array, Filled, Number, Poison, Static, Value, Window, Write
from dag.trace.ways_out import one_line
from dag.values.types import BOOL, F32, F64, I32, I64

_SIGNATURE = inspect.signature(window)
WAY = "write `past = window(x, 50)` as a statement of its own, at the top of the lane, before any `if` or `return`"
LONGEST_IS_KNOWN = "say how many values are kept at most"
#: What a place without a value holds: not zero, so that a divisor that is never zero stays one.
_FILL = {F64: 1.0, F32: 1.0, I64: 1, I32: 1, BOOL: False}


def is_window(frame: Frame, node: ast.expr | None) -> bool:
    """Whether an expression is a call of `window`, however the lane's file calls it."""
    return is_call_of(frame, node, window)


def windowed(frame: Frame, name: str, call: ast.Call) -> Value:
    """The window called `name`, as it is before this bar; what it holds next is declared."""
    given = arguments_of(_SIGNATURE, call)
    if given is None:
        fix = "give the value and how many of it to keep"
        return frame.report("E034", call, "window(x, length)", f"`{frame.text(call)}`", fix)
    if frame.loops:
        way = f"in front of the loop keep one window, whose length may be computed: {name} = window({frame.text(given['x'])}, n, longest=500)"
        return misplaced(frame, call, way)
    if frame.session.conditional:
        return misplaced(frame, call, WAY)
    if frame.session.axis is not None:
        fix = "fold over the places first, or keep the window outside of the map: a window for each place is not there yet"
        return frame.report(
            "E047",
            call,
            "a window of single values",
            f"`{frame.text(call)}`, at each place of {frame.session.axis}",
            fix,
        )
    value = frame.evaluate(given["x"])
    kept = given.get("longest", given["length"])
    length = static_int(
        frame,
        kept,
        "a length",
        way=f"{LONGEST_IS_KNOWN}: window({frame.text(given['x'])}, {frame.text(kept)}, longest=500)",
    )
    if isinstance(value, Poison) or length is None:
        return POISON
    if not 1 <= length <= arrays.LONGEST:
        return frame.report("E036", kept, f"a length from 1 to {arrays.LONGEST}", f"{length}", "carry a sketch instead")
    lookback = _lookback(frame, given["length"], length) if "longest" in given else None
    if "longest" in given and lookback is None:
        return POISON
    type_ = type_of(frame, value)
    if type_ not in _FILL:
        return frame.report(
            "E030",
            given["x"],
            "a float, an int or a bool to keep",
            what(frame, value),
            _way_to_keep(frame, given["x"], value, frame.text(given["length"])),
        )
    unit = unit_of(frame, value) or DIMENSIONLESS
    node = to_node(frame, given["x"], value, type_, unit)
    if node is None:
        return POISON
    builder, span = frame.builder, frame.span(call)
    moving = moving_when(frame, given.get("when"))
    at, count = _counters(frame, name, length, moving, call)
    fill = builder.const(_FILL[type_], type_, unit, span)
    ring_name = provisional_name(frame, name, "")
    frame.session.places[ring_name] = Ring(frame.variable(name))
    ring = arrays.declare(frame, call, ring_name, Filled(length, fill))
    frame.session.of_one_unit[ring.state] = node
    written = Array(ring.state, length, span, (Write(at, node, builder.const(True, BOOL, DIMENSIONLESS), span),))
    builder.set_next(ring_name, arrays.carried_on(frame, written, moving))
    full = builder.op(ops.IEQ, (count, builder.const(length, I64, DIMENSIONLESS)), span)
    first = builder.op(ops.SELECT, (full, at, builder.const(0, I64, DIMENSIONLESS)), span)
    if lookback is not None:
        first, count = _latest(frame, call, (at, count), lookback, length)
    return Window(Number(ring.state, span, declared=True), first, count, length, span, frame.text(given["x"]))


def _lookback(frame: Frame, at: ast.expr, longest: int) -> int | None:
    """The node of a length that each bar may have its own of; None after a report."""
    value = frame.evaluate(at)
    if isinstance(value, Poison):
        return None
    if isinstance(value, Static) and isinstance(value.value, int) and not 1 <= value.value <= longest:
        frame.report(
            "E036",
            at,
            f"a length from 1 to {longest}, which is `longest`",
            f"{value.value}",
            "give a greater `longest`",
        )
        return None
    if type_of(frame, value) not in (I64, I32):
        frame.report(
            "E030", at, "an int for the length of a window", what(frame, value), "write int(x), or declare an int"
        )
        return None
    node = to_node(frame, at, value, I64, unit_of(frame, value) or DIMENSIONLESS)
    if node is None or frame.builder.unit_of(node) == DIMENSIONLESS:
        return node
    return frame.builder.op(ops.AS_UNIT, (node,), frame.span(at), unit=DIMENSIONLESS)


def _latest(frame: Frame, call: ast.Call, ring: tuple[int, int], lookback: int, longest: int) -> tuple[int, int]:
    """Where the last `lookback` of the values begin that a ring holds, and how many there are of them."""
    builder, span = frame.builder, frame.span(call)
    at, held = ring
    size = builder.const(longest, I64, DIMENSIONLESS, span)
    count = builder.op(ops.IMIN, (held, lookback), span)
    builder.lookback(count, longest)
    with builder.taking_every_result():  # of a length that is not in bounds, that is the one mistake
        ahead = builder.op(ops.ISUB, (builder.op(ops.IADD, (at, size), span), count), span)
    return builder.op(ops.IMOD, (ahead, size), span), count


def _way_to_keep(frame: Frame, at: ast.expr, value: Value, length: str) -> str:
    """What to keep in a window instead of a value that is no number and no bool."""
    text, enum = one_line(frame, at), enum_of(frame, value)
    if enum is None:
        return f"keep each number of it in a window of its own: window(x, {length})"
    kept = f"{text}.value" if has_integer_values(enum) else f"{text} == {enum.__name__}.{next(iter(enum.__members__))}"
    return f"keep a number or a bool of it: window({kept}, {length})"


def _counters(frame: Frame, name: str, length: int, moving: int | None, call: ast.Call) -> tuple[int, int]:
    """The states that say which place is written next and how many have been written; shared where they would be equal."""
    key = (length, moving)
    if key not in frame.session.rings:
        builder, span = frame.builder, frame.span(call)
        size, one = (builder.const(value, I64, DIMENSIONLESS, span) for value in (length, 1))
        found: list[int] = []
        for suffix, op, place in ((".place", ops.IMOD, RingPlace), (".count", ops.IMIN, RingCount)):
            state = provisional_name(frame, name, suffix)
            frame.session.places[state] = place(frame.variable(name), length)
            node = builder.state(state, I64, DIMENSIONLESS, 0, span)
            following = builder.op(op, (builder.op(ops.IADD, (node, one), span), size), span)
            builder.set_next(state, kept_unless(frame, moving, following, node, call))
            found.append(node)
        frame.session.rings[key] = (found[0], found[1])
    return frame.session.rings[key]
