"""Hard cases of `round(x, n)`, and the comparison of a backend's answers with CPython's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch, Runner
from compile.campaign.drawing.special_values import SPECIAL_F64
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.values.decimal_round import round_decimal
from dag.values.domain import whole_domain
from dag.values.types import F64
from dag.values.words import words_of_column

Floats = NDArray[np.float64]

#: How far from a tie, in ulps, cases lie.
NEAR = 3


@dataclass(slots=True)
class RoundingTally:
    """How many cases each backend was given, how many it got wrong, and the first of those: x, digits, got, expected."""

    cases: dict[str, int] = field(default_factory=dict[str, int])
    wrong: dict[str, int] = field(default_factory=dict[str, int])
    firsts: dict[str, tuple[float, int, float, float]] = field(
        default_factory=dict[str, tuple[float, int, float, float]]
    )
    #: Cases that XLA handed to the interpreter.
    recomputed: int = 0

    def join(self, other: RoundingTally) -> None:
        """Count what `other` counted."""
        for name, cases in other.cases.items():
            self.cases[name] = self.cases.get(name, 0) + cases
            self.wrong[name] = self.wrong.get(name, 0) + other.wrong[name]
        self.firsts = other.firsts | self.firsts
        self.recomputed += other.recomputed


def rounding_graph(digits: int) -> Graph:
    """`y = round(x, digits)` for any x, infinities and NaN included: no row is rejected."""
    builder = GraphBuilder("rounding")
    builder.open_scope("", "rounding", f"round(x, {digits})")
    builder.output("y", round_decimal(builder, builder.input("x", F64, "1", whole_domain(F64)), digits), 0.0)
    return builder.freeze()


def hard_cases(rng: np.random.Generator, digits: int, count: int) -> Floats:
    """`count` numbers that are hard to round to so many digits.

    In equal parts: any bit pattern; decimal ties k + 1/2 of the last digit and their neighbours; ties that are exact in
    binary; numbers whose product with 10^digits lies around 2^51 to 2^54, where the fraction of a double ends; powers of two
    and their neighbours; ordinary prices, with some special values.
    """
    signs = np.where(rng.random(count) < 0.5, -1.0, 1.0)
    near = rng.integers(-NEAR, NEAR + 1, count)
    scale = 10.0**digits
    patterns = rng.integers(0, 1 << 64, count, dtype=np.uint64).view(np.float64)
    bits = rng.integers(1, 54, count)
    whole = np.floor(np.ldexp(rng.random(count), bits))
    ties = _moved((whole + 0.5) / scale, near)
    odd = 2.0 * np.floor(np.ldexp(rng.random(count), np.minimum(bits, 51))) + 1.0
    dyadic = np.ldexp(odd, -1 - rng.integers(0, digits + 1, count))
    edges = _moved((np.ldexp(1.0 + rng.random(count), rng.integers(51, 54, count)) + 0.5) / scale, near)
    powers = _moved(np.ldexp(1.0, rng.integers(-60, 60, count)), near)
    prices = np.where(
        rng.random(count) < 0.1, rng.choice(np.array(SPECIAL_F64), count), np.ldexp(rng.random(count), 17)
    )
    kinds = (patterns, ties, dyadic, edges, powers, prices)
    chosen: Floats = np.copysign(np.choose(rng.integers(0, len(kinds), count), kinds), signs)
    return chosen


def compare_rounding(
    runners: Mapping[str, Runner], digits: int, x: Floats, shares: Mapping[str, float]
) -> RoundingTally:
    """Give `x` to every runner of `rounding_graph(digits)`, or its share of `x`, and compare with CPython's `round`."""
    graph = rounding_graph(digits)
    node = graph.outputs[0].node
    expected = np.array([round(each, digits) for each in x.tolist()], dtype=np.float64)
    right = words_of_column(expected, F64)
    tally = RoundingTally()
    for name, runner in runners.items():
        count = int(np.ceil(len(x) * shares.get(name, 1.0)))
        got = runner.run(Batch({"x": x[np.newaxis, :count]}, {}, None, 1, count), [node]).nodes[node][0]
        differs = np.flatnonzero(words_of_column(got, F64) != right[:count])
        tally.cases[name], tally.wrong[name] = count, int(differs.size)
        tally.recomputed += getattr(runner, "recomputed_rows", 0)
        if differs.size:
            at = differs[0]
            tally.firsts[name] = (float(x[at]), digits, float(got[at]), float(expected[at]))
    return tally


def joined(tallies: Sequence[RoundingTally]) -> RoundingTally:
    """All of them as one."""
    total = RoundingTally()
    for tally in tallies:
        total.join(tally)
    return total


def _moved(values: Floats, steps: NDArray[np.int64]) -> Floats:
    """Each positive value, so many representable numbers away."""
    moved: Floats = (values.view(np.int64) + steps).view(np.float64)
    return moved
