"""The top level of an emitted Python module: what it defines, each helper compared with the meaning that the op table names.

A helper counts as an operator only where its definition is, statement for statement, that of the operator's meaning in
`dag`: then it is the operator, by definition. Comments, docstrings and blank lines do not count.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from compile.interpreter.names import BUILTINS
from compile.proof.core.verdict import Unreadable
from dag.operators import meanings
from dag.operators.lookups import lookup_in
from dag.operators.meanings import looked_up
from dag.operators.table import LOOKUP, OPS
from dag.values import words

#: The imports that an emitted module may have, as ast.dump writes them.
_IMPORTS = frozenset(
    ast.dump(ast.parse(line).body[0])
    for line in (
        "from __future__ import annotations", "import ctypes", "import math", "import struct",
        "from fractions import Fraction", "from math import inf", "from math import nan", "from math import inf, nan",
    )
)  # fmt: skip
#: The constants that helpers read.
_CONSTANTS: dict[str, Any] = {
    name: getattr(module, name)
    for module in (meanings, words)
    for name in (
        "I64_MAX", "I64_MIN", "LEAST_NORMAL_F64", "LEAST_NORMAL_F32", "CANONICAL_NAN", "CANONICAL_NAN_32", "MASK", "MASK_32"
    )
    if hasattr(module, name)
}  # fmt: skip
#: What a constant table is called; what it is, its words say.
_TABLE_NAME = re.compile(r"TABLE_[0-9a-f]+")
_MODULE_NAMES = frozenset(("ctypes", "math", "struct", "Fraction", "inf", "nan", "GRAPH", "INITIAL_STATE"))
#: Python's own words, which no module has to import.
_WITHOUT_IMPORT = BUILTINS & frozenset(vars(builtins))
#: Names that no function may have: a helper would call it instead of its own.
_TAKEN = BUILTINS | _MODULE_NAMES | frozenset(_CONSTANTS)
#: Names that no variable of a function may have, since expressions have them.
TAKEN = frozenset(("abs", "float", "int", "tuple", "zip", "locals", "inf", "nan"))


@dataclass(frozen=True, slots=True)
class Module:
    """What a module defines."""

    #: Helper -> the operator it is; those that only other helpers call are not here.
    operators: dict[str, str]
    functions: dict[str, ast.FunctionDef]
    #: Constant table -> the lookup in it.
    tables: dict[str, str]
    graph: str
    initial_state: ast.Dict


@cache
def operators_by_helper() -> dict[str, str]:
    """The name of each meaning that is a function of its own -> its operator, the binary64 one where two share it."""
    found: dict[str, str] = {}
    for name, op in OPS.items():
        if inspect.isfunction(op.meaning) and op.meaning.__module__ in (meanings.__name__, words.__name__):
            found.setdefault(op.meaning.__name__, name)
    return {**found, "wrap_i64": "wrap_i64", looked_up.__name__: LOOKUP.name}


@cache
def _trusted() -> dict[str, str]:
    """Every function of the modules that hold the meanings, as ast.dump writes it without its docstring."""
    return {
        each.name: _definition(each)
        for module in (meanings, words)
        for each in _tree_of(module).body
        if isinstance(each, ast.FunctionDef)
    }


def _tree_of(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))


def _definition(function: ast.FunctionDef) -> str:
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    bare = ast.FunctionDef(function.name, function.args, body, function.decorator_list, function.returns)
    return ast.dump(bare)


def read_module(text: bytes) -> Module:
    """What the module defines. Raises Unreadable for a statement, a helper or a constant that is not as expected, or missing."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError) as problem:
        raise Unreadable(f"it is no Python: {problem}", getattr(problem, "lineno", 0) or 0) from problem
    body = tree.body[1:] if ast.get_docstring(tree, clean=False) is not None else tree.body
    operators: dict[str, str] = {}
    functions: dict[str, ast.FunctionDef] = {}
    values: dict[str, ast.expr] = {}
    tables: dict[str, str] = {}
    defined: set[str] = set()
    for statement in body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                if ast.dump(statement) not in _IMPORTS:
                    raise Unreadable(f"`{ast.unparse(statement)}` is not expected here", statement.lineno)
                defined |= {alias.name for alias in statement.names}
                continue
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values[name] = value
                if _TABLE_NAME.fullmatch(name):
                    tables[name] = _lookup_in(value)
                elif name in _CONSTANTS and not _is_literal(value, _CONSTANTS[name]):
                    raise Unreadable(f"`{name}` is not {_CONSTANTS[name]!r}", statement.lineno)
                elif name not in _CONSTANTS and name not in ("GRAPH", "INITIAL_STATE"):
                    raise Unreadable(f"`{name}` is not expected here", statement.lineno)
            case ast.FunctionDef(name=name):
                if name in _trusted():
                    if _definition(statement) != _trusted()[name]:
                        raise Unreadable(f"helper `{name}` is not what the op table means by it", statement.lineno)
                    if name in operators_by_helper():
                        operators[name] = operators_by_helper()[name]
                elif name in _TAKEN or name in operators_by_helper():
                    raise Unreadable(f"`{name}` may not be defined here", statement.lineno)
                else:
                    functions[name] = statement
            case _:
                raise Unreadable("a statement of this kind is not expected at the top level", statement.lineno)
        if name in defined:
            raise Unreadable(f"`{name}` is defined twice", statement.lineno)
        defined.add(name)
    if "annotations" not in defined:
        raise Unreadable("`from __future__ import annotations` is missing: annotations would be evaluated")
    for function in body:
        if isinstance(function, ast.FunctionDef):
            _require_names(function, defined)
    graph, initial = values.get("GRAPH"), values.get("INITIAL_STATE")
    if not (isinstance(graph, ast.Constant) and isinstance(graph.value, str) and isinstance(initial, ast.Dict)):
        raise Unreadable("`GRAPH` and `INITIAL_STATE` are missing")
    return Module(operators, functions, tables, graph.value, initial)


def _require_names(function: ast.FunctionDef, defined: Collection[str]) -> None:
    """Raise Unreadable where a function reads a name that nothing defines: it would raise NameError instead of answering.

    Annotations are text and read nothing.
    """
    arguments = function.args
    known = {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    names = [
        node for each in (*function.body, *arguments.defaults) for node in ast.walk(each) if isinstance(node, ast.Name)
    ]
    known |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
    known |= _WITHOUT_IMPORT.union(defined)
    for name in names:
        if name.id not in known:
            raise Unreadable(f"`{name.id}` is read in `{function.name}` and defined nowhere", name.lineno)


def _lookup_in(value: ast.expr) -> str:
    """The lookup in a tuple of integers. Raises Unreadable."""
    try:
        words = ast.literal_eval(value)
        if isinstance(words, tuple) and all(type(word) is int for word in words):
            return lookup_in(words).name
    except (ValueError, TypeError) as problem:
        raise Unreadable(f"a table that no lookup has: {problem}", value.lineno) from problem
    raise Unreadable("a table is a tuple of integers", value.lineno)


def _is_literal(expression: ast.expr, value: Any) -> bool:
    try:
        found = ast.literal_eval(expression)
    except (ValueError, TypeError):
        return False
    return type(found) is type(value) and found == value
