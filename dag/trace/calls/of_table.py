"""Calls of the functions in the table."""

from __future__ import annotations

import ast
from typing import Any

from dag.language.intrinsics import max_seq, min_seq, sum_pairwise
from dag.trace.axes import as_a_whole
from dag.trace.builtins.table import FUNCTIONS, OF_AXES
from dag.trace.calls.arguments import written_out
from dag.trace.expressions.comprehensions import items_of
from dag.trace.frame import Frame
from dag.trace.values import POISON, Along, Group, Poison, Value, Window
from dag.trace.ways_out import many_of, one_line, over_window


def call_builtin(frame: Frame, node: ast.Call, target: object, fewest: int, most: int, handler: Any) -> Value:
    name, many = frame.text(node.func), many_of(target)
    if many in ("max", "min") and [each.arg for each in node.keywords] == ["default"] and len(node.args) == 1:
        return _extreme_or(frame, node, target, node.keywords[0].value)
    keywords = [each for each in node.keywords if (target, each.arg) != (zip, "strict")]
    operands = written_out(frame, node, many)
    if operands is None:
        return POISON
    if keywords or not fewest <= len(operands) <= most:
        count = f"{fewest}" if fewest == most else f"{fewest} to {most}" if most < 99 else f"{fewest} or more"
        fix = (
            _by_key(frame, node)
            if many in ("max", "min")
            else "write the arguments out"
            if keywords or operands == []
            else f"give {count} argument(s)"
        )
        at, first = operands[0] if operands else (node, POISON)
        many = "sum" if target is sum_pairwise else many
        if many is not None and isinstance(first, Window):
            default = next((one_line(frame, each.value) for each in keywords if each.arg == "default"), "")
            fix = over_window(frame, many, at, first, begin=default)
        return frame.report("E034", node, f"{count} plain argument(s) for `{name}`", f"`{frame.text(node)}`", fix)
    if any(isinstance(value, Poison) for _, value in operands):
        return POISON
    if any(isinstance(value, Along) for _, value in operands) and target not in OF_AXES:
        return as_a_whole(frame, node, operands, f"single values for `{name}`")
    value: Value = handler(frame, node, operands)
    return value


def _extreme_or(frame: Frame, node: ast.Call, target: Any, default: ast.expr) -> Value:
    """`max(items, default=0.0)`: the default where there are no items."""
    at = node.args[0]
    if isinstance(at, ast.Name) and isinstance(frame.evaluate(at), Window) and _is_plain(default):
        return frame.evaluate(_of_window_or(node, target, at, default))
    given = frame.evaluate(at)
    if isinstance(given, Window):
        fix = over_window(frame, target.__name__, at, given, begin=one_line(frame, default))
        return frame.report("E034", node, f"plain arguments for `{target.__name__}`", f"`{frame.text(node)}`", fix)
    items = items_of(frame, at, given)
    if items is None:
        return POISON
    value: Value = frame.evaluate(default)
    return FUNCTIONS[target][2](frame, node, [(at, Group(items))]) if items else value


def _is_plain(default: ast.expr) -> bool:
    """Whether an expression may be evaluated on some bars only, though Python evaluates it on all: it carries nothing."""
    return not any(isinstance(each, ast.Call | ast.GeneratorExp) for each in ast.walk(default))


def _of_window_or(node: ast.Call, target: Any, window: ast.Name, default: ast.expr) -> ast.expr:
    """`max(past, default=x)` as `max_seq(past, past[0]) if len(past) > 0 else x`: begun with the oldest, the fold is Python's own."""
    fold = max_seq if target is max else min_seq
    oldest = ast.Subscript(window, ast.Constant(0), ast.Load())
    made = ast.IfExp(
        ast.Compare(ast.Call(ast.Constant(len), [window], []), [ast.Gt()], [ast.Constant(0)]),  # type: ignore[arg-type]
        ast.Call(ast.Constant(fold), [window, oldest], []),  # type: ignore[arg-type]
        default,
    )
    for each in ast.walk(made):
        if isinstance(each, ast.expr) and not hasattr(each, "lineno"):
            ast.copy_location(each, node)
    return made


def _by_key(frame: Frame, node: ast.Call) -> str:
    """What to write for `max(items, key=f)`."""
    key = next((one_line(frame, each.value) for each in node.keywords if each.arg == "key"), None)
    if key is None:
        return "write the arguments out"
    than = ">" if frame.text(node.func) == "max" else "<"
    return f"choose in a loop: `best = each if {key}(each) {than} {key}(best) else best`"
