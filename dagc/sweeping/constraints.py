"""What must hold between the parameters of a binding: comparisons of sums and products of their names, `slow - fast >= 5`."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dagc.debugging.naming_help import did_you_mean
from dagc.sweeping.problem import SweepProblem

_ARITHMETIC: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


@dataclass(frozen=True)
class Constraint:
    """One condition. `text` is what was written."""

    text: str
    tree: ast.expr

    @staticmethod
    def of(text: str, names: tuple[str, ...]) -> Constraint:
        """Raises SweepProblem for what is no condition over `names`."""
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError):
            raise _not_one(text) from None
        _check(text, tree, names, is_condition=True)
        return Constraint(text, tree)

    def holds(self, columns: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Where it holds [rows]."""
        with np.errstate(all="ignore"):
            found: NDArray[np.bool_] = np.asarray(_value(self.tree, columns), bool)
        return found


def _check(text: str, tree: ast.expr, names: tuple[str, ...], is_condition: bool) -> None:
    match tree:
        case ast.BoolOp(values=values) if is_condition:
            parts, inner = values, True
        case ast.UnaryOp(op=ast.Not(), operand=operand) if is_condition:
            parts, inner = [operand], True
        case ast.Compare(left=left, ops=ops, comparators=rest) if is_condition and all(
            type(o) in _COMPARISONS for o in ops
        ):
            parts, inner = [left, *rest], False
        case ast.BinOp(left=left, op=op, right=right) if not is_condition and type(op) in _ARITHMETIC:
            parts, inner = [left, right], False
        case ast.UnaryOp(op=ast.USub(), operand=operand) if not is_condition:
            parts, inner = [operand], False
        case ast.Constant(value=int() | float()):
            return
        case ast.Name() | ast.Attribute():
            name = ast.unparse(tree)
            if name not in names:
                raise SweepProblem(f"constraint `{text}`: `{name}` is no parameter: {did_you_mean(name, names)}")
            return
        case _:
            raise _not_one(text)
    for part in parts:
        _check(text, part, names, inner)


def _value(tree: ast.expr, columns: Mapping[str, Any]) -> Any:
    match tree:
        case ast.BoolOp(op=op, values=values):
            join = np.logical_and if isinstance(op, ast.And) else np.logical_or
            return join.reduce([_value(each, columns) for each in values])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return np.logical_not(_value(operand, columns))
        case ast.UnaryOp(operand=operand):
            return -_value(operand, columns)
        case ast.Compare(left=left, ops=ops, comparators=rest):
            sides = [_value(each, columns) for each in (left, *rest)]
            pairs = [_COMPARISONS[type(op)](a, b) for op, a, b in zip(ops, sides, sides[1:], strict=False)]
            return np.logical_and.reduce(pairs)
        case ast.BinOp(left=left, op=op, right=right):
            return _ARITHMETIC[type(op)](_value(left, columns), _value(right, columns))
        case ast.Constant(value=value):
            return value
        case _:
            return columns[ast.unparse(tree)]


def _not_one(text: str) -> SweepProblem:
    return SweepProblem(
        f"constraint `{text}`: expected a comparison of parameters and numbers with + - * /, such as `fast < slow`; "
        "`and`, `or` and `not` join them"
    )
