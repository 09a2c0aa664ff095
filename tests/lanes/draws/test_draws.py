"""Draws: their words against a Philox of another hand, their formulas evaluated the long way, their distributions by tests of them."""

from __future__ import annotations

import math
import random
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from dag.language.lane import AnyLane
from dagc.interactive.functions import compile as compiled
from lanes.distrack.philox import RandomKey
from lanes.draws import THOMPSON, beta_draw, gaussian_draw, index_draw, log_gamma_draw, uniform_draw
from lanes.elementary import exp, log, normal_ppf
from tests.oracle.policies import open_unit, words
from tests.support.tiers import count

KEY = RandomKey(0xDEADBEEF, 0x01234567)
WHOLE_KEY = KEY.key_low + (KEY.key_high << 32)


def counters(many: int) -> list[tuple[int, int, int, int]]:
    """Numbers, bars, serials and purposes, small ones and the largest."""
    dice = random.Random(5)
    ends = [(0, 0, 0, 0), ((1 << 28) - 1, (1 << 40) - 1, (1 << 40) - 1, 255), (1, 1 << 32, 1 << 32, 7)]
    return ends + [
        (
            dice.randrange(1 << 28),
            dice.randrange(1 << dice.choice((4, 40))),
            dice.randrange(1 << 40),
            dice.randrange(256),
        )
        for _ in range(many)
    ]


def test_words_zero_of_the_published_answers() -> None:
    assert uniform_draw(0, 0, 0, 0, RandomKey(0)).hex() == "0x1.989fa35785a72p-2"
    assert gaussian_draw(0, 0, 0, 0, RandomKey(0)).hex() == "-0x1.05f49f2746418p-2"


@pytest.mark.parametrize("counter", counters(20))
def test_a_draw_is_a_function_of_key_and_counter(counter: tuple[int, int, int, int]) -> None:
    high, low, *_ = words(*counter, WHOLE_KEY)
    u = open_unit(high, low)
    assert 0.0 < u < 1.0
    assert uniform_draw(*counter, KEY) == u
    assert gaussian_draw(*counter, KEY) == normal_ppf(u)
    for n in (1, 6, 1 << 31):
        assert index_draw(n, *counter, KEY) == high * n // 2**32


@pytest.mark.parametrize("lane", [uniform_draw, index_draw, *(pytest.param(gaussian_draw, marks=pytest.mark.long),)])
def test_c_draws_the_same(lane: AnyLane) -> None:
    kernel = compiled(lane)
    rows = counters(count(200, 100_000))
    names = ["number", "bar", "serial", "purpose"]
    columns = {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    columns |= {"n": np.full(len(rows), 1000)} if lane is index_draw else {}
    table = {"key_low": np.full(len(rows), KEY.key_low), "key_high": np.full(len(rows), KEY.key_high)}
    found = kernel.bind(table).step(columns)[0]
    first = (1000,) if lane is index_draw else ()
    assert found.tolist() == [lane(*first, *row, KEY) for row in rows]


def the_long_way(a: float, number: int, bar: int, serial: int) -> float:
    """The source's sentence, with a loop that ends at the first acceptance."""
    s = a + 4.0
    d = s - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    found = log(d)
    for k in range(3):
        w = words(8 * number + k, bar, serial, THOMPSON, WHOLE_KEY)
        x, u = normal_ppf(open_unit(w[0], w[1])), open_unit(w[2], w[3])
        r = 1.0 + c * x
        v = r * r * r
        if v > 0.0 and log(u) < 0.5 * x * x + d - d * v + d * log(v):
            found = log(d) + log(v)
            break
    for j in range(4):
        w = words(8 * number + 3 + j // 2, bar, serial, THOMPSON, WHOLE_KEY)
        found = found + log(open_unit(*w[2 * (j % 2) : 2 * (j % 2) + 2])) / (a + float(j))
    return found


@pytest.mark.parametrize("a", [0.5, 1.0, 2.5, 1e6])
def test_gamma_is_its_sentence(a: float) -> None:
    for number in range(count(20, 2_000)):
        assert log_gamma_draw(a, number, 3, 9, THOMPSON, KEY) == the_long_way(a, number, 3, 9)


def test_beta_is_two_gammas() -> None:
    for number in range(count(10, 1_000)):
        la, lb = the_long_way(1.5, 2 * number, 3, 9), the_long_way(4.0, 2 * number + 1, 3, 9)
        assert beta_draw(1.5, 4.0, number, 3, 9, THOMPSON, KEY) == 1.0 / (1.0 + exp(lb - la))


@pytest.mark.long
def test_distributions() -> None:
    """Kolmogorov's distance of many draws in C."""
    many = 20_000
    columns = {"number": np.arange(many), "bar": 0, "serial": 1, "purpose": 2}
    table = {"key_low": np.full(many, 11), "key_high": np.zeros(many, np.int64)}
    draws = compiled(log_gamma_draw).bind(table).step({"a": 0.5, **columns})[0]
    assert stats.kstest(np.exp(draws), stats.gamma(0.5).cdf).pvalue > 0.01
    draws = compiled(beta_draw).bind(table).step({"a": 2.0, "b": 5.0, **columns})[0]
    assert stats.kstest(draws, stats.beta(2.0, 5.0).cdf).pvalue > 0.01


def test_even_draws_are_even() -> None:
    found = Counter(index_draw(6, number, 0, 1, 1, KEY) for number in range(3_000))
    assert stats.chisquare([found[k] for k in range(6)]).pvalue > 0.01
