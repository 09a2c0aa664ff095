"""A function with another body: what rewriting a syntax tree ends in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from types import CellType, CodeType, FunctionType
from typing import Any


def bare_definition(definition: ast.FunctionDef, body: list[ast.stmt]) -> ast.FunctionDef:
    """`definition` with another body: no decorators, no default values (the function object has them), no annotations."""
    blank = ast.arguments(
        posonlyargs=[ast.arg(arg.arg) for arg in definition.args.posonlyargs],
        args=[ast.arg(arg.arg) for arg in definition.args.args],
        vararg=definition.args.vararg and ast.arg(definition.args.vararg.arg),
        kwonlyargs=[ast.arg(arg.arg) for arg in definition.args.kwonlyargs],
        kw_defaults=[None for _ in definition.args.kwonlyargs],
        kwarg=definition.args.kwarg and ast.arg(definition.args.kwarg.arg),
        defaults=[],
    )
    return ast.copy_location(ast.FunctionDef(definition.name, blank, body, []), definition)


def recompiled(
    function: FunctionType,
    definition: ast.FunctionDef,
    helpers: Mapping[str, Callable[..., Any]],
    names: dict[str, Any] | None = None,
) -> FunctionType:
    """The function object of a bare `definition`, with the defaults and closure of `function`, and its globals or `names`.

    The new body may call the `helpers` by their names. File, lines and columns stay those of the original.
    """
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    cells |= {name: CellType(helper) for name, helper in helpers.items()}
    # The definition goes into a function whose arguments are its free variables, so that they compile to cells; neither
    # is ever called, the code object is taken out.
    outer = ast.FunctionDef(
        "outer", ast.arguments([], [ast.arg(name) for name in cells], None, [], [], None, []), [definition], []
    )
    module = ast.fix_missing_locations(ast.Module([ast.copy_location(outer, definition)], []))
    code = compile(module, function.__code__.co_filename, "exec", dont_inherit=True)
    for name in ("outer", definition.name):
        code = next(each for each in code.co_consts if isinstance(each, CodeType) and each.co_name == name)
    code = code.replace(co_qualname=function.__qualname__)
    closure = tuple(cells[name] for name in code.co_freevars)
    known = function.__globals__ if names is None else names
    compiled = FunctionType(code, known, function.__name__, function.__defaults__, closure)
    compiled.__kwdefaults__ = function.__kwdefaults__
    return compiled
