"""Items of a dict by their key: `WEIGHTS[side]`, `{Side.BUY: bid, Side.SELL: ask}[side]`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from enum import Enum
from typing import Any

from dag.trace.frame import Frame
from dag.trace.operators.comparisons import comparison
from dag.trace.python_values import from_python
from dag.trace.scalars import enum_of, what
from dag.trace.selection import select
from dag.trace.values import POISON, Number, Poison, Static, Value
from dag.values.types import BOOL


def by_member(frame: Frame, at: ast.expr, number: int, values: Mapping[Enum, Value]) -> Value:
    """The value that belongs to the member that `number` is."""
    found, *others = values.values()
    for member, value in zip(list(values)[1:], others, strict=True):
        is_it = comparison(frame, at, ast.Eq(), (at, Number(number)), (at, Static(member)))
        assert isinstance(is_it, Number)
        found = select(frame, at, is_it.node, value, found)
    return found


def constant_item(frame: Frame, node: ast.Subscript, base: Static, key: Value) -> Value | None:
    """An item of a dict that stands outside the lane; None where that is not what is read."""
    items: Any = base.value
    cls = enum_of(frame, key)
    if isinstance(key, Number) and cls is not None and all(each in items for each in cls):
        return by_member(frame, node, key.node, {member: from_python(frame, items[member]) for member in cls})
    if isinstance(key, Poison) or not isinstance(key, Static):
        return POISON if isinstance(key, Poison) else None
    try:
        return from_python(frame, items[key.value], f"{base.name}.{key.value}" if base.name else "")
    except (LookupError, TypeError) as problem:
        return _no_item(frame, node, f"{type(problem).__name__}: {problem}")


def written_item(frame: Frame, node: ast.Subscript, table: ast.Dict) -> Value:
    """An item of a dict that is written where it is read. As in Python, all its values are computed, in their order."""
    items: dict[Any, Value] = {}
    for key, value in zip(table.keys, table.values, strict=True):
        held = POISON if key is None else frame.evaluate(key)
        if not isinstance(held, Static):
            got = "`**` in a dict" if key is None else f"{frame.text(key)}  {what(frame, held)}"
            fix = "write members of an Enum, True and False, or numbers as keys"
            return (
                POISON
                if key and held is POISON
                else frame.report("E030", key or table, "a key that is known", got, fix)
            )
        items[held.value] = frame.evaluate(value)
    looked_up = frame.evaluate(node.slice)
    if isinstance(looked_up, Poison) or any(isinstance(each, Poison) for each in items.values()):
        return POISON
    if isinstance(looked_up, Static):
        return (
            items[looked_up.value]
            if looked_up.value in items
            else _no_item(frame, node, f"KeyError: {looked_up.value!r}")
        )
    cls = enum_of(frame, looked_up)
    if isinstance(looked_up, Number) and cls is not None:
        if missing := [f"{cls.__name__}.{each.name}" for each in cls if each not in items]:
            return _no_item(frame, node, f"no item for {', '.join(missing)}")
        return by_member(frame, node, looked_up.node, {member: items[member] for member in cls})
    if isinstance(looked_up, Number) and frame.builder.type_of(looked_up.node) == BOOL and {*items} == {False, True}:
        return select(frame, node, looked_up.node, items[True], items[False])
    got = f"{frame.text(node.slice)}  {what(frame, looked_up)}"
    fix = "look up a member of an Enum, or a bool, with an item for each; choose by numbers with if / elif / else"
    return frame.report("E030", node.slice, "a key with few values", got, fix)


def _no_item(frame: Frame, node: ast.Subscript, problem: str) -> Value:
    got = f"`{frame.text(node)}`: {problem}"
    return frame.report("E036", node, f"an item of `{frame.text(node.value)}`", got, "correct the key, or add the item")
