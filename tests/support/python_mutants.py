"""Miscompilations of an emitted Python module, one small change each, planted at every place that takes it."""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass

_OTHER_COMPARISON: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq
}  # fmt: skip
_OTHER_OPERATOR: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitXor, ast.BitXor: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
#: Operators whose operands may be exchanged, in Python's text.
_SYMMETRIC = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr, ast.BitXor)
#: Casts, wraps and roundings that a compiler may forget.
_DROPPED = frozenset(
    ("wrap_i64", "wrap_i32", "round_f32", "flush", "flush_32", "rint", "floor", "ceil", "trunc", "abs")
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed module. `is_equal` where the change exchanges the operands of a symmetric operator and nothing else."""

    what: str
    line: int
    text: bytes
    is_equal: bool = False


def mutants(text: bytes) -> Iterator[Mutant]:
    """Every mutant of a module's lane functions, its results and its initial state; helpers are left alone."""
    tree = ast.parse(text)
    helpers = {each.name for each in tree.body if isinstance(each, ast.FunctionDef) and not _is_lane(each)}
    nodes = [
        node
        for each in tree.body
        if not isinstance(each, ast.FunctionDef) or each.name not in helpers
        for node in _executed(each)
        if isinstance(node, ast.expr | ast.stmt)
    ]
    for node in nodes:
        for what, replacement, is_equal in _changes(node, helpers):
            original = {name: getattr(node, name) for name in node._fields}
            for name, value in replacement.items():
                setattr(node, name, value)
            yield Mutant(what, node.lineno, ast.unparse(tree).encode(), is_equal)
            for name, value in original.items():
                setattr(node, name, value)


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """`node` and what is below it; annotations are never evaluated."""
    yield node
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, ast.AST):
                    yield from _executed(each)


def _is_lane(function: ast.FunctionDef) -> bool:
    return any(each.arg == "tap" for each in function.args.args)


def _changes(node: ast.AST, helpers: set[str]) -> Iterator[tuple[str, dict[str, object], bool]]:
    """(what is wrong, the fields that change, whether the value stays) for each way to spoil a node."""
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            if ast.dump(left) != ast.dump(right) and not isinstance(left, ast.Tuple):
                symmetric = isinstance(operator, _SYMMETRIC)
                yield "operands swapped", {"left": right, "right": left}, symmetric
                yield "first operand twice", {"right": left}, False
            if not isinstance(left, ast.Tuple) and not isinstance(right, ast.Constant | ast.UnaryOp):
                yield "another operator", {"op": _OTHER_OPERATOR[type(operator)]()}, False
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _OTHER_COMPARISON:
            yield "another comparison", {"ops": [_OTHER_COMPARISON[type(operator)]()]}, False
            if ast.dump(left) != ast.dump(right):
                symmetric = isinstance(operator, ast.Eq | ast.NotEq)
                yield "comparison turned round", {"left": right, "comparators": [left]}, symmetric
        case ast.IfExp(test=test, body=body, orelse=orelse):
            if ast.dump(body) != ast.dump(orelse):
                yield "arms exchanged", {"body": orelse, "orelse": body}, False
                yield "arm dropped", {"orelse": body}, False
                yield "condition negated", {"test": ast.UnaryOp(ast.Not(), test)}, False
        case ast.BoolOp(op=operator, values=[first, *others]):
            yield "or for and", {"op": ast.Or() if isinstance(operator, ast.And) else ast.And()}, False
            if ast.dump(first) != ast.dump(others[-1]):
                yield "condition dropped", {"values": [first, *others[:-1], first]}, False
        case ast.Constant(value=bool(value)):
            yield "the other bool", {"value": not value}, False
        case ast.Constant(value=float(value)):
            yield "constant off by one ulp", {"value": math.nextafter(value, math.inf)}, False
            if value == 0.0:
                yield "sign of zero lost", {"value": -value}, False
        case ast.Constant(value=int(value)):
            yield "integer off by one", {"value": value + 1}, False
        case ast.Call(func=ast.Name(id=name), args=[first, *others]) if name in helpers or name == "abs":
            if others and ast.dump(first) != ast.dump(others[0]):
                swapped = [others[0], first, *others[1:]]
                yield "arguments swapped", {"args": swapped}, name.startswith("fused")
            if name in _DROPPED:
                yield "cast or rounding dropped", {"func": ast.Name("max"), "args": [first, first]}, False
        case ast.Call(func=ast.Name(), args=[first, second, *others]) if ast.dump(first) != ast.dump(second) and others:
            yield "a lane's arguments swapped", {"args": [second, first, *others]}, False
        case ast.UnaryOp(operand=operand) if not isinstance(operand, ast.Constant):
            yield "sign or negation lost", {"operand": ast.UnaryOp(copy.copy(node.op), operand)}, False
        case ast.Return(value=ast.Tuple(elts=[first, *others])) if others:
            yield "results exchanged", {"value": ast.Tuple([others[-1], *others[:-1], first])}, False
        case ast.Dict(keys=[_, _, *_] as keys, values=values):
            yield "entries exchanged", {"values": [values[-1], *values[:-1]]}, False
            yield "entry dropped", {"keys": keys[:-1], "values": values[:-1]}, False
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript(slice=ast.Constant(value=str(port)))):
            yield "another port", {"value": ast.Subscript(ast.Name("inputs"), ast.Constant(f"{port}_"))}, False
