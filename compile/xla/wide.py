"""`fma` in 64-bit integers: XLA has no such operation, and flushing must not touch it.

The product of the significands has 106 bits; with the addend it is held in two words, of which the lowest bit also says
whether anything was shifted out (a sticky bit). The sum is normalised and rounded once, gradual underflow included.
"""

from __future__ import annotations

from dataclasses import dataclass

from compile.xla.statements import Statements
from dag.values.words import CANONICAL_NAN

SIGN = 1 << 63
MAGNITUDE = SIGN - 1
INFINITY = 0x7FF << 52
HIDDEN = 1 << 52


@dataclass(frozen=True, slots=True)
class _Wide:
    """128 bits."""

    high: str
    low: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """significand * 2^exponent, 2^52 <= significand < 2^53 where the number is finite and not zero."""

    significand: str
    exponent: str


def fused_multiply_add() -> str:
    """The body of `fma`: %a * %b + %c rounded once."""
    s = Statements()
    bits = {x: s.bits(f"%{x}") for x in "abc"}
    size = {x: s.integers("and", bits[x], s.integer(MAGNITUDE)) for x in "abc"}
    a, b, c = (_parts(s, size[x]) for x in "abc")
    negative = _is_negative(s, s.integers("xor", bits["a"], bits["b"]))
    c_negative = _is_negative(s, bits["c"])

    product = _left(s, _product(s, a.significand, b.significand), 20)
    exponent = s.integers("subtract", s.integers("add", a.exponent, b.exponent), s.integer(20))
    c_is_zero = s.compare("EQ", size["c"], s.integer(0))
    zero = s.integer(0)
    addend = _Wide(s.select(c_is_zero, zero, s.left(c.significand, s.integer(9))), zero)
    # Of a zero addend the exponent must not count.
    c_exponent = s.select(c_is_zero, exponent, s.integers("subtract", c.exponent, s.integer(73)))

    distance = s.integers("subtract", exponent, c_exponent)
    c_leads = s.compare("LT", distance, zero)
    exponent = s.select(c_leads, c_exponent, exponent)
    leading = _choose(s, c_leads, addend, product)
    other = _right(s, _choose(s, c_leads, product, addend), _absolute(s, distance))
    leading_negative = s.select(c_leads, c_negative, negative, "B")
    other_negative = s.select(c_leads, negative, c_negative, "B")

    opposed = s.differ(leading_negative, other_negative)
    swapped = s.both(opposed, _less(s, leading, other))
    larger, smaller = _choose(s, swapped, other, leading), _choose(s, swapped, leading, other)
    negative = s.select(swapped, other_negative, leading_negative, "B")
    total = _choose(s, opposed, _difference(s, larger, smaller), _sum(s, larger, smaller))

    finite = _rounded(s, total, exponent, negative)
    cancelled = s.compare("EQ", s.integers("or", total.high, total.low), zero)
    finite = s.select(cancelled, zero, finite)

    # Infinities, NaN, and products that are zero: the product is exact, or nothing is.
    infinity = s.integer(INFINITY)
    plain = s.bits(s.floats("add", s.product("%a", "%b"), "%c"))
    a_or_b_special = s.either(
        s.either(s.compare("GE", size["a"], infinity), s.compare("GE", size["b"], infinity)),
        s.either(s.compare("EQ", size["a"], zero), s.compare("EQ", size["b"], zero)),
    )
    result = s.select(s.compare("GE", size["c"], infinity), bits["c"], finite)
    result = s.select(a_or_b_special, plain, result)
    result_size = s.integers("and", result, s.integer(MAGNITUDE))
    is_nan = s.compare("GT", result_size, infinity)
    return s.result(s.float_of(s.select(is_nan, s.integer(CANONICAL_NAN), result)), "F").text


def _parts(s: Statements, size: str) -> _Parts:
    """Of a magnitude; a subnormal's leading one is moved up."""
    field = s.right(size, s.integer(52))
    fraction = s.integers("and", size, s.integer(HIDDEN - 1))
    is_subnormal = s.compare("EQ", field, s.integer(0))
    lifted = s.integers("subtract", s.leading_zeros(fraction), s.integer(11))
    significand = s.select(is_subnormal, s.left(fraction, lifted), s.integers("or", fraction, s.integer(HIDDEN)))
    normal = s.integers("subtract", field, s.integer(1075))
    subnormal = s.integers("subtract", s.integer(-1074), lifted)
    return _Parts(significand, s.select(is_subnormal, subnormal, normal))


def _is_negative(s: Statements, bits: str) -> str:
    return s.compare("LT", bits, s.integer(0))


def _absolute(s: Statements, n: str) -> str:
    negative = _is_negative(s, n)
    return s.select(negative, s.integers("subtract", s.integer(0), n), n)


def multiply_high() -> str:
    """The upper word of a * b, both unsigned."""
    s = Statements()
    return s.result(_product(s, "%a", "%b").high, "I").text


def _product(s: Statements, a: str, b: str) -> _Wide:
    """a * b in halves."""
    mask, half = s.integer((1 << 32) - 1), s.integer(32)
    a_low, b_low = s.integers("and", a, mask), s.integers("and", b, mask)
    a_high, b_high = s.right(a, half), s.right(b, half)
    low = s.integers("multiply", a_low, b_low)
    cross = s.integers("add", s.integers("multiply", a_high, b_low), s.right(low, half))
    other = s.integers("add", s.integers("multiply", a_low, b_high), s.integers("and", cross, mask))
    high = s.integers("add", s.integers("multiply", a_high, b_high), s.right(cross, half))
    return _Wide(
        s.integers("add", high, s.right(other, half)),
        s.integers("or", s.left(other, half), s.integers("and", low, mask)),
    )


def _left(s: Statements, x: _Wide, places: int) -> _Wide:
    """x << places, for 0 < places < 64."""
    n, rest = s.integer(places), s.integer(64 - places)
    return _Wide(s.integers("or", s.left(x.high, n), s.right(x.low, rest)), s.left(x.low, n))


def _right(s: Statements, x: _Wide, places: str) -> _Wide:
    """x >> places, for places >= 0; the last bit also says whether a bit was lost."""
    rest = s.integers("subtract", s.integer(64), places)  # out of range where it is not read
    beyond = s.integers("subtract", places, s.integer(64))
    near = s.compare("LT", places, s.integer(64))
    low_near = s.integers("or", s.right(x.low, places), s.left(x.high, rest))
    low = s.select(near, low_near, s.right(x.high, beyond))
    high = s.select(near, s.right(x.high, places), s.integer(0))
    lost_near = s.left(x.low, rest)
    # 128 - places: from 128 places on it is out of range, and every bit is lost.
    lost_far = s.left(x.high, s.integers("subtract", s.integer(128), places))
    everything = s.compare("GE", places, s.integer(128))
    lost_far = s.integers("or", x.low, s.select(everything, x.high, lost_far))
    lost = s.select(near, lost_near, lost_far)
    sticky = s.flag(s.compare("NE", lost, s.integer(0)))
    return _Wide(high, s.integers("or", low, sticky))


def _choose(s: Statements, condition: str, a: _Wide, b: _Wide) -> _Wide:
    return _Wide(s.select(condition, a.high, b.high), s.select(condition, a.low, b.low))


def _less(s: Statements, a: _Wide, b: _Wide) -> str:
    same = s.compare("EQ", a.high, b.high)
    return s.either(
        s.compare_unsigned("LT", a.high, b.high),
        s.both(same, s.compare_unsigned("LT", a.low, b.low)),
    )


def _sum(s: Statements, a: _Wide, b: _Wide) -> _Wide:
    low = s.integers("add", a.low, b.low)
    carry = s.flag(s.compare_unsigned("LT", low, b.low))
    return _Wide(s.integers("add", s.integers("add", a.high, b.high), carry), low)


def _difference(s: Statements, a: _Wide, b: _Wide) -> _Wide:
    borrow = s.flag(s.compare_unsigned("LT", a.low, b.low))
    high = s.integers("subtract", s.integers("subtract", a.high, b.high), borrow)
    return _Wide(high, s.integers("subtract", a.low, b.low))


def _rounded(s: Statements, x: _Wide, exponent: str, negative: str) -> str:
    """The pattern of +-x * 2^exponent, rounded to nearest even; x is not zero."""
    empty = s.compare("EQ", x.high, s.integer(0))
    zeros = s.select(empty, s.integers("add", s.leading_zeros(x.low), s.integer(64)), s.leading_zeros(x.high))
    rest = s.integers("subtract", s.integer(64), zeros)
    near_high = s.integers("or", s.left(x.high, zeros), s.right(x.low, rest))
    far_high = s.left(x.low, s.integers("subtract", zeros, s.integer(64)))
    top = _Wide(s.select(empty, far_high, near_high), s.select(empty, s.integer(0), s.left(x.low, zeros)))
    # One less than the exponent field of a normal result.
    field = s.integers("add", s.integers("subtract", exponent, zeros), s.integer(127 + 1022))
    below = s.compare("LT", field, s.integer(0))
    places = s.select(below, s.integers("subtract", s.integer(11), field), s.integer(11))
    kept = _right(s, top, places)
    half = s.integer(SIGN)
    odd = s.compare("NE", s.integers("and", kept.high, s.integer(1)), s.integer(0))
    up = s.either(s.compare_unsigned("GT", kept.low, half), s.both(s.compare("EQ", kept.low, half), odd))
    kept_field = s.select(below, s.integer(0), s.left(field, s.integer(52)))
    pattern = s.integers("add", s.integers("add", kept.high, kept_field), s.flag(up))
    overflow = s.compare("GE", field, s.integer(2046))
    pattern = s.select(overflow, s.integer(INFINITY), pattern)
    return s.integers("or", pattern, s.select(negative, half, s.integer(0)))
