"""`y = slow(x, when=fire, initial=0.0)`: a call of a lane that updates on some bars only, and keeps its result on all others."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from dag.diagnostics.span import Span
from dag.graphs.call_path import RESULT
from dag.graphs.state_places import CarriedPart, Variable
from dag.language.lane import AnyLane
from dag.language.lifetime import SESSION
from dag.language.shapes import Leaf, RecordShape, Shape, TupleShape, VectorShape
from dag.operators.table import SELECT
from dag.trace.boundaries import conform
from dag.trace.frame import Frame
from dag.trace.scalars import to_node, unit_of
from dag.trace.states.carrying import zero
from dag.trace.states.holding import Updates, has_started, moving_when
from dag.trace.values import POISON, Along, Group, Number, Poison, Record, Value
from dag.trace.ways_out import one_line
from dag.values.types import Axis, along


@dataclass(frozen=True, slots=True)
class HeldCall:
    """A held call before its body is traced: the bars that it updates on, its result before the first of them, and where it stands."""

    moving: int | None
    initial: Value
    at: ast.expr
    span: Span


def plain_call(node: ast.Call) -> ast.Call:
    """The call without `when=` and `initial=`."""
    rest = [keyword for keyword in node.keywords if keyword.arg not in ("when", "initial")]
    return ast.copy_location(ast.Call(node.func, node.args, rest), node)


def held_call(frame: Frame, node: ast.Call, lane: AnyLane) -> HeldCall | None:
    """What a call says of the bars on which it updates; None after a report."""
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    if "initial" in lane.arguments:
        fix = "call the argument something else: here `initial=` is the result before the first update"
        got = f"`{lane.name}`, which has an argument `initial` of its own"
        frame.report("E034", node, "a held call of a lane without an argument `initial`", got, fix)
        return None
    if "initial" not in given:
        given_so_far = (
            f"{frame.text(node.func)}({', '.join(one_line(frame, each) for each in [*node.args, *node.keywords])}"
        )
        fix = f"write {given_so_far}, initial=0.0), or begin with another value"
        expected = f"`initial=`, the result of `{lane.name}` before the first bar on which it updates"
        frame.report("E034", node, expected, f"`{frame.text(node)}`", fix)
        return None
    if frame.session.conditional:
        frame.report(
            "E044",
            node,
            "a call with `when=` where every bar passes",
            f"`{frame.text(node)}` under a condition or after a `return`",
            "call it before the `if`, and say all of the condition in `when=`",
        )
        return None
    return HeldCall(
        moving_when(frame, given["when"]), frame.evaluate(given["initial"]), given["initial"], frame.span(node)
    )


def held_result(frame: Frame, inner: Frame, held: HeldCall, shape: Shape | None, value: Value) -> Value:
    """The result of the last update: `value` on a bar that updates. `inner` is the call, whose result is declared as `shape`."""
    if shape is None:
        return POISON
    initial = conform(frame, held.at, held.initial, shape, f"`initial` of a held `{inner.source.tree.name}`", None)
    return _held(inner, held, shape, value, initial, "", inner.session.axis)


def _held(
    inner: Frame, held: HeldCall, shape: Shape, value: Value, initial: Value, suffix: str, axis: Axis | None
) -> Value:
    match shape, value, initial:
        case TupleShape(items), Group(values), Group(initials):
            parts = enumerate(zip(items, values, initials, strict=True))
            return Group(tuple(_held(inner, held, *part, f"{suffix}.{i}", axis) for i, part in parts))
        case RecordShape(cls, fields, _), Record(_, values), Record(_, initials):
            return Record(
                cls,
                {
                    name: _held(inner, held, field, values[name], initials[name], f"{suffix}.{name}", axis)
                    for name, field in fields
                },
            )
        case VectorShape(_, item), Along(_, of_each), Along(_, first):
            held_item = _held(inner, held, item, of_each, first, suffix, shape.axis)
            return POISON if isinstance(held_item, Poison) else replace(value, item=held_item)
        case Leaf(), _, _:
            return _held_leaf(inner, held, shape, value, initial, suffix, axis)
        case _:
            return POISON


def _held_leaf(
    inner: Frame, held: HeldCall, leaf: Leaf, value: Value, initial: Value, suffix: str, axis: Axis | None
) -> Value:
    builder, at = inner.builder, inner.source.tree
    unit = leaf.unit_for(unit_of(inner, value) or unit_of(inner, initial))
    new, first = (to_node(inner, at, each, leaf.type, unit) for each in (value, initial))
    if new is None or first is None or held.moving is None:
        return POISON
    constant = builder.constant_of(first)
    span = held.span
    name = f"held {inner.scope}{suffix}"
    type_ = leaf.type if axis is None else along(axis, leaf.type)
    slot = builder.state(name, type_, unit, zero(leaf.type) if constant is None else constant, span)
    inner.session.names.own_states[name] = {(inner.scope, f"held{suffix}")}
    variable = Variable(inner.path[:-1], RESULT)
    inner.session.places[name] = CarriedPart(variable, suffix)
    before = slot
    if constant is None:
        started = has_started(inner, Updates("held", variable, held.moving, SESSION, at), cold=False)
        before = builder.op(SELECT, (started, slot, first), span)
    result = builder.op(SELECT, (held.moving, new, before), span)
    following = result if constant is not None else builder.op(SELECT, (held.moving, new, slot), span)
    builder.set_next(name, following)
    return Number(result, span, declared=True)
