"""What a body comes to: a tree of conditions with a `return` at every end."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from dag.diagnostics.span import Span
from dag.graphs.paths import ALWAYS, Paths, either
from dag.trace.frame import Frame
from dag.trace.selection import select
from dag.trace.values import Value


@dataclass(eq=False, slots=True)
class Done:
    """A `return`: its value, where it stands, and the variables at that moment, with their places."""

    value: Value
    at: ast.AST
    env: dict[str, Value]
    places: dict[str, Span]


@dataclass(eq=False, slots=True)
class Branch:
    """Which of two outcomes, decided at run time. None is a path that has not returned yet."""

    condition: int
    chosen: Outcome
    otherwise: Outcome


Outcome: TypeAlias = "Done | Branch | None"


def then(first: Outcome, rest: Outcome) -> Outcome:
    """`first`, and `rest` on every path where `first` has not returned."""
    known: dict[int, Outcome] = {}

    def fill(outcome: Outcome) -> Outcome:
        if not isinstance(outcome, Branch):
            return rest if outcome is None else outcome
        if id(outcome) not in known:
            known[id(outcome)] = Branch(outcome.condition, fill(outcome.chosen), fill(outcome.otherwise))
        return known[id(outcome)]

    return fill(first)


def returns_always(outcome: Outcome) -> bool:
    """Whether every path ends in a `return`."""
    if isinstance(outcome, Branch):
        return returns_always(outcome.chosen) and returns_always(outcome.otherwise)
    return outcome is not None


def still_running(outcome: Outcome) -> Paths:
    """The paths on which nothing has been returned yet."""
    if not isinstance(outcome, Branch):
        return ALWAYS if outcome is None else ()
    sides = ((outcome.chosen, True), (outcome.otherwise, False))
    return either(((outcome.condition, truth), *path) for side, truth in sides for path in still_running(side))


def last_return(outcome: Branch | Done) -> Done:
    """The `return` that stands last in the text."""
    while isinstance(outcome, Branch):
        assert outcome.otherwise is not None
        outcome = outcome.otherwise
    return outcome


def merge(
    frame: Frame, outcome: Branch | Done, value_at: Callable[[Done], Value], place_at: Callable[[Done], Span | None]
) -> Value:
    """One value out of those that `value_at` finds at each `return`; `place_at` says where they were written."""
    known: dict[int, tuple[Value, ast.AST]] = {}

    def merged(part: Outcome) -> tuple[Value, ast.AST]:
        assert part is not None
        if id(part) not in known:
            if isinstance(part, Done):
                known[id(part)] = value_at(part), part.at
            else:
                chosen, at = merged(part.chosen)
                otherwise, _ = merged(part.otherwise)
                places = place_of(part.chosen), place_of(part.otherwise)
                known[id(part)] = select(frame, at, part.condition, chosen, otherwise, None, places), at
        return known[id(part)]

    def place_of(part: Outcome) -> Span | None:
        return place_at(part) if isinstance(part, Done) else None

    return merged(outcome)[0]
