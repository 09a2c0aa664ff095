"""Operands that break floating-point cores: every generator is a column of words [rows], deterministic in its `rng`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dag.values.words import Words


@dataclass(frozen=True)
class Format:
    """A binary format of 1 + `exponent` + `fraction` bits."""

    exponent: int
    fraction: int

    @property
    def bias(self) -> int:
        """The exponent field of 1.0."""
        return (1 << (self.exponent - 1)) - 1

    @property
    def top(self) -> int:
        """The exponent field of infinities and NaNs."""
        return (1 << self.exponent) - 1

    @property
    def sign(self) -> int:
        """Where the sign bit stands."""
        return self.exponent + self.fraction

    @cached_property
    def fractions(self) -> tuple[int, ...]:
        """Nothing, the last places, and the neighbours of a half and of one."""
        half = 1 << (self.fraction - 1)
        return (0, 1, 2, half - 1, half, half + 1, 2 * half - 2, 2 * half - 1)

    @cached_property
    def special(self) -> Words:
        """Zeros, subnormals, ties, neighbours of powers of two, infinities, NaNs, of both signs.

        At every exponent where something changes: subnormal, one half, the last bit of the fraction, of an int64, the top.
        """
        bias, last, top = self.bias, self.fraction, self.top
        exponents = (
            0, 1, 2, last + 1, last + 2, bias - last - 2, bias - last - 1, bias - last, bias - 1, bias, bias + 1,
            bias + last - 1, bias + last, bias + last + 1, bias + 62, bias + 63, bias + 64, top - 2, top - 1, top,
        )  # fmt: skip
        return np.array(
            [
                sign << self.sign | exponent << last | fraction
                for exponent in dict.fromkeys(exponents)
                for fraction in self.fractions
                for sign in (0, 1)
            ],
            dtype=np.uint64,
        )

    def word(self, sign: Words, exponent: Words, fraction: Words) -> Words:
        """Words of these fields; exponents out of range are brought to its ends."""
        field = np.clip(exponent.astype(np.int64), 0, self.top).astype(np.uint64)
        low = fraction & np.uint64((1 << self.fraction) - 1)
        words: Words = (sign << np.uint64(self.sign)) | (field << np.uint64(self.fraction)) | low
        return words

    def as_floats(self, words: Words) -> NDArray[np.float64]:
        """The numbers, as binary64 holds them exactly."""
        if self.fraction == 52:
            return words.view(np.float64)
        with np.errstate(invalid="ignore"):
            return words.astype(np.uint32).view(np.float32).astype(np.float64)

    def words_of(self, floats: NDArray[np.float64]) -> Words:
        """The nearest words."""
        if self.fraction == 52:
            return floats.view(np.uint64)
        with np.errstate(over="ignore", invalid="ignore"):
            return floats.astype(np.float32).view(np.uint32).astype(np.uint64)


BINARY64, BINARY32 = Format(11, 52), Format(8, 23)
#: The ends, and the neighbours of every power of two, of both signs.
SPECIAL_I64: Words = np.array(
    sorted({(sign * (1 << k) + near) % (1 << 64) for k in range(64) for near in (-1, 0, 1) for sign in (1, -1)}),
    dtype=np.uint64,
)


def float_pairs(rng: np.random.Generator, rows: int, form: Format) -> tuple[Words, Words]:
    """Two columns. The special values in pairs come first, as many as there is room for; then a mixture of the classes below."""
    count = len(form.special)
    crossed = rng.permutation(count * count)[: rows // 2]
    a, b = form.special[crossed // count], form.special[crossed % count]
    rest = rows - len(crossed)
    kinds = (_any, _ordinary, _cancelling, _far_apart, _near_bottom, _near_top, _exact)
    classes = [kind(rng, rest, form) for kind in kinds]
    chosen = rng.integers(0, len(classes), rest)
    return (
        np.concatenate([a, np.choose(chosen, [first for first, _ in classes])]),
        np.concatenate([b, np.choose(chosen, [second for _, second in classes])]),
    )


def float_triples(rng: np.random.Generator, rows: int, form: Format) -> tuple[Words, Words, Words]:
    """Two columns, and a third to add to their product: a special value, any word, or what nearly cancels the product, or is
    half a last place of it."""
    a, b = float_pairs(rng, rows, form)
    with np.errstate(all="ignore"):
        product = form.words_of(form.as_floats(a) * form.as_floats(b))
    sign = np.uint64(1 << form.sign)
    nudged = product.astype(np.int64) + rng.integers(-2, 3, rows)
    cancelling = nudged.view(np.uint64) & np.uint64((2 << form.sign) - 1) ^ sign
    field = (product >> np.uint64(form.fraction)) & np.uint64(form.top)
    apart = field.astype(np.int64) + rng.integers(-2 * form.fraction - 6, 2 * form.fraction + 6, rows)
    beside = form.word(
        _below(rng, rows, 0, 1), apart.view(np.uint64), rng.choice(np.array(form.fractions, np.uint64), rows)
    )
    kind = rng.integers(0, 4, rows)
    return a, b, np.choose(kind, [rng.choice(form.special, rows), _any(rng, rows, form)[0], cancelling, beside])


def i64_pairs(rng: np.random.Generator, rows: int) -> tuple[Words, Words]:
    """Two columns: special values, and numbers of every length, with their ends set so that rounding to f64 ties."""

    def column() -> Words:
        words = rng.integers(0, 1 << 64, rows, dtype=np.uint64)
        long = words.astype(np.int64) >> rng.integers(0, 64, rows)
        tied = (long.view(np.uint64) | np.uint64(1 << 10)) & ~np.uint64((1 << 10) - 1)
        kind = rng.integers(0, 4, rows)
        return np.choose(
            kind, [rng.choice(SPECIAL_I64, rows), long.view(np.uint64), tied, _near_single_ties(rng, rows)]
        )

    first, second = column(), column()
    first[: len(SPECIAL_I64)] = SPECIAL_I64[:rows]
    return first, second


def _near_single_ties(rng: np.random.Generator, rows: int) -> Words:
    """Half way between two binary32 numbers, give or take one, which binary64 cannot hold: rounding to it first would lose it."""
    places = rng.integers(30, 40, rows).astype(np.uint64)
    kept = rng.integers(1 << 23, 1 << 24, rows).astype(np.uint64)
    half = np.uint64(1) << (places - np.uint64(1))
    nearby = rng.integers(-1, 2, rows).astype(np.int64).view(np.uint64)
    return (kept << places) + half + nearby


def _below(rng: np.random.Generator, rows: int, first: int, last: int) -> Words:
    return rng.integers(first, last + 1, rows).astype(np.uint64)


def _fraction(rng: np.random.Generator, rows: int, form: Format) -> Words:
    """Half of them short: zeros at their end make ties likely."""
    words = rng.integers(0, 1 << form.fraction, rows, dtype=np.uint64)
    zeros = _below(rng, rows, 0, form.fraction) * _below(rng, rows, 0, 1)
    short: Words = (words >> zeros) << zeros
    return short


def _any(rng: np.random.Generator, rows: int, form: Format) -> tuple[Words, Words]:
    end = 2 << form.sign
    return rng.integers(0, end, rows, dtype=np.uint64), rng.integers(0, end, rows, dtype=np.uint64)


def _ordinary(rng: np.random.Generator, rows: int, form: Format) -> tuple[Words, Words]:
    def column() -> Words:
        exponent = _below(rng, rows, form.bias - 4, form.bias + 66)
        return form.word(_below(rng, rows, 0, 1), exponent, _fraction(rng, rows, form))

    return column(), column()


def _cancelling(rng: np.random.Generator, rows: int, form: Format) -> tuple[Words, Words]:
    """The same number but for its sign and its last bits; now and then across a power of two."""
    a = form.word(_below(rng, rows, 0, 1), _below(rng, rows, 0, form.top - 1), _fraction(rng, rows, form))
    nudged = a.astype(np.int64) + rng.integers(-1, 2, rows) * (1 << rng.integers(0, form.fraction + 2, rows))
    flipped = nudged.view(np.uint64) ^ (_below(rng, rows, 0, 1) << np.uint64(form.sign))
    return a, flipped & np.uint64((2 << form.sign) - 1)


def _far_apart(rng: np.random.Generator, rows: int, form: Format) -> tuple[Words, Words]:
    """The second about half a last place of the first: ties, and their neighbours, of a sum."""
    exponent = _below(rng, rows, 0, form.top - 1)
    apart = exponent.astype(np.int64) - rng.integers(form.fraction - 2, form.fraction + 6, rows)
    fraction = rng.choice(np.array(form.fractions, dtype=np.uint64), rows)
    a = form.word(_below(rng, rows, 0, 1), exponent, _fraction(rng, rows, form))
    b = form.word(_below(rng, rows, 0, 1), apart.view(np.uint64), fraction)
    swapped = rng.random(rows) < 0.5
    return np.where(swapped, b, a), np.where(swapped, a, b)


def _near_bottom(rng: np.random.Generator, rows: int, form: Format) -> tuple[Words, Words]:
    """Products and quotients on both sides of the subnormal range, of subnormal and of normal operands."""
    return _product_near(rng, rows, form, -form.fraction - 8, 4)


def _near_top(rng: np.random.Generator, rows: int, form: Format) -> tuple[Words, Words]:
    """Products and quotients on both sides of overflow."""
    return _product_near(rng, rows, form, form.top - 3, form.top + 2)


def _product_near(rng: np.random.Generator, rows: int, form: Format, lowest: int, highest: int) -> tuple[Words, Words]:
    wanted = rng.integers(lowest, highest + 1, rows)
    exponent = rng.integers(0, form.top, rows)
    times = wanted - exponent + form.bias
    over = exponent - wanted + form.bias
    other = np.where(rng.random(rows) < 0.5, times, over)
    a = form.word(_below(rng, rows, 0, 1), exponent.view(np.uint64), _fraction(rng, rows, form))
    return a, form.word(_below(rng, rows, 0, 1), other.view(np.uint64), _fraction(rng, rows, form))


def _exact(rng: np.random.Generator, rows: int, form: Format) -> tuple[Words, Words]:
    """A product of two short numbers and one of them, give or take its last place: exact quotients, roots of squares."""
    near = form.bias // 3
    short = [
        form.word(
            _below(rng, rows, 0, 1), _below(rng, rows, form.bias - near, form.bias + near), _fraction(rng, rows, form)
        )
        for _ in range(2)
    ]
    clear = np.uint64((1 << (form.fraction // 2)) - 1)
    x, y = (word & ~clear for word in short)
    square = rng.random(rows) < 0.5
    exact = form.as_floats(x) * np.where(square, form.as_floats(x), form.as_floats(y))
    nudged = form.words_of(exact).astype(np.int64) + rng.integers(-1, 2, rows)
    return nudged.view(np.uint64) & np.uint64((2 << form.sign) - 1), x
