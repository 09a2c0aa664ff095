"""On which bars carried values are updated: the condition of held calls, whether there was an update, how many there were."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace

from dag.graphs import state_places as place_of
from dag.graphs.state_places import StartedFlag, Variable
from dag.language.lifetime import SESSION, Lifetime
from dag.operators import table as ops
from dag.operators.units import DIMENSIONLESS
from dag.trace.frame import Frame
from dag.trace.operators.comparisons import condition
from dag.trace.values import Static
from dag.values.types import BOOL, I64, Kind, Type, along
from dag.values.types import Value as Plain


def moving_when(frame: Frame, when: ast.expr | None) -> int | None:
    """The bool node that says on which bars to update: where `when` and every held call around it say so. None: on all."""
    around = frame.session.moving
    if when is None:
        return around
    decided = condition(frame, (when, frame.evaluate(when)), "`when=`", numbers=False)
    if decided is None:
        return around
    span = frame.span(when)
    node = (
        frame.builder.const(bool(decided.value), BOOL, DIMENSIONLESS, span)
        if isinstance(decided, Static)
        else decided.node
    )
    return node if around is None else frame.builder.op(ops.AND, (around, node), span)


def kept_unless(frame: Frame, moving: int | None, new: int, old: int, at: ast.AST) -> int:
    """The node that is `new` on the bars that update, and `old` on all others."""
    return new if moving is None else frame.builder.op(ops.SELECT, (moving, new, old), frame.span(at))


@dataclass(frozen=True, slots=True)
class Updates:
    """The updates of one carried value, called `local` in its lane: where they happen, and how long they are remembered."""

    local: str
    variable: Variable
    moving: int | None
    lifetime: Lifetime
    at: ast.AST


def has_started(frame: Frame, updates: Updates, cold: bool) -> int:
    """The bool state that is false until an update, and true ever after; `cold` is what a snapshot too old makes of it."""

    def following(latch: int) -> int:
        return kept_unless(frame, updates.moving, frame.builder.const(True, BOOL, DIMENSIONLESS), latch, updates.at)

    return _latch(frame, "started", BOOL, updates, cold, None, following, StartedFlag((updates.variable,)))


def is_warm(frame: Frame, updates: Updates, bars: int, enough: int | str) -> int:
    """The bool node that is true once there were as many updates as the i64 node `bars` says; the count stays there.

    `enough` is that number, or the parameter that says it.
    """
    builder, span = frame.builder, frame.span(updates.at)

    def reached(count: int) -> int:
        return builder.op(ops.IGE, (count, bars), span)

    def following(count: int) -> int:
        one_more = builder.op(ops.IADD, (count, builder.const(1, I64, DIMENSIONLESS)), span)
        # Not the lesser of it and `bars`: of a parameter that may be any integer, that would seem to be the largest of all.
        counted = builder.op(ops.SELECT, (reached(count), count, one_more), span)
        return kept_unless(frame, updates.moving, counted, count, updates.at)

    place = place_of.Updates((updates.variable,), enough)
    return reached(_latch(frame, "updates", I64, updates, 0, bars, following, place))


def _latch(
    frame: Frame,
    local: str,
    type_: Type,
    updates: Updates,
    cold: Plain,
    bars: int | None,
    following: Callable[[int], int],
    place: StartedFlag | place_of.Updates,
) -> int:
    """The state of this sort that follows these updates: one for all values that are updated together."""
    session, builder = frame.session, frame.builder
    key = (local, updates.moving, updates.lifetime, cold, bars)
    if key not in session.latches:
        provisional = f"own {len(session.latches)}"
        # Where each place has bars of its own, or a number of its own, so has it its own count.
        decides = [builder.type_of(node) for node in (updates.moving, bars) if node is not None]
        axis = next((each.axis for each in decides if each.axis is not None), None)
        type_ = type_ if axis is None else along(axis, type_)
        session.latches[key] = (
            provisional,
            builder.state(provisional, type_, DIMENSIONLESS, False if type_.kind is Kind.BOOL else 0),
        )
        builder.describe_state(provisional, updates.lifetime, cold)
        builder.set_next(provisional, following(session.latches[key][1]))
        session.places[provisional] = place
    provisional, node = session.latches[key]
    known = session.places[provisional]
    assert isinstance(known, (StartedFlag, place_of.Updates))
    session.places[provisional] = replace(known, variables=(*dict.fromkeys((*known.variables, updates.variable)),))
    is_common = key == ("started", None, SESSION, False, None)
    called = (0, local) if is_common else (frame.scope, f"{updates.local}.{local}")
    session.names.own_states.setdefault(provisional, set()).add(called)
    return node
