"""The same program written differently: in 32 bits, with choices for `min` and `max`, with masks for choices."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

_NARROW = {"float": "float32", "int": "int32"}
#: What to write in place of an expression; None leaves it as it is.
Rule = Callable[[str, ast.expr, bool], str | None]


def respelled(text: str, rule: Rule) -> str:
    """`text` with every expression that `rule` rewrites, outermost first; each line stays where it is."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    edits: list[tuple[int, int, str]] = []
    end_of_last = 0
    for node, declares in _expressions(ast.parse(text), False):
        start, end = (
            starts[node.lineno - 1] + node.col_offset,
            starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0),
        )
        new = rule(text, node, declares) if start >= end_of_last and node.end_lineno == node.lineno else None
        if new is not None:
            edits.append((start, end, new))
            end_of_last = end
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text


def _expressions(node: ast.AST, declares: bool) -> Iterator[tuple[ast.expr, bool]]:
    """Every expression in the order of the text, and whether it stands in a declaration: an annotation, or an alias of one."""
    if isinstance(node, ast.expr):
        yield node, declares
    fields = [(name, child) for name, value in ast.iter_fields(node) for child in _listed(value)]
    for name, child in sorted(
        fields, key=lambda each: (getattr(each[1], "lineno", 0), getattr(each[1], "col_offset", 0))
    ):
        is_alias = isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript)
        yield from _expressions(child, declares or is_alias or name in ("annotation", "returns"))


def _listed(value: object) -> list[ast.AST]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, ast.AST)]


def narrowed(text: str) -> str:
    """Every declaration in 32 bits, and the literals that are computed with."""

    def rule(text: str, node: ast.expr, declares: bool) -> str | None:
        if declares:
            return _NARROW.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(node, ast.Constant) and type(node.value) is float:
            return f"float32({ast.get_source_segment(text, node)})"
        return "float32" if isinstance(node, ast.Name) and node.id == "float" else None

    text = respelled(text, rule).replace("initial=0)", "initial=int32(0))")
    return text.replace("from dagc import ", "from dagc import float32, int32; from dagc import ", 1)


def with_extrema_as(form: str) -> Callable[[str], str]:
    """Every `min(a, b)` and `max(a, b)` of names and numbers as the choice that `form` says: `{b} if {b} {less} {a} else {a}`."""

    def rule(text: str, node: ast.expr, declares: bool) -> str | None:
        match node:
            case ast.Call(ast.Name("min" | "max" as name), [a, b], []):
                first, second = (_with_extrema(text, each, rule) for each in (a, b))
                less, more = ("<", ">") if name == "min" else (">", "<")
                return f"({form.format(a=first, b=second, less=less, more=more)})"
        return None

    return lambda text: respelled(text, rule)


def _with_extrema(text: str, node: ast.expr, rule: Rule) -> str:
    segment = ast.get_source_segment(text, node) or ""
    return f"({respelled(segment, rule)})"


def with_masks(text: str) -> str:
    """Every choice between numbers as a sum of products with a mask."""

    def rule(text: str, node: ast.expr, declares: bool) -> str | None:
        match node:
            case ast.IfExp(test, chosen, otherwise) if _are_numbers(chosen, otherwise):
                mask = f"(1.0 if {ast.get_source_segment(text, test)} else 0.0)"
                masks = ((mask, chosen), (f"(1.0 - {mask})", otherwise))
                parts = [f"{m} * ({ast.get_source_segment(text, arm)})" for m, arm in masks if not _is_zero(arm)]
                return f"({' + '.join(parts)})"
        return None

    return respelled(text, rule)


def _are_numbers(*arms: ast.expr) -> bool:
    """Whether the arms are computed floats, or 0.0. Bools, Enum members and integers have no such mask, a literal has no unit to
    match, and what a choice guards, a mask does not."""
    inner = [node for arm in arms for node in ast.walk(arm)]
    return not any(
        isinstance(node, ast.Compare | ast.BoolOp | ast.Not | ast.IfExp | ast.Div)
        or (isinstance(node, ast.Constant) and type(node.value) is not float)
        or (isinstance(node, ast.Attribute) and node.attr.isupper())
        for node in inner
    ) and all(_is_zero(arm) or not isinstance(arm, ast.Constant) for arm in arms)


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0.0
