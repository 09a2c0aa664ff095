"""Items by their place, and numbers that have to be known when the graph is built."""

from __future__ import annotations

import ast

from dag.trace import axes
from dag.trace.frame import Frame
from dag.trace.lifted import held_fix
from dag.trace.lookups import constant_item
from dag.trace.scalars import fields_of, what
from dag.trace.states import arrays, windows
from dag.trace.values import (
    POISON,
    Along,
    Array,
    Filled,
    Group,
    Poison,
    Record,
    Static,
    Value,
    Window,
)

#: How to do without a number that is known when the graph is built.
CHOOSING = "use a literal or a loop index; to choose at run time, loop over all and keep one with `a if i == n else b`"


def subscript(frame: Frame, node: ast.Subscript, base: Value, index: ast.expr) -> Value:
    if isinstance(base, Poison):
        return POISON
    if isinstance(base, Array):
        if isinstance(index, ast.Slice):
            base = Group(arrays.elements(frame, node, base))
        else:
            return arrays.get(frame, node, base, frame.evaluate(index))
    if isinstance(base, Window):
        if isinstance(index, ast.Slice):
            way = "keep another window of as many values as count: window(x, 3) is what past[-3:] would be"
            if frame.text(index) in ("1:", ":-1"):
                way = (
                    f"each value and the one after it are pairwise({frame.text(node.value)}), from itertools; or {way}"
                )
            return frame.report("E069", node, "one value of a window", f"`{frame.text(node)}`", way)
        way = f"{frame.text(node.value)}[-1] is the newest value, {frame.text(node.value)}[0] the oldest; for a place that is computed carry an array"
        position = static_int(frame, index, "an index", way=way)
        return POISON if position is None else windows.item_at(frame, node, base, position)
    if isinstance(base, Along) and not isinstance(index, ast.Slice):
        return axes.place(frame, node, base, frame.evaluate(index))
    if isinstance(base, Static) and isinstance(base.value, dict) and not isinstance(index, ast.Slice):
        item = constant_item(frame, node, base, frame.evaluate(index))
        if item is not None:
            return item
    if not isinstance(base, Group):
        return frame.report(
            "E030",
            node,
            "a tuple or a carried array before `[...]`",
            f"{frame.text(node.value)}  {what(frame, base)}",
            f"carry it: {frame.text(node.value)} = carry(initial=array(...))"
            if isinstance(base, Filled)
            else f"write one of its fields: {fields_of(frame, node.value, base)}"
            if isinstance(base, Record)
            else "keep the values in a tuple, or choose with `a if condition else b`",
        )
    if isinstance(index, ast.Slice):
        ends = [
            None if end is None else static_int(frame, end, "a slice") for end in (index.lower, index.upper, index.step)
        ]
        if any(
            end is None and given is not None
            for end, given in zip(ends, (index.lower, index.upper, index.step), strict=True)
        ):
            return POISON
        if ends[2] == 0:
            return frame.report("E036", index, "a step that is not zero", "0", "leave the step out")
        return Group(base.items[slice(*ends)])
    position = static_int(frame, index, "an index")
    if position is None:
        return POISON
    if not -len(base.items) <= position < len(base.items):
        size = len(base.items)
        return frame.report(
            "E036", node, f"an index from {-size} to {size - 1}", f"{position}", f"the tuple has {size} items"
        )
    return base.items[position]


def static_int(frame: Frame, node: ast.expr, role: str, value: Value | None = None, way: str = CHOOSING) -> int | None:
    """An integer that is known while tracing; reported otherwise, with the `way` out. `value` is that of `node` where it was
    evaluated before."""
    value = frame.evaluate(node) if value is None else value
    if isinstance(value, Poison):
        return None
    if isinstance(value, Static) and isinstance(value.value, int):
        return int(value.value)
    frame.report(
        "E035",
        node,
        f"{role} that is known when the graph is built",
        f"{frame.text(node)}  {what(frame, value)}",
        held_fix(frame, node) or way,
    )
    return None
