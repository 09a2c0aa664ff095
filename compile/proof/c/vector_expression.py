"""A C expression on vectors of instances as a term: GCC's vector extensions, lane for lane.

A bool is a mask, all ones or all zeros; a binary32 number lies in a double, an int32 in an int64. What was loaded from a
column of floats is words until it is cast to doubles, and a column of bools holds 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pycparser import c_ast

from compile.proof.c.parsing import called, line_of_node, plain_type
from compile.proof.c.row_expression import COMPARED, LEAST_NORMAL, Memory, RowExpressions, Value
from compile.proof.core.terms import CONST, FILL, IllTyped
from compile.proof.core.verdict import Unreadable
from dag.values.types import Kind

FLOATS, INTEGERS, WORDS = "dagc_f64s", "dagc_i64s", "words"
#: Helper -> its result, its operands, the operator it is.
_F, _I = FLOATS, INTEGERS
HELPERS: dict[str, tuple[str, tuple[str, ...], str]] = {
    **{f"dagc_{name}": (_F, (_F,), name) for name in ("abs", "sqrt", "rint", "floor", "ceil", "trunc")},
    **{
        f"dagc_{name}": (_I, (_I, _I), name) for name in ("iadd", "isub", "imul", "shl", "shr", "multiply_high", "lshr")
    },
    "dagc_ult": (_I, (_I, _I), "ult"),
    "dagc_clz": (_I, (_I,), "clz"),
    **{f"dagc_{name}s": (_I, (_I, _I), name) for name in ("idiv", "imod")},
    **{f"dagc_{name}": (_F, (_F, _F), name) for name in ("min", "max")},
    "dagc_fmas": (_F, (_F, _F, _F), "fma"),
    "dagc_fmas_f32": (_F, (_F, _F, _F), "fma_f32"),
    "dagc_ineg": (_I, (_I,), "ineg"),
    "dagc_round_f32": (_F, (_F,), "f64_to_f32"),
    "dagc_wrap_i32": (_I, (_I,), "i64_to_i32"),
    "dagc_i64_to_f64": (_F, (_I,), "i64_to_f64"),
    "dagc_i64_to_f32": (_F, (_I,), "i64_to_f32"),
    "dagc_f64_to_i64": (_I, (_F,), "f64_to_i64"),
    "dagc_f64_bits": (_I, (_F,), "f64_bits"),
    "dagc_bits_f64": (_F, (_I,), "bits_f64"),
    "dagc_f32_bits": (_I, (_F,), "f32_bits"),
    "dagc_bits_f32": (_F, (_I,), "bits_f32"),
}
_ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
_BITWISE = {"&": ("iand", "and"), "|": ("ior", "or")}


class VectorExpressions(RowExpressions):
    """Expressions of the vector function, with the helpers and tables that its file has."""

    lookup, held = "dagc_lookups", INTEGERS

    def converted(self, value: Value, type_: str) -> Value:
        """`value` where a vector of `type_` is wanted; GCC converts nothing but a scalar beside a vector."""
        if value.type == type_ or (value.type == "int" and type_ == INTEGERS):
            return Value(type_, value.term)
        raise IllTyped(f"{value.type} where {type_} is expected")

    def mask(self, term: int) -> int:
        """The bool whose mask this is. A constant mask is an integer, -1 or 0, until it is used as a mask."""
        terms = self.terms
        if terms.is_bool(term):
            return term
        operator, operands = terms.operators[term], terms.operands[term]
        if operator == CONST and terms.value(term) in (0, -1):
            return terms.constant(terms.value(term) == -1, Kind.BOOL)
        if operator in ("iand", "ior"):
            return terms.term(operator[1:], *(self.mask(each) for each in operands))
        if operator == FILL:
            return terms.fill(self.mask(operands[0]), terms.lengths[term] or 0)
        if operator == "select":
            return terms.term("select", operands[0], *(self.mask(each) for each in operands[1:]))
        raise IllTyped("an integer where a mask is expected")

    def truth(self, value: Value) -> int:
        """The bool whose word, 0 or 1, is stored."""
        terms = self.terms
        if value.type == INTEGERS and terms.operators[value.term] == "bool_to_i64":
            return terms.operands[value.term][0]
        raise IllTyped("something else than 0 or 1 where a bool is stored")

    def _of(self, node: Any, variables: Mapping[str, Value], read: Memory) -> Value:
        terms = self.terms
        match node:
            case c_ast.UnaryOp(op="-", expr=inner) if not isinstance(inner, c_ast.Constant):
                x = self.value(inner, variables, read)
                if x.type == FLOATS:
                    return Value(FLOATS, terms.term("neg", x.term))
                raise IllTyped(f"`-` of {x.type}")
            case c_ast.UnaryOp(op="~", expr=inner):
                x = self.converted(self.value(inner, variables, read), INTEGERS)
                return Value(INTEGERS, terms.term("not", self.mask(x.term)))
            case c_ast.UnaryOp(op="!") | c_ast.TernaryOp():
                raise Unreadable("no operator on vectors", line_of_node(node))
            case c_ast.FuncCall() if (call := called(node)) is not None and call[0].startswith("dagc_all_"):
                return self._everywhere(call[0], [self.value(each, variables, read) for each in call[1]])
        return super()._of(node, variables, read)

    def _everywhere(self, helper: str, arguments: list[Value]) -> Value:
        if helper not in self.helpers or len(arguments) != 1:
            raise IllTyped(f"`{helper}` is no helper of this file")
        match helper, arguments[0].type:
            case "dagc_all_f64", "double" | "float":
                return Value(FLOATS, arguments[0].term)
            case "dagc_all_i64", "int" | "int64_t":
                return Value(INTEGERS, arguments[0].term)
        raise IllTyped(f"`{helper}` of {arguments[0].type}")

    def _binary(self, operator: str, a: Value, b: Value) -> Value:
        terms = self.terms
        if operator in _ARITHMETIC and a.type == b.type == FLOATS:
            return Value(FLOATS, terms.term(_ARITHMETIC[operator], a.term, b.term))
        if operator in COMPARED and a.type == b.type == FLOATS:
            return Value(INTEGERS, terms.term(COMPARED[operator], a.term, b.term))
        if operator == "&" and b.type == "int" and terms.value(b.term) == 1 and a.type == INTEGERS:
            return Value(INTEGERS, terms.term("bool_to_i64", self.mask(a.term)))
        if a.type == INTEGERS and b.type in (INTEGERS, "int"):
            if operator in COMPARED:
                return Value(INTEGERS, terms.term(f"i{COMPARED[operator]}", a.term, b.term))
            if operator in _BITWISE:
                on_integers, on_masks = _BITWISE[operator]
                if terms.is_bool(a.term) or terms.is_bool(b.term):
                    return Value(INTEGERS, terms.term(on_masks, self.mask(a.term), self.mask(b.term)))
                return Value(INTEGERS, terms.term(on_integers, a.term, b.term))
            if operator == "^":
                return Value(INTEGERS, terms.term("ixor", a.term, b.term))
        raise IllTyped(f"`{operator}` of {a.type} and {b.type}")

    def _cast(self, to: str | None, x: Value) -> Value:
        match to, x.type:
            case "dagc_f64s", "words":
                return Value(FLOATS, x.term)
            case "dagc_i64s", "dagc_f64s":
                return Value(WORDS, x.term)
        raise IllTyped(f"a cast of {x.type} to {to}")

    def _call(self, name: str, arguments: list[Value]) -> Value:
        terms = self.terms
        if name not in self.helpers:
            raise IllTyped(f"`{name}` is no helper of this file")
        match name, arguments:
            case "dagc_flush", [Value("dagc_f64s", x), Value("double", least)] if terms.value(least) in LEAST_NORMAL:
                value = terms.value(least)
                assert isinstance(value, float)
                return Value(FLOATS, terms.term(LEAST_NORMAL[value], x))
            case "dagc_select_f64", [Value("dagc_i64s", condition), Value("dagc_f64s", a), Value("dagc_f64s", b)]:
                return Value(FLOATS, terms.term("select", self.mask(condition), a, b))
            case "dagc_select_i64", [Value("dagc_i64s", condition), Value("dagc_i64s", a), Value("dagc_i64s", b)]:
                if terms.is_bool(a) or terms.is_bool(b):
                    a, b = self.mask(a), self.mask(b)
                return Value(INTEGERS, terms.term("select", self.mask(condition), a, b))
        if name not in HELPERS or len(arguments) != len(HELPERS[name][1]):
            raise IllTyped(f"`{name}` is no operator on {len(arguments)} values")
        result, takes, operator = HELPERS[name]
        operands = [self.converted(each, type_).term for each, type_ in zip(arguments, takes, strict=True)]
        return Value(result, terms.term(operator, *operands))


def declared_type(node: Any) -> str | None:
    """The vector type of a declaration; None for anything else."""
    type_ = plain_type(node)
    return type_ if type_ in (FLOATS, INTEGERS) else None
