"""What to change for a diagnostic, where that takes no thought: a guard, the order of a domain's ends, an import.

A remedy sees the source and not the words of the message. It gives None where the source does not look as it expects: nothing is
then changed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

import dagc
from dag.diagnostics.diagnostic import Diagnostic
from dag.diagnostics.span import Span
from dagc.fixing.edits import Edit, Source

Remedy = Callable[[Diagnostic, Source, Span], Edit | None]

#: The longest line that an import is made into.
WIDTH = 100
#: What may be called in an operand that is written twice: it remembers nothing and costs little.
_HARMLESS = {"abs", "float", "int", "len", "max", "min", "round", "sqrt"}


def remedy(diagnostic: Diagnostic, source: Source) -> Edit | None:
    """The change that puts `diagnostic` right, or None."""
    make = _REMEDIES.get(diagnostic.code)
    return None if make is None or diagnostic.span is None else make(diagnostic, source, diagnostic.span)


def _guarded(zero: str, *operators: type[ast.operator]) -> Remedy:
    """`a / b` becomes `(a / b if b != 0.0 else 0.0)`."""

    def make(diagnostic: Diagnostic, source: Source, span: Span) -> Edit | None:
        found = [
            node
            for node in source.at(span.line, span.column)
            if isinstance(node, ast.BinOp) and isinstance(node.op, operators) and _fits(node, span)
        ]
        if len(found) != 1 or not _may_stand_twice(found[0].right):
            return None
        quotient, divisor = source.text_of(found[0]), _bracketed(source, found[0].right)
        return Edit(*source.ends(found[0]), f"({quotient} if {divisor} != {zero} else {zero})")

    return make


def _rooted(diagnostic: Diagnostic, source: Source, span: Span) -> Edit | None:
    """`sqrt(x)` becomes `sqrt(max(x, 0.0))`."""
    found = [node for node in source.at(span.line, span.column) if isinstance(node, ast.Call) and _fits(node, span)]
    if len(found) != 1 or len(found[0].args) != 1 or found[0].keywords or isinstance(found[0].args[0], ast.Starred):
        return None
    (argument,) = found[0].args
    return Edit(*source.ends(argument), f"max({source.text_of(argument)}, 0.0)")


def _turned(diagnostic: Diagnostic, source: Source, span: Span) -> Edit | None:
    """`domain(1.0, 0.0)` becomes `domain(0.0, 1.0)`."""
    found = [node for node in ast.walk(source.tree) if _is_empty_domain(node) and _is_within(source, node, span)]
    if len(found) != 1:
        return None
    low, high = _ends_of(found[0])
    (start, middle), (after, end) = sorted((source.ends(low), source.ends(high)))
    between = source.text[middle:after]
    first, last = source.text[start:middle], source.text[after:end]
    return Edit(start, end, f"{last}{between}{first}")


def _imported(diagnostic: Diagnostic, source: Source, span: Span) -> Edit | None:
    """The name is added to what is imported from dagc."""
    name = next((each[0] for got in diagnostic.got if (each := _UNKNOWN.search(got))), None)
    if name is None or name not in dagc.__all__ or _is_bound(name, source):
        return None
    statements = [
        node
        for node in source.tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "dagc" and not node.level
    ]
    if not statements:
        return _imported_anew(name, source)
    start, end = source.ends(statements[0])
    names = [ast.unparse(each) for each in statements[0].names]
    ordered = sorted([*names, name]) if names == sorted(names) else [*names, name]
    line = f"from dagc import {', '.join(ordered)}"
    if "\n" in source.text[start:end] or len(line) > WIDTH or "*" in names:
        return Edit(start, start, f"from dagc import {name}\n")
    return Edit(start, end, line)


#: How E020 names what is not defined, and how E002 repeats it from Python.
_UNKNOWN = re.compile(r"(?<=^NameError: name ')\w+(?=' is not defined)|(?<=^`)\w+(?=`$)")


def _imported_anew(name: str, source: Source) -> Edit | None:
    imports = [node for node in source.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    if not imports:
        return None
    end = source.ends(imports[-1])[1]
    return Edit(end, end, f"\nfrom dagc import {name}")


def _is_bound(name: str, source: Source) -> bool:
    """Whether some statement of the file gives `name` a meaning: another import might change that."""
    return any(
        (isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name)
        or (isinstance(node, ast.arg) and node.arg == name)
        or (isinstance(node, ast.alias) and (node.asname or node.name.partition(".")[0]) == name)
        for node in ast.walk(source.tree)
    )


def _fits(node: ast.expr, span: Span) -> bool:
    """Whether a message that shows one line of `node` shows it up to its end, or to the end of the line."""
    return node.end_lineno != node.lineno or node.end_col_offset == len(span.text[: span.end_column - 1].encode())


def _is_within(source: Source, node: ast.AST, span: Span) -> bool:
    return (
        isinstance(node, ast.expr) and span.line == node.lineno and span.column - 1 <= node.col_offset < span.end_column
    )


def _is_empty_domain(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or ast.unparse(node.func).rpartition(".")[2] != "domain":
        return False
    ends = _ends_of(node)
    if len(ends) != 2:
        return False
    try:
        low, high = map(ast.literal_eval, ends)
        return bool(low > high)
    except (ValueError, TypeError):
        return False


def _ends_of(call: ast.AST) -> list[ast.expr]:
    """What a call of `domain` gives as its lower and its upper end; neither where it is given otherwise."""
    assert isinstance(call, ast.Call)
    named = {each.arg: each.value for each in call.keywords}
    if len(call.args) == 2 and not named:
        return call.args
    return [named["lo"], named["hi"]] if not call.args and named.keys() == {"lo", "hi"} else []


def _may_stand_twice(node: ast.expr) -> bool:
    for each in ast.walk(node):
        if isinstance(each, ast.NamedExpr | ast.Lambda | ast.Await | ast.Yield):
            return False
        if isinstance(each, ast.Call) and ast.unparse(each.func) not in _HARMLESS:
            return False
    return True


def _bracketed(source: Source, node: ast.expr) -> str:
    text = source.text_of(node)
    return text if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant) else f"({text})"


_REMEDIES: Mapping[str, Remedy] = {
    "E002": _imported,
    "E013": _turned,
    "E020": _imported,
    "E060": _guarded("0.0", ast.Div),
    "E061": _guarded("0", ast.FloorDiv, ast.Mod),
    "E064": _rooted,
}
