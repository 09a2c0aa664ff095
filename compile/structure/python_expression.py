"""A Python expression as a term. What Python's text leaves open, the types of the operands decide: `a + b` of two floats
is `add`, of two integers it has to stand in `wrap_i64(...)`, and `/` is IEEE division by a constant that is no zero only.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from compile.structure.python_module import Module
from compile.structure.terms import IllTyped, Terms
from compile.structure.verdict import Unreadable
from dag.types import Kind

_ON_FLOATS: dict[type[ast.operator], str] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul"}
_ON_BITS: dict[type[ast.operator], str] = {ast.BitAnd: "iand", ast.BitOr: "ior", ast.BitXor: "ixor"}
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Unwrapped:
    """An integer of Python's own size, until `wrap_i64` makes it the result of this operator."""

    operator: str
    operands: tuple[int, ...]


class Expressions:
    """Expressions of one module; `lines` holds every term that was found in one, and where first."""

    def __init__(self, terms: Terms, module: Module) -> None:
        self._terms = terms
        self._module = module
        self.lines: dict[int, int] = {}

    def term(self, expression: ast.expr, variables: Mapping[str, int]) -> int:
        """The term of an expression. Raises Unreadable, which names the line."""
        try:
            found = self._value(expression, variables)
        except (IllTyped, KeyError, TypeError) as problem:
            raise Unreadable(f"`{_text(expression)}`: {problem}", expression.lineno) from problem
        if isinstance(found, _Unwrapped):
            raise Unreadable(f"`{_text(expression)}` is an integer that nothing wraps to 64 bits", expression.lineno)
        return found

    def _value(self, expression: ast.expr, variables: Mapping[str, int]) -> int | _Unwrapped:
        found = self._of(expression, variables)
        if not isinstance(found, _Unwrapped):
            self.lines.setdefault(found, expression.lineno)
        return found

    def _of(self, expression: ast.expr, variables: Mapping[str, int]) -> int | _Unwrapped:
        terms = self._terms
        match expression:
            case ast.Name(id="inf" | "nan" as name) if name not in variables:
                return terms.constant(float(name), Kind.F64)
            case ast.Name(id=name):
                if name not in variables:
                    raise Unreadable(f"`{name}` has no value here", expression.lineno)
                return variables[name]
            case ast.Constant(value=value):
                return self._constant(value, expression)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))) if not isinstance(value, bool):
                return self._constant(-value, expression)
            case ast.UnaryOp(op=operator, operand=operand):
                x = self.term(operand, variables)
                if isinstance(operator, ast.Not):
                    return terms.term("not", x)
                if isinstance(operator, ast.USub):
                    return terms.term("neg", x) if terms.is_float(x) else _Unwrapped("ineg", (x,))
            case ast.BinOp(left=left, op=operator, right=right):
                return self._binary(type(operator), self.term(left, variables), self.term(right, variables))
            case ast.BoolOp(op=operator, values=values):
                name = "and" if isinstance(operator, ast.And) else "or"
                first, *others = (self.term(each, variables) for each in values)
                for each in others:
                    first = terms.term(name, first, each)
                    self.lines.setdefault(first, expression.lineno)
                return first
            case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _COMPARED:
                a, b = self.term(left, variables), self.term(right, variables)
                prefix = "i" if terms.is_int(a) else ""
                return terms.term(prefix + _COMPARED[type(operator)], a, b)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return terms.term("select", *(self.term(each, variables) for each in (test, body, orelse)))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name not in variables:
                return self._call(name, arguments, variables, expression)
        raise Unreadable(f"`{_text(expression)}` is no expression of an emitted module", expression.lineno)

    def _constant(self, value: object, expression: ast.expr) -> int:
        if isinstance(value, bool):
            return self._terms.constant(value, Kind.BOOL)
        if isinstance(value, int) and -(1 << 63) <= value < 1 << 63:
            return self._terms.constant(value, Kind.I64)
        if isinstance(value, float):
            return self._terms.constant(value, Kind.F64)
        raise Unreadable(f"`{_text(expression)}` is no constant of the language", expression.lineno)

    def _binary(self, operator: type[ast.operator], a: int, b: int) -> int | _Unwrapped:
        terms = self._terms
        if terms.is_float(a) and operator in _ON_FLOATS:
            return terms.term(_ON_FLOATS[operator], a, b)
        if terms.is_float(a) and operator is ast.Div:
            divisor = terms.value(b)
            if not divisor or divisor != divisor:
                raise IllTyped("Python's `/` is IEEE division only by a constant that is neither zero nor NaN")
            return terms.term("div", a, b)
        if not (terms.is_int(a) and terms.is_int(b)):
            raise IllTyped(f"{operator.__name__} does not take {terms.types(a, b)}")
        if operator in _ON_FLOATS:
            return _Unwrapped(f"i{_ON_FLOATS[operator]}", (a, b))
        if operator in _ON_BITS:
            return terms.term(_ON_BITS[operator], a, b)
        if operator is ast.LShift:
            return _Unwrapped("shl", (a, self._masked(b)))
        if operator is ast.RShift:
            return terms.term("shr", a, self._masked(b))
        raise IllTyped(f"{operator.__name__} is no operator of the op table on integers")

    def _masked(self, width: int) -> int:
        """n of `n & 63`: the operators shift by that, Python by any number."""
        terms = self._terms
        if terms.operators[width] == "iand":
            for n, mask in (terms.operands[width], terms.operands[width][::-1]):
                if terms.value(mask) == 63:
                    return n
        raise IllTyped("a shift by more than 63 is not the operator's: `& 63` is missing")

    def _call(
        self, name: str, arguments: list[ast.expr], variables: Mapping[str, int], expression: ast.expr
    ) -> int | _Unwrapped:
        terms = self._terms
        if name == "wrap_i64" and name in self._module.operators and len(arguments) == 1:
            found = self._value(arguments[0], variables)
            if isinstance(found, _Unwrapped):
                return terms.term(found.operator, *found.operands)
            if terms.is_int(found):
                return found
            raise IllTyped(f"`wrap_i64` does not take {terms.types(found)}")
        operands = [self.term(each, variables) for each in arguments]
        if name in self._module.operators and name != "wrap_i64":
            return terms.term(self._module.operators[name], *operands)
        match name, operands:
            case "abs", [x]:
                return terms.term("abs", x) if terms.is_float(x) else _Unwrapped("iabs", (x,))
            case "float", [x] if terms.is_int(x):
                return terms.term("i64_to_f64", x)
            case "int", [x] if terms.is_bool(x):
                return terms.term("bool_to_i64", x)
        raise Unreadable(f"`{name}` is no operator on these operands", expression.lineno)


def _text(expression: ast.expr) -> str:
    text = ast.unparse(expression)
    return text if len(text) <= 80 else f"{text[:77]}..."
