"""The codes of arithmetic that can go wrong on some row within the declared domains."""

from __future__ import annotations

#: code -> (title, explanation with a wrong and a right example).
VALUE_CODES: dict[str, tuple[str, str]] = {
    "E060": (
        "Divisor may be zero",
        """
Within the declared domains the divisor can be zero, where Python raises and hardware gives an infinity or NaN. The check uses
the divisor's range at the place where the quotient is used, so a guard, a narrower domain or a clamp resolves it.

    return gain / depth                              # wrong, with depth: domain(0.0, 100.0)
    return gain / depth if depth > 0.0 else 0.0      # right
    return gain / max(depth, 1e-6)                   # right
    return ieee_div(gain, depth)                     # right: the infinity is intended
""",
    ),
    "E061": (
        "Integer divisor may be zero",
        """
Within the declared domains the divisor of // or % can be zero, where Python raises and the compiled lane would give 0.

    return total // count                            # wrong, with count: domain(0, 100)
    return total // count if count > 0 else 0        # right
    return total // max(count, 1)                    # right
""",
    ),
    "E062": (
        "Integer overflow",
        """
Within the declared domains the exact result may not fit in 64 bits (32 for int32): it would wrap, where Python's integers grow.
A shift by a negative number of places is reported too, because Python raises, and so is `<<` by more than 63.
Carried counters that move by at most 127 per bar are fine: no run is 2^56 bars long.

    return price_ticks * lots                        # wrong, where both are any integer
    price_ticks: Annotated[int, domain(0, 10**9)]    # right: their product fits
    return wrapping_mul(seed, MULTIPLIER)            # right: wrapping is intended
""",
    ),
    "E063": (
        "No integer for this number",
        """
Within the declared domains the number can be NaN or beyond 64 bits, where int(x) and round(x) raise in Python or give an integer
that does not fit a word; compiled, they would give 0 or the nearest end of the range.

    return int(size / lot)                           # wrong, where the quotient may be huge
    return int(min(size / lot, 1e9))                 # right
    return round(x) if x == x else 0                 # right, if only NaN is the problem
""",
    ),
    "E064": (
        "Root of a negative number",
        """
Within the declared domains the argument of sqrt can be negative, where math.sqrt raises and hardware gives NaN.

    return sqrt(mean_square - mean * mean)           # wrong: rounding can make it negative
    return sqrt(max(mean_square - mean * mean, 0.0)) # right
""",
    ),
    "E065": (
        "Index outside the array",
        """
Within the declared domains the index can be negative or beyond the end, where Python counts from the end or raises and hardware
reads zero.

    counts = put(counts, n, counts[n] + 1)               # wrong, where n is any integer
    bucket = min(max(n, 0), 63)
    counts = put(counts, bucket, counts[bucket] + 1)     # right, for an array of 64

The same goes for the length of a window that is tuned or computed, which has to be from 1 to `longest`.

    past = window(x, p.n, longest=500)                   # wrong, where n is any integer
    n: Annotated[int, domain(1, 500)] = 50               # right, as the declaration of p.n
""",
    ),
    "E068": (
        "Integer too large for a float",
        """
Python divides two integers exactly and rounds once, and compares an integer with a float without rounding either. Compiled,
integers become floats first. Up to 2^53 this changes nothing; beyond it the integer may be rounded, and the quotient or the
comparison may come out differently. A counter that moves by at most two per bar is fine.

    return volume / bars                                       # wrong, where volume is any integer
    volume: Annotated[int, domain(0, 10**15)]                  # right: below 2^53, which is about 9 * 10**15
    return float(volume) / float(bars)                         # right, if three roundings are intended
    return volume > limit                                      # wrong, where limit is a float; right beside an integer
    return volume // bars                                      # right, if the whole part is intended
""",
    ),
}
