"""Hash-consed terms: two values with one number are computed by the same operators from the same operands, to the bit.

A term is a row of flat tables. Floats are binary64 numbers and integers are i64; `F32` and `I32` say of a term that its
value is known to fit the narrow format, since an artifact may hold a binary32 number in a double. Enums are integers.
Building is linear and never recursive. Every law that is applied is named in `axioms` and recorded in `used`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache

from compile.proof.core.axioms import Axiom
from dag.operators import table as ops
from dag.operators.lookups import op_named
from dag.operators.op import Family, Law, Op
from dag.values.types import Kind, Type, Value
from dag.values.words import MASK, bits_float, bits_float_32, float_bits, round_f32, wrap_i64

#: What a constant, a leaf and a filled array are called among the operators.
CONST, FILL = "const", "fill"
INPUT, PARAM, STATE = "input", "param", "state"

#: Operators whose operands may be exchanged.
SYMMETRIC = frozenset(("add", "mul", "eq", "iadd", "imul", "ieq", "iand", "ior", "ixor", "and", "or", "multiply_high"))
_FUSED = frozenset(("fma", "fma_f32"))
_MIRRORED = {"gt": "lt", "ge": "le", "igt": "ilt", "ige": "ile"}
_OPPOSITE = {"ne": "eq", "ine": "ieq"}
_SAME = frozenset(("as_unit", "f32_to_f64", "i32_to_i64", "enum_to_i64"))
#: The folds, and what the elements of each are.
FOLDS = {op.name: op.gives.kind for op in ops.FOLDS if isinstance(op.gives, Type)}
#: Exact on binary32 numbers: the result is one.
_KEEP_BINARY32 = frozenset(("neg", "abs", "rint", "floor", "ceil", "trunc", "flush", "flush_f32"))
_ROUNDED = {f"{name}_f32": name for name in ("add", "sub", "mul", "div", "sqrt")}
_EXACT_IN_F32 = {
    narrow.name: op.name
    for op, narrow in ops.IN_F32.items()
    if Law.ROUNDS not in op.laws
    and op.family not in (Family.FOLD, Family.RELABELLING)  # a flush is another at each width
}


class IllTyped(ValueError):
    """An operator was given operands that it does not take; the message names both."""


class Terms:
    """The tables. A term is its index; `kinds` and `lengths` type it, `payloads` hold a constant's word or a leaf's name."""

    def __init__(self) -> None:
        self.operators: list[str] = []
        self.operands: list[tuple[int, ...]] = []
        self.payloads: list[int | str] = []
        self.kinds: list[Kind] = []
        self.lengths: list[int | None] = []
        self.used: set[Axiom] = set()
        self._known: dict[tuple[object, ...], int] = {}

    def __len__(self) -> int:
        return len(self.operators)

    def leaf(self, source: str, name: str, type_: Type) -> int:
        """The value of an input, parameter or state (at the start of the bar) called `name`."""
        kind = Kind.I64 if type_.kind is Kind.ENUM else type_.kind
        return self._row(source, (), name, kind, type_.length)

    def constant(self, value: Value, kind: Kind) -> int:
        """A constant; equal where the 64-bit words are equal. A float with a binary32 value is that of an f32."""
        if kind in (Kind.F64, Kind.F32):
            number = float(value)
            kind = Kind.F32 if number != number or round_f32(number) == number else Kind.F64
            return self._row(CONST, (), float_bits(number) & MASK, kind, None)
        if kind is Kind.BOOL:
            return self._row(CONST, (), int(bool(value)), Kind.BOOL, None)
        number = wrap_i64(int(value))
        return self._row(CONST, (), number & MASK, Kind.I32 if -(1 << 31) <= number < 1 << 31 else Kind.I64, None)

    def fill(self, element: int, length: int) -> int:
        """An array of `length` times one element."""
        return self._row(FILL, (element,), 0, self.kinds[element], length)

    def value(self, term: int) -> Value | None:
        """The value of a constant, None for any other term."""
        if self.operators[term] != CONST:
            return None
        word = self.payloads[term]
        assert isinstance(word, int)
        if self.kinds[term] is Kind.BOOL:
            return bool(word)
        return bits_float(word) if self.is_float(term) else wrap_i64(word)

    def is_float(self, term: int) -> bool:
        return self.kinds[term] in (Kind.F64, Kind.F32)

    def is_int(self, term: int) -> bool:
        return self.kinds[term] in (Kind.I64, Kind.I32)

    def is_bool(self, term: int) -> bool:
        return self.kinds[term] is Kind.BOOL

    def term(self, operator: str, *operands: int) -> int:
        """The operator of `dag.operators.table` on these operands, under the axioms. Raises IllTyped, or KeyError for an unknown one."""
        if operator in _EXACT_IN_F32 or operator in _ROUNDED:
            return self._binary32(operator, operands)
        if operator in _SAME:
            self.used.add(Axiom.SAME_BITS)
            return operands[0]
        if operator == "f32_to_i64":
            self.used.add(Axiom.SAME_BITS)
            return self.term("f64_to_i64", *operands)
        if operator in _MIRRORED:
            self.used.add(Axiom.MIRRORED)
            first, second = operands
            return self.term(_MIRRORED[operator], second, first)
        if operator in _OPPOSITE:
            self.used.add(Axiom.NOT_EQUAL)
            return self.term("not", self.term(_OPPOSITE[operator], *operands))
        if operator == "enum_eq":
            return self.term("ieq", *operands)
        if operator in FOLDS:
            return self._fold(operator, *operands)
        if operator in _BUILT:
            return _BUILT[operator](self, *operands)
        row = op_named(operator)
        return self._defined(row, operands) if row.definition else self._applied(row, operands)

    def _applied(self, row: Op, operands: tuple[int, ...]) -> int:
        """An operator that no law takes apart: what it takes and gives is what its row says."""
        operator, gives = row.name, row.gives
        assert isinstance(gives, Type)
        self._check(row, operands)
        if (simpler := self._simpler(operator, operands)) is not None:
            return simpler
        length = self._common_length(operator, operands)
        if operator in SYMMETRIC and (swapped := self._known_row(operator, operands[::-1], length)) is not None:
            self.used.add(Axiom.COMMUTES)
            return swapped
        if (
            operator in _FUSED
            and (swapped := self._known_row(operator, _first_two_swapped(operands), length)) is not None
        ):
            self.used.add(Axiom.FMA_COMMUTES)
            return swapped
        is_narrow = operator in _KEEP_BINARY32 and self.kinds[operands[0]] is Kind.F32
        return self._row(operator, operands, 0, Kind.F32 if is_narrow else gives.kind, length)

    def _known_row(self, operator: str, operands: tuple[int, ...], length: int | None) -> int | None:
        return self._known.get((operator, operands, 0, None, length))

    def _common_length(self, operator: str, operands: tuple[int, ...]) -> int | None:
        """That of the arrays among the operands, which an operator on single values takes element by element."""
        lengths = {self.lengths[each] for each in operands} - {None}
        if len(lengths) > 1:
            raise IllTyped(f"`{operator}` does not take {self.types(*operands)}")
        return lengths.pop() if lengths else None

    def _simpler(self, operator: str, operands: tuple[int, ...]) -> int | None:
        """The existing or constant term that this one is by a law, or None."""
        (x, *_) = operands
        match operator:
            case "not" if self.operators[x] == "not":
                self.used.add(Axiom.DOUBLE_NEGATION)
                return self.operands[x][0]
            case "not" if self._is_word_of_bool(x):
                self.used.add(Axiom.BOOL_WORD)
                word = next(each for each in self.operands[x] if self.operators[each] == "bool_to_i64")
                return self.operands[word][0]
            case "neg" | "ineg" if self.operators[x] == CONST:
                self.used.add(Axiom.SIGNED_LITERAL)
                value = self.value(x)
                assert value is not None
                return self.constant(-value, self.kinds[x])
            case "bits_f64" | "bits_f32" if self.operators[x] == CONST:
                self.used.add(Axiom.PATTERN)
                pattern = self.payloads[x]
                assert isinstance(pattern, int)
                return self.constant(
                    bits_float(pattern) if operator == "bits_f64" else bits_float_32(pattern), Kind.F64
                )
            case "f64_to_f32" if self.kinds[x] is Kind.F32:
                self.used.add(Axiom.ROUNDED_TWICE)
                return x
            case "i64_to_i32" if self.kinds[x] is Kind.I32:
                self.used.add(Axiom.INT32)
                return x
            case _:
                return None

    def _is_word_of_bool(self, term: int) -> bool:
        """Whether this is bool_to_i64(p) == 0."""
        return (
            self.operators[term] == "ieq"
            and {"bool_to_i64", CONST} == {self.operators[each] for each in self.operands[term]}
            and self.constant(0, Kind.I64) in self.operands[term]
        )

    def _binary32(self, operator: str, operands: tuple[int, ...]) -> int:
        self._need_binary32(operator, operands)
        self.used.add(Axiom.BINARY32)
        if operator in _EXACT_IN_F32:
            return self.term(_EXACT_IN_F32[operator], *operands)
        return self.term("f64_to_f32", self.term(_ROUNDED[operator], *operands))

    def _defined(self, row: Op, operands: tuple[int, ...]) -> int:
        """An operator that its row defines by others: `select(ilt(x, 0), ineg(x), x)`."""
        self.used.add(Axiom.DEFINED)
        named = dict(zip(row.operands, operands, strict=True))

        def term(part: ast.expr) -> int:
            match part:
                case ast.Name(id=name):
                    return named[name]
                case ast.Constant(value=bool() | int() | float() as value):
                    return self.constant(value, _KIND_OF[type(value)])
                case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                    return self.constant(-value, _KIND_OF[type(value)])
                case ast.Call(func=ast.Name(id=operator), args=arguments):
                    return self.term(operator, *map(term, arguments))
            raise AssertionError(f"the definition of `{row}` has `{ast.unparse(part)}`")

        return term(_parsed(row.definition))

    def _select(self, condition: int, a: int, b: int) -> int:
        kind = self._common("select", a, b)
        length = self._common_length("select", (condition, a, b))
        if self.kinds[condition] is not Kind.BOOL:
            raise IllTyped(f"`select` takes a bool and two values, not {self.types(condition, a, b)}")
        if self.operators[condition] == "not":
            self.used.add(Axiom.NEGATED_CHOICE)
            condition, a, b = self.operands[condition][0], b, a
        return self._row("select", (condition, a, b), 0, kind, length)

    def _get(self, array: int, index: int) -> int:
        if self.lengths[array] is None or not self._is_single(index) or not self.is_int(index):
            raise IllTyped(f"`get` takes an array and an integer, not {self.types(array, index)}")
        return self._row("get", (array, index), 0, self.kinds[array], None)

    def _put(self, array: int, index: int, value: int, enable: int) -> int:
        fits = self._common("put", array, value) is self.kinds[array] and self.is_int(index) and self.is_bool(enable)
        if self.lengths[array] is None or not self._is_single(index, value, enable) or not fits:
            raise IllTyped(f"`put` does not take {self.types(array, index, value, enable)}")
        return self._row("put", (array, index, value, enable), 0, self.kinds[array], self.lengths[array])

    def _rotate(self, array: int) -> int:
        if self.lengths[array] is None:
            raise IllTyped(f"`rotate` takes an array, not {self.types(array)}")
        return self._row("rotate", (array,), 0, self.kinds[array], self.lengths[array])

    def _spread(self, x: int, like: int) -> int:
        length = self.lengths[like]
        if length is None or not self._is_single(x):
            raise IllTyped(f"`spread` takes a single value and an array, not {self.types(x, like)}")
        return self.fill(x, length)

    def _indexes(self, like: int) -> int:
        length = self.lengths[like]
        if length is None:
            raise IllTyped(f"`indexes` takes an array, not {self.types(like)}")
        return self.places(length)

    def places(self, length: int) -> int:
        """0, 1, 2, ... as an array."""
        return self._row("indexes", (), 0, Kind.I64, length)

    def _fold(self, operator: str, array: int, first: int, count: int, initial: int) -> int:
        kind = FOLDS[operator]
        fits = all(_WIDE[self.kinds[each]] is _WIDE[kind] for each in (array, initial))
        integers = self.is_int(first) and self.is_int(count)
        if self.lengths[array] is None or not self._is_single(first, count, initial) or not (fits and integers):
            raise IllTyped(f"`{operator}` does not take {self.types(array, first, count, initial)}")
        if kind is Kind.F32:
            self._need_binary32(operator, (array, initial))
        return self._row(operator, (array, first, count, initial), 0, kind, None)

    def _is_single(self, *operands: int) -> bool:
        return all(self.lengths[each] is None for each in operands)

    def _common(self, operator: str, a: int, b: int) -> Kind:
        """The kind that holds both; the wider where one is narrow."""
        first, second = self.kinds[a], self.kinds[b]
        if first is second:
            return first
        if {first, second} == {Kind.F64, Kind.F32}:
            return Kind.F64
        if {first, second} == {Kind.I64, Kind.I32}:
            return Kind.I64
        raise IllTyped(f"`{operator}` does not take {self.types(a, b)}")

    def _check(self, row: Op, operands: tuple[int, ...]) -> None:
        takes = tuple(each.kind for each in row.takes if isinstance(each, Type))
        if tuple(_WIDE[self.kinds[each]] for each in operands) != tuple(_WIDE[kind] for kind in takes):
            raise IllTyped(f"`{row}` does not take {self.types(*operands)}")
        if Kind.F32 in takes:
            self._need_binary32(row.name, operands)

    def _need_binary32(self, operator: str, operands: tuple[int, ...]) -> None:
        if any(self.kinds[each] is not Kind.F32 for each in operands):
            raise IllTyped(f"`{operator}` takes binary32 numbers, not {self.types(*operands)}")

    def types(self, *terms: int) -> str:
        """What a message calls the types of these terms."""
        shown = (Type(self.kinds[each], None, self.lengths[each]) for each in terms)
        return ", ".join(str(each) for each in shown) or "nothing"

    def _row(self, operator: str, operands: tuple[int, ...], payload: int | str, kind: Kind, length: int | None) -> int:
        # The kind of a constant tells 0.0 from 0; a leaf's and an operator's follows from the rest.
        key = (operator, operands, payload, _WIDE[kind] if operator == CONST else None, length)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = len(self.operators)
            self.operators.append(operator)
            self.operands.append(operands)
            self.payloads.append(payload)
            self.kinds.append(kind)
            self.lengths.append(length)
        return known


def _first_two_swapped(operands: tuple[int, ...]) -> tuple[int, ...]:
    return (operands[1], operands[0], *operands[2:])


@cache
def _parsed(definition: str) -> ast.expr:
    return ast.parse(definition, mode="eval").body


_KIND_OF: dict[type, Kind] = {bool: Kind.BOOL, int: Kind.I64, float: Kind.F64}
_WIDE = {
    Kind.F64: Kind.F64,
    Kind.F32: Kind.F64,
    Kind.I64: Kind.I64,
    Kind.I32: Kind.I64,
    Kind.ENUM: Kind.I64,
    Kind.BOOL: Kind.BOOL,
}
_BUILT: dict[str, Callable[..., int]] = {
    "select": Terms._select,
    "get": Terms._get,
    "put": Terms._put,
    "rotate": Terms._rotate,
    "spread": Terms._spread,
    "indexes": Terms._indexes,
}
