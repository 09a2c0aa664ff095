"""What runs over whole samples, against its references and against numpy."""

from __future__ import annotations

import random

import numpy as np
import pytest

from dag.values.words import float_bits
from lanes.batch import (
    EmissionTable,
    PostedOrders,
    curve_parity,
    median,
    pearson,
    percentile_of_sample,
    source_of_order_id,
    vol_p60,
)
from lanes.enums import FillSource
from lanes.num import ascending, mean_and_deviation, percentile, sum_numpy
from lanes.presets import VIOLET_SHADOW
from lanes.size import base_cubic_sizer
from tests.oracle import accounting, gates, sums, weather


def samples(seed: int, lengths: list[int]) -> list[list[float]]:
    """Of each length one of ordinary numbers, one of few that repeat, one across all magnitudes."""
    rng = random.Random(seed)
    few = (0.0, -0.0, 0.1, -0.1, 1.0)
    found = []
    for n in lengths:
        found.append([rng.uniform(-1.0, 1.0) for _ in range(n)])
        found.append([rng.choice(few) for _ in range(n)])
        found.append([rng.uniform(-1.0, 1.0) * 2.0 ** rng.randint(-300, 300) for _ in range(n)])
    return found


def bits(*values: float) -> list[int]:
    return [float_bits(value) for value in values]


@pytest.mark.parametrize("sample", samples(1, [1, 2, 7, 8, 9, 15, 16, 49, 50, 127, 128]), ids=len)
def test_sums_and_deviations_are_numpys(sample: list[float]) -> None:
    values = tuple(sample)
    mean, deviation = mean_and_deviation(values)
    assert bits(sum_numpy(values), mean, deviation) == bits(sums.sum_np(sample), *sums.mean_std_np(sample))
    array = np.array(sample)
    assert bits(mean + 0.0, deviation) == bits(float(array.mean()) + 0.0, float(array.std()))


@pytest.mark.parametrize("sample", samples(2, [1, 2, 3, 4, 11, 40]), ids=len)
def test_order_statistics_are_numpys(sample: list[float]) -> None:
    assert bits(*ascending(tuple(sample))) == bits(*sorted(sample))
    assert bits(median(sample)) == bits(sums.median(sample))
    rng = random.Random(len(sample))
    for q in (0.0, -0.0, 1.0, 0.5, 0.6, *(rng.random() for _ in range(20))):
        wanted = sums.pct_linear(sample, q)
        assert bits(percentile_of_sample(sample, q), percentile(tuple(sample), q)) == bits(wanted, wanted)
        assert wanted == float(np.percentile(np.array(sample), 100.0 * q, method="linear")) or 100.0 * q / 100.0 != q


def test_an_empty_sample_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="the sample is empty"):
        percentile_of_sample([], 0.5)


def test_the_volatility_threshold_is_its_reference() -> None:
    rng = random.Random(3)
    for days in range(1, 4):
        prices = [[100.0 * (1.0 + rng.gauss(0.0, 1e-3)) for _ in range(rng.randint(61, 160))] for _ in range(days)]
        for tuned in ({}, {"win": 20}, {"start": 5, "min_n": 30}, {"q": 0.05}):
            assert bits(vol_p60(prices, **tuned)) == bits(gates.vol_p60(prices, **tuned))


def test_the_volatility_threshold_needs_prices_that_move() -> None:
    with pytest.raises(ValueError, match="no bar from 60 on has a volatility above 0"):
        vol_p60([[100.0] * 200])
    with pytest.raises(ValueError, match="a window of 500 prices"):
        vol_p60([[100.0] * 200], win=500)


def test_only_the_first_two_days_count() -> None:
    day = [100.0 + 0.001 * ((k * 7919) % 101) for k in range(130)]
    assert vol_p60([day, day[::-1], [1.0, 2.0] * 100]) == vol_p60([day, day[::-1]]) == 0.0004961992802499452


def test_curves_are_compared_as_the_reference_does() -> None:
    rng = random.Random(4)
    for hi in (9.0, 8.0):
        vel_div = [rng.uniform(-0.07, -0.01) for _ in range(800)]
        recorded = [accounting.base_cubic_sizer(v, 9.0)[0] * (1.0 + rng.gauss(0.0, 0.01)) for v in vel_div]

        def modelled(v: float, hi: float = hi) -> float:
            return base_cubic_sizer(v, hi, VIOLET_SHADOW.sizer).lev

        def referred(v: float, hi: float = hi) -> float:
            return accounting.base_cubic_sizer(v, hi)[0]

        got = curve_parity(vel_div, recorded, modelled)
        wanted = accounting.curve_parity(vel_div, recorded, referred)
        assert bits(got.correlation, got.error) == bits(*wanted[:2])
        assert got.passes == wanted[2] == (hi == 9.0)  # a sizer pinned at 8 does not pass for one at 9


def test_a_curve_takes_two_bins() -> None:
    with pytest.raises(ValueError, match="1 bins of"):
        curve_parity([-0.03] * 9, [1.0] * 9, lambda v: v)
    assert pearson([1.0, 2.0], [1.0, 1.0]) != pearson([1.0, 2.0], [1.0, 1.0])


def test_repeated_emissions_are_dropped_as_the_reference_does() -> None:
    rng = random.Random(5)
    table, wanted = EmissionTable(), accounting.emission_dedup({}, -1, 0.0)[0]
    for _ in range(3000):
        trade, pnl = rng.randrange(40), rng.choice((1.5, -0.5, 0.0, -0.0, 2.25))
        wanted, answer = accounting.emission_dedup(wanted, trade, pnl)
        got = table.see(trade, pnl)
        assert (got.keep, got.conflict) == answer


def test_the_table_forgets_what_it_has_not_seen_for_longest() -> None:
    table = EmissionTable(capacity=2)
    assert [table.see(trade, 1.0).keep for trade in (1, 2, 1, 3, 1, 2)] == [True, True, False, True, False, True]
    with pytest.raises(ValueError, match="holds nothing"):
        EmissionTable(capacity=0)


def test_posted_orders_are_those_of_the_reference() -> None:
    rng = random.Random(8)
    table: dict[int, tuple[int, float]] = {}
    orders = PostedOrders()
    for t in range(2_000):
        order_id = rng.choice((None, rng.randrange(300)))
        tag = rng.choice((None, *FillSource))
        table, stored = weather.posted_orders(table, order_id, tag, float(t))
        assert orders.post(order_id, tag, float(t)) == stored
        asked = rng.randrange(300)
        coid = rng.choice((None, "mm_xb_exit_9", "mm_xbexit_9", "mm_xb_9", "mm_a_1", "hand", ""))
        known = table.get(asked)
        found = orders.posted(asked)
        assert (None if found is None else (found.tag, found.t)) == known
        payload = None if coid is None else weather.coid_prefix(coid)
        assert orders.tag_of_fill(asked, coid) == weather.fill_source_tagger(
            payload, None if known is None else known[0]
        )
        assert coid is None or source_of_order_id(coid) == payload
