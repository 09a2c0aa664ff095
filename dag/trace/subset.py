"""What Python has and lanes do not: how each construct is called, and how to write it instead."""

from __future__ import annotations

import ast

STATIC_LOOP = "write `for i in range(N)` with a literal N, and `if` inside the loop"
OUTSIDE = "move it out of the lane; a lane only computes"

STATEMENTS: dict[type[ast.AST], tuple[str, str]] = {
    ast.While: ("a `while` loop", STATIC_LOOP),
    ast.AsyncFor: ("`async for`", STATIC_LOOP),
    ast.Break: ("`break`", "keep a bool that says whether the loop is over, and choose by it"),
    ast.Continue: ("`continue`", "put the rest of the loop's body under `if not ...`"),
    ast.Try: ("`try`", "guard the value instead: `a / b if b != 0.0 else 0.0`"),
    ast.TryStar: ("`try`", "guard the value instead: `a / b if b != 0.0 else 0.0`"),
    ast.Raise: ("`raise`", "declare a domain on the input: a row outside it is rejected"),
    ast.Assert: ("`assert`", "declare a domain on the input: a row outside it is rejected"),
    ast.With: ("`with`", OUTSIDE),
    ast.AsyncWith: ("`async with`", OUTSIDE),
    ast.Global: ("`global`", "state is carried with `x = carry(initial=...)`"),
    ast.Nonlocal: ("`nonlocal`", "state is carried with `x = carry(initial=...)`"),
    ast.Delete: ("`del`", "leave the name; nothing is stored that nobody reads"),
    ast.Import: ("an import inside a lane", "move it to the top of the file"),
    ast.ImportFrom: ("an import inside a lane", "move it to the top of the file"),
    ast.FunctionDef: ("a function inside a lane", "move it out of the lane and call it"),
    ast.AsyncFunctionDef: ("an async function", OUTSIDE),
    ast.ClassDef: ("a class inside a lane", "move it to the top of the file"),
    ast.Match: ("a pattern that takes a value apart", "match numbers or members of an Enum, or write if / elif / else"),
}

EXPRESSIONS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lambda: ("`lambda`", "write a function with `def` outside the lane and call it"),
    ast.List: ("a list", "write a tuple: (a, b, c)"),
    ast.ListComp: ("a list comprehension", "write tuple(f(x) for x in xs)"),
    ast.Set: ("a set", "write a tuple: (a, b, c)"),
    ast.SetComp: ("a set comprehension", "write tuple(f(x) for x in xs)"),
    ast.Dict: (
        "a dict",
        "look up a member of an Enum where it is written, {Side.BUY: a, Side.SELL: b}[side], or in a constant at the top of the "
        "file, WEIGHTS[side]; or use a frozen dataclass",
    ),
    ast.DictComp: ("a dict comprehension", "use a frozen dataclass, or choose with if / elif / else"),
    ast.Await: ("`await`", OUTSIDE),
    ast.Yield: ("`yield`", "return a tuple or a frozen dataclass"),
    ast.YieldFrom: ("`yield from`", "return a tuple or a frozen dataclass"),
    ast.JoinedStr: ("an f-string", OUTSIDE),
    ast.NamedExpr: ("`:=`", "assign the name on a line of its own"),
    ast.Starred: ("`*` in front of an expression", "write the items out"),
    ast.Slice: ("a slice on its own", "slice a tuple: values[1:]"),
}


def describe_construct(node: ast.AST) -> tuple[str, str]:
    """What an unsupported piece of syntax is called, and the way to write it instead."""
    match node:
        case ast.List(items) if items:
            return "a list", f"write a tuple: {ast.unparse(ast.Tuple(items, ast.Load()))}"
        case ast.ListComp(element, generators):
            return "a list comprehension", f"write tuple{ast.unparse(ast.GeneratorExp(element, generators))}"
        case ast.Dict(keys, values) if keys and all(_is_name(each) for each in keys):
            fields = ", ".join(
                f"{ast.unparse(key)[1:-1]}={ast.unparse(value)}" for key, value in zip(keys, values, strict=True) if key
            )
            return "a dict", f"use a frozen dataclass: Quote({fields})"
        case _:
            pass
    known = STATEMENTS.get(type(node)) or EXPRESSIONS.get(type(node))
    return known or (f"`{type(node).__name__}`", "write it with assignments, if / else and loops of known length")


def _is_name(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isidentifier()
