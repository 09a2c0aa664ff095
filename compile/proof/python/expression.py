"""A Python expression as a term. What Python's text leaves open, the types of the operands decide: `a + b` of two floats
is `add`, of two integers it has to stand in `wrap_i64(...)`, and `/` is IEEE division by a constant that is no zero only.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from compile.proof.core.terms import FOLDS, IllTyped, Terms
from compile.proof.core.verdict import Unreadable
from compile.proof.python.module import Module
from dag.operators.table import LOOKUP
from dag.values.types import Kind

_ON_FLOATS: dict[type[ast.operator], str] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul"}
_ON_BITS: dict[type[ast.operator], str] = {ast.BitAnd: "iand", ast.BitOr: "ior", ast.BitXor: "ixor"}
_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne"
}  # fmt: skip
#: What takes an array and gives one value.
_OF_ARRAYS = frozenset(("get", *FOLDS))
#: What makes an array as long as another, which stands last.
_LIKE = frozenset(("spread", "indexes"))


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
        #: Inside `tuple([... for each in array])`: what stands for an element -> the array. An operator on it is the
        #: operator on every element; nothing there takes an array as a whole but an access to one of its places.
        self._elements: dict[str, int] = {}

    def term(self, expression: ast.expr, variables: Mapping[str, int]) -> int:
        """The term of an expression of single values, or of elements. Raises Unreadable, which names the line."""
        try:
            found = self._value(expression, variables)
        except (IllTyped, KeyError, TypeError) as problem:
            raise Unreadable(f"`{_text(expression)}`: {problem}", expression.lineno) from problem
        if isinstance(found, _Unwrapped):
            raise Unreadable(f"`{_text(expression)}` is an integer that nothing wraps to 64 bits", expression.lineno)
        if self._terms.lengths[found] is not None and not self._elements:
            raise Unreadable(f"`{_text(expression)}` is an array where one value is expected", expression.lineno)
        return found

    def whole(self, expression: ast.expr, variables: Mapping[str, int]) -> int:
        """The term of an expression that may be an array: a name, an array with a place changed or rotated, or one made of others."""
        match expression:
            case ast.Name(id=name) if name in variables:
                return variables[name]
            case ast.Call(func=ast.Name(id=name), args=[*others, ast.Name(id=like)], keywords=[]) if (
                self._module.operators.get(name) in _LIKE and name not in variables and like in variables
            ):
                operands = [self.term(each, variables) for each in others]
                return self._terms.term(self._module.operators[name], *operands, variables[like])
            case ast.Call(func=ast.Name(id=name), args=[array, *others], keywords=[]) if (
                self._module.operators.get(name) in ("put", "rotate") and name not in variables
            ):
                return self._on_array(self._module.operators[name], array, others, variables, expression)
            case ast.Call(
                func=ast.Name(id="tuple"),
                args=[ast.ListComp(elt=body, generators=[ast.comprehension(ifs=[], is_async=0) as over])],
                keywords=[],
            ):
                return self._swept(body, over, variables)
        return self.term(expression, variables)

    def _swept(self, body: ast.expr, over: ast.comprehension, variables: Mapping[str, int]) -> int:
        """`[body for each, other in zip(array, another, strict=True)]`, or over one array alone."""
        match over:
            case ast.comprehension(
                target=ast.Tuple(elts=targets), iter=ast.Call(func=ast.Name(id="zip"), args=arrays, keywords=[strict])
            ) if ast.unparse(strict) == "strict=True" and len(targets) == len(arrays):
                pairs = list(zip(targets, arrays, strict=True))
            case _:
                pairs = [(over.target, over.iter)]
        elements: dict[str, int] = {}
        for pair in pairs:
            match pair:
                case ast.Name(id=name), ast.Name(id=array) if name not in variables and array in variables:
                    elements[name] = variables[array]
                case _:
                    raise Unreadable(f"`{ast.unparse(over)}` is no way to go over arrays", body.lineno)
        lengths = {self._terms.lengths[each] for each in elements.values()}
        self._elements = elements
        try:
            found = self.term(body, variables)
        finally:
            self._elements = {}
        if (
            len(elements) != len(pairs)
            or len(lengths) != 1
            or lengths != {self._terms.lengths[found]}
            or None in lengths
        ):
            raise Unreadable("an array is made of arrays of other lengths, or of no element", body.lineno)
        return found

    def _on_array(
        self, operator: str, array: ast.expr, others: list[ast.expr], variables: Mapping[str, int], at: ast.expr
    ) -> int:
        """An operator that takes a whole array, which is always called by its name, and single values."""
        if not isinstance(array, ast.Name) or array.id not in variables:
            raise Unreadable("an array that has no name", at.lineno)
        operands = [self.term(each, variables) for each in others]
        try:
            found = self._terms.term(operator, variables[array.id], *operands)
        except (IllTyped, TypeError) as problem:
            raise Unreadable(str(problem), at.lineno) from problem
        self.lines.setdefault(found, at.lineno)
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
            case ast.Name(id=name) if name in self._elements:
                return self._elements[name]
            case ast.Name(id=name):
                if name not in variables or terms.lengths[variables[name]] is not None:
                    raise Unreadable(f"`{name}` has no single value here", expression.lineno)
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
            case ast.Call(func=ast.Name(id=name), args=[array, *others], keywords=[]) if (
                self._module.operators.get(name) in _OF_ARRAYS and name not in variables
            ):
                return self._on_array(self._module.operators[name], array, others, variables, expression)
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
        if self._module.operators.get(name) == LOOKUP.name:
            return self._looked_up(arguments, variables, expression)
        operands = [self.term(each, variables) for each in arguments]
        if self._module.operators.get(name) in ("put", "rotate", *_LIKE, *_OF_ARRAYS):
            raise IllTyped(f"`{name}` is an operator on whole arrays")
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

    def _looked_up(self, arguments: list[ast.expr], variables: Mapping[str, int], expression: ast.expr) -> int:
        match arguments:
            case [ast.Name(id=table), place] if table in self._module.tables and table not in variables:
                return self._terms.term(self._module.tables[table], self.term(place, variables))
        raise Unreadable(f"`{_text(expression)}` looks up in no table of the module", expression.lineno)


def _text(expression: ast.expr) -> str:
    text = ast.unparse(expression)
    return text if len(text) <= 80 else f"{text[:77]}..."
