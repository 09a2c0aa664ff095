"""What a loop or a comprehension goes over, and the names that it binds."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum

from dag.graphs.paths import ALWAYS, where
from dag.operators.table import AND
from dag.operators.units import DIMENSIONLESS
from dag.trace import axes
from dag.trace.frame import Frame
from dag.trace.operators.comparisons import condition
from dag.trace.python_values import from_python
from dag.trace.scalars import fields_of, what
from dag.trace.states import arrays
from dag.trace.values import (
    POISON,
    Along,
    Array,
    Group,
    Number,
    Poison,
    Record,
    Static,
    Value,
    Window,
)
from dag.trace.ways_out import instead_of_mutation, one_line, zero
from dag.values.types import BOOL


def items_of(frame: Frame, node: ast.expr, value: Value) -> tuple[Value, ...] | None:
    """The items of `value`, that of `node`: of a tuple, range, enumerate, zip or reversed, of known length. None after a report."""
    match value:
        case Poison():
            return None
        case Group(items):
            return items
        case Array():
            return arrays.elements(frame, node, value)
        case Along():
            return axes.elements(frame, node, value)
        case Static(type() as cls) if issubclass(cls, Enum):
            return tuple(Static(member) for member in cls)
        case Static(dict() as table):
            return tuple(from_python(frame, key) for key in table)
    if isinstance(value, Window):
        got, past = f"{frame.text(node)}  {what(frame, value)}", one_line(frame, node)
        fix = f"fold it: sum_seq({past}, {zero(frame, value)}), min_seq, max_seq, of an expression of each value if need be"
        frame.report("E069", node, "something whose length is known when the graph is built", got, fix)
        return None
    frame.report(
        "E035",
        node,
        "something whose length is known when the graph is built: range(...) of literals, a tuple, enumerate, zip",
        f"{frame.text(node)}  {what(frame, value)}",
        f"write its fields: ({fields_of(frame, node, value)})"
        if isinstance(value, Record)
        else "loop over the largest length and use `if i < n` inside",
    )
    return None


def generated(frame: Frame, node: ast.GeneratorExp) -> Value:
    """`f(x) for x in xs`: the tuple of all items. Its variables are its own."""
    outside = dict(frame.env)
    over = frame.evaluate(node.generators[0].iter)
    if isinstance(over, Window | Along):
        swept = _swept(frame, node, over) if isinstance(over, Window) else _mapped(frame, node, over)
        frame.env = outside
        return swept
    items: list[Value] = []
    known = _comprehend(frame, node, 0, items, over)
    frame.env = outside
    return Group(tuple(items)) if known else POISON


def _swept(frame: Frame, node: ast.GeneratorExp, over: Window) -> Value:
    """An expression of each value of a window: computed for all of them at once."""
    generator = node.generators[0]
    if len(node.generators) > 1 or frame.session.sweeping is not None:
        return frame.report(
            "E069", node, "one `for` over a window", f"`{frame.text(node)}`", "fold the inner window first, into a variable"
        )  # fmt: skip
    bind_target(frame, generator.target, over.item, tapped=False)
    frame.session.sweeping = node
    frame.session.conditional += 1
    with axes.looping(frame, generator.target, None):
        kept = _which_count(frame, generator.ifs, over.only)
        with frame.session.behind(ALWAYS if not isinstance(kept, int) else where(kept)):
            item = kept if isinstance(kept, Poison) else frame.evaluate(node.elt)
    frame.session.conditional -= 1
    frame.session.sweeping = None
    if isinstance(item, Poison) or isinstance(kept, Poison):
        return POISON
    return replace(over, item=item, kept="", only=kept)


def _which_count(frame: Frame, tests: Sequence[ast.expr], kept: int | None) -> int | Poison | None:
    """The bool that the `if`s of a generator come to, together with what was kept before; None where all is kept."""
    builder = frame.session.builder
    for test in tests:
        decided = condition(frame, (test, frame.evaluate(test)), "a condition")
        if decided is None:
            return POISON
        one = decided.node if isinstance(decided, Number) else builder.const(bool(decided.value), BOOL, DIMENSIONLESS)
        kept = one if kept is None else builder.op(AND, (kept, one), frame.span(test))
    return kept


def _mapped(frame: Frame, node: ast.GeneratorExp, over: Along) -> Value:
    """An expression of each place of an axis: traced once. What its `if` leaves out, a fold skips."""
    generator, *others = node.generators
    if others or over.kept is not None:
        return frame.report(
            "E047", node, "one `for` over the places of an axis", f"`{frame.text(node)}`", "fold the inner one first, into a variable"
        )  # fmt: skip
    bind_target(frame, generator.target, over.item, tapped=False)
    with axes.looping(frame, generator.target, over):
        kept = _which_count(frame, generator.ifs, None)
        if isinstance(kept, Poison):
            return POISON
        with frame.session.behind(ALWAYS if kept is None else where(kept)):
            item = frame.evaluate(node.elt)
    return POISON if isinstance(item, Poison) else Along(over.cls, item, frame.span(node), lazily=True, kept=kept)


def _comprehend(
    frame: Frame, node: ast.GeneratorExp, depth: int, items: list[Value], outermost: Value | None = None
) -> bool:
    """`outermost` is what the first `for` goes through, where it is known."""
    if depth == len(node.generators):
        items.append(frame.evaluate(node.elt))
        return True
    generator = node.generators[depth]
    over = frame.evaluate(generator.iter) if outermost is None else outermost
    values = items_of(frame, generator.iter, over)
    if values is None:
        return False
    for value in values:
        bind_target(frame, generator.target, value, tapped=False)
        kept = _kept(frame, node.elt, generator.ifs)
        if kept is None or (kept and not _comprehend(frame, node, depth + 1, items)):
            return False
    return True


def _kept(frame: Frame, element: ast.expr, tests: list[ast.expr]) -> bool | None:
    """Whether all of a comprehension's conditions hold; None after a report, which says how to choose of its `element`."""
    for test in tests:
        decided = condition(frame, (test, frame.evaluate(test)), "a condition")
        if isinstance(decided, Number):
            frame.report(
                "E035",
                test,
                "a condition that is known when the graph is built",
                f"{frame.text(test)}  {what(frame, decided)}",
                f"choose in front of `for`: {frame.text(element)} if {frame.text(test)} else the neutral value, 0 in a sum",
            )
        if not isinstance(decided, Static):
            return None
        if not decided.value:
            return False
    return True


def bind_target(frame: Frame, target: ast.expr, value: Value, tapped: bool = True) -> None:
    """Assign to a name, or item by item to a tuple of names; anything else would mutate and is reported."""
    match target:
        case ast.Name(name):
            if tapped:
                frame.define(name, value)
            else:
                frame.env[name] = value
        case ast.Tuple(targets) | ast.List(targets):
            for each, item in zip(targets, _unpacked(frame, target, targets, value), strict=True):
                bind_target(frame, each, item, tapped)
        case ast.Starred(inner):
            bind_target(frame, inner, value, tapped)
        case _:
            what_changes = "an attribute" if isinstance(target, ast.Attribute) else "an item"
            got = f"`{frame.text(target)}` assigns to {what_changes}"
            frame.report("E042", target, "assignment to a name", got, instead_of_mutation(frame, target))


def _unpacked(frame: Frame, target: ast.expr, targets: list[ast.expr], value: Value) -> Iterator[Value]:
    rest = next((i for i, each in enumerate(targets) if isinstance(each, ast.Starred)), None)
    fewest = len(targets) - (rest is not None)
    if isinstance(value, Group) and (len(value.items) == fewest or (rest is not None and len(value.items) > fewest)):
        if rest is None:
            yield from value.items
            return
        end = rest + len(value.items) - fewest
        yield from (*value.items[:rest], Group(value.items[rest:end]), *value.items[end:])
        return
    if not isinstance(value, Poison):
        frame.report(
            "E030",
            target,
            f"a tuple of {fewest}" + (" or more" if rest is not None else ""),
            what(frame, value),
            f"a record is no tuple: write the fields on the right, {', '.join(f'x.{name}' for name in value.fields)}"
            if isinstance(value, Record)
            else "give as many names as the tuple has items",
        )
    yield from (POISON for _ in targets)
