"""`x = carry(initial=e)`: states of the graph."""

from __future__ import annotations

import ast
import difflib
import inspect
from dataclasses import replace

from dag.diagnostics.diagnostic import Label
from dag.diagnostics.span import Span
from dag.graphs.state_places import CarriedPart
from dag.language.carry import carry
from dag.language.shapes import Shape, describe
from dag.operators.table import SELECT, SPREAD
from dag.operators.units import DIMENSIONLESS
from dag.trace.boundaries import conform
from dag.trace.frame import Carried, CarriedState, Frame
from dag.trace.open_units import suppose
from dag.trace.scalars import NUMERIC, settle, to_node, type_of, unit_of, what
from dag.trace.soundness import is_poisoned
from dag.trace.states import arrays
from dag.trace.states.holding import Updates, has_started, kept_unless, moving_when
from dag.trace.states.lifetimes import cold_parts, cold_value, lasting_of
from dag.trace.states.warming import count_updates
from dag.trace.values import (
    POISON,
    Along,
    Array,
    Filled,
    Group,
    Number,
    Poison,
    Record,
    Static,
    Unsettled,
    Value,
    parts_of,
)
from dag.values.binary32 import as_literal
from dag.values.types import BOOL, F32, F64, I32, Axis, Kind, Type, along
from dag.values.types import Value as Plain

_SIGNATURE = inspect.signature(carry)
#: Types that no number becomes.
_APART = (Kind.BOOL, Kind.ENUM)
WAY = "write `x = carry(initial=...)` as a statement of its own, at the top of the lane, before any `if` or `return`"


def is_carry(frame: Frame, node: ast.expr | None) -> bool:
    """Whether an expression is a call of `carry`, however the lane's file calls it."""
    return is_call_of(frame, node, carry)


def is_call_of(frame: Frame, node: ast.expr | None, function: object) -> bool:
    """Whether an expression is a call of `function`, by whatever name."""
    match node:
        case ast.Call(ast.Name(name)) if name not in frame.env:
            return _outer(frame, name) is function
        case ast.Call(ast.Attribute(ast.Name(module), name)) if module not in frame.env:
            return getattr(_outer(frame, module), name, None) is function
        case _:
            return False


def _outer(frame: Frame, name: str) -> object:
    try:
        return frame.source.outer_name(name)
    except KeyError:
        return None


def carried_value(frame: Frame, name: str, call: ast.Call, shape: Shape | None, declared: Span | None) -> Value:
    """The value of `name` before this bar; the states behind it are declared. `shape` is its annotation, if it has one."""
    given = arguments_of(_SIGNATURE, call)
    if given is None:
        fix = _misspelt(_SIGNATURE, call) or "give the first bar's value, and if need be when=, lifetime= and warm_up="
        return frame.report("E034", call, "carry(initial=value)", f"`{frame.text(call)}`", fix)
    if frame.loops or frame.session.conditional:
        return misplaced(frame, call)
    if name in frame.carried:
        return frame.report(
            "E015",
            call,
            "one `carry` for each name",
            f"`{name}` is carried twice",
            "carry another name",
            labels=(Label(frame.span(frame.carried[name].where), f"`{name}` is carried here first"),),
        )
    at = given["initial"]
    initial = frame.evaluate(at)
    if shape is not None:
        initial = conform(frame, at, initial, shape, f"`{name}`", declared)
    lasting = lasting_of(frame, given.get("lifetime"), call)
    carried = Carried({}, call, moving_when(frame, given.get("when")), lasting, is_broken=is_poisoned(initial))
    updates = Updates(name, frame.variable(name), carried.moving, lasting.lifetime, call)
    if "warm_up" in given:
        count_updates(frame, name, given["warm_up"], carried, updates)
    value = _declare(frame, at, updates, initial, carried, frame.session.axis)
    frame.carried[name] = carried
    return value


def arguments_of(signature: inspect.Signature, call: ast.Call) -> dict[str, ast.expr] | None:
    """The arguments of a call by name, written one by one; None where it does not fit the signature."""
    named = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    try:
        bound = signature.bind(*call.args, **named)
    except TypeError:
        return None
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    return None if starred or len(named) < len(call.keywords) else dict(bound.arguments)


def _misspelt(signature: inspect.Signature, call: ast.Call) -> str | None:
    """What to write for a keyword that the signature does not have; None where it has all of them."""
    for keyword in call.keywords:
        if keyword.arg is not None and keyword.arg not in signature.parameters:
            close = difflib.get_close_matches(keyword.arg, signature.parameters, n=1, cutoff=0.75)
            known = ", ".join(f"{name}=" for name in signature.parameters)
            return f"write `{close[0]}=`" if close else f"there is no `{keyword.arg}=`: it takes {known}"
    return None


def misplaced(frame: Frame, node: ast.Call, way: str = WAY) -> Poison:
    """Report a `carry` (or what carries too) where Python might not pass on every bar, or where its value has no name."""
    called = frame.session.chain[1:]
    if True in frame.session.on_some_bars:  # that call stands there, not what it leads to
        name = called[frame.session.on_some_bars.index(True)][0].__name__
        way = f"call `{name}` where every bar passes, or say on which bars it updates: {name}(..., when=CONDITION, initial=...)"
    return frame.report(
        "E044",
        node,
        f"`{frame.text(node.func)}` where every bar passes exactly once",
        f"`{frame.text(node)}` under a condition, in a loop, inside an expression or after a `return`",
        way,
        tuple(f"reached through {where}" for _, where in called),
    )


def _declare(
    frame: Frame,
    at: ast.AST,
    updates: Updates,
    initial: Value,
    carried: Carried,
    axis: Axis | None,
    suffix: str = "",
) -> Value:
    """States for every part of `initial`; the value they have before this bar. With an `axis` each place has its own."""
    local = updates.local
    match initial:
        case Poison():
            return POISON
        case Along(cls, item, _, False) if axis is None:
            part = _declare(frame, at, updates, item, carried, cls.axis, suffix)
            return POISON if isinstance(part, Poison) else replace(initial, item=part, span=frame.span(at))
        case Along() | Filled() if axis is not None:
            fix = "carry a number in each place"
            return frame.report("E047", at, f"one value in each place of {axis}", what(frame, initial), fix)
        case Filled():
            provisional = provisional_name(frame, local, suffix)
            frame.session.places[provisional] = CarriedPart(frame.variable(local), suffix)
            array = arrays.declare(frame, at, provisional, initial)
            carried.states[suffix] = CarriedState(provisional, frame.builder.type_of(array.state))
            return array
        case Group(items):
            parts = (_declare(frame, at, updates, item, carried, axis, f"{suffix}.{i}") for i, item in enumerate(items))
            return Group(tuple(parts))
        case Record(cls, fields):
            return Record(
                cls,
                {
                    name: _declare(frame, at, updates, part, carried, axis, f"{suffix}.{name}")
                    for name, part in fields.items()
                },
            )
    type_ = type_of(frame, initial)
    if type_ is None:
        return frame.report(
            "E030",
            at,
            "a value that can be carried",
            what(frame, initial),
            "carry numbers, bools or members of an Enum",
        )
    provisional = provisional_name(frame, local, suffix)
    frame.session.places[provisional] = CarriedPart(frame.variable(local), suffix)
    span = frame.span(at)
    held = type_ if axis is None else along(axis, type_)
    if isinstance(initial, Static) and type_ in NUMERIC:
        unsettled = Unsettled(provisional, held, as_literal(initial.value), span)
        carried.states[suffix] = CarriedState(provisional, held, unsettled)
        supposed = frame.session.supposed.get(frame.session.places[provisional])
        return unsettled if supposed is None else settle(frame, unsettled, supposed)
    node = to_node(frame, at, initial, type_, DIMENSIONLESS)
    if node is None:
        return POISON
    constant = frame.builder.constant_of(node)
    unit = frame.builder.unit_of(node)
    slot = frame.builder.state(provisional, held, unit, zero(type_) if constant is None else constant, span)
    frame.session.of_one_unit[slot] = node
    carried.states[suffix] = CarriedState(provisional, held)
    if constant is not None:
        return Number(slot, span, declared=True)
    started = has_started(frame, updates, cold=carried.lasting.cold is not None)
    return Number(frame.builder.op(SELECT, (started, slot, node), span), span, declared=True)


def provisional_name(frame: Frame, local: str, suffix: str) -> str:
    """The name of a state until all calls are known."""
    provisional = f"{frame.scope}:{local}{suffix}"
    frame.session.names.states.append((frame.scope, provisional, f"{local}{suffix}"))
    return provisional


def zero(type_: Type) -> Plain:
    """What a state holds that is not read before its first update."""
    match type_.kind:
        case Kind.F64 | Kind.F32:
            return 0.0
        case Kind.I64 | Kind.I32:
            return 0
        case Kind.BOOL:
            return False
        case Kind.ENUM:
            assert type_.members is not None
            return type_.members.codes[0][1]


def carry_on(frame: Frame, name: str, final: Value) -> None:
    """Give the states of `name` their next value: what the name holds where the lane returns."""
    carried = frame.carried[name]
    if carried.is_broken or is_poisoned(final):
        return
    if not _along_as_it_began(frame, name, carried, final):
        return
    parts = dict(parts_of(final))
    if set(parts) != set(carried.states):
        frame.report(
            "E045",
            carried.where,
            f"`{name}` to end the bar as it began it, with {len(carried.states)} part(s)",
            what(frame, final),
            "carry a tuple of the same length on",
        )
        return
    cold = cold_parts(frame, name, carried)
    for suffix, state in carried.states.items():
        slot = _set_next(frame, carried, name + suffix, state, parts[suffix])
        if slot is not None:
            held = cold_value(frame, carried.lasting, cold.get(suffix), slot)
            frame.builder.describe_state(state.name, carried.lasting.lifetime, held, carried.warm_up)


def _along_as_it_began(frame: Frame, name: str, carried: Carried, final: Value) -> bool:
    """Whether a name ends the bar along the axis along which it began; reported where it does not."""
    began = {state.type.axis for state in carried.states.values()}
    axis = frame.session.axis
    ends = final.cls.axis if isinstance(final, Along) and not final.lazily else axis
    if (began <= {ends} or began <= {None}) and not (isinstance(final, Along) and began <= {None}):
        return True
    got = f"it ends as {what(frame, final)}"
    begun = next(iter(began))
    expected = f"`{name}` to be carried on along {begun}" if begun else f"`{name}` to be carried on as single values"
    fix = "carry on a value along the axis that it began along: carry(initial=Assets(fill=0.0))"
    frame.report("E045", carried.where, expected, got, fix)
    return False


def _set_next(frame: Frame, carried: Carried, name: str, state: CarriedState, final: Value) -> int | None:
    """The node that reads the state, when it was told what it holds next; None after a report."""
    at = carried.where
    if state.unsettled is not None:
        settle(frame, state.unsettled, unit_of(frame, final) or DIMENSIONLESS)
        assert state.unsettled.settled is not None
        slot = state.unsettled.settled.node
    else:
        slot = frame.builder.state_node(state.name)
    if state.type.is_memory or isinstance(final, Array):
        if isinstance(final, Array) and final.state == slot:
            frame.builder.set_next(state.name, arrays.carried_on(frame, final, carried.moving))
            return slot
        frame.report(
            "E045",
            at,
            f"`{name}` to be carried on as the array it began as"
            if state.type.is_memory
            else f"`{name}` to be carried on as {state.type}",
            f"it ends as {what(frame, final)}",
            f"write {name} = put({name}, i, x)" if state.type.is_memory else "carry an array on under its own name",
        )
        return None
    unit = frame.builder.unit_of(slot)
    if unit_of(frame, final) not in (None, unit):
        suppose(frame, slot, unit_of(frame, final))
        suppose(frame, final, unit)
        frame.report(
            "E031",
            at,
            f"`{name}` to be carried on in one unit",
            (f"{name}  starts as {describe(state.type, unit)}", f"{name}  ends as {what(frame, final)}"),
            f'say the unit where it starts: carry(initial=as_unit(0.0, "{unit_of(frame, final)}"))',
            labels=_ends(name, final),
        )
        return None
    ends, each = type_of(frame, final), state.type.element
    # A literal takes any type; it must not take one that Python would not give it.
    is_other = ends in (F32, I32, BOOL) or (ends == F64 and not state.type.is_float) or state.type.kind in _APART
    node = None if is_other and ends != each else to_node(frame, at, final, each, unit)
    if node is None:
        frame.report(
            "E045",
            at,
            f"`{name}` to be carried on as {state.type}",
            f"it ends as {what(frame, final)}",
            "write 0.0 instead of 0 where a float is carried, or convert with int(...)"
            if ends not in (F32, I32)
            else f"begin with what it ends as: carry(initial={'float32(0.0)' if ends == F32 else 'int32(0)'})",
            labels=_ends(name, final),
        )
        return None
    following = kept_unless(frame, carried.moving, node, slot, at)
    if state.type.is_array and not frame.builder.type_of(following).is_array:
        following = frame.builder.op(SPREAD, (following, slot), frame.span(at))
    frame.builder.set_next(state.name, following)
    return slot


def _ends(name: str, final: Value) -> list[Label]:
    """Where the value that is carried on is computed."""
    return [Label(final.origin, f"`{name}` ends as this")] if isinstance(final, Number) and final.origin else []
