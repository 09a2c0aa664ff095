"""One quantile of a stream from five markers: the P-squared algorithm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from dag import carry, domain, floor, ieee_div, lane, params, unit
from lanes.num.is_finite import is_finite

MARKERS = 5

Heights: TypeAlias = tuple[float, float, float, float, float]


@params
class P2Quantile:
    """Which quantile: 0.5 is the median."""

    quantile: Annotated[float, unit("frac"), domain(0.0, 1.0)]


#: Values that markers can be of: no stream has more.
MOST = 1 << 56


@dataclass(frozen=True)
class Markers:
    """What P-squared knows of a stream: nine words.

    `heights` are estimates of the least value, of three quantiles between and of the greatest; with fewer than five values the
    values themselves, sorted, in the first places. `places` are the ranks, from 1, of the three in the middle; the outer two
    are 1 and `count` always, so they are not kept.
    """

    count: Annotated[int, domain(0, MOST)]
    heights: Heights
    places: tuple[float, float, float]


@dataclass(frozen=True)
class Estimate:
    """The estimated quantile; warm from the fifth value on."""

    value: float
    warm: bool


#: Before the first value.
NO_MARKERS = Markers(0, (0.0, 0.0, 0.0, 0.0, 0.0), (2.0, 3.0, 4.0))


def inserted(count: int, sorted_values: Heights, x: float) -> Heights:
    """`x` put into the first `count` values, which are in ascending order, behind those equal to it. `count` is below five."""
    a, b, c, d, e = sorted_values
    before_a = count > 0 and not x < a
    before_b = count > 1 and not x < b
    before_c = count > 2 and not x < c
    before_d = count > MARKERS - 2 and not x < d
    return (
        a if before_a else x,
        b if before_b else (x if before_a else a),
        c if before_c else (x if before_b else b),
        d if before_d else (x if before_c else c),
        e if count > 4 else (x if before_d else d),
    )


def interpolated(count: int, sorted_values: Heights, q: float) -> float:
    """The quantile `q` of the first `count` values, one to five, by linear interpolation (numpy's default, its bits)."""
    last = float(count) - 1.0
    h = last * q
    i = floor(h)
    t = h - i
    a = sorted_values[0]
    b = sorted_values[0]
    for k in range(1, MARKERS):
        a = sorted_values[k] if i >= float(k) else a
        b = sorted_values[k] if i + 1.0 >= float(k) and last >= float(k) else b
    d = b - a
    return b - d * (1.0 - t) if t >= 0.5 else a + d * t


def adjusted(
    below: tuple[float, float], marker: tuple[float, float], above: tuple[float, float], wanted: float
) -> tuple[float, float]:
    """(height, place) of a marker after it moved by at most one place toward `wanted`.

    The new height is a parabola's through the three markers where that lies strictly between its neighbours, else a line's
    toward the neighbour it moves to. Divisions are IEEE's: places are distinct as long as heights are finite.
    """
    (qa, na), (qb, nb), (qc, nc) = below, marker, above
    d = wanted - nb
    down = -1.0 if d <= -1.0 and na - nb < -1.0 else 0.0
    s = 1.0 if d >= 1.0 and nc - nb > 1.0 else down
    rise_above = ieee_div(qc - qb, nc - nb)
    rise_below = ieee_div(qb - qa, nb - na)
    parabola = qb + ieee_div(s, nc - na) * (((nb - na) + s) * rise_above + ((nc - nb) - s) * rise_below)
    line = qb + s * (rise_above if s > 0.0 else rise_below)
    height = parabola if qa < parabola and parabola < qc else line
    return (qb, nb) if s == 0.0 else (height, nb + s)


def with_value(markers: Markers, x: float, q: float) -> Markers:
    """The markers for quantile `q` after the finite value `x`."""
    q0, q1, q2, q3, q4 = markers.heights
    m1, m2, m3 = markers.places
    count = markers.count + 1
    most = float(count)
    t = most - 1.0
    lowest = min(q0, x)
    highest = max(q4, x)
    m1 = m1 + (1.0 if x < q1 else 0.0)
    m2 = m2 + (1.0 if x < q2 else 0.0)
    m3 = m3 + (1.0 if x < q3 else 0.0)
    # Each sees its left neighbour as it already is, its right one as it still is.
    first = adjusted((lowest, 1.0), (q1, m1), (q2, m2), 1.0 + t * (q / 2.0))
    middle = adjusted(first, (q2, m2), (q3, m3), 1.0 + t * q)
    third = adjusted(middle, (q3, m3), (highest, most), 1.0 + t * ((1.0 + q) / 2.0))
    warming = markers.count < MARKERS
    collected = inserted(min(markers.count, MARKERS - 1), markers.heights, x)
    moved = (lowest, first[0], middle[0], third[0], highest)
    return Markers(
        count=count,
        heights=collected if warming else moved,
        places=(2.0, 3.0, 4.0) if warming else (first[1], middle[1], third[1]),
    )


@lane
def p2_quantile(x: float, p: P2Quantile) -> Estimate:
    """One quantile of all values so far.

    Units    plain numbers
    State    nine words: the count, five heights, three places
    Bits     markers 1, 2, 3 are adjusted in this order, each seeing its left neighbour as already adjusted
    Edges    up to the fifth value the result is the interpolated quantile of the values themselves; from the sixth on the middle
             marker. A value that is not finite changes nothing; the result is then the middle marker, NaN before the fifth
             value. Heights stay finite for magnitudes up to 1e290; beyond, differences overflow as IEEE has it.
    Source   Jain and Chlamtac (1985), Communications of the ACM 28(10)
    """
    markers = carry(initial=NO_MARKERS)
    usable = is_finite(x)
    stepped = with_value(markers, x, p.quantile)
    exact = interpolated(min(stepped.count, MARKERS), stepped.heights, p.quantile)
    grown = exact if markers.count < MARKERS else stepped.heights[2]
    held = markers.heights[2] if markers.count >= MARKERS else math.nan
    value = grown if usable else held
    markers = stepped if usable else markers
    return Estimate(value=value, warm=markers.count >= MARKERS)
