"""e^x - 1 by integers: 2^(x log2 e) in 192-bit fixed point, less 1, which leaves 113 good bits of the least result."""

from __future__ import annotations

from dag import bits_float, float_bits, lane, logical_shift_right
from lanes.elementary.constants import LN2
from lanes.elementary.exponential_fixed import GREATEST, INFINITY, joined_at
from lanes.elementary.fixed_tables import whole_units
from lanes.elementary.power_fixed import POWER_BITS, power_of_fraction
from lanes.elementary.words import MAGNITUDE, Three, difference_of, leading_word, three_words, times_word

#: The bits of magnitudes where e^x - 1 rounds to x below, and is infinite or -1 beyond.
NEAREST, FARTHEST = float_bits(2.0**-54), float_bits(760.0)
#: log2(e) in units of 2^-191.
LOG2_E_WORDS = three_words(whole_units(1 / LN2, 191))
#: 1, in the units of powers.
ONE = three_words(1 << POWER_BITS)


def exponential(bits: int) -> tuple[int, Three]:
    """(k, v) with e^x = 2^k v, v from 1 to 2 in units of 2^-186, for the pattern of an x of magnitude 2^-54 to 760."""
    size = min(bits & MAGNITUDE, FARTHEST)
    down = 1074 - (size >> 52)
    n = times_word(LOG2_E_WORDS, size & ((1 << 52) - 1) | 1 << 52)
    near = down < 64
    a, b = (n[0] if near else 0), (n[1] if near else n[0])
    c, d = (n[2] if near else n[1]), (n[3] if near else n[2])
    places, sign = down & 63, bits >> 63
    fraction = joined_at(a, b, places) ^ sign, joined_at(b, c, places) ^ sign, joined_at(c, d, places) ^ sign
    return logical_shift_right(a, places) ^ sign, power_of_fraction(fraction)


def shifted_down(a: Three, places: int) -> Three:
    """a >> places, for places in [0, 191]."""
    one, two = places >= 64, places >= 128
    high, middle = (0 if one else a[0]), (0 if two else a[0] if one else a[1])
    low = a[0] if two else a[1] if one else a[2]
    n = places & 63
    return logical_shift_right(high, n), joined_at(high, middle, n), joined_at(middle, low, n)


def rounded(value: Three, k: int) -> float:
    """A positive value, in units of 2^-186, times 2^k, to the nearest float, where that is normal: no tie is among them."""
    word, zeros = leading_word(value)
    significand = logical_shift_right(word, 11) + (logical_shift_right(word, 10) & 1)
    exponent = k + 191 - POWER_BITS - zeros
    return bits_float(INFINITY if exponent > GREATEST else significand + ((min(exponent, GREATEST) + 1022) << 52))


@lane(taps=False)
def expm1(x: float) -> float:
    """e to the power x, less 1, without the loss near 0; correctly rounded.

    Units    plain numbers
    Method   x log2(e), and 2 to that power as for `pow`, in 192-bit fixed point; less 1 there, rounded once
    Error    correctly rounded: by the error of the power (2^-180 of 1, so 2^-126 of the least result) and the published distance of
             e^x - 1 from a midpoint of two floats (2^-112.1)
    Edges    C99 F.9.3.3: ±0 is ±0, -inf is -1, inf is inf
    """
    bits = float_bits(x)
    k, v = exponential(bits)
    negative = k < 0
    power = shifted_down(v, min(-k, 191)) if negative else v
    taken = shifted_down(ONE, 0 if negative else min(k, 191))
    less = difference_of(ONE, power) if negative else difference_of(power, taken)
    value = rounded((less[0], less[1], less[2]), 0 if negative else k)
    return x if x != x or bits & MAGNITUDE < NEAREST else -value if negative else value
