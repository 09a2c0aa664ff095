"""The laws that terms are made equal by: each exact to the bit on every operand, NaN payloads aside, and each named.

A NaN's payload is no part of any value: all NaNs are one at every tap, output and state, and no operator reads a payload.
There is no other law: `x + 0.0` is not `x`, sums and products are never regrouped, and nothing is distributed.
"""

from __future__ import annotations

from enum import Enum, unique


@unique
class Axiom(Enum):
    """A law, as the certificate says it."""

    COMMUTES = "a + b = b + a and a * b = b * a, binary64 and integer; iand, ior, ixor, and, or, eq, ieq are symmetric"
    FMA_COMMUTES = "fma(a, b, c) = fma(b, a, c)"
    MIRRORED = "a > b = b < a and a >= b = b <= a"
    NOT_EQUAL = "a != b = not (a == b), NaN included"
    DOUBLE_NEGATION = "not not p = p"
    NEGATED_CHOICE = "select(not p, a, b) = select(p, b, a)"
    DEFINED = (
        "an operator that its row defines by others is what the definition says: min(a, b) = select(b < a, b, a), max(a, b) = "
        "select(b > a, b, a), iabs(n) = select(n < 0, ineg(n), n), wrapped, and their like"
    )
    SIGNED_LITERAL = "the negative of a constant is a constant: its sign bit flipped, or its two's complement"
    PATTERN = "bits_f64 and bits_f32 of a constant are the constant with that pattern"
    BINARY32 = (
        "+ - * / and sqrt of binary32 numbers, computed in binary64 and rounded to binary32, are the binary32 operators "
        "(Figueroa, 1995); neg, abs, rint, floor, ceil, trunc, min, max, select and comparisons of them are exact"
    )
    ROUNDED_TWICE = "rounding a binary32 number to binary32 changes nothing"
    INT32 = "wrapping to 32 bits changes no number of 32 bits; widening one changes no value"
    SAME_BITS = "a unit, an enum's name and a wider type change no value"
    ACCEPTED = (
        "for a constant n other than 0, select(p, s, n) = 0 where p holds and s = 0, and nowhere else; select(true, a, b) = a; true and "
        "p = p"
    )
    BOOL_WORD = "the word of a bool is 0 or 1: bool_to_i64(p) != 0 is p"
