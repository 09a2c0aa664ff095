"""Tensor terms written as an algorithm reads: what the expansions of operators are built with."""

from __future__ import annotations

from dataclasses import dataclass

from compile.proof.stablehlo.tensor_terms import BOOL, F64, I64, TensorTerms
from dag.values.words import CANONICAL_NAN

SIGN = 1 << 63
MAGNITUDE = SIGN - 1
INFINITY = 0x7FF << 52
#: Fraction bits of binary64 that binary32 has not, and the patterns of 2^-126, 2^128 and 2^-97 (where binary64 numbers are
#: 2^-149 apart) in binary64.
DROPPED = 29
LEAST_NORMAL_32, OVERFLOW_32, GRID_32 = (1023 - 126) << 52, (1023 + 128) << 52, (1023 - 97) << 52
REBIAS = (1023 - 127) << 23
#: What stands for the run-time zero in a function's summary.
ZERO = "zero"


@dataclass(frozen=True, slots=True)
class Builder:
    """Terms written as an algorithm reads. Integers are 64 bits and wrap."""

    terms: TensorTerms

    def param(self, place: int, sort: str) -> int:
        return self.terms.leaf("param", place, sort)

    def zero(self) -> int:
        return self.terms.leaf(ZERO, None, I64)

    def word(self, value: int) -> int:
        return self.terms.constant(value)

    def f(self, op: str, *args: int) -> int:
        return self.terms.make(op, *args, sort=F64)

    def i(self, op: str, *args: int) -> int:
        return self.terms.make(op, *args, sort=I64)

    def b(self, op: str, *args: int) -> int:
        return self.terms.make(op, *args, sort=BOOL)

    def select(self, condition: int, a: int, b: int) -> int:
        return self.terms.make("select", condition, a, b, sort=self.terms.sort(a))

    def bits(self, x: int) -> int:
        return self.i("bits", x)

    def float_of(self, n: int) -> int:
        return self.f("float_of", n)

    def below(self, a: int, b: int) -> int:
        """a < b as unsigned integers: as signed ones, both moved by 2^63."""
        top = self.word(SIGN)
        return self.b("icmp LT", self.i("xor", a, top), self.i("xor", b, top))

    def left(self, x: int, places: int) -> int:
        """x << places, 0 from 64 on."""
        return self._shifted("shl", x, self.word(places))

    def right(self, x: int, places: int) -> int:
        """x >> places without the sign, 0 from 64 on."""
        return self._shifted("srl", x, self.word(places))

    def _shifted(self, op: str, x: int, places: int) -> int:
        inside = self.i("and", places, self.word(63))
        return self.select(self.below(places, self.word(64)), self.i(op, x, inside), self.word(0))

    def fenced(self, x: int) -> int:
        """x through the integer fence."""
        return self.float_of(self.i("xor", self.bits(x), self.zero()))

    def magnitude(self, x: int) -> int:
        return self.i("and", self.bits(x), self.word(MAGNITUDE))

    def rounded(self, x: int) -> int:
        """x rounded to binary32, ties to even: a carry into the kept bits; below 2^-126 the sum with 2^-97 rounds."""
        size, sign = self.magnitude(x), self.i("and", self.bits(x), self.word(SIGN))
        odd = self.i("and", self.right(size, DROPPED), self.word(1))
        carried = self.i("iadd", self.i("iadd", size, self.word((1 << (DROPPED - 1)) - 1)), odd)
        normal = self.i("and", carried, self.word(-(1 << DROPPED)))
        normal = self.select(self.b("icmp GE", normal, self.word(OVERFLOW_32)), self.word(INFINITY), normal)
        grid = self.float_of(self.word(GRID_32))
        small = self.bits(self.f("fsub", self.f("fadd", self.float_of(size), grid), grid))
        is_small = self.b("icmp LT", size, self.word(LEAST_NORMAL_32))
        finite = self.i("or", self.select(is_small, small, normal), sign)
        is_nan = self.b("icmp GT", size, self.word(INFINITY))
        return self.float_of(self.select(is_nan, self.word(CANONICAL_NAN), finite))
