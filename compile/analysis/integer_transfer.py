"""How facts pass through the integer ops, and which exact results leave 64 bits."""

from __future__ import annotations

from collections.abc import Iterable

from compile.analysis.facts import I64_RANGE, Codes, Fact, Integers, integers, join

WHOLE = integers(*I64_RANGE)
NOTHING = integers(1, 0)
Exact = tuple[int, int]
_WORDS = 1 << 64


def _wrapped(exact: Exact, zero: bool = True) -> Integers:
    """The results whose exact values lie in `exact`: any integer at all where one of them wraps."""
    return WHOLE if leaves(exact, I64_RANGE) else integers(*exact, zero)


def leaves(exact: Exact, allowed: Exact) -> bool:
    """Whether a range of exact results is not inside what the format holds."""
    return exact[0] < allowed[0] or exact[1] > allowed[1]


def _hull(values: Iterable[int]) -> Exact:
    found = tuple(values)
    return min(found), max(found)


def exact_sum(a: Integers, b: Integers) -> Exact:
    """The range of a + b before it wraps."""
    return a.lo + b.lo, a.hi + b.hi


def exact_difference(a: Integers, b: Integers) -> Exact:
    """The range of a - b before it wraps."""
    return a.lo - b.hi, a.hi - b.lo


def exact_product(a: Integers, b: Integers) -> Exact:
    """The range of a * b before it wraps."""
    return _hull(x * y for x in (a.lo, a.hi) for y in (b.lo, b.hi))


def exact_quotient(a: Integers, b: Integers) -> Exact | None:
    """The range of a // b before it wraps, divisors of 0 apart; None where there is no other."""
    corners = [part for part in ((max(b.lo, 1), b.hi), (b.lo, min(b.hi, -1))) if part[0] <= part[1]]
    return _hull(x // y for x in (a.lo, a.hi) for part in corners for y in part) if corners else None


def exact_negation(x: Integers) -> Exact:
    """The range of -x before it wraps."""
    return -x.hi, -x.lo


def exact_magnitude(x: Integers) -> Exact:
    """The range of |x| before it wraps."""
    nearest = 0 if x.lo <= 0 <= x.hi else min(abs(x.lo), abs(x.hi))
    return nearest, max(abs(x.lo), abs(x.hi))


def is_shift(n: Integers) -> bool:
    """Whether every integer of `n` is a number of places that the ops shift by."""
    return n.lo >= 0 and n.hi <= 63


def exact_shift_left(a: Integers, n: Integers) -> Exact:
    """The range of a << n before it wraps, where `n` is a shift."""
    return _hull(x << count for x in (a.lo, a.hi) for count in (n.lo, n.hi))


def add(a: Integers, b: Integers) -> Integers:
    """a + b, wrapped."""
    return _wrapped(exact_sum(a, b))


def subtract(a: Integers, b: Integers) -> Integers:
    """a - b, wrapped."""
    return _wrapped(exact_difference(a, b))


def multiply(a: Integers, b: Integers) -> Integers:
    """a * b, wrapped."""
    return _wrapped(exact_product(a, b), a.zero or b.zero)


def divide(a: Integers, b: Integers) -> Fact:
    """a // b, wrapped; 0 where b is 0."""
    exact = exact_quotient(a, b)
    found: Fact = NOTHING if exact is None else _wrapped(exact)
    return join(found, integers(0, 0)) if b.zero else found


def modulo(a: Integers, b: Integers) -> Fact:
    """a % b, of the sign of b; 0 where b is 0."""
    found: Fact = integers(0, 0) if b.zero else NOTHING
    if b.hi > 0:
        inside = a.lo >= 0 and a.hi < max(b.lo, 1)
        found = join(found, a if inside else integers(0, min(b.hi - 1, a.hi) if a.lo >= 0 else b.hi - 1))
    if b.lo < 0:
        inside = a.hi <= 0 and a.lo > min(b.hi, -1)
        found = join(found, a if inside else integers(max(b.lo + 1, a.lo) if a.hi <= 0 else b.lo + 1, 0))
    return found


def negate(x: Integers) -> Integers:
    """-x, wrapped."""
    return _wrapped(exact_negation(x), x.zero)


def absolute(x: Integers) -> Integers:
    """|x|, wrapped."""
    return _wrapped(exact_magnitude(x), x.zero)


def least_of(a: Integers, b: Integers) -> Integers:
    """The smaller one."""
    return integers(min(a.lo, b.lo), min(a.hi, b.hi), a.zero or b.zero)


def greatest_of(a: Integers, b: Integers) -> Integers:
    """The larger one."""
    return integers(max(a.lo, b.lo), max(a.hi, b.hi), a.zero or b.zero)


def _span(*sides: Integers) -> Integers:
    """Every integer of the fewest bits, sign included, that hold both sides."""
    bits = max(max(~x.lo if x.lo < 0 else x.lo, ~x.hi if x.hi < 0 else x.hi).bit_length() for x in sides)
    return integers(-(1 << bits), (1 << bits) - 1)


def bit_and(a: Integers, b: Integers) -> Integers:
    """a & b: no larger than a side without a sign."""
    bounds = [x.hi for x in (a, b) if x.lo >= 0]
    return integers(0, min(bounds)) if bounds else _span(a, b)


def bit_or(a: Integers, b: Integers) -> Integers:
    """a | b; a sum where one side is a constant whose low bits are zero and the other fits below them."""
    for fixed, free in ((a, b), (b, a)):
        if fixed.lo == fixed.hi != 0 and free.lo >= 0 and free.hi < (fixed.lo & -fixed.lo):
            return integers(fixed.lo + free.lo, fixed.lo + free.hi, zero=False)
    if a.lo >= 0 and b.lo >= 0:
        return integers(max(a.lo, b.lo), _span(a, b).hi)
    return _span(a, b)


def bit_xor(a: Integers, b: Integers) -> Integers:
    """a ^ b."""
    return integers(0, _span(a, b).hi) if a.lo >= 0 and b.lo >= 0 else _span(a, b)


def shift_left(a: Integers, n: Integers) -> Integers:
    """a << (n mod 64), wrapped."""
    return _wrapped(exact_shift_left(a, n), a.zero) if is_shift(n) else WHOLE


def shift_right(a: Integers, n: Integers) -> Integers:
    """a >> (n mod 64)."""
    low, high = (n.lo, n.hi) if is_shift(n) else (0, 63)
    return integers(*_hull(x >> count for x in (a.lo, a.hi) for count in (low, high)))


def unsigned(x: Integers) -> Exact:
    """The words of x as numbers from 0 to 2^64 - 1."""
    if x.lo < 0 <= x.hi:
        return 0, _WORDS - 1
    return (x.lo, x.hi) if x.lo >= 0 else (x.lo + _WORDS, x.hi + _WORDS)


def _of_unsigned(words: Exact) -> Integers:
    """Words from one number to another, as the integers that hold them."""
    low, high = words
    if low <= I64_RANGE[1] < high:
        return WHOLE
    return integers(low, high) if high <= I64_RANGE[1] else integers(low - _WORDS, high - _WORDS)


def multiply_high(a: Integers, b: Integers) -> Integers:
    """The upper word of a * b, both unsigned."""
    (a_low, a_high), (b_low, b_high) = unsigned(a), unsigned(b)
    return _of_unsigned((a_low * b_low >> 64, a_high * b_high >> 64))


def logical_shift_right(a: Integers, n: Integers) -> Integers:
    """a >> (n mod 64), a unsigned."""
    fewest, most = (n.lo, n.hi) if is_shift(n) else (0, 63)
    low, high = unsigned(a)
    return _of_unsigned((low >> most, high >> fewest))


def compare_unsigned(a: Integers, b: Integers) -> Codes:
    """a < b, both unsigned."""
    (a_low, a_high), (b_low, b_high) = unsigned(a), unsigned(b)
    return _codes(a_low < b_high, a_high >= b_low)


def leading_zeros(x: Integers) -> Integers:
    """The zero bits above the highest one bit."""
    low, high = unsigned(x)
    return integers(64 - high.bit_length(), 64 - low.bit_length())


def looked_up(table: tuple[int, ...], n: Integers) -> Integers:
    """table[n mod its length]."""
    size = len(table)
    words = [table[k % size] for k in range(n.lo, n.hi + 1)] if n.hi - n.lo < size else list(table)
    return integers(*_hull(words), zero=0 in words)


def narrow(x: Integers, allowed: Exact) -> Integers:
    """The low bits of x as two's complement."""
    return integers(*allowed) if leaves((x.lo, x.hi), allowed) else x


def compare_less(a: Integers, b: Integers) -> Codes:
    """a < b."""
    return _codes(a.lo < b.hi, a.hi >= b.lo)


def compare_less_equal(a: Integers, b: Integers) -> Codes:
    """a <= b."""
    return _codes(a.lo <= b.hi, a.hi > b.lo)


def compare_equal(a: Integers, b: Integers) -> Codes:
    """a == b."""
    low, high = max(a.lo, b.lo), min(a.hi, b.hi)
    may = low < high or (low == high and (low != 0 or (a.zero and b.zero)))
    return _codes(may, not (a.lo == a.hi == b.lo == b.hi))


def _codes(may_hold: bool, may_fail: bool) -> Codes:
    return Codes(frozenset(({1} if may_hold else set[int]()) | ({0} if may_fail else set[int]())))
