"""A pen for random graphs: picks operands, draws constants, applies operators and names whatever it made.

Everything is drawn from integers and uniform numbers of numpy's generator and from exact arithmetic, so a seed gives the
same graph on every machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from compile.campaign.drawing.special_values import SPECIAL_F32, SPECIAL_F64, SPECIAL_I32, SPECIAL_I64
from dag.graphs.builder import GraphBuilder
from dag.operators.op import Op, Signature
from dag.operators.table import (
    ADD,
    AS_UNIT,
    BITS_F64,
    DIV,
    F64_BITS,
    FOLDS,
    GET,
    IADD,
    IAND,
    ILT,
    IMIN,
    IMUL,
    IN_F32,
    IOR,
    ISUB,
    LT,
    MAX,
    MIN,
    MUL,
    PUT,
    ROTATE,
    SELECT,
    SQRT,
    SUB,
)
from dag.values.types import BOOL, F32, F64, I32, I64, Kind, Type, Value, array_type, enum_type
from dag.values.words import round_f32, value_of, word_of

SIDE = enum_type("Side", {"SELL": -1, "FLAT": 0, "BUY": 1})
TYPES = (F64, F32, I64, I32, BOOL, SIDE)
#: The largest exponent of a tame number. On XLA one subnormal hands a whole instance to the interpreter; tame graphs and
#: rows stay clear of them, so that XLA's own arithmetic is what is compared.
TAME_EXPONENT = 40
_TAME_F64 = tuple(x for x in SPECIAL_F64 if x == 0.0 or 2.0**-TAME_EXPONENT <= abs(x) <= 2.0**TAME_EXPONENT)
#: Numbers that compilers know how to "improve" with: identities, exact and inexact reciprocals, splitters, decimals.
_TEMPTING = (
    0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 0.25, 4.0, 3.0, 10.0, 0.1, 1.5, 2.5, -0.5, 7.0, 100.0, 1e-3, 49.0, 2.0**27 + 1,
    2.0**52, 2.0**53, 1 / 3,
)  # fmt: skip


@dataclass(slots=True)
class DrawnArray:
    """A carried array: its name, the node that reads it, and the node it has become by what was put into it so far."""

    name: str
    node: int
    end: int


@dataclass(slots=True)
class Drawing:
    """One random graph while it is drawn into `builder`; `prefix` begins the names of its values.

    `is_wild`: subnormal and huge constants too, and bit patterns made from any integer.
    """

    builder: GraphBuilder
    rng: np.random.Generator
    prefix: str = ""
    is_wild: bool = True
    pool: dict[Type, list[int]] = field(default_factory=lambda: {type_: [] for type_ in TYPES})
    operators: int = 0
    last: int = -1
    arrays: list[DrawnArray] = field(default_factory=list["DrawnArray"])

    def below(self, n: int) -> int:
        """A random integer from 0 to n - 1."""
        return int(self.rng.integers(n))

    def chance(self, share: float) -> bool:
        """True in this share of calls."""
        return bool(self.rng.random() < share)

    def pick(self, type_: Type) -> int:
        """A node of this type: recent ones are likelier, so that graphs grow deep, but not always, so that ports stay near."""
        nodes = self.pool[type_]
        if self.chance(0.4):
            return nodes[self.below(len(nodes))]
        return nodes[-1 - int(len(nodes) * self.rng.random() ** 2)]

    def const(self, value: Value, type_: Type = F64) -> int:
        """A given constant."""
        return self.builder.const(value, type_, "1")

    def constant(self, type_: Type) -> int:
        """A constant of adversarial value."""
        return self.const(random_constant(self.rng, type_, self.is_wild), type_)

    def apply(self, op: Op, *args: int) -> int:
        """The node of `op`, named, and from now on an operand for others."""
        node = self.builder.op(op, args, unit="1" if op is AS_UNIT else None)
        self.builder.tap(f"{self.prefix}n{self.operators}_{op}", node)
        self.operators += 1
        return self.keep(node)

    def keep(self, node: int) -> int:
        """Let others use `node`, the last one made."""
        self.last = node
        self.pool[self.builder.type_of(node)].append(node)
        return node

    def pattern(self) -> int:
        """The bits of a float as an i64; of none below 2^-255, unless this graph is wild."""
        # The NaN that a processor makes has its sign set.
        x = self.apply(SQRT, self.pick(F64)) if self.chance(0.5) else self.pick(F64)
        bits = self.apply(F64_BITS, x)
        return bits if self.is_wild else self.apply(IOR, bits, self.const(0x300 << 52, I64))

    def apply_to_any(self, op: Op) -> int:
        """`op` on picked operands."""
        if op in (GET, PUT):
            return self._use_array(op)
        if op is ROTATE or op in FOLDS:
            return self._fold_array(op)
        if op is BITS_F64 and not self.is_wild:
            # The pattern of a small integer is a subnormal: here patterns are those of numbers, a few ulps away.
            return self.apply(op, self.apply(IADD, self.pattern(), self.const(self.below(9) - 4, I64)))
        return self.apply(op, *(self.pick(type_) for type_ in operand_types(op, TYPES[self.below(len(TYPES))])))

    def _use_array(self, op: Op) -> int:
        """Read or write an array, a new one at times; some of the places are outside."""
        if not self.arrays or self.chance(0.3):
            self._new_array()
        array = self.arrays[self.below(len(self.arrays))]
        place = self.apply(IAND, self.pick(I64), self.const((0, 1, 3, 15)[self.below(4)], I64))
        if op is PUT:
            element = self.builder.type_of(array.node).element
            array.end = self.builder.op(PUT, (array.end, place, self.pick(element), self.pick(BOOL)))
            self.operators += 1
            return self.last
        return self.apply(GET, array.node, place)

    def _fold_array(self, op: Op) -> int:
        """A fold over what a few operators make of an array, element by element; `rotate` is one of them."""
        if op is ROTATE:
            op = sorted(FOLDS, key=str)[self.below(len(FOLDS))]
        assert isinstance(op.gives, Type)
        element = op.gives
        held = [array.node for array in self.arrays if self.builder.type_of(array.node).element == element]
        if not held or self.chance(0.2):
            self._new_array(element)
            held.append(self.arrays[-1].node)
        values = held[self.below(len(held))]
        alike = [node for node in held if self.builder.type_of(node) == self.builder.type_of(values)]
        for _ in range(self.below(4)):
            values = self._over_array(values, alike[self.below(len(alike))], element)
        first, count = (self.apply(IAND, self.pick(I64), self.const((3, 7, 15)[self.below(3)], I64)) for _ in "ab")
        return self.apply(op, values, first, count if self.chance(0.8) else self.pick(I64), self.pick(element))

    def _over_array(self, values: int, other: int, element: Type) -> int:
        """One operator on each of `values`, with another array or a single value beside it."""
        beside = other if self.chance(0.5) else self.pick(element)
        integers, floats = (IADD, ISUB, IMUL, IMIN), (ADD, SUB, MUL, DIV, MIN, MAX)
        several = integers if element == I64 else floats
        match self.below(4):
            case 0:
                return self.builder.op(ROTATE, (values,))
            case 1:
                less = self.builder.op(ILT if element == I64 else of_width(LT, element), (values, beside))
                return self.builder.op(SELECT, (less, beside, values))
            case _:
                operands = (values, beside) if self.chance(0.5) else (beside, values)
                return self.builder.op(of_width(several[self.below(len(several))], element), operands)

    def _new_array(self, element: Type | None = None) -> None:
        type_ = array_type(element or TYPES[self.below(len(TYPES))], (1, 2, 5, 13)[self.below(4)])
        name = f"{self.prefix}array_{len(self.arrays)}"
        node = self.builder.state(name, type_, "1", random_constant(self.rng, type_, self.is_wild))
        self.arrays.append(DrawnArray(name, node, node))

    def carry_arrays_on(self) -> None:
        """The next bar sees what was put into the arrays; for the end of the drawing."""
        for array in self.arrays:
            self.builder.set_next(array.name, array.end)


def operand_types(op: Op, any_type: Type) -> tuple[Type, ...]:
    """The types of the operands of `op`, `any_type` where it takes any."""

    def chosen(wanted: Signature) -> Type:
        return wanted if isinstance(wanted, Type) else SIDE if wanted is Kind.ENUM else any_type

    return tuple(chosen(wanted) for wanted in op.takes)


def of_width(op: Op, type_: Type) -> Op:
    """The row of an f64 op for floats of this type."""
    return IN_F32[op] if type_ is F32 else op


def random_constant(rng: np.random.Generator, type_: Type, is_wild: bool = True) -> Value:
    """A value that breaks arithmetic: special, tempting to optimisers, a neighbour of a power of two, or a decimal tie."""
    match type_.kind:
        case Kind.F64:
            return _float_constant(rng, is_wild)
        case Kind.F32:
            if rng.random() < 0.4:
                return SPECIAL_F32[rng.integers(len(SPECIAL_F32))]
            return round_f32(_float_constant(rng, is_wild=False))
        case Kind.I32:
            return _whole_constant(rng, SPECIAL_I32, 31)
        case Kind.I64:
            return _whole_constant(rng, SPECIAL_I64, 63)
        case Kind.BOOL | Kind.ENUM:
            return value_of(word_of(int(rng.integers(2)), type_), type_)


def _float_constant(rng: np.random.Generator, is_wild: bool) -> float:
    special = SPECIAL_F64 if is_wild else _TAME_F64
    sign = -1.0 if rng.random() < 0.5 else 1.0
    match int(rng.integers(4)):
        case 0:
            return special[rng.integers(len(special))]
        case 1:
            return _TEMPTING[rng.integers(len(_TEMPTING))]
        case 2:
            reach = 1022 if is_wild else TAME_EXPONENT
            power = math.ldexp(sign, int(rng.integers(-reach, reach)))
            return math.nextafter(power, (-math.inf, power, math.inf)[rng.integers(3)])
        case _:
            return sign * (int(rng.integers(2000)) + 0.5) / 10.0 ** int(rng.integers(7))


def _whole_constant(rng: np.random.Generator, special: tuple[int, ...], bits: int) -> int:
    match int(rng.integers(3)):
        case 0:
            return special[rng.integers(len(special))]
        case 1:
            return int(rng.integers(-9, 10))
        case _:
            power = 1 << int(rng.integers(bits))
            return max(-(1 << bits), (power if rng.random() < 0.5 else -power) + int(rng.integers(-1, 1)))
