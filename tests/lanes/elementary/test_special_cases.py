"""C99 Annex F, case by case, and the exact cases beyond it: on numbers, where the graph's meaning is the same words."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from dag.values.types import F64
from dag.values.words import show, word_of
from lanes.elementary import (
    cos,
    cosh,
    erf,
    exp,
    exp2,
    expm1,
    log,
    log1p,
    log2,
    normal_cdf,
    normal_ppf,
    pow,  # noqa: A004 - that function
    pown,
    sin,
    sinh,
    tanh,
)  # fmt: skip

INF, NAN = math.inf, math.nan
TINY, SMALL_NORMAL, LARGEST = 5e-324, 2.0**-1022, math.nextafter(INF, 0.0)

ONE_ARGUMENT: dict[Callable[[float], float], list[tuple[float, float]]] = {
    exp: [
        *((0.0, 1.0), (-0.0, 1.0), (-INF, 0.0), (INF, INF), (TINY, 1.0), (-TINY, 1.0), (2.0**-54, 1.0)),
        *((709.782712893384, float.fromhex("0x1.fffffffffff2ap+1023")), (709.7827128933841, INF), (LARGEST, INF)),
        *((-745.1332191019411, TINY), (-745.1332191019412, 0.0), (-746.0, 0.0), (-LARGEST, 0.0)),
        # Nearer to a midpoint than 105 bits can tell.
        *(
            (2.0**-53, 1.0000000000000002),
            (float.fromhex("-0x1.02393d5976769p+1"), float.fromhex("0x1.1064b2c103ddbp-3")),
        ),
    ],
    exp2: [
        *((0.0, 1.0), (-0.0, 1.0), (-INF, 0.0), (INF, INF), (TINY, 1.0), (-TINY, 1.0), (2.0**-54, 1.0)),
        *((math.nextafter(1024.0, 0.0), float.fromhex("0x1.ffffffffffd3ap+1023")), (1024.0, INF), (LARGEST, INF)),
        *((-1022.0, SMALL_NORMAL), (-1074.0, TINY), (math.nextafter(-1075.0, 0.0), TINY), (-1075.0, 0.0)),
        *((-LARGEST, 0.0), *((float(k), 2.0**k) for k in range(-1074, 1024, 53))),
    ],
    log2: [
        *((1.0, 0.0), (0.0, -INF), (-0.0, -INF), (INF, INF), (-TINY, NAN), (-INF, NAN), (-1.0, NAN)),
        *(
            (TINY, -1074.0),
            (SMALL_NORMAL, -1022.0),
            (LARGEST, 1024.0),
            *((2.0**k, float(k)) for k in range(-1074, 1024, 53)),
        ),
    ],
    expm1: [
        *((0.0, 0.0), (-0.0, -0.0), (-INF, -1.0), (INF, INF), (TINY, TINY), (-TINY, -TINY), (-40.0, -1.0)),
        *((709.7827128933841, INF), (-SMALL_NORMAL, -SMALL_NORMAL), (-LARGEST, -1.0)),
    ],
    log: [
        *((1.0, 0.0), (0.0, -INF), (-0.0, -INF), (INF, INF), (-TINY, NAN), (-INF, NAN), (-1.0, NAN)),
        *((TINY, -744.4400719213812), (SMALL_NORMAL, -708.3964185322641), (LARGEST, 709.782712893384)),
    ],
    log1p: [
        *((0.0, 0.0), (-0.0, -0.0), (-1.0, -INF), (math.nextafter(-1.0, -2.0), NAN), (-INF, NAN), (INF, INF)),
        *((TINY, TINY), (-TINY, -TINY), (LARGEST, 709.782712893384), (-SMALL_NORMAL, -SMALL_NORMAL)),
    ],
    sinh: [
        *((0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (TINY, TINY), (-TINY, -TINY), (-LARGEST, -INF)),
        *((710.4758600739439, 1.7976931348621744e308), (710.4758600739440, INF), (2.0**-27, 2.0**-27)),
    ],
    cosh: [
        *((0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, INF), (TINY, 1.0), (-TINY, 1.0), (-LARGEST, INF)),
        *((710.4758600739439, 1.7976931348621744e308), (710.4758600739440, INF), (2.0**-27, 1.0)),
    ],
    tanh: [
        *((0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (TINY, TINY), (-TINY, -TINY), (20.0, 1.0), (-30.0, -1.0)),
    ],
    sin: [(0.0, 0.0), (-0.0, -0.0), (TINY, TINY), (-SMALL_NORMAL, -SMALL_NORMAL)],
    cos: [(0.0, 1.0), (-0.0, 1.0), (TINY, 1.0), (-1e-9, 1.0)],
    erf: [
        *((0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (TINY, TINY), (-TINY, -TINY), (7.0, 1.0)),
        *((3e-323, 3.5e-323), (-1e-320, -1.1284e-320)),
    ],
    normal_cdf: [
        *((0.0, 0.5), (-0.0, 0.5), (INF, 1.0), (-INF, 0.0), (TINY, 0.5), (9.0, 1.0), (-38.6, 0.0), (-LARGEST, 0.0)),
        *((-38.46, 5e-324), (-38.5, 0.0)),
    ],
    normal_ppf: [
        *((0.0, -INF), (-0.0, -INF), (1.0, INF), (0.5, 0.0), (-TINY, NAN), (math.nextafter(1.0, 2.0), NAN)),
        *((INF, NAN), (-INF, NAN), (TINY, -38.467405617144344)),
    ],
}

#: F.9.4.4, and exact results and ties.
POW = [
    *(
        ((x, y), x**y)
        for x, y in ((2.0, 0.5 * 4.0), (2.0, -1074.0), (3.0, 33.0), (-2.0, 1023.0), (2.25, 0.5), (0.5, 1074.0))
    ),
    *(((z, -1.0), math.copysign(INF, z)) for z in (0.0, -0.0)),
    *(((z, -3.0), math.copysign(INF, z)) for z in (0.0, -0.0)),
    *(((z, y), INF) for z in (0.0, -0.0) for y in (-2.0, -0.5, -INF, -LARGEST)),
    *(((z, 3.0), z) for z in (0.0, -0.0)),
    *(((z, y), 0.0) for z in (0.0, -0.0) for y in (2.0, 0.5, INF, LARGEST, TINY)),
    *(((-1.0, y), 1.0) for y in (INF, -INF, LARGEST, 2.0)),
    *(((1.0, y), 1.0) for y in (INF, -INF, NAN, LARGEST, 0.3)),
    *(((x, y), 1.0) for x in (NAN, INF, -INF, 0.0, -0.0, -2.5, TINY) for y in (0.0, -0.0)),
    *(((x, y), NAN) for x in (-1.0, -2.5, -TINY, -LARGEST) for y in (0.5, -0.5, TINY, 2.5)),
    *(((x, -INF), INF) for x in (0.5, -0.5, TINY)),
    *(((x, -INF), 0.0) for x in (1.5, -1.5, INF, -INF)),
    *(((x, INF), 0.0) for x in (0.5, -0.5, TINY)),
    *(((x, INF), INF) for x in (1.5, -1.5, INF, -INF)),
    *(((-INF, y), -0.0) for y in (-1.0, -3.0)),
    *(((-INF, y), 0.0) for y in (-2.0, -0.5, -LARGEST)),
    *(((-INF, y), -INF) for y in (1.0, 3.0, 2.0**53 - 1.0)),
    *(((-INF, y), INF) for y in (2.0, 0.5, 2.0**53)),
    *(((INF, y), 0.0) for y in (-1.0, -TINY)),
    *(((INF, y), INF) for y in (1.0, TINY)),
    *(((x, y), NAN) for x, y in ((NAN, 1.0), (2.0, NAN), (NAN, NAN), (NAN, INF), (0.0, NAN))),
    # Finite and finite, over and under; a whole power beyond 2^53 is even.
    *(((x, y), INF) for x, y in ((2.0, 1024.0), (-2.0, 1024.0), (1.0000000000000002, LARGEST), (TINY, -1.0))),
    *(((x, y), 0.0) for x, y in ((2.0, -1076.0), (-2.0, -1076.0), (0.9999999999999999, LARGEST), (LARGEST, -2.0))),
    *(((-2.0, 1025.0), -INF), ((-2.0, -1077.0), -0.0), ((-1.0, 2.0**53 - 1.0), -1.0), ((-1.0, 2.0**53), 1.0)),
    # The exact result lies between two floats: to even. And subnormal ties.
    *(((x, 2.0), float(x * x)) for x in (134217729.0, 134217731.0, 94906267.0, -94906269.0)),
    *(((2.0, -1075.0), 0.0), ((math.sqrt(2.0), 2.0), 2.0000000000000004)),
]


@pytest.mark.parametrize(
    ("function", "x", "wanted"),
    [(function, *case) for function, cases in ONE_ARGUMENT.items() for case in [*cases, (NAN, NAN)]],
)
def test_annex_f(function: Callable[[float], float], x: float, wanted: float) -> None:
    got = function(x)
    assert word_of(got, F64) == word_of(wanted, F64), f"{show(got, F64)} instead of {show(wanted, F64)}"


@pytest.mark.parametrize(("arguments", "wanted"), POW)
def test_annex_f_of_pow(arguments: tuple[float, float], wanted: float) -> None:
    got = pow(*arguments)
    assert word_of(got, F64) == word_of(wanted, F64), f"{show(got, F64)} instead of {show(wanted, F64)}"


@pytest.mark.parametrize("n", [0, 1, 2, 3, -1, -2, -3, 7, 1023, -1024, 2000, -2001])
def test_a_whole_power_is_pow_with_that_power(n: int) -> None:
    for x in (
        0.0,
        -0.0,
        1.0,
        -1.0,
        INF,
        -INF,
        NAN,
        2.0,
        -2.0,
        0.5,
        1.5,
        -1.0000000000000002,
        TINY,
        -TINY,
        LARGEST,
        134217729.0,
    ):
        got, wanted = pown(x, n), pow(x, float(n))
        assert word_of(got, F64) == word_of(wanted, F64), f"{x!r}: {show(got, F64)} instead of {show(wanted, F64)}"


@pytest.mark.parametrize("power", [2, 3, 5])
def test_a_result_between_two_floats_goes_to_the_even_one(power: int) -> None:
    # An odd number whose power has 54 bits: its last bit is exactly half a unit of the last place.
    first, last = math.ceil(2 ** (53.0 / power)) | 1, math.floor(2 ** (54.0 / power))
    ties = [x for x in range(first, last, max(2, (last - first) // 600 * 2)) if (x**power).bit_length() == 54]
    assert len(ties) > 60
    for x in ties:
        assert pow(float(x), float(power)) == float(x**power), x
        assert pown(-float(x), power) == float((-x) ** power), x
