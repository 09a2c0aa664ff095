"""Binary floating point of a few bits, by enumeration: rounding is a search among all numbers of the format.

Nothing here computes a guard bit, a sticky bit or an exponent, so nothing here repeats a mistake of a circuit that does.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property


@dataclass(frozen=True)
class TinyFormat:
    """A format of 1 + `exponent` + `fraction` bits. Numbers are words; a value is an exact Fraction."""

    exponent: int
    fraction: int

    @property
    def words(self) -> range:
        """Every word of the format."""
        return range(2 << (self.exponent + self.fraction))

    @property
    def sign_bit(self) -> int:
        """The word of -0."""
        return 1 << (self.exponent + self.fraction)

    @property
    def infinity(self) -> int:
        """The word of +infinity."""
        return ((1 << self.exponent) - 1) << self.fraction

    @property
    def nan(self) -> int:
        """The word of the canonical quiet NaN."""
        return self.infinity | 1 << (self.fraction - 1)

    @property
    def largest_exponent(self) -> int:
        """The exponent field of 1.0, and the power of two of the largest numbers."""
        return (1 << (self.exponent - 1)) - 1

    @cached_property
    def magnitudes(self) -> list[Fraction]:
        """The value of each word from +0 to the largest number, and one more for +infinity: what would come next."""
        bias = self.largest_exponent
        values = []
        for word in range(self.infinity + 1):
            field, fraction = word >> self.fraction, word & ((1 << self.fraction) - 1)
            significand = fraction + ((1 << self.fraction) if field else 0)
            values.append(significand * Fraction(2) ** (max(field, 1) - bias - self.fraction))
        return values

    @cached_property
    def _halfway(self) -> list[Fraction]:
        return [(low + high) / 2 for low, high in zip(self.magnitudes, self.magnitudes[1:], strict=False)]

    @cached_property
    def _halfway_squared(self) -> list[Fraction]:
        return [each * each for each in self._halfway]

    def is_nan(self, word: int) -> bool:
        """Whether the word is a NaN of any kind."""
        return word & ~self.sign_bit > self.infinity

    def is_infinite(self, word: int) -> bool:
        """Whether the word is an infinity."""
        return word & ~self.sign_bit == self.infinity

    def is_negative(self, word: int) -> bool:
        """Whether the sign bit is set."""
        return bool(word & self.sign_bit)

    def is_subnormal(self, word: int) -> bool:
        """Whether the word is a number between zero and the least normal one."""
        return 0 < word & ~self.sign_bit < 1 << self.fraction

    def flush(self, word: int) -> int:
        """The word; a zero of its sign where it is no larger than the least normal number."""
        return word & self.sign_bit if word & ~self.sign_bit <= 1 << self.fraction else word

    def value(self, word: int) -> Fraction:
        """The exact value of a finite word; both zeros give 0."""
        magnitude = self.magnitudes[word & ~self.sign_bit]
        return -magnitude if self.is_negative(word) else magnitude

    def nearest(self, value: Fraction, zero_is_negative: bool) -> int:
        """The word nearest to `value`, ties to the even word."""
        negative = value < 0 or (value == 0 and zero_is_negative)
        return self._searched(abs(value), self._halfway) | (self.sign_bit if negative else 0)

    def _searched(self, magnitude: Fraction, halfway: list[Fraction]) -> int:
        word = bisect_left(halfway, magnitude)
        tied = word < len(halfway) and halfway[word] == magnitude
        return word + 1 if tied and word % 2 else word

    def add(self, a: int, b: int) -> int:
        """a + b."""
        if self.is_nan(a) or self.is_nan(b):
            return self.nan
        if self.is_infinite(a) or self.is_infinite(b):
            if self.is_infinite(a) and self.is_infinite(b) and a != b:
                return self.nan
            return a if self.is_infinite(a) else b
        return self.nearest(self.value(a) + self.value(b), self.is_negative(a) and self.is_negative(b))

    def sub(self, a: int, b: int) -> int:
        """a - b."""
        return self.add(a, b ^ self.sign_bit)

    def mul(self, a: int, b: int) -> int:
        """a * b."""
        if self.is_nan(a) or self.is_nan(b):
            return self.nan
        sign = (a ^ b) & self.sign_bit
        if self.is_infinite(a) or self.is_infinite(b):
            nothing = (not self.is_infinite(a) and self.value(a) == 0) or (
                not self.is_infinite(b) and self.value(b) == 0
            )
            return self.nan if nothing else self.infinity | sign
        return self.nearest(self.value(a) * self.value(b), bool(sign))

    def fma(self, a: int, b: int, c: int) -> int:
        """a * b + c, rounded once."""
        product = self.mul(a, b)
        if any(self.is_nan(each) for each in (a, b, c, product)):
            return self.nan
        sign = (a ^ b) & self.sign_bit
        if self.is_infinite(a) or self.is_infinite(b):
            return self.add(self.infinity | sign, c)
        if self.is_infinite(c):
            return c
        exact = self.value(a) * self.value(b)
        return self.nearest(exact + self.value(c), bool(sign) and self.is_negative(c) if exact == 0 else False)

    def div(self, a: int, b: int) -> int:
        """a / b."""
        if self.is_nan(a) or self.is_nan(b) or (self.is_infinite(a) and self.is_infinite(b)):
            return self.nan
        sign = (a ^ b) & self.sign_bit
        if self.is_infinite(a):
            return self.infinity | sign
        if self.is_infinite(b):
            return sign
        if self.value(b) == 0:
            return self.nan if self.value(a) == 0 else self.infinity | sign
        return self.nearest(self.value(a) / self.value(b), bool(sign))

    def sqrt(self, x: int) -> int:
        """The square root: the root lies below a halfway point where x lies below its square."""
        if self.is_nan(x) or (self.is_negative(x) and x != self.sign_bit):
            return self.nan
        return x if self.is_infinite(x) or x == self.sign_bit else self._searched(self.value(x), self._halfway_squared)

    def relation(self, a: int, b: int) -> str:
        """`less`, `equal`, `greater` or `unordered`."""
        if self.is_nan(a) or self.is_nan(b):
            return "unordered"
        first, second = (self._ordered(word) for word in (a, b))
        return "less" if first < second else "greater" if first > second else "equal"

    def _ordered(self, word: int) -> Fraction:
        magnitude = self.magnitudes[word & ~self.sign_bit]
        return -magnitude if self.is_negative(word) else magnitude

    def integral(self, x: int, mode: str) -> int:
        """x to an integral value: `rint`, `floor`, `ceil` or `trunc`."""
        if self.is_nan(x):
            return self.nan
        if self.is_infinite(x):
            return x
        value = self.value(x)
        whole = {"rint": round(value), "floor": math.floor(value), "ceil": math.ceil(value), "trunc": math.trunc(value)}
        return self.nearest(Fraction(whole[mode]), self.is_negative(x))

    def to_integer(self, x: int, bits: int) -> int:
        """The word of `int(x)`, of `bits` bits: saturated, 0 for NaN."""
        lowest, highest = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
        if self.is_nan(x):
            return 0
        if self.is_infinite(x):
            whole = lowest if self.is_negative(x) else highest
        else:
            whole = min(max(math.trunc(self.value(x)), lowest), highest)
        return whole % (1 << bits)

    def from_integer(self, n: int, bits: int) -> int:
        """`float(n)` of a word of `bits` bits."""
        signed = n - (1 << bits) if n >> (bits - 1) else n
        return self.nearest(Fraction(signed), zero_is_negative=False)
