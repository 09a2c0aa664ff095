"""Operands that break binary64 cores: every generator is a column of words [rows], deterministic in its `rng`."""

from __future__ import annotations

import numpy as np

from dag.words import Words

_BIAS, _FRAC = 1023, 52
_FRACTION = np.uint64((1 << _FRAC) - 1)
#: Exponent fields at which something changes: subnormal, one half, the last bit of the fraction, of an int64, the top.
_EXPONENTS = (
    0, 1, 2, 53, 54, _BIAS - 54, _BIAS - 53, _BIAS - 52, _BIAS - 1, _BIAS, _BIAS + 1, _BIAS + 51, _BIAS + 52,
    _BIAS + 53, _BIAS + 62, _BIAS + 63, _BIAS + 64, 2045, 2046, 2047,
)  # fmt: skip
_FRACTIONS = (0, 1, 2, (1 << 51) - 1, 1 << 51, (1 << 51) + 1, (1 << 52) - 2, (1 << 52) - 1)
#: Every combination of these with both signs: zeros, subnormals, ties, neighbours of powers of two, infinities, NaNs.
SPECIAL_F64: Words = np.array(
    [
        sign << 63 | exponent << _FRAC | fraction
        for exponent in dict.fromkeys(_EXPONENTS)
        for fraction in _FRACTIONS
        for sign in (0, 1)
    ],
    dtype=np.uint64,
)
#: The ends, and the neighbours of every power of two, of both signs.
SPECIAL_I64: Words = np.array(
    sorted({(sign * (1 << k) + near) % (1 << 64) for k in range(64) for near in (-1, 0, 1) for sign in (1, -1)}),
    dtype=np.uint64,
)


def f64_pairs(rng: np.random.Generator, rows: int) -> tuple[Words, Words]:
    """Two columns. The special values in pairs come first, as many as there is room for; then a mixture of the classes below."""
    count = len(SPECIAL_F64)
    crossed = rng.permutation(count * count)[: rows // 2]
    a, b = SPECIAL_F64[crossed // count], SPECIAL_F64[crossed % count]
    rest = rows - len(crossed)
    classes = [kind(rng, rest) for kind in (_any, _ordinary, _cancelling, _far_apart, _near_bottom, _near_top, _exact)]
    chosen = rng.integers(0, len(classes), rest)
    return (
        np.concatenate([a, np.choose(chosen, [first for first, _ in classes])]),
        np.concatenate([b, np.choose(chosen, [second for _, second in classes])]),
    )


def i64_pairs(rng: np.random.Generator, rows: int) -> tuple[Words, Words]:
    """Two columns: special values, and numbers of every length, with their ends set so that rounding to f64 ties."""

    def column() -> Words:
        words = rng.integers(0, 1 << 64, rows, dtype=np.uint64)
        long = words.astype(np.int64) >> rng.integers(0, 64, rows)
        tied = (long.view(np.uint64) | np.uint64(1 << 10)) & ~np.uint64((1 << 10) - 1)
        kind = rng.integers(0, 3, rows)
        return np.choose(kind, [rng.choice(SPECIAL_I64, rows), long.view(np.uint64), tied])

    first, second = column(), column()
    first[: len(SPECIAL_I64)] = SPECIAL_I64[:rows]
    return first, second


def _word(sign: Words, exponent: Words, fraction: Words) -> Words:
    """Words of these fields; exponents out of range are brought to its ends."""
    field = np.clip(exponent.astype(np.int64), 0, 2047).astype(np.uint64)
    words: Words = (sign << np.uint64(63)) | (field << np.uint64(_FRAC)) | (fraction & _FRACTION)
    return words


def _below(rng: np.random.Generator, rows: int, first: int, last: int) -> Words:
    return rng.integers(first, last + 1, rows).astype(np.uint64)


def _fraction(rng: np.random.Generator, rows: int) -> Words:
    """Half of them short: zeros at their end make ties likely."""
    words = rng.integers(0, 1 << _FRAC, rows, dtype=np.uint64)
    zeros = _below(rng, rows, 0, _FRAC) * _below(rng, rows, 0, 1)
    short: Words = (words >> zeros) << zeros
    return short


def _any(rng: np.random.Generator, rows: int) -> tuple[Words, Words]:
    return rng.integers(0, 1 << 64, rows, dtype=np.uint64), rng.integers(0, 1 << 64, rows, dtype=np.uint64)


def _ordinary(rng: np.random.Generator, rows: int) -> tuple[Words, Words]:
    def column() -> Words:
        exponent = _below(rng, rows, _BIAS - 4, _BIAS + 66)
        return _word(_below(rng, rows, 0, 1), exponent, _fraction(rng, rows))

    return column(), column()


def _cancelling(rng: np.random.Generator, rows: int) -> tuple[Words, Words]:
    """The same number but for its sign and its last bits; now and then across a power of two."""
    a = _word(_below(rng, rows, 0, 1), _below(rng, rows, 0, 2046), _fraction(rng, rows))
    nudged = a.astype(np.int64) + rng.integers(-1, 2, rows) * (1 << rng.integers(0, 54, rows))
    return a, nudged.view(np.uint64) ^ (_below(rng, rows, 0, 1) << np.uint64(63))


def _far_apart(rng: np.random.Generator, rows: int) -> tuple[Words, Words]:
    """The second about half a last place of the first: ties, and their neighbours, of a sum."""
    exponent = _below(rng, rows, 0, 2046)
    apart = exponent.astype(np.int64) - rng.integers(50, 58, rows)
    fraction = rng.choice(np.array(_FRACTIONS, dtype=np.uint64), rows)
    a = _word(_below(rng, rows, 0, 1), exponent, _fraction(rng, rows))
    b = _word(_below(rng, rows, 0, 1), apart.view(np.uint64), fraction)
    swapped = rng.random(rows) < 0.5
    return np.where(swapped, b, a), np.where(swapped, a, b)


def _near_bottom(rng: np.random.Generator, rows: int) -> tuple[Words, Words]:
    """Products and quotients on both sides of the subnormal range, of subnormal and of normal operands."""
    return _product_near(rng, rows, -60, 4)


def _near_top(rng: np.random.Generator, rows: int) -> tuple[Words, Words]:
    """Products and quotients on both sides of overflow."""
    return _product_near(rng, rows, 2044, 2049)


def _product_near(rng: np.random.Generator, rows: int, lowest: int, highest: int) -> tuple[Words, Words]:
    wanted = rng.integers(lowest, highest + 1, rows)
    exponent = rng.integers(0, 2047, rows)
    times = wanted - exponent + _BIAS
    over = exponent - wanted + _BIAS
    other = np.where(rng.random(rows) < 0.5, times, over)
    a = _word(_below(rng, rows, 0, 1), exponent.view(np.uint64), _fraction(rng, rows))
    return a, _word(_below(rng, rows, 0, 1), other.view(np.uint64), _fraction(rng, rows))


def _exact(rng: np.random.Generator, rows: int) -> tuple[Words, Words]:
    """A product of two short numbers and one of them, give or take its last place: exact quotients, roots of squares."""
    short = [_word(_below(rng, rows, 0, 1), _below(rng, rows, 600, 1400), _fraction(rng, rows)) for _ in range(2)]
    clear = np.uint64((1 << 26) - 1)
    x, y = ((word & ~clear).view(np.float64) for word in short)
    square = rng.random(rows) < 0.5
    product = np.where(square, x * x, x * y).view(np.uint64)
    nudge = rng.integers(-1, 2, rows).view(np.uint64)
    return product + nudge, x.view(np.uint64)
