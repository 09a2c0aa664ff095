"""A C expression on one row as a term, by C's own rules: usual conversions, no contraction, no evaluation in wider types.

What C leaves undefined or to the implementation is not read: signed overflow, a cast of a double to an integer, a shift.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pycparser import c_ast

from compile.proof.c.parsing import called, line_of_node, literal_number, name_of, plain_type
from compile.proof.c.tables import Known
from compile.proof.core.terms import IllTyped, Terms
from compile.proof.core.verdict import Unreadable
from dag.values.types import Kind

INT64_MIN, INT64_MAX = -(1 << 63), (1 << 63) - 1

#: Helper -> its result, its operands, the operator it is.
HELPERS: dict[str, tuple[str, tuple[str, ...], str]] = {
    **{f"dagc_{name}": ("double", ("double",), name) for name in ("abs", "sqrt", "rint", "floor", "ceil", "trunc")},
    **{f"dagc_{name}": ("int64_t", ("int64_t",) * 2, name) for name in ("iadd", "isub", "imul", "idiv", "imod", "shl", "shr", "multiply_high", "lshr")},
    "dagc_ult": ("bool", ("int64_t",) * 2, "ult"),
    "dagc_clz": ("int64_t", ("int64_t",), "clz"),
    **{f"dagc_{name}": ("double", ("double",) * 3, name) for name in ("fma", "fma_f32")},
    "dagc_ineg": ("int64_t", ("int64_t",), "ineg"),
    "dagc_f64_to_i64": ("int64_t", ("double",), "f64_to_i64"),
    "dagc_f64_bits": ("int64_t", ("double",), "f64_bits"),
    "dagc_bits_f64": ("double", ("int64_t",), "bits_f64"),
    "dagc_f32_bits": ("int32_t", ("float",), "f32_bits"),
    "dagc_bits_f32": ("float", ("int32_t",), "bits_f32"),
}  # fmt: skip
_ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
#: C operator -> the operator that it is on floats.
COMPARED = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
_BITWISE = {"&": "iand", "|": "ior", "^": "ixor"}
_FLOATS = ("double", "float")
_INTEGERS = ("int64_t", "int32_t", "int")
#: The thresholds of the two flushing operators.
LEAST_NORMAL = {2.0**-1022: "flush", 2.0**-126: "flush_f32"}


@dataclass(frozen=True, slots=True)
class Value:
    """A term, and the C type that holds it; `uint32_t` stands for the low half of its integer."""

    type: str
    term: int


#: The value of a struct's member or an array's element, None for any other expression.
Memory = Callable[[Any], Value | None]


class RowExpressions:
    """Expressions of the row function, with the helpers and tables that its file has."""

    #: The helper that looks up in a table, and what the place and the element are held in.
    lookup, held = "dagc_lookup", "int64_t"

    def __init__(self, terms: Terms, known: Known) -> None:
        self.terms = terms
        self.helpers = known.helpers
        self.tables = known.tables

    def value(self, node: Any, variables: Mapping[str, Value], read: Memory) -> Value:
        """The value of an expression; `read` knows what stands in memory. Raises Unreadable, which names the line."""
        try:
            found = read(node)
            return self._of(node, variables, read) if found is None else found
        except (IllTyped, KeyError) as problem:
            raise Unreadable(f"an expression here has no meaning: {problem}", line_of_node(node)) from problem

    def converted(self, value: Value, type_: str) -> Value:
        """`value` as C converts it where a `type_` is wanted. Raises IllTyped where that is not the language's business."""
        terms = self.terms
        match value.type, type_:
            case held, wanted if held == wanted:
                return value
            case "float", "double":
                return Value("double", value.term)
            case "double", "float":
                return Value("float", terms.term("f64_to_f32", value.term))
            case "int" | "int32_t", "int64_t":
                return Value("int64_t", value.term)
            case "int", "int32_t":
                return Value("int32_t", value.term)
            case "bool", "int64_t":
                return Value("int64_t", terms.term("bool_to_i64", value.term))
            case "int" | "int64_t", "int32_t" if (
                terms.value(value.term) is not None and terms.kinds[value.term] is Kind.I32
            ):
                return Value("int32_t", value.term)
        raise IllTyped(f"{value.type} where {type_} is expected")

    def _of(self, node: Any, variables: Mapping[str, Value], read: Memory) -> Value:
        terms = self.terms
        match node:
            case c_ast.ID():
                return self._named(node, variables)
            case c_ast.Constant():
                return self._constant(node)
            case c_ast.UnaryOp(op="-", expr=c_ast.Constant() as inner):
                literal = self._constant(inner)
                return Value(literal.type, terms.term("neg" if literal.type in _FLOATS else "ineg", literal.term))
            case c_ast.UnaryOp(op=operator, expr=inner):
                x = self.value(inner, variables, read)
                if operator == "-" and x.type in _FLOATS:
                    return Value(x.type, terms.term("neg", x.term))
                if operator == "!" and x.type == "bool":
                    return Value("bool", terms.term("not", x.term))
            case c_ast.BinaryOp(op=operator, left=left, right=right):
                return self._binary(operator, self.value(left, variables, read), self.value(right, variables, read))
            case c_ast.TernaryOp(cond=condition, iftrue=first, iffalse=second):
                return self._choice(*(self.value(each, variables, read) for each in (condition, first, second)))
            case c_ast.Cast(to_type=to, expr=inner):
                return self._cast(plain_type(to), self.value(inner, variables, read))
            case c_ast.FuncCall() if (call := called(node)) is not None and call[0] == self.lookup:
                return self._looked_up(*call, variables, read)
            case c_ast.FuncCall() if (call := called(node)) is not None:
                return self._call(call[0], [self.value(each, variables, read) for each in call[1]])
        raise Unreadable("an expression of this kind is not expected", line_of_node(node))

    def _named(self, node: Any, variables: Mapping[str, Value]) -> Value:
        name = str(node.name)
        if name in variables:
            return variables[name]
        constants = {"INT64_MAX": INT64_MAX, "INT64_MIN": INT64_MIN}
        if name in constants:
            return Value("int64_t", self.terms.constant(constants[name], Kind.I64))
        if name in ("true", "false"):
            return Value("bool", self.terms.constant(name == "true", Kind.BOOL))
        raise Unreadable(f"`{name}` has no value here", line_of_node(node))

    def _constant(self, node: Any) -> Value:
        number = literal_number(node)
        if number is not None and number <= INT64_MAX:
            type_ = "int" if number < 1 << 31 else "int64_t"
            return Value(type_, self.terms.constant(number, Kind.I64))
        text = str(node.value)
        if node.type in _FLOATS and text.removesuffix("f").startswith("0x"):
            is_float = text.endswith("f")  # no hexadecimal digit after the exponent's p
            value = self.terms.constant(float.fromhex(text.removesuffix("f")), Kind.F64)
            if not is_float:
                return Value("double", value)
            return Value("float", self.terms.term("f64_to_f32", value))
        raise Unreadable(f"the constant {text} is not expected", line_of_node(node))

    def _binary(self, operator: str, a: Value, b: Value) -> Value:
        terms = self.terms
        types = {a.type, b.type}
        if types <= set(_FLOATS) and operator in _ARITHMETIC:
            name = _ARITHMETIC[operator]
            if types == {"float"}:
                return Value("float", terms.term(f"{name}_f32", a.term, b.term))
            return Value("double", terms.term(name, a.term, b.term))
        if operator in COMPARED and types <= set(_FLOATS):
            return Value("bool", terms.term(COMPARED[operator], a.term, b.term))
        if operator in COMPARED and types <= set(_INTEGERS):
            return Value("bool", terms.term(f"i{COMPARED[operator]}", a.term, b.term))
        if operator in _BITWISE and types <= set(_INTEGERS):
            return Value("int64_t", terms.term(_BITWISE[operator], a.term, b.term))
        if operator in ("&&", "||") and types == {"bool"}:
            return Value("bool", terms.term("and" if operator == "&&" else "or", a.term, b.term))
        raise IllTyped(f"`{operator}` of {a.type} and {b.type}")

    def _choice(self, condition: Value, a: Value, b: Value) -> Value:
        types = {a.type, b.type}
        if condition.type != "bool":
            raise IllTyped(f"a condition of type {condition.type}")
        if len(types) == 1:
            type_ = a.type
        elif types <= set(_FLOATS):
            type_ = "double"
        elif types <= set(_INTEGERS):
            type_ = "int64_t" if "int64_t" in types else "int32_t"
        else:
            raise IllTyped(f"a choice of {a.type} and {b.type}")
        return Value(type_, self.terms.term("select", condition.term, a.term, b.term))

    def _cast(self, to: str | None, x: Value) -> Value:
        terms = self.terms
        match to, x.type:
            case "double" | "float", "double" | "float":
                return self.converted(x, to)
            case "double" | "float", "int64_t" | "int32_t" | "int":
                name = "i64_to_f64" if to == "double" else "i64_to_f32"
                return Value(to, terms.term(name, x.term))
            case "int64_t", "int64_t" | "int32_t" | "int" | "bool":
                return self.converted(x, to)
            case "uint32_t", "int64_t" | "int32_t" | "int":
                return Value("uint32_t", x.term)
            case "int32_t", "uint32_t":
                return Value("int32_t", terms.term("i64_to_i32", x.term))
        raise IllTyped(f"a cast of {x.type} to {to}")

    def _looked_up(self, name: str, arguments: list[Any], variables: Mapping[str, Value], read: Memory) -> Value:
        if len(arguments) != 3:
            raise IllTyped(f"`{name}` takes a table, its length and a place, not {len(arguments)} values")
        table, size, place = arguments
        op = self.tables.get(name_of(table) or "")
        if name not in self.helpers or op is None or literal_number(size) != len(op.table):
            raise IllTyped(f"`{name}` looks up in no table of this file, or in one of another length")
        where = self.converted(self.value(place, variables, read), self.held)
        return Value(self.held, self.terms.term(op.name, where.term))

    def _call(self, name: str, arguments: list[Value]) -> Value:
        if name not in self.helpers:
            raise IllTyped(f"`{name}` is no helper of this file")
        if name == "dagc_flush" and len(arguments) == 2:
            x, least = (self.converted(each, "double").term for each in arguments)
            value = self.terms.value(least)
            if value in LEAST_NORMAL:
                return Value("double", self.terms.term(LEAST_NORMAL[float(value)], x))
        if name not in HELPERS or len(arguments) != len(HELPERS[name][1]):
            raise IllTyped(f"`{name}` is no operator on {len(arguments)} values")
        result, takes, operator = HELPERS[name]
        operands = [self.converted(each, type_).term for each, type_ in zip(arguments, takes, strict=True)]
        return Value(result, self.terms.term(operator, *operands))
