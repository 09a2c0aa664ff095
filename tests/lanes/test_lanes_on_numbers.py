"""Every lane, called with numbers, against its reference: the same words, over rows that look for the boundaries.

Lanes are total: beside rows inside every domain, inputs are NaN, infinite and outside. Where Python raises, both raise.
"""

from __future__ import annotations

import itertools
import math
import random

import pytest

from dag.language.lane import AnyLane
from dag.trace import trace
from dag.values.types import Value
from lanes.enums import DcStatus, Side
from lanes.signal import DirectionConfirm, direction_confirm
from tests.lanes.arguments import defaults_of, inputs_of, outputs_of, params_of
from tests.lanes.oracles import LANES, ORACLES, Oracle, Row
from tests.lanes.rows import bars_for, rows_for, wild
from tests.lanes.same import assert_same, outcome
from tests.support.tiers import count

ROWS = count(300, 1_000)
STREAMS, BARS = count(20, 80), 25

CASES: dict[str, tuple[AnyLane, Oracle]] = {name: (LANES[name], oracle) for name, oracle in ORACLES.items()}
STREAMING = [name for name in CASES if trace(CASES[name][0]).states]


@pytest.mark.parametrize("name", CASES)
def test_a_lane_on_numbers_is_its_reference(name: str) -> None:
    each, oracle = CASES[name]
    graph = trace(each)
    rng = random.Random(5)

    def call(row: Row) -> dict[str, Value]:
        return outputs_of(each, each(**inputs_of(each, row), **params_of(each, row)))

    answered = 0
    for index, inside in enumerate(rows_for(graph, defaults_of(each), ROWS, seed=1)):
        row = wild(inside, graph, rng) if index % 2 else inside
        wanted = outcome(lambda r: next(oracle(iter([r]))), row)
        assert_same(graph, row, outcome(call, row), wanted)
        answered += isinstance(wanted, dict)
    assert answered > 0.8 * ROWS  # the rest is 1 / 0 and int(nan), on both sides


@pytest.mark.parametrize("name", STREAMING)
def test_a_stream_on_numbers_is_its_reference_bar_by_bar(name: str) -> None:
    each, oracle = CASES[name]
    graph = trace(each)
    for seed in range(STREAMS):
        bars = bars_for(graph, defaults_of(each), BARS, seed)
        stream = each.stream(**params_of(each, bars[0]))
        for row, wanted in itertools.zip_longest(bars, oracle(iter(bars))):
            assert_same(graph, row, outputs_of(each, stream(**inputs_of(each, row))), wanted)


def test_the_streaming_lanes_are_here() -> None:
    assert set(STREAMING) >= {"direction_confirm", "basis_baseline", "cadence_q"}


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("after", [1.5, 0.5, 1.0])
def test_a_move_of_exactly_the_threshold_confirms_nothing(side: Side, after: float) -> None:
    for beside, verdicts in ((0.0, {DcStatus.NEUTRAL}), (math.ulp(5000.0), {DcStatus.CONFIRM, DcStatus.CONTRADICT})):
        p = DirectionConfirm(lookback=1, min_bps=max(abs(after - 1.0) * 10_000.0 - beside, 0.0))
        stream = direction_confirm.stream(p)
        stream(1.0, side)
        assert stream(after, side).verdict in (verdicts if after != 1.0 else {DcStatus.NEUTRAL})
