"""What is known of a node's value: a set of values, kept as an interval and a few flags.

    Floats     f64 and f32: an interval of the numbers, which zeros are among them, whether NaN is, the least magnitude
    Integers   i64 and i32: an interval, and whether 0 is in it
    Codes      bool and enum: the possible codes, one by one

A fact may hold more values than ever occur, never fewer. `joined` is the union of two facts (or a larger one), `met` their
intersection (or a larger one); an empty fact says that no value can occur: the place is never reached.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dag.values.domain import F32_MAX, F64_MAX, Domain, neighbour, whole_domain
from dag.values.types import Kind, Type, Value

#: The smallest positive number of each format.
TINY_F64, TINY_F32 = 2.0**-1074, 2.0**-149


@dataclass(frozen=True, slots=True)
class Floats:
    """Values of one binary format. Make one with `floats`, which keeps its parts consistent.

    Every number among them is in [lo, hi] (lo > hi where there is none); a zero only with the sign that `plus_zero` or
    `minus_zero` allows; every other number has a magnitude of `least` or more. `nan` says whether NaN is among them.
    """

    lo: float
    hi: float
    nan: bool
    plus_zero: bool
    minus_zero: bool
    least: float

    @property
    def zero(self) -> bool:
        """Whether a zero of either sign is among the values."""
        return self.plus_zero or self.minus_zero

    @property
    def has_numbers(self) -> bool:
        """Whether anything but NaN is among the values."""
        return self.lo <= self.hi

    @property
    def positive(self) -> bool:
        """Whether a number above zero is among the values."""
        return self.hi > 0.0

    @property
    def negative(self) -> bool:
        """Whether a number below zero is among the values."""
        return self.lo < 0.0

    @property
    def infinite(self) -> bool:
        """Whether an infinity is among the values."""
        return self.hi == math.inf or self.lo == -math.inf

    @property
    def greatest(self) -> float:
        """The largest magnitude among the numbers, 0 where there is none."""
        return max(abs(self.lo), abs(self.hi)) if self.has_numbers else 0.0

    def contains(self, value: Value) -> bool:
        """Whether `value` is one of the values."""
        if value != value:
            return self.nan
        if value == 0:
            return self.minus_zero if math.copysign(1.0, value) < 0.0 else self.plus_zero
        return self.lo <= value <= self.hi and abs(value) >= self.least


def floats(
    lo: float, hi: float, nan: bool = False, plus_zero: bool = True, minus_zero: bool = True, least: float = TINY_F64
) -> Floats:
    """The values described, as tight as the parts allow: an end inside the gap around zero moves out of it."""
    if not lo <= 0.0 <= hi:
        plus_zero = minus_zero = False
    zero = plus_zero or minus_zero
    if -least < lo < least:
        lo = 0.0 if zero and lo <= 0.0 else least
    if -least < hi < least:
        hi = 0.0 if zero and hi >= 0.0 else -least
    if lo > hi:
        return Floats(math.inf, -math.inf, nan, False, False, math.inf)
    if lo > 0.0:
        least = max(least, lo)
    elif hi < 0.0:
        least = max(least, -hi)
    elif lo == hi:
        least = math.inf
    return Floats(lo, hi, nan, plus_zero, minus_zero, least)


@dataclass(frozen=True, slots=True)
class Integers:
    """Whole numbers in [lo, hi] (lo > hi where there is none), 0 only where `zero`. Make one with `integers`."""

    lo: int
    hi: int
    zero: bool

    def contains(self, value: Value) -> bool:
        """Whether `value` is one of the values."""
        return self.lo <= value <= self.hi and (self.zero or value != 0)


def integers(lo: int, hi: int, zero: bool = True) -> Integers:
    """The values described; an end that is an excluded zero moves off it."""
    if not zero:
        lo, hi = lo + (lo == 0), hi - (hi == 0)
    return Integers(lo, hi, zero and lo <= 0 <= hi)


@dataclass(frozen=True, slots=True)
class Codes:
    """The possible codes of a bool (0, 1) or an enum."""

    values: frozenset[int]

    def contains(self, value: Value) -> bool:
        """Whether `value` is one of the values."""
        return int(value) in self.values


Fact = Floats | Integers | Codes

NO_NUMBER = Floats(math.inf, -math.inf, False, False, False, math.inf)
NAN = Floats(math.inf, -math.inf, True, False, False, math.inf)
FALSE, TRUE, EITHER = Codes(frozenset({0})), Codes(frozenset({1})), Codes(frozenset({0, 1}))
I64_RANGE, I32_RANGE = (-(1 << 63), (1 << 63) - 1), (-(1 << 31), (1 << 31) - 1)


def tiny(type_: Type) -> float:
    """The smallest positive number of a float type."""
    return TINY_F32 if type_.kind is Kind.F32 else TINY_F64


def largest(type_: Type) -> float:
    """The largest finite number of a float type."""
    return F32_MAX if type_.kind is Kind.F32 else F64_MAX


def top(type_: Type) -> Fact:
    """Every value of the type; for an enum every code of a member (a column holds no other inside its domain)."""
    match type_.kind:
        case Kind.F64 | Kind.F32:
            return floats(-math.inf, math.inf, nan=True, least=tiny(type_))
        case Kind.I64:
            return integers(*I64_RANGE)
        case Kind.I32:
            return integers(*I32_RANGE)
        case Kind.BOOL:
            return EITHER
        case Kind.ENUM:
            assert type_.members is not None
            return Codes(frozenset(code for _, code in type_.members.codes))


def bottom(type_: Type) -> Fact:
    """No value at all: what a place holds that is never reached."""
    if type_.is_float:
        return NO_NUMBER
    return integers(1, 0) if type_.kind in (Kind.I64, Kind.I32) else Codes(frozenset())


def of_value(value: Value, type_: Type) -> Fact:
    """Exactly this value."""
    if type_.is_float:
        x = float(value)
        if x != x:
            return NAN
        minus = math.copysign(1.0, x) < 0.0
        return floats(x, x, plus_zero=not minus, minus_zero=minus, least=tiny(type_))
    if type_.kind in (Kind.I64, Kind.I32):
        return integers(int(value), int(value))
    return Codes(frozenset({int(value)}))


def of_domain(domain: Domain, type_: Type) -> Fact:
    """Every value that a declared domain allows."""
    if domain.codes is not None:
        return Codes(frozenset(domain.codes))
    if type_.is_float:
        lo, hi = float(domain.lo), float(domain.hi)
        lo = neighbour(lo, math.inf, type_) if domain.excludes_lo else lo
        hi = neighbour(hi, -math.inf, type_) if domain.excludes_hi else hi
        return floats(lo, hi, least=tiny(type_))
    return integers(int(domain.lo) + domain.excludes_lo, int(domain.hi) - domain.excludes_hi)


def of_any_word(type_: Type) -> Fact:
    """Every value that a column may hold, inside a domain or not: for an enum any code (`is_any_code`)."""
    if type_.kind is Kind.ENUM:
        return Codes(frozenset({*I64_RANGE, 0, *(whole_domain(type_).codes or ())}))
    return top(type_)


def is_any_code(codes: Codes) -> bool:
    """Whether these codes stand for all integers: the ends of i64 are among them, which no member has."""
    return codes.values.issuperset(I64_RANGE)


def is_empty(fact: Fact) -> bool:
    """Whether no value is left."""
    match fact:
        case Floats():
            return not fact.has_numbers and not fact.nan
        case Integers():
            return fact.lo > fact.hi
        case Codes():
            return not fact.values


def join(a: Fact, b: Fact) -> Fact:
    """A fact that holds the values of both."""
    if a == b or is_empty(b):
        return a
    match a, b:
        case _ if is_empty(a):
            return b
        case Floats(), Floats():
            return Floats(
                min(a.lo, b.lo),
                max(a.hi, b.hi),
                a.nan or b.nan,
                a.plus_zero or b.plus_zero,
                a.minus_zero or b.minus_zero,
                min(a.least, b.least),
            )
        case Integers(), Integers():
            return integers(min(a.lo, b.lo), max(a.hi, b.hi), a.zero or b.zero)
        case Codes(), Codes():
            return Codes(a.values | b.values)
        case _:
            raise TypeError(f"no node has both {a} and {b}")


def meet(a: Fact, b: Fact) -> Fact:
    """A fact that holds every value that both hold."""
    if a == b:
        return a
    match a, b:
        case Floats(), Floats():
            return floats(
                max(a.lo, b.lo),
                min(a.hi, b.hi),
                a.nan and b.nan,
                a.plus_zero and b.plus_zero,
                a.minus_zero and b.minus_zero,
                max(a.least, b.least),
            )
        case Integers(), Integers():
            return integers(max(a.lo, b.lo), min(a.hi, b.hi), a.zero and b.zero)
        case Codes(), Codes():
            return Codes(a.values & b.values)
        case _:
            raise TypeError(f"no node has both {a} and {b}")


def show(fact: Fact, type_: Type) -> str:
    """The fact as a reader wants it: `[0.0, 9.0]`, `[-inf, inf] or NaN`, `{LONG, SHORT}`."""
    match fact:
        case _ if is_empty(fact):
            return "no value"
        case Codes():
            names = [
                (type_.members.name_of(code) if type_.members else None) or str(bool(code))
                for code in sorted(fact.values)
            ]
            return "{" + ", ".join(names) + "}"
        case Integers():
            return f"[{fact.lo}, {fact.hi}]" + (" but not 0" if not fact.zero and fact.lo < 0 < fact.hi else "")
        case Floats():
            if not fact.has_numbers:
                return "NaN"
            gap = " but not 0" if not fact.zero and fact.lo < 0.0 < fact.hi else ""
            return f"[{fact.lo!r}, {fact.hi!r}]{gap}" + (" or NaN" if fact.nan else "")
