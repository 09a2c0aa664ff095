"""What an operator is: its family, laws, signature, units and meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, unique
from typing import Any

from dag.values.types import F32, F64, Kind, Type, array_type
from dag.values.words import round_f32


@unique
class Source(Enum):
    """Where a node without operands gets its value. Sources are not in the op table: backends bind them to ports."""

    INPUT = "input"
    PARAM = "param"
    STATE = "state"
    CONST = "const"


@unique
class UnitRule(Enum):
    """How the units of the operands decide the unit of the result."""

    SAME = "all operands share one unit, which the result keeps"
    PRODUCT = "the units multiply"
    PRODUCT_SUM = "the units of the first two multiply to that of the third, which the result keeps"
    QUOTIENT = "the units divide"
    ROOT = "the square root of the unit"
    COMPARED = "all operands share one unit; the result has none"
    CHOSEN = "the two alternatives share one unit, which the result keeps"
    PLAIN = "operands and result have no unit"
    DROPPED = "any unit comes in; the result has none"
    RELABELLED = "the node says its own unit"
    ELEMENT = "the unit of the array; the index has none"
    FIRST = "the unit of the first operand, whatever that of the other is"
    FOLDED = "the unit of the array; first and count have none"
    WRITTEN = "the array and the value share one unit, which the result keeps; the index has none"


@unique
class Family(Enum):
    """What an operator does, whatever the format of its operands: one family has a row for each format."""

    SUM = "a + b"
    DIFFERENCE = "a - b"
    PRODUCT = "a * b"
    QUOTIENT = "a / b, or the floor of it"
    REMAINDER = "a % b"
    NEGATION = "-x"
    MAGNITUDE = "|x|"
    ROOT = "the square root"
    FUSED = "a * b + c, rounded once"
    MINIMUM = "b if b < a else a"
    MAXIMUM = "b if b > a else a"
    INTEGRAL = "a whole number near x, in the format of x"
    ORDER = "whether one operand is less, or greater, than the other"
    EQUALITY = "whether both operands are equal, or whether they are not"
    LOGIC = "and, or, not"
    CHOICE = "one of two operands, as a bool says"
    CONVERSION = "x in another format"
    RELABELLING = "x in its own format, under another unit or without subnormals"
    BITWISE = "on the bits of integers"
    UNSIGNED = "on 64 bits as a number from 0 to 2^64 - 1"
    TABLE = "an element of a constant table"
    PATTERN = "the bits of a float as an integer, or the reverse"
    ARRAY = "a place of an array, or its places in another order"
    FOLD = "one value of the elements of an array"


@unique
class Law(Enum):
    """What holds of a row on all operands, or on all that its lane is not refused for."""

    SAME_VALUE = "the result is the operand, as nearly as the format holds it"
    EXACT = "the result is never rounded, wrapped or flushed"
    NOT_ABOVE = "the result is at most the operand, or zero"
    ROUNDS = "the result is rounded, to a neighbour of what it would be exactly"


class AnyType(Enum):
    """Stands for 'whatever type, the same for every operand marked so' in an op's signature: of one value, or of elements. What the
    elements of `LIKE` are does not matter: the result has as many, along the same axis."""

    T = "T"
    ARRAY = "an array of T"
    LIKE = "an array of anything"


T, ARRAY, LIKE = AnyType.T, AnyType.ARRAY, AnyType.LIKE


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """Stands for 'an array of such elements, of any length' in an op's signature."""

    element: Type


Signature = Type | AnyType | ArrayOf | Kind


@dataclass(frozen=True, slots=True)
class Op:
    """One operator. `takes`/`gives` hold a `Type`, `Kind.ENUM` (any one enum), `T` (any one type) or arrays of them.

    An op on single values takes arrays of them too, all of one length, beside single values: it then computes each element
    for itself.
    """

    name: str
    family: Family
    operands: tuple[str, ...]
    takes: tuple[Signature, ...]
    gives: Signature
    units: UnitRule
    meaning: Callable[..., Any]
    doc: str
    #: How Python writes it, where it is an operator of two operands.
    symbol: str = ""
    laws: frozenset[Law] = frozenset()
    #: Its meaning in SMT-LIB over `{operand}`, integers as bit vectors: no rewrite uses an op without one. Where floats
    #: come in, the text depends on their format: `compile/rewrites/op_smt.py`.
    smt: str = ""
    #: What it is by other rows, where it is a choice among operands and constants: readers take it apart so.
    definition: str = ""
    #: Of a lookup the words it chooses from: it is a row of its own kind for each table.
    table: tuple[int, ...] = ()
    #: Of a lookup in a table of its own: the row of the operator table.
    generic: Op | None = None

    def __str__(self) -> str:
        return self.row.name

    @property
    def digest(self) -> str:
        """Of a lookup, what its table is known by: SHA-256 of its words."""
        words = b"".join(word.to_bytes(8, "little", signed=True) for word in self.table)
        return hashlib.sha256(words).hexdigest()

    @property
    def row(self) -> Op:
        """The row of the table that this op is of: itself, or the lookup for a lookup in a table of its own."""
        return self.generic or self

    def __hash__(self) -> int:
        return hash(self.name)  # of all fields it would take most of the time of an analysis

    @property
    def on_arrays(self) -> bool:
        """Whether it takes an array as a whole; everything else takes single values, or arrays element by element."""
        return self.family in (Family.ARRAY, Family.FOLD)

    def compute(self, *values: Any) -> Any:
        """The meaning of single values; of arrays (tuples), beside single values or not, element by element."""
        lengths = {len(each) for each in values if isinstance(each, tuple)}
        if not lengths or self.on_arrays:
            return self.meaning(*values)
        (length,) = lengths
        columns = [each if isinstance(each, tuple) else (each,) * length for each in values]
        return tuple(map(self.meaning, *columns))

    def result_type(self, operand_types: tuple[Type, ...]) -> Type | None:
        """The result's type, or None where the operand types do not fit this op."""
        if len(operand_types) != len(self.takes):
            return None
        lengths = {(each.length, each.axis) for each in operand_types if each.length is not None}
        if lengths and not self.on_arrays:
            element = self.result_type(tuple(each.element for each in operand_types))
            (length, axis), *others = lengths
            assert length is not None
            return None if others or element is None else array_type(element, length, axis)
        bound: Type | None = None
        array: Type | None = None
        like: Type | None = None
        for wanted, got in zip(self.takes, operand_types, strict=True):
            match wanted:
                case Type():
                    if got != wanted:
                        return None
                    continue
                case ArrayOf(element):
                    if not got.is_array or got.element != element:
                        return None
                    continue
                case AnyType.LIKE:
                    if not got.is_array:
                        return None
                    like = got
                    continue
                case AnyType.ARRAY if got.is_array:
                    array = got
                case _ if got.is_array is (wanted is ARRAY) and (wanted is not Kind.ENUM or got.kind is Kind.ENUM):
                    pass
                case _:
                    return None
            if bound not in (None, got.element):
                return None
            bound = got.element
        if like is not None:
            element = self.gives if isinstance(self.gives, Type) else bound
            return None if element is None or like.length is None else array_type(element, like.length, like.axis)
        if self.gives is ARRAY:
            return array
        return self.gives if isinstance(self.gives, Type) else bound


#: The families whose floating-point results are rounded.
ROUNDED = (Family.SUM, Family.DIFFERENCE, Family.PRODUCT, Family.QUOTIENT, Family.ROOT, Family.FUSED)


def operator(
    name: str,
    family: Family,
    operands: str,
    takes: tuple[Signature, ...],
    gives: Signature,
    units: UnitRule,
    meaning: Callable[..., Any],
    doc: str,
    *laws: Law,
    symbol: str = "",
    smt: str = "",
    definition: str = "",
) -> Op:
    """A row, with the laws that follow from its family."""
    if family is Family.RELABELLING:
        laws = (*laws, Law.SAME_VALUE)
    if family in ROUNDED and isinstance(gives, Type) and gives.is_float:
        laws = (*laws, Law.ROUNDS)
    return Op(
        name, family, tuple(operands.split()), takes, gives, units, meaning, doc, symbol, frozenset(laws), smt, definition
    )  # fmt: skip


def in_binary32(op: Op, meaning: Callable[..., Any] | None = None) -> Op:
    """The row of a binary64 operator in binary32: of its own `meaning`, or that of `op`, rounded where the family rounds."""
    if meaning is None:
        meaning = _rounded(op.meaning) if op.family in ROUNDED else op.meaning
    takes = tuple(F32 if each == F64 else each for each in op.takes)
    gives = F32 if op.gives == F64 else op.gives
    return replace(
        op,
        name=f"{op.name}_f32",
        takes=takes,
        gives=gives,
        meaning=meaning,
        doc=f"In binary32: {op.doc}",
        definition="",
    )


def _rounded(meaning: Callable[..., float]) -> Callable[..., float]:
    """Of one operation, rounding to binary64 first changes nothing: 53 bits are more than 2 * 24 + 1 (Figueroa 1995)."""
    return lambda *values: round_f32(meaning(*values))
