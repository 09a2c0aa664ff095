"""The values an input or a parameter may take. Outside it, NaN included, a row is rejected at the source."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

import numpy as np

from dag.values.types import Kind, Type, Value
from dag.values.words import round_f32, word_of

F64_MAX = sys.float_info.max
F32_MAX = float(np.finfo(np.float32).max)


@dataclass(frozen=True, slots=True)
class Domain:
    """An interval of one type; an end may be left out of it. Always finite for floats; bool and enum have all their values.

    `lo` and `hi` are values of the type for floats and integers; for enum and bool they are the smallest and largest code
    and `codes` lists the allowed ones.
    """

    lo: Value
    hi: Value
    excludes_lo: bool = False
    excludes_hi: bool = False
    codes: tuple[int, ...] | None = None

    def contains(self, value: Value) -> bool:
        """Whether `value` is allowed (NaN never is)."""
        if self.codes is not None:
            return int(value) in self.codes
        above = value > self.lo if self.excludes_lo else value >= self.lo
        below = value < self.hi if self.excludes_hi else value <= self.hi
        return above and below

    def __str__(self) -> str:
        if self.codes is not None:
            return "{" + ", ".join(map(str, self.codes)) + "}"
        if (self.lo, self.hi) in ((-F64_MAX, F64_MAX), (-F32_MAX, F32_MAX)):
            return "any finite value"
        left, right = "(" if self.excludes_lo else "[", ")" if self.excludes_hi else "]"
        return f"{left}{self.lo!r}, {self.hi!r}{right}"


def whole_domain(type_: Type) -> Domain:
    """Every value of the type that a row may hold: for floats, every finite one."""
    match type_.kind:
        case Kind.F64:
            return Domain(-F64_MAX, F64_MAX)
        case Kind.F32:
            return Domain(-F32_MAX, F32_MAX)
        case Kind.I64:
            return Domain(-(1 << 63), (1 << 63) - 1)
        case Kind.I32:
            return Domain(-(1 << 31), (1 << 31) - 1)
        case Kind.BOOL:
            return Domain(0, 1, codes=(0, 1))
        case Kind.ENUM:
            assert type_.members is not None
            codes = tuple(code for _, code in type_.members.codes)
            return Domain(min(codes), max(codes), codes=codes)


def neighbour(value: float, toward: float, type_: Type) -> float:
    """The next value of a float type, in the direction of `toward`."""
    if type_.kind is Kind.F32:
        with np.errstate(over="ignore"):
            return float(np.nextafter(np.float32(value), np.float32(toward)))
    return math.nextafter(value, toward)


def interval(
    type_: Type,
    lo: float | int | None = None,
    hi: float | int | None = None,
    above: float | int | None = None,
    below: float | int | None = None,
) -> Domain:
    """The part of the type between `lo` and `hi` (inclusive) or `above` and `below` (exclusive).

    The ends of an f32 domain are rounded to binary32. Raises ValueError when it is empty, when an end is NaN or does not fit the
    type, or when the type has no order (bool, enum).
    """
    whole = whole_domain(type_)
    ends = [end for end in (lo, hi, above, below) if end is not None]
    if ends and type_.kind in (Kind.BOOL, Kind.ENUM):
        raise ValueError(f"a {type_} has no order; leave the domain out")
    if any(end != end for end in ends):
        raise ValueError("an end of the domain is NaN")
    if (lo is not None and above is not None) or (hi is not None and below is not None):
        raise ValueError("give either an inclusive or an exclusive end, not both")
    low, high = _first(lo, above, whole.lo), _first(hi, below, whole.hi)
    if type_.is_float:
        if type_.kind is Kind.F32:
            low, high = round_f32(float(low)), round_f32(float(high))
        low, high = max(float(low), float(whole.lo)), min(float(high), float(whole.hi))
        open_lo = above is not None and not math.isinf(above)
        open_hi = below is not None and not math.isinf(below)
        smallest = neighbour(low, math.inf, type_) if open_lo else low
        largest = neighbour(high, -math.inf, type_) if open_hi else high
    else:
        if low != int(low) or high != int(high):
            raise ValueError(f"the ends of an {type_} domain are whole numbers")
        low, high = int(low), int(high)
        if low < whole.lo or high > whole.hi:
            raise ValueError(f"the ends of an {type_} domain are from {whole.lo} to {whole.hi}")
        open_lo, open_hi = above is not None, below is not None
        smallest, largest = low + int(open_lo), high - int(open_hi)
    if smallest > largest:
        raise ValueError("the domain is empty")
    return Domain(low, high, open_lo, open_hi, whole.codes)


def _first(*candidates: Value | None) -> Value:
    return next(candidate for candidate in candidates if candidate is not None)


def domain_key(domain: Domain, type_: Type) -> str:
    """A canonical text of the domain, for content hashes (f64 ends by their bits)."""
    if domain.codes is not None:
        return ",".join(map(str, domain.codes))
    return f"{word_of(domain.lo, type_):x}:{word_of(domain.hi, type_):x}:{domain.excludes_lo:d}{domain.excludes_hi:d}"
