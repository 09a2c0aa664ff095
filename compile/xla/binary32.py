"""binary32 on XLA: held as the binary64 number that it is, rounded in integers after every operation.

XLA:CPU flushes subnormals of binary32 too, and those are ordinary numbers of binary64: so held, none is ever flushed and no
row needs a guard. Rounding the binary64 result of + - * / sqrt to 24 bits is rounding once (53 >= 2 * 24 + 2).
"""

from __future__ import annotations

from compile.xla.statements import Statements
from dag.values.words import CANONICAL_NAN, CANONICAL_NAN_32

SIGN = 1 << 63
MAGNITUDE = SIGN - 1
INFINITY = 0x7FF << 52
#: The binary64 patterns of 2^-126, the least normal of binary32, and of 2^128, which it does not hold any more.
LEAST_NORMAL = (1023 - 126) << 52
OVERFLOW = (1023 + 128) << 52
#: Around 2^-97 binary64 numbers are 2^-149 apart, as the subnormals of binary32 are.
SUBNORMAL_GRID = (1023 - 97) << 52
#: Fraction bits that binary32 has not.
DROPPED = 52 - 23
REBIAS = (1023 - 127) << 23


def rounded(s: Statements, x: str) -> str:
    """`x` rounded to binary32, ties to even."""
    bits = s.bits(x)
    size = s.integers("and", bits, s.integer(MAGNITUDE))
    sign = s.integers("and", bits, s.integer(SIGN))
    odd = s.integers("and", s.right(size, s.integer(DROPPED)), s.integer(1))
    above = s.integers("add", s.integers("add", size, s.integer((1 << (DROPPED - 1)) - 1)), odd)
    normal = s.integers("and", above, s.integer(-(1 << DROPPED)))
    normal = s.select(s.compare("GE", normal, s.integer(OVERFLOW)), s.integer(INFINITY), normal)
    grid = s.float_of(s.integer(SUBNORMAL_GRID))
    subnormal = s.bits(s.floats("subtract", s.floats("add", s.float_of(size), grid), grid))
    small = s.compare("LT", size, s.integer(LEAST_NORMAL))
    finite = s.integers("or", s.select(small, subnormal, normal), sign)
    is_nan = s.compare("GT", size, s.integer(INFINITY))
    return s.float_of(s.select(is_nan, s.integer(CANONICAL_NAN), finite))


def arithmetic(op: str) -> str:
    """The body of `add`, `subtract` or `divide` in binary32."""
    s = Statements()
    a, b = (s.append(f"optimization_barrier %{x} : {{F}}") for x in "ab")
    return s.result(rounded(s, s.floats(op, a, b)), "F").text


def plus(result: str, a: str, b: str) -> str:
    """`result`, the sum of `a` and `b`, among statements that have such sums before it: what leads to it is called after it."""
    s = Statements(prefix=f"{result}_")
    s.append(f"optimization_barrier {rounded(s, s.floats('add', a, b))} : {{F}}", result)
    return s.text


def multiplication() -> str:
    """The body of `multiply` in binary32."""
    s = Statements()
    return s.result(rounded(s, s.product("%a", "%b")), "F").text


def square_root() -> str:
    """The body of `sqrt` in binary32."""
    s = Statements()
    radicand = s.append("optimization_barrier %x : {F}")
    return s.result(rounded(s, s.append(f"sqrt {radicand} : {{F}}")), "F").text


def from_f64() -> str:
    """The body of the conversion from binary64."""
    s = Statements()
    return s.result(rounded(s, "%x"), "F").text


def fused_multiply_add() -> str:
    """The product is exact in binary64; the sum is rounded to odd there, so that only the last rounding counts."""
    s = Statements()
    product = s.product("%a", "%b")
    total = s.floats("add", product, "%c")
    back = s.floats("subtract", total, product)
    lost = s.floats(
        "add",
        s.floats("subtract", product, s.floats("subtract", total, back)),
        s.floats("subtract", "%c", back),
    )
    bits = s.bits(total)
    zero = s.float_of(s.integer(0))
    lost_above, lost_below = s.compare_floats("GT", lost, zero), s.compare_floats("LT", lost, zero)
    even = s.compare("EQ", s.integers("and", bits, s.integer(1)), s.integer(0))
    inexact = s.both(s.either(lost_above, lost_below), even)
    outward = s.append(f"not {s.differ(lost_above, s.compare_floats('GT', total, zero))} : {{B}}")
    step = s.select(outward, s.integer(1), s.integer(-1))
    to_odd = s.integers("add", bits, s.select(inexact, step, s.integer(0)))
    return s.result(rounded(s, s.float_of(to_odd)), "F").text


def from_integer() -> str:
    """An integer of more than 53 bits first loses its last eleven, of which a sticky bit stays: it is rounded once."""
    s = Statements()
    zero = s.integer(0)
    negative = s.compare("LT", "%n", zero)
    size = s.select(negative, s.integers("subtract", zero, "%n"), "%n")
    sticky = s.flag(s.compare("NE", s.integers("and", size, s.integer(0x7FF)), zero))
    shortened = s.integers("or", s.right(size, s.integer(11)), sticky)
    short = s.compare_unsigned("LT", size, s.integer(1 << 53))
    kept = s.to_float(s.select(short, size, shortened))
    pattern = s.integers("add", s.bits(kept), s.select(short, zero, s.integer(11 << 52)))
    pattern = s.integers("or", pattern, s.select(negative, s.integer(SIGN), zero))
    return s.result(rounded(s, s.float_of(pattern)), "F").text


def bits_of() -> str:
    """The body of `f32_bits`: a 32-bit pattern, sign extended."""
    s = Statements()
    bits = s.bits("%x")
    size = s.integers("and", bits, s.integer(MAGNITUDE))
    normal = s.integers("subtract", s.right(size, s.integer(DROPPED)), s.integer(REBIAS))
    grid = s.integer(SUBNORMAL_GRID)
    on_grid = s.bits(s.floats("add", s.float_of(size), s.float_of(grid)))
    pattern = s.select(s.compare("LT", size, s.integer(LEAST_NORMAL)), s.integers("subtract", on_grid, grid), normal)
    pattern = s.select(s.compare("GE", size, s.integer(INFINITY)), s.integer(0x7F80_0000), pattern)
    negative = s.compare("LT", bits, s.integer(0))
    pattern = s.integers("or", pattern, s.select(negative, s.integer(-(1 << 31)), s.integer(0)))
    is_nan = s.compare("GT", size, s.integer(INFINITY))
    return s.result(s.select(is_nan, s.integer(CANONICAL_NAN_32), pattern), "I").text


def of_bits() -> str:
    """The body of `bits_f32`."""
    s = Statements()
    size = s.integers("and", "%n", s.integer((1 << 31) - 1))
    shifted = s.left(size, s.integer(DROPPED))
    normal = s.integers("add", shifted, s.integer(REBIAS << DROPPED))
    grid = s.integer(SUBNORMAL_GRID)
    subnormal = s.bits(s.floats("subtract", s.float_of(s.integers("add", size, grid)), s.float_of(grid)))
    pattern = s.select(s.compare("LT", size, s.integer(1 << 23)), subnormal, normal)
    pattern = s.select(s.compare("EQ", size, s.integer(0xFF << 23)), s.integer(INFINITY), pattern)
    pattern = s.select(s.compare("GT", size, s.integer(0xFF << 23)), s.integer(CANONICAL_NAN), pattern)
    negative = s.compare("LT", "%n", s.integer(0))
    signed = s.integers("or", pattern, s.select(negative, s.integer(SIGN), s.integer(0)))
    return s.result(s.float_of(signed), "F").text
