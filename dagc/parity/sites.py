"""Where the user's code calls libm: every call, in the function and in the functions that it calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from dag.diagnostics.span import display_path
from dag.language.lift import plain_function
from dag.numbers.portable import is_libm
from dag.trace.functions import NoSource, function_source

#: Packages whose functions are not the user's own.
_NOT_THEIRS = {"numpy", "numba", "scipy", "math", "dag", "dagc", "lanes", "compile", "rtl", "builtins"}


@dataclass(frozen=True, slots=True)
class LibmCall:
    """One call of libm: which of its functions, the text, and where it stands."""

    function: FunctionType
    called: str
    text: str
    at: str
    line: int
    column: int


def functions_of(target: Any) -> list[FunctionType]:
    """The Python functions that the user's code consists of: `target`, or a class's methods, and all that they call."""
    begin: list[Any] = [target]
    if isinstance(target, type):
        begin = [each for base in target.__mro__ if base is not object for each in vars(base).values()]
    found: dict[FunctionType, None] = {}
    waiting = [each for each in map(plain_function, begin) if each is not None]
    while waiting:
        function = waiting.pop()
        package = (function.__module__ or "").partition(".")[0]
        if function in found or package in _NOT_THEIRS:
            continue
        found[function] = None
        for name in _names(function):
            inner = plain_function(_outer(function, name))
            if inner is not None:
                waiting.append(inner)
    return list(found)


def sites_of(functions: list[FunctionType]) -> list[LibmCall]:
    """Every call of libm, in the order of the source."""
    found: list[LibmCall] = []
    for function in functions:
        try:
            source = function_source(function)
        except NoSource:
            continue
        for node in ast.walk(source.tree):
            called = called_libm(function, node)
            if called is not None:
                line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
                at = f"{display_path(source.path)}:{line}"
                found.append(LibmCall(function, called, ast.unparse(node), at, line, column))
    return sorted(found, key=lambda site: (site.at.rpartition(":")[0], site.line, site.column))


def called_libm(function: FunctionType, node: ast.AST) -> str | None:
    """The name of the function of libm that a piece of syntax comes down to: `pow` for `**`; None for anything else."""
    match node:
        case ast.BinOp(op=ast.Pow()) | ast.AugAssign(op=ast.Pow()):
            return "pow"
        case ast.Call(func=callee):
            target = _dotted(function, callee)
            if target is pow:
                return "pow"
            if target is not None and is_libm(target):
                name = str(target.__name__)
                return "pow" if name in ("power", "float_power") else name
    return None


def _dotted(function: FunctionType, expression: ast.expr) -> Any:
    match expression:
        case ast.Name(id=name):
            return _outer(function, name)
        case ast.Attribute(value=owner, attr=attribute):
            return getattr(_dotted(function, owner), attribute, None)
        case _:
            return None


def _outer(function: FunctionType, name: str) -> Any:
    """What a name means outside the function, None where it means nothing yet."""
    free = function.__code__.co_freevars
    if name in free and function.__closure__ is not None:
        try:
            return function.__closure__[free.index(name)].cell_contents
        except ValueError:
            return None
    builtin = function.__globals__.get("__builtins__")
    names = builtin if isinstance(builtin, dict) else vars(builtin) if builtin is not None else {}
    return function.__globals__.get(name, names.get(name))


def _names(function: FunctionType) -> Iterator[str]:
    """Names that a function reads from outside, the functions defined inside it included."""
    waiting = [function.__code__]
    while waiting:
        code = waiting.pop()
        yield from code.co_names
        yield from code.co_freevars
        waiting += [each for each in code.co_consts if hasattr(each, "co_names")]
