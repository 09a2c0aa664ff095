"""A trace ends with a report, or with nothing poisoned: never silently.

A poisoned value stands for a reported mistake and is silent about whatever it meets. One that nobody reported would take a
result, a state or a tap out of the graph without a word, so it is an error of the tracer, raised where it came to be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from dag.trace.frame import Frame
from dag.trace.values import Poison, Value, parts_of


class SilentPoison(RuntimeError):
    """The tracer gave up a value without a report: a defect of dagc. The text names the user's line."""


def sound(frame: Frame, at: ast.AST, value: Value) -> Value:
    """`value`, computed at `at`; raises SilentPoison where a part of it is poisoned and nothing was reported."""
    if not frame.session.problems.found and is_poisoned(value):
        place = frame.session.display(frame.span(at)).at
        raise SilentPoison(f"{place}: `{frame.text(at).splitlines()[0]}` came to no value, and nothing says why")
    return value


def assert_complete(frame: Frame, results: Iterable[str]) -> None:
    """Raise SilentPoison unless the graph of the root `frame` has all `results`, and a next value of every state that its lanes
    carry. Asked where nothing was reported."""
    builder, names, tree = frame.builder, frame.session.names, frame.source.tree
    carried = [provisional for _, provisional, _ in names.states] + list(names.own_states)
    lost = [f"the result `{name}`" for name in results if not builder.has_output(name)]
    lost += [f"the state `{name}`" for name in carried if not builder.has_next(name)]
    if lost:
        place = frame.session.display(frame.span(tree)).at
        raise SilentPoison(f"{place}: `{tree.name}` lost {', '.join(lost)}, and nothing says why")


def is_poisoned(value: Value) -> bool:
    """Whether any part of a value is poisoned."""
    return any(isinstance(part, Poison) for _, part in parts_of(value))
