"""The syntax tree of a lane, rewritten so that Python runs it as the language means it."""

from __future__ import annotations

import ast
import copy
import dataclasses
import functools
import inspect
import linecache
from collections.abc import Callable, Hashable
from types import FunctionType, ModuleType
from typing import Any

from dag.language.carry import carry, warm, window
from dag.language.declared_types import conversion_of
from dag.language.lane import Lane
from dag.language.leaves import is_params
from dag.numbers.functions import ON_NUMBERS
from dag.numbers.recompile import bare_definition


def definition_of(function: FunctionType) -> ast.FunctionDef | None:
    """The `def` of `function`, with the line and column numbers of its file; None where there is no source."""
    code = function.__code__
    text = "".join(linecache.getlines(code.co_filename, function.__globals__))
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return None


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


class Rewriter(ast.NodeTransformer):
    """Rewrites one function definition; `carried` maps the carried names to where they begin."""

    def __init__(self, function: FunctionType) -> None:
        self._known = outer_names(function)
        self.carried: dict[str, tuple[int, int]] = {}
        self.windows: set[str] = set()
        #: What makes an annotated variable what its annotation says, by the name under which rewritten code calls it.
        self.conversions: dict[str, Callable[[Any], Any]] = {}
        self.changed = False

    def rewrite(self, definition: ast.FunctionDef) -> ast.FunctionDef:
        """A rewritten copy of `definition`: no decorators, no default values (the function object has them)."""
        body = [self.visit(copy.deepcopy(statement)) for statement in definition.body]
        return bare_definition(definition, body)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """`x ** 3` becomes a left-to-right product."""
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow):
            return node
        return self._call("dagc power", node, node.left, node.right)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """`x **= 3` as `x = x ** 3`."""
        self.generic_visit(node)
        if not isinstance(node.op, ast.Pow) or not isinstance(node.target, ast.Name):
            return node
        read = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
        power = self._call("dagc power", node, read, node.value)
        return ast.copy_location(ast.Assign([node.target], power), node)

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        """`x = carry(initial=e)`."""
        self.generic_visit(node)
        if len(node.targets) == 1:
            node.value = self._carry(node.targets[0], node.value) or node.value
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        """`x: T = carry(initial=e)`."""
        self.generic_visit(node)
        if node.value is not None:
            node.value = self._carry(node.target, node.value) or node.value
            convert = conversion_of(ast.unparse(node.annotation), self._known)
            if convert is not None:
                name = f"dagc declared {len(self.conversions)}"
                self.conversions[name] = convert
                node.value = self._call(name, node.value, node.value)
        return node

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        """Where a lane returns, what its carried names hold is kept."""
        self.generic_visit(node)
        begun = [name for name, at in self.carried.items() if at < (node.lineno, node.col_offset)]
        if (begun or self.windows) and node.value is not None:
            kept = [ast.keyword(name, ast.Name(name, ast.Load())) for name in begun]
            node.value = self._call("dagc keeping", node.value, node.value, keywords=kept)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A call of a plain function runs that function on numbers too, and so may others; a call keeps in mind where it stands."""
        self.generic_visit(node)
        target = self._resolve(node.func)
        if target is warm and len(node.args) == 1 and isinstance(node.args[0], ast.Name):
            return self._call("dagc warm", node, ast.Constant(node.args[0].id))
        if target is None or isinstance(target, Lane) or is_replaced(target):  # None: defined further down in the file
            node.func = self._call("dagc callee", node.func, node.func, _site(node))
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """A property runs as a function that is called does; whether it is one shows when it is read."""
        owner = self._resolve(node.value)
        self.generic_visit(node)
        if not isinstance(node.ctx, ast.Load) or isinstance(owner, ModuleType | type):
            return node
        return self._call("dagc attribute", node, node.value, ast.Constant(node.attr), _site(node))

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.MatchValue:
        """Left alone: a pattern holds names, and no calls."""
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        """Left alone: no part of the language."""
        return node

    def _carry(self, target: ast.expr, value: ast.expr) -> ast.expr | None:
        function = self._resolve(value.func) if isinstance(value, ast.Call) else None
        if not isinstance(value, ast.Call) or not isinstance(target, ast.Name) or function not in (carry, window):
            return None
        if function is window:
            self.windows.add(target.id)
            return self._call("dagc windowed", value, ast.Constant(target.id), *value.args, keywords=value.keywords)
        self.carried[target.id] = (value.lineno, value.col_offset)
        return self._call("dagc carried", value, ast.Constant(target.id), *value.args, keywords=value.keywords)

    def _resolve(self, expression: ast.expr) -> Any:
        """The object that a dotted name means when the lane is defined; None where it means none yet."""
        match expression:
            case ast.Name(id=name):
                return self._known.get(name)
            case ast.Attribute(value=owner, attr=name):
                return getattr(self._resolve(owner), name, None)
            case _:
                return None

    def _call(
        self, helper: str, where: ast.expr | ast.stmt, *args: ast.expr, keywords: list[ast.keyword] | None = None
    ) -> ast.expr:
        self.changed = True
        call = ast.Call(ast.Name(helper, ast.Load()), list(args), keywords or [])
        return ast.copy_location(call, where)


def _site(node: ast.expr) -> ast.expr:
    return ast.Tuple([ast.Constant(node.lineno), ast.Constant(node.col_offset)], ast.Load())


def outer_names(function: FunctionType) -> dict[str, Any]:
    """What names mean outside the function, as far as they mean something when this is called."""
    closure = inspect.getclosurevars(function)
    return {**closure.builtins, **function.__globals__, **closure.nonlocals}


def is_replaced(called: object) -> bool:
    if isinstance(called, FunctionType):
        return called.__module__.partition(".")[0] != "dag"
    if isinstance(called, type) and dataclasses.is_dataclass(called):
        return not is_params(called)
    return isinstance(called, Hashable) and called in ON_NUMBERS
