"""Functions of many numbers: min, max, sum, any, all, and dagc's folds in a stated order."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dag.language import intrinsics
from dag.operators import table as ops
from dag.operators.op import Op
from dag.trace import axes, axis_folds
from dag.trace.builtins.conversions import as_int
from dag.trace.builtins.handlers import Handler
from dag.trace.expressions.comprehensions import items_of
from dag.trace.frame import Frame
from dag.trace.operators.applying import Operand, apply_typed, constant, foldable, partly_whole
from dag.trace.operators.arithmetic import binary
from dag.trace.operators.comparisons import either
from dag.trace.scalars import arithmetic_type, type_of, unify, what
from dag.trace.states import arrays, windows
from dag.trace.values import POISON, Along, Array, Group, Number, Poison, Static, Value, Window
from dag.trace.ways_out import one_line, over_window
from dag.values.types import BOOL, F32, F64, I64


def _of_window(frame: Frame, at: ast.Call, operands: Sequence[Operand], name: str) -> Value:
    """`max(past)`: a window may be empty, so that there has to be something to begin with."""
    node, found = next((node, value) for node, value in operands if isinstance(value, Window))
    beside = [one_line(frame, each) for each, _ in operands if each is not node]
    begin = beside[0] if len(beside) == 1 else f"{name}({', '.join(beside)})" if beside else ""
    return frame.report(
        "E030",
        at,
        f"numbers or one tuple for `{name}`",
        tuple(f"{frame.text(node)}  {what(frame, value)}" for node, value in operands),
        over_window(frame, name, node, found, begin),
    )


def extreme(python: Callable[..., Any], f64: Op, i64: Op) -> Handler:
    """`min` and `max`: from left to right, of arguments or of the items of one tuple."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        if len(operands) == 1 and isinstance(operands[0][1], Along):
            return axis_folds.extreme(frame, at, operands[0], python is max)
        if len(operands) == 1 and isinstance(operands[0][1], Group):
            operands = [(operands[0][0], item) for item in operands[0][1].items]
        if len(operands) == 1 and isinstance(operands[0][1], Array):
            operands = [(operands[0][0], item) for item in arrays.elements(frame, at, operands[0][1])]
        if any(isinstance(value, Poison) for _, value in operands):
            return POISON
        if any(isinstance(value, Window) for _, value in operands):
            return _of_window(frame, at, operands, python.__name__)
        if not operands or (len(operands) == 1 and at.args[0] is not operands[0][0]):
            return frame.report(
                "E034", at, f"something to choose from in `{python.__name__}`", "nothing", "give values"
            )
        if foldable(frame, [value for _, value in operands]):
            return constant(frame, at, python, [value.value for _, value in operands if isinstance(value, Static)])
        unified = unify(frame, at, operands, python.__name__)
        if unified is None:
            return POISON
        nodes, type_ = unified
        result: Value = Number(nodes[0])
        for node in nodes[1:]:
            assert isinstance(result, Number)
            result = apply_typed(frame, at, type_, f64, i64, result.node, node)
        return partly_whole(frame, result, zip((value for _, value in operands), nodes, strict=True))

    return handle


def summed(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """Python's `sum` of integers and bools. Of floats it compensates its rounding errors, which no operator does."""
    (items_at, items), *begin = operands
    if isinstance(items, Window):
        return _sum_of_window(frame, at, items_at, items, begin)
    found = items_of(frame, items_at, items)
    if found is None:
        return POISON
    total: Value = begin[0][1] if begin else Static(0)
    for item in found:
        whole = as_int(frame, at, ((items_at, item),)) if type_of(frame, item) == BOOL else item
        if F64 in (type_of(frame, whole), type_of(frame, total)) or type_of(frame, whole) == F32:
            shown = ", ".join((one_line(frame, items_at), *(one_line(frame, each) for each, _ in begin)))
            fix = f"write sum_seq({shown}), from dagc, which adds from left to right"
            got = f"`{frame.text(at)}`, which Python adds with a correction of its rounding errors"
            return frame.report("E043", at, "a sum whose order is said", got, fix)
        total = binary(frame, at, ast.Add(), (at, total), (items_at, whole))
    return total


def _sum_of_window(frame: Frame, at: ast.Call, items_at: ast.expr, items: Window, begin: Sequence[Operand]) -> Value:
    """`sum(v > 0.0 for v in past)`: of integers and bools, from 0."""
    item = as_int(frame, at, ((items_at, items.item),)) if type_of(frame, items.item) == BOOL else items.item
    start = begin[0] if begin else (items_at, Static(0))
    if arithmetic_type(frame, item) != I64 or arithmetic_type(frame, start[1]) != I64:
        return _of_many(frame, at, "sum", items_at, items)
    return windows.folded(frame, at, "sum", ops.FOLD_ADD, ops.FOLD_IADD, replace(items, item=item), start)


def quantified(name: str, joined: Callable[..., Value], nothing: bool) -> Handler:
    """`any` and `all` of bools, joined from left to right; of none they are `nothing`."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        items_at, items = operands[0]
        if isinstance(items, Window):
            return windows.quantified(frame, at, name, items)
        if isinstance(items, Along):
            return axis_folds.quantified(frame, at, items, joined is either)
        found = items_of(frame, items_at, items)
        result: Value = POISON if found is None else Static(nothing)
        for item in found or ():
            result = joined(frame, at, (at, result), (items_at, item))
        return result

    return handle


def _of_many(frame: Frame, at: ast.Call, name: str, window_at: ast.expr, window: Window) -> Value:
    """`any(v > x for v in past)`, and what else of Python goes over many values: a fold says from where to where, and how it begins."""
    got = f"{frame.text(window_at)}  {what(frame, window)}"
    return frame.report("E030", at, f"a tuple for `{name}`", got, over_window(frame, name, window_at, window))


@dataclass(frozen=True, slots=True)
class Fold:
    """A function of the items of one tuple or window, in the order that the function documents, and of what it begins with.

    `f64` and `i64` are the ops of one step, where the function takes tuples; the others those of a whole window.
    """

    name: str
    python: Callable[..., Any]
    over_floats: Op
    over_integers: Op | None = None
    f64: Op | None = None
    i64: Op | None = None
    needs_start: bool = False

    def __call__(self, frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        (items_at, items), *start = operands
        if isinstance(items, Along):
            if self.over_integers is not None:
                over = (self.over_floats, self.over_integers)
                return axis_folds.folded(frame, at, self.name, *over, (items_at, items), start, self.needs_start)
            found = axes.elements(frame, items_at, items)
            if found is None:
                return POISON
            items = Group(found)
        if isinstance(items, Window) and start:
            return windows.folded(frame, at, self.name, self.over_floats, self.over_integers, items, start[0])
        if not isinstance(items, Group) or not (items.items or start) or self.f64 is None:
            expected = f"a window for `{self.name}`" if self.f64 is None else f"a tuple of numbers for `{self.name}`"
            fix = "write a tuple: (a, b, c)"
            if isinstance(items, Window):
                expected = f"what `{self.name}` of a window begins with"
                fix = over_window(frame, self.name.partition("_")[0], items_at, items)
            return frame.report("E030", at, expected, f"{frame.text(items_at)}  {what(frame, items)}", fix)
        if self.needs_start and not start:
            fix = f"write {self.name.partition('_')[0]}({one_line(frame, items_at)})"
            return frame.report("E034", at, f"what `{self.name}` begins with", f"`{frame.text(at)}`", fix)
        each: list[Operand] = [*start, *((items_at, item) for item in items.items)]
        if foldable(frame, [value for _, value in each]):
            known = [value.value for _, value in each if isinstance(value, Static)]
            return constant(frame, at, self.python, *([known[1:], known[0]] if start else [known]))
        unified = unify(frame, at, each, self.name)
        if unified is None:
            return POISON
        nodes, type_ = unified
        step = self.f64

        def add(a: int, b: int) -> int:
            result = apply_typed(frame, at, type_, step, self.i64, a, b)
            assert isinstance(result, Number)  # of one unit, as they are
            return result.node

        return Number(intrinsics.fold(nodes, add, self.python is intrinsics.sum_pairwise), frame.span(at))
