"""How far the functions of lanes.elementary are from the truth: `python -m bench.elementary_accuracy [-n POINTS] [NAME ...]`.

Each is compiled to C and run over POINTS random points of its domain and a quarter as many hard ones: near 0, 1 and the
ends of its range, huge, subnormal. mpmath computes the truth at 300 bits. Printed, next to libm's (numpy, scipy) on the same
points: the largest error in units of the last place, and how many results are not the correctly rounded ones.
"""

from __future__ import annotations

import argparse
import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import scipy.special
from mpmath import mp, mpf

from compile.backend import Batch
from compile.c.backend import C
from compile.pipeline import prepare
from dag import lane
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.trace import trace
from lanes import elementary
from lanes.elementary import pown

PRECISION = 300
Column = np.ndarray[Any, np.dtype[np.float64]]


@lane
def pown_7(x: float) -> float:
    """The seventh power."""
    return pown(x, 7)


@lane
def pown_minus_40(x: float) -> float:
    """The power -40."""
    return pown(x, -40)


@dataclass(frozen=True)
class Subject:
    """A function to measure: its lane, the truth, libm's version, and the pieces of its domain that points are drawn from.

    A piece is (low, high) for uniform points, or (low, high, "log") for points whose logarithm is uniform, of both signs.
    """

    lane: AnyLane
    truth: Callable[..., Any]
    libm: Callable[..., Column]
    pieces: tuple[tuple[Any, ...], ...]
    hard: tuple[float, ...] = ()


def _tail(x: Any) -> Any:
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def _quantile(p: Any) -> Any:
    """By Newton's method on the logarithm of the tail, from the double that scipy finds."""
    if p == mpf(1) / 2:
        return mpf(0)
    q = p if p < 0.5 else 1 - p
    z = mpf(float(scipy.special.ndtri(float(q)))) if q < 0.25 else -mpmath.sqrt(2) * mpmath.erfinv(1 - 2 * q)
    for _ in range(4 if q < 0.25 else 0):
        z -= (mpmath.log(_tail(z)) - mpmath.log(q)) * _tail(z) * mpmath.sqrt(2 * mpmath.pi) * mpmath.exp(z * z / 2)
    return z if p < 0.5 else -z


_SMALL = (1e-320, 1e-3, "log")
SUBJECTS = {
    "exp": Subject(elementary.exp, mpmath.exp, np.exp, ((-745.2, 709.8), (-1.0, 1.0), (-745.2, -708.0), _SMALL)),
    "exp2": Subject(
        elementary.exp2, lambda x: mpf(2) ** x, np.exp2, ((-1074.9, 1024.0), (-1.0, 1.0), (-1075.0, -1021.0), _SMALL)
    ),
    "expm1": Subject(elementary.expm1, mpmath.expm1, np.expm1, ((-45.0, 709.7), (-1.0, 1.0), (-0.01, 0.01), _SMALL)),
    "log": Subject(
        elementary.log, mpmath.log, np.log, ((1e-323, 1e308, "log", 1), (0.5, 2.0), (0.99, 1.01), (0.0, 1e-308))
    ),
    "log2": Subject(
        elementary.log2,
        lambda x: mpmath.log(x, 2),
        np.log2,
        ((1e-323, 1e308, "log", 1), (0.5, 2.0), (0.99, 1.01), (0.0, 1e-308)),
    ),
    "log1p": Subject(
        elementary.log1p, mpmath.log1p, np.log1p, ((1e-5, 1e308, "log", 1), (-0.999, 2.0), (-0.01, 0.01), _SMALL)
    ),
    "pow": Subject(
        elementary.pow,
        mpmath.power,
        np.power,
        ((1e-300, 1e300, "log", 1), (0.5, 2.0), (0.0, 10.0), (0.999, 1.001)),
    ),
    "pown_7": Subject(pown_7, lambda x: x**7, lambda x: x**7.0, ((-1.0, 1.0), (1e-46, 1e44, "log"), (0.9, 1.1))),
    "pown_minus_40": Subject(
        pown_minus_40, lambda x: x**-40, lambda x: x**-40.0, ((0.5, 2.0), (1e-7, 1e8, "log"), (0.9, 1.1))
    ),
    "sinh": Subject(elementary.sinh, mpmath.sinh, np.sinh, ((-710.4, 710.4), (-1.0, 1.0), (-0.01, 0.01), _SMALL)),
    "cosh": Subject(elementary.cosh, mpmath.cosh, np.cosh, ((-710.4, 710.4), (-1.0, 1.0), (-0.01, 0.01), _SMALL)),
    "tanh": Subject(elementary.tanh, mpmath.tanh, np.tanh, ((-20.0, 20.0), (-1.0, 1.0), (-0.01, 0.01), _SMALL)),
    "sin": Subject(elementary.sin, mpmath.sin, np.sin, ((-1e8, 1e8), (-10.0, 10.0), (-1.0, 1.0), _SMALL)),
    "cos": Subject(elementary.cos, mpmath.cos, np.cos, ((-1e8, 1e8), (-10.0, 10.0), (-1.0, 1.0), _SMALL)),
    "erf": Subject(elementary.erf, mpmath.erf, scipy.special.erf, ((-6.0, 6.0), (-1.0, 1.0), (0.7, 0.72), _SMALL)),
    "normal_cdf": Subject(
        elementary.normal_cdf, _tail, scipy.special.ndtr, ((-38.5, 8.5), (-4.0, 4.0), (-38.5, -37.5), _SMALL)
    ),
    "normal_ppf": Subject(
        elementary.normal_ppf,
        _quantile,
        scipy.special.ndtri,
        ((0.0, 1.0), (1e-320, 0.5, "log", 1), (0.24, 0.26), (0.499, 0.501)),
    ),
}


def points(name: str, count: int, seed: int) -> tuple[Column, ...]:
    """Columns of arguments: the pieces of the domain in turn, then the neighbours of multiples of pi/2, or powers of two."""
    subject, rng = SUBJECTS[name], np.random.default_rng(seed)
    each = -(-count // len(subject.pieces))
    x: Column = np.concatenate([_drawn(rng, piece, each) for piece in subject.pieces])
    if name in ("sin", "cos"):
        near = rng.integers(1, 60_000_000, count // 4) * (math.pi / 2)
        return (np.concatenate([x, near], dtype=np.float64),)
    if name != "pow":
        return (x,)
    # The power is such that the result is somewhere in binary64, or just outside, or exactly a product.
    with np.errstate(divide="ignore"):
        y = rng.uniform(-745.0, 709.0, x.size) / np.log(x)
    exact = rng.integers(3, 400, count // 4) / 8.0
    whole = rng.integers(-5, 12, exact.size)
    return np.concatenate([x, exact]), np.concatenate([y, whole], dtype=np.float64)


def _drawn(rng: np.random.Generator, piece: tuple[Any, ...], count: int) -> Column:
    low, high = piece[:2]
    if len(piece) == 2:
        return rng.uniform(low, high, count)
    size = np.exp(rng.uniform(math.log(low), math.log(high), count))
    return size if len(piece) == 4 else np.copysign(size, rng.uniform(-1.0, 1.0, count))


@functools.cache
def graph_of(name: str) -> Graph:
    """The graph of a function, as backends take it."""
    return prepare(trace(SUBJECTS[name].lane))


def computed(name: str, columns: tuple[Column, ...]) -> Column:
    """What the C kernel makes of the columns, given in the order of the function's arguments."""
    graph, backend = graph_of(name), C()
    inputs = {port.name: column[:, np.newaxis] for port, column in zip(graph.inputs, columns, strict=True)}
    node = graph.node("result")
    runner = backend.load(graph, backend.lower(graph))
    return runner.run(Batch(inputs, {}, bars=columns[0].size), [node]).nodes[node][:, 0]


def exact(name: str, columns: tuple[Column, ...]) -> list[Fraction | None]:
    """The truth for each row, as a fraction far more precise than any float; None beyond the range of binary64."""
    truths: list[Fraction | None] = []
    with mp.workprec(PRECISION):
        for row in zip(*(column.tolist() for column in columns), strict=True):
            value = SUBJECTS[name].truth(*(mpf(x) for x in row))
            fraction = Fraction(int(abs(value).man)) * Fraction(2) ** int(value.exp) * (-1 if value < 0 else 1)
            truths.append(fraction if abs(fraction) < Fraction(2) ** 1024 else None)
    return truths


@dataclass(frozen=True)
class Accuracy:
    """The largest error in units of the last place, where it is, and how many results are not correctly rounded."""

    worst: float
    where: tuple[float, ...]
    wrong: int
    points: int


def accuracy(got: Column, truths: list[Fraction | None], columns: tuple[Column, ...]) -> Accuracy:
    """Judge results against the truth. A unit is the last place of the correctly rounded result."""
    worst, where, wrong, judged = Fraction(0), 0, 0, 0
    for i, (value, truth) in enumerate(zip(got.tolist(), truths, strict=True)):
        if truth is None:
            continue
        judged += 1
        try:
            rounded = truth.numerator / truth.denominator  # Python's division of integers is correctly rounded
        except OverflowError:
            rounded = math.copysign(math.inf, truth)
        wrong += value != rounded
        if not math.isfinite(value) or not math.isfinite(rounded):
            error = Fraction(0 if value == rounded else 10**9)
        else:
            error = abs(Fraction(value) - truth) / Fraction(math.ulp(rounded))
        if error > worst:
            worst, where = error, i
    return Accuracy(float(worst), tuple(float(column[where]) for column in columns), wrong, judged)


def main() -> None:
    """Measure and print a row of a table for each function."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(SUBJECTS)}; all if none is given")
    parser.add_argument("-n", "--points", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(
        "| function | points | largest error, ulp | not correctly rounded | libm: largest error | not correctly rounded |"
    )
    print("|---|---|---|---|---|---|")
    for name in options.names or SUBJECTS:
        columns = points(name, options.points, options.seed)
        truths = exact(name, columns)
        mine = accuracy(computed(name, columns), truths, columns)
        with np.errstate(all="ignore"):
            libm = accuracy(SUBJECTS[name].libm(*columns), truths, columns)
        print(
            f"| {name} | {mine.points:,} | {mine.worst:.5f} | {mine.wrong:,} | {libm.worst:,.3f} | {libm.wrong:,} |"
            f" <!-- worst at {mine.where} -->",
            flush=True,
        )


if __name__ == "__main__":
    main()
