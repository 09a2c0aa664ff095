"""Values along an axis: maps, operators, folds and single places.

A loop over an axis is traced once, for all of its places: its variables are nodes that are arrays along the axis, and every operator
lifts over its operands. What is the same at all places is a single node. In a loop that stands in another, the variables of the outer
one have no meaning, so reading them there is refused; what does not depend on them may be computed anywhere.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum

from dag.language.vector import place_of
from dag.operators import table as ops
from dag.operators.units import DIMENSIONLESS
from dag.trace.frame import Frame, Loop
from dag.trace.scalars import enum_of, origin_line, settle, to_node, type_of, unit_of, what
from dag.trace.values import (
    POISON,
    Along,
    Choice,
    Group,
    Number,
    Poison,
    Record,
    Static,
    Unsettled,
    Value,
    nodes_of,
    parts_of,
)
from dag.values.types import I32, I64

Operand = tuple[ast.expr, Value]
#: Places up to which a loop with statements is unrolled.
UNROLLED = 16


@contextmanager
def looping(frame: Frame, target: ast.expr, over: Along | None) -> Iterator[None]:
    """While an expression is traced once for all places; `target` are the variables of the loop."""
    names = frozenset(each.id for each in ast.walk(target) if isinstance(each, ast.Name))
    frame.session.along.append(Loop(frame, names, None if over is None else over.cls.axis))
    yield
    frame.session.along.pop()


def out_of_reach(frame: Frame, at: ast.Name, value: Value) -> Value:
    """`value`, read at `at`; a report where it belongs to a loop around the one that is being traced."""
    loops = frame.session.along
    if len(loops) < 2 or isinstance(value, Along) or not 0 < frame.depth_of(at.id) < len(loops):
        return value
    if not varies(frame, value):
        return value
    outer = loops[frame.depth_of(at.id) - 1]
    return frame.report(
        "E047", at, "a loop that reads nothing of the loop around it",
        f"`{at.id}`, of the loop over {outer.axis or 'a window'} around this one",
        "an axis inside an axis is not there yet: fold the inner one first, into a variable",
    )  # fmt: skip


def is_per_place(frame: Frame, node: int) -> bool:
    """Whether a node has a value for each place of something."""
    return frame.builder.type_of(node).is_array


def varies(frame: Frame, value: Value) -> bool:
    """Whether some part of a value is another one at each place."""
    match value:
        case Unsettled(type=type_):
            return type_.is_array
        case Choice(condition, chosen, otherwise):
            return is_per_place(frame, condition) or varies(frame, chosen) or varies(frame, otherwise)
        case Group() | Record():
            return any(varies(frame, part) for _, part in parts_of(value))
        case _:
            return any(is_per_place(frame, node) for _, node in nodes_of(value))


def constructed(frame: Frame, node: ast.Call, cls: type) -> Value:
    """`Assets(f(x) for x in v)`, `Assets(fill=0.0)`."""
    match node:
        case ast.Call(args=[], keywords=[ast.keyword(arg="fill", value=fill)]):
            value = frame.evaluate(fill)
            return POISON if isinstance(value, Poison) else Along(cls, value, frame.span(node))
        case ast.Call(args=[items], keywords=[]) if not isinstance(items, ast.Starred):
            return along_class(frame, node, cls, (items, frame.evaluate(items)))
    name = cls.__name__
    fix = f"write {name}(f(x) for x in v), or {name}(fill=0.0)"
    return frame.report("E034", node, f"the items of {name}, or fill=", f"`{frame.text(node)}`", fix)


def along_class(frame: Frame, node: ast.Call, cls: type, operand: Operand) -> Value:
    """The value along `cls` that goes over the places of `operand`."""
    at, value = operand
    match value:
        case Poison():
            return POISON
        case Along(kept=int()):
            return frame.report(
                "E047", at, "an item at every place", f"`{frame.text(at)}`, which leaves some out",
                "write `value if condition else other` in front of `for`; an `if` belongs in a fold",
            )  # fmt: skip
        case Along(over) if over is cls:
            return Along(cls, value.item, frame.span(node))
        case Along(over):
            return frame.report(
                "E047", node, f"a value along {cls.__name__}", f"`{frame.text(at)}`, along {over.axis}",
                f"write {over.__name__}({frame.text(at)}): axes are nominal, however long they are",
            )  # fmt: skip
    name = cls.__name__
    return frame.report(
        "E047", at, f"a loop over a value along {name}", f"{frame.text(at)}  {what(frame, value)}",
        f"take the numbers as an input, {name}[float], and map over it: {name}(f(x) for x in v)",
    )  # fmt: skip


def side_by_side(frame: Frame, at: ast.AST, operands: Sequence[Operand]) -> Value:
    """`zip(v, w)` along one axis."""
    classes = {value.cls for _, value in operands if isinstance(value, Along)}
    if len(classes) > 1 or not all(isinstance(value, Along) for _, value in operands):
        return two_axes(frame, at, operands)
    if any(isinstance(value, Along) and value.kept is not None for _, value in operands):
        return frame.report(
            "E047",
            at,
            "items at every place",
            f"`{frame.text(at)}`, where an `if` leaves some out",
            "write the `if` in the fold",
        )
    items = tuple(value.item for _, value in operands if isinstance(value, Along))
    return Along(classes.pop(), Group(items), frame.span(at), lazily=True)


def two_axes(frame: Frame, at: ast.AST, operands: Sequence[Operand]) -> Value:
    """Report operands that do not go side by side."""
    got = tuple(
        f"{line}  declared at {frame.session.display(value.span).at}" if isinstance(value, Along) else line
        for each, value in operands
        for line in [origin_line(frame, each, value)]
    )
    found = [(frame.text(each), value.cls.__name__) for each, value in operands if isinstance(value, Along)]
    name, cls = found[-1]
    fix = f"map over one of them: {cls}(... for x in {name})"
    return frame.report("E047", at, "operands along one axis, or a single value", got, fix)


def lifted(frame: Frame, at: ast.AST, operands: Sequence[Operand], compute: Callable[..., Value]) -> Value:
    """An operator on values along one axis, or beside single ones: `compute` of one place."""
    if any(isinstance(value, Poison) for _, value in operands):
        return POISON
    classes = {value.cls for _, value in operands if isinstance(value, Along)}
    single = [value for _, value in operands if not isinstance(value, Along)]
    if len(classes) > 1:
        return two_axes(frame, at, operands)
    if any(varies(frame, value) for value in single):
        return frame.report(
            "E047", at, "an operator that reads nothing of the loop around it", tuple(origin_line(frame, *each) for each in operands),
            "an axis inside an axis is not there yet: work on single places here",
        )  # fmt: skip
    if any(isinstance(value, Along) and (value.lazily or not _is_number(frame, value)) for _, value in operands):
        got = tuple(origin_line(frame, *each) for each in operands)
        return frame.report("E047", at, "values with a number at each place", got, "map over them, place by place")
    items = [(each, value.item if isinstance(value, Along) else value) for each, value in operands]
    item = compute(*items)
    return POISON if isinstance(item, Poison) else Along(classes.pop(), item, frame.span(at))


def _is_number(frame: Frame, value: Along) -> bool:
    return type_of(frame, value.item) is not None


def as_a_whole(frame: Frame, at: ast.AST, operands: Sequence[Operand], expected: str) -> Value:
    """Report a comparison or a condition of a whole value."""
    cls = next(value.cls for _, value in operands if isinstance(value, Along)).__name__
    names = [frame.text(each) for each, value in operands if isinstance(value, Along)]
    over = f"x in {names[0]}" if len(names) == 1 else f"x, y in zip({', '.join(names)})"
    got = tuple(origin_line(frame, *each) for each in operands)
    return frame.report("E047", at, expected, got, f"map: {cls}(... for {over}), or fold: any(...), all(...), max(v)")


def elements(frame: Frame, at: ast.AST, value: Along) -> tuple[Value, ...] | None:
    """All places, one after the other, of an axis that is short enough to write them out; None after a report."""
    size = len(value.cls.axis.labels)
    if value.kept is not None or size > UNROLLED:
        frame.report(
            "E047", at, f"a loop with statements over at most {UNROLLED} places",
            f"`{frame.text(at)}`, {what(frame, value)}",
            "fold it, sum_seq((f(x) for x in v), 0.0), min_seq, max_seq, any, all, or map it: going over a longer axis place by place is not there yet",
        )  # fmt: skip
        return None
    return tuple(_read(frame, at, value.item, frame.builder.const(k, I64, DIMENSIONLESS)) for k in range(size))


def place(frame: Frame, at: ast.Subscript, value: Along, index: Value) -> Value:
    """`v[3]`, `v[i]`, `v[Asset.ETH]`."""
    cls, size = value.cls, len(value.cls.axis.labels)
    if isinstance(index, Poison):
        return POISON
    if isinstance(index, Static) and isinstance(index.value, Enum) and not isinstance(index.value, int):
        try:
            index = Static(place_of(cls, index.value))
        except TypeError as problem:
            return frame.report(
                "E047", at, f"a place of {cls.axis}", f"`{frame.text(at)}`: {problem}", "give its number"
            )
    if isinstance(index, Static) and type(index.value) is int and not 0 <= index.value < size:
        got, fix = f"{index.value}", f"{cls.__name__} has {size} places"
        return frame.report("E036", at.slice, f"a place from 0 to {size - 1}", got, fix)
    type_ = type_of(frame, index)
    if type_ not in (I64, I32) or unit_of(frame, index) not in (None, DIMENSIONLESS) or enum_of(frame, index):
        got = origin_line(frame, at.slice, index)
        return frame.report(
            "E030", at.slice, f"a whole number as a place of {cls.axis}", got, "int(x) makes a float a whole number"
        )
    node = to_node(frame, at.slice, index, type_, DIMENSIONLESS)
    if node is None:
        return POISON
    if is_per_place(frame, node):
        got = f"`{frame.text(at)}`, another place at each place"
        return frame.report("E047", at, "one place", got, "a place that depends on the loop around it is not there yet")
    if type_ == I32:
        node = frame.builder.op(ops.I32_TO_I64, (node,), frame.span(at))
    return _read(frame, at, value.item, node)


def _read(frame: Frame, at: ast.AST, item: Value, index: int) -> Value:
    match item:
        case Number(node) if is_per_place(frame, node):
            return Number(frame.builder.op(ops.GET, (node, index), frame.span(at)), item.origin, declared=True)
        case Unsettled():
            return _read(frame, at, settle(frame, item, DIMENSIONLESS), index)
        case Choice():
            return _chosen(frame, at, item, index)
        case Group(items):
            return Group(tuple(_read(frame, at, each, index) for each in items))
        case Record(cls, fields):
            return Record(cls, {name: _read(frame, at, each, index) for name, each in fields.items()})
        case _:
            return item


def _chosen(frame: Frame, at: ast.AST, item: Static | Choice, index: int) -> Static | Choice:
    """The literal that is chosen at one place."""
    if isinstance(item, Static) or not varies(frame, item):
        return item
    condition = item.condition
    if is_per_place(frame, condition):
        condition = frame.builder.op(ops.GET, (condition, index), frame.span(at))
    chosen, otherwise = (_chosen(frame, at, arm, index) for arm in (item.chosen, item.otherwise))
    return Choice(condition, chosen, otherwise, item.arms)


def numbered(frame: Frame, at: ast.Call, value: Along, first: int) -> Value:
    """`enumerate(v)`: the number of each place, and what is there."""
    builder, span = frame.builder, frame.span(at)
    like = some_array(frame, at, value)
    if like is None:
        return POISON
    number = builder.op(ops.INDEXES, (like,), span)
    if first:
        number = builder.op(ops.IADD, (number, builder.const(first, I64, DIMENSIONLESS, span)), span)
    return replace(value, item=Group((Number(number, span), value.item)), lazily=True)


def alike(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`like(x, (f(each) for each in x))`."""
    (like_at, x), items = operands
    if isinstance(x, Along):
        return along_class(frame, at, x.cls, items)
    return frame.report(
        "E047", like_at, "a value along an axis", origin_line(frame, like_at, x), "give one whose axis to take"
    )


def enum_along(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`members_in(by)`."""
    ((by_at, by),) = operands
    if isinstance(by, Along):
        if isinstance(by.item, Poison):
            return POISON
        known = type(by.item.value) if isinstance(by.item, Static) else enum_of(frame, by.item)
        if known is not None and issubclass(known, Enum):
            return Static(known)
    fix = "give what holds a member at each place: Assets[Sector]"
    return frame.report("E047", by_at, "members of an Enum along an axis", origin_line(frame, by_at, by), fix)


def some_array(frame: Frame, at: ast.AST, value: Along) -> int | None:
    """A node along the axis of `value`, of whatever it holds; None after a report."""
    own = (node for _, node in nodes_of(value) if is_per_place(frame, node))
    found = next(own, None)
    if found is None:
        found = frame.builder.source_along(value.cls.axis)
    if found is None:
        frame.report(
            "E047", at, "an input or a state along the axis", f"{frame.text(at)}  {what(frame, value)}, the same at all places",
            "take something of each place as an input",
        )  # fmt: skip
    return found


def spread(frame: Frame, at: ast.AST, node: int, value: Along) -> int | None:
    """A node that holds the single value `node` at each place of the axis of `value`; itself where it is along the axis. None
    after a report."""
    if is_per_place(frame, node):
        return node
    like = some_array(frame, at, value)
    return None if like is None else frame.builder.op(ops.SPREAD, (node, like), frame.span(at))
