"""The source of a Python function as a syntax tree whose nodes know their place in the file."""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any

from dag.diagnostics.span import Span
from dag.language.annotations import declaring_class, module_of


class NoSource(Exception):
    """A function without a `def` in a file: a lambda, a builtin, or something typed at a prompt."""


class FunctionSource:
    """A function and its `def`: the file's path, and what the graph calls the file."""

    def __init__(self, function: FunctionType, tree: ast.FunctionDef, path: str, file: str) -> None:
        self.function = function
        self.tree = tree
        self.path = path
        self.file = file

    @property
    def doc(self) -> str:
        """The docstring, or nothing."""
        return ast.get_docstring(self.tree) or ""

    def span(self, node: ast.AST) -> Span:
        """Where `node` stands, as far as its first line goes."""
        return span_of(node, self.path, self.file)

    def text(self, node: ast.AST) -> str:
        """The code of `node` on one line."""
        return ast.unparse(node)

    def outer_name(self, name: str) -> Any:
        """What `name` means outside the function: a closure variable, a global or a builtin. Raises KeyError."""
        free = self.function.__code__.co_freevars
        if name in free and self.function.__closure__ is not None:
            try:
                return self.function.__closure__[free.index(name)].cell_contents
            except ValueError:
                raise KeyError(name) from None
        if name in self.function.__globals__:
            return self.function.__globals__[name]
        return vars(builtins)[name]

    def outer_names(self) -> dict[str, Any]:
        """Every name visible from outside the function, for evaluating its annotations."""
        names = dict(self.function.__globals__)
        for name, cell in zip(self.function.__code__.co_freevars, self.function.__closure__ or (), strict=True):
            try:
                names[name] = cell.cell_contents
            except ValueError:
                continue  # not assigned yet
        return names


def span_of(node: ast.AST, path: str, file: str) -> Span:
    """The span of a syntax node in the source file `path`, which the graph calls `file`."""
    line: int = getattr(node, "lineno", 1)
    text = linecache.getline(path, line).rstrip("\n")
    start = _characters(text, getattr(node, "col_offset", 0))
    same_line = getattr(node, "end_lineno", line) == line
    end = _characters(text, getattr(node, "end_col_offset", 0)) if same_line else len(text)
    return Span(file, line, start + 1, max(end, start + 1) + 1, text, path)


def header_span(tree: ast.FunctionDef | ast.ClassDef, path: str, file: str) -> Span:
    """The name in a `def` or `class` line."""
    text = linecache.getline(path, tree.lineno).rstrip("\n")
    keyword = "class" if isinstance(tree, ast.ClassDef) else "def"
    start = text.find(tree.name, _characters(text, tree.col_offset) + len(keyword))
    return Span(file, tree.lineno, start + 1, start + 1 + len(tree.name), text, path)


def _characters(text: str, offset: int) -> int:
    """Syntax trees count bytes; people and editors count characters."""
    return len(text.encode()[:offset].decode(errors="ignore"))


def first_line(function: FunctionType) -> Span | None:
    """Where a function without a `def` begins; None where no file says."""
    path, line = function.__code__.co_filename, function.__code__.co_firstlineno
    text = linecache.getline(path, line).rstrip("\n")
    return Span(file_name(path, function.__module__), line, 1, len(text) + 1, text, path) if text else None


def without_source(function: FunctionType) -> tuple[str, str]:
    """What a function is that has no `def` to read, and how to write it instead."""
    name = function.__name__
    if inspect.iscoroutinefunction(function):
        return f"`{name}`, an `async def`", f"write `def {name}`: a lane only computes, and waits for nothing"
    if name == "<lambda>":
        return "a lambda", "write it with `def`, in the file of the lane or in a module that it imports"
    return f"`{name}`, whose source cannot be found", "write it with `def` in a file"


def function_source(function: FunctionType) -> FunctionSource:
    """The `def` of `function`; raises NoSource."""
    code = function.__code__
    path = code.co_filename
    for tree in _functions(path, "".join(linecache.getlines(path, function.__globals__))):
        first = min([tree.lineno, *(decorator.lineno for decorator in tree.decorator_list)])
        if tree.name == code.co_name and first == code.co_firstlineno:
            return FunctionSource(function, tree, path, file_name(path, function.__module__))
    raise NoSource(function.__qualname__)


@lru_cache(maxsize=256)
def _functions(path: str, text: str) -> tuple[ast.FunctionDef, ...]:
    return tuple(node for node in ast.walk(ast.parse(text, path)) if isinstance(node, ast.FunctionDef))


@lru_cache(maxsize=256)
def _classes(path: str, text: str) -> tuple[ast.ClassDef, ...]:
    return tuple(node for node in ast.walk(ast.parse(text, path)) if isinstance(node, ast.ClassDef))


def field_place(cls: type, field: str) -> Span | None:
    """Where a dataclass declares a field; None where its source cannot be found."""
    owner = declaring_class(cls, field)
    path = module_of(owner).get("__file__")
    if path is None:
        return None
    for tree in _classes(path, "".join(linecache.getlines(path))):
        for statement in tree.body if tree.name == owner.__name__ else ():
            if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == field:
                return span_of(statement, path, file_name(path, owner.__module__))
    return None


def file_name(path: str, module: str) -> str:
    """What the graph calls a source file: the same whatever folder it is compiled from.

    A module of a package is `package/module.py`, any other file its bare name.
    """
    parts = Path(path).parts
    folders = module.count(".") + (parts[-1] == "__init__.py")
    return "/".join(parts[-1 - folders :])
