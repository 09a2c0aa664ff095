"""The cadence near the edges of its slots, in every backend, and as the `when=` of a lane that updates less often."""

from __future__ import annotations

import random

import numpy as np
import pytest

from compile.backend import Batch
from compile.hazards.search import hazards
from compile.pipeline import prepare
from dag import carry, lane
from dag.trace import trace
from dag.values.words import word_of, words_of_column
from lanes.time import ANCHOR_TICK, ENGINE_SCAN, SHAPLEY_CYCLES, CadenceQ, cadence_q
from lanes.time.cadence_q import LARGEST_PHASE, LAST_TIME, Time
from lanes.units import Price
from tests.oracle import time
from tests.support.backends import BACKENDS, backend_or_skip

BARS, INSTANCES = 40, 48
PERIODS = (0, 1, 2, 7, 200, 4_000_000_000, 5_000_000_000, 1 << 40, LARGEST_PHASE, LAST_TIME, (1 << 63) - 1)
PHASES = (0, 0, 1, -1, 3, -4_000_000_001, LARGEST_PHASE, -LARGEST_PHASE)


def clocks(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times [bars, instances] that hop around the edges of slots, backwards too; periods and phases [instances]."""
    rng = random.Random(seed)
    q = [rng.choice(PERIODS) for _ in range(INSTANCES)]
    phase = [rng.choice(PHASES) for _ in range(INSTANCES)]
    t = np.zeros((BARS, INSTANCES), np.int64)
    for i in range(INSTANCES):
        slot = rng.choice((0, 0, rng.randrange(1 << 20)))
        for bar in range(BARS):
            slot += rng.choice((0, 0, 1, 1, 2, 9, -1, -3))
            edge = phase[i] + slot * max(q[i], 1) + rng.choice((0, 0, 1, -1, max(q[i], 1) // 2))
            t[bar, i] = min(max(edge, 0), LAST_TIME)
    return t, np.array(q, np.int64), np.array(phase, np.int64)


@pytest.mark.parametrize("name", BACKENDS)
def test_slots_have_the_same_edges_everywhere(name: str) -> None:
    graph = prepare(trace(cadence_q))
    assert not hazards(graph)
    t, q, phase = clocks(3)
    instances = 6 if name == "rtl" else INSTANCES
    batch = Batch({"t": t[:, :instances]}, {"q": q[:instances], "phase": phase[:instances]}, None, BARS, instances)
    backend = backend_or_skip(name)
    nodes = {output.name: output.node for output in graph.outputs}
    result = backend.load(graph, backend.lower(graph)).run(batch, list(nodes.values()))
    got = {each: words_of_column(result.nodes[node], graph.types[node]) for each, node in nodes.items()}
    for i in range(instances):
        last: time.Last = None
        for bar in range(BARS):
            last, (fire, missed) = time.cadence_q(last, int(t[bar, i]), int(q[i]), int(phase[i]))
            wanted = (word_of(fire, graph.types[nodes["fire"]]), word_of(missed, graph.types[nodes["missed"]]), 0)
            assert tuple(int(got[each][bar, i]) for each in ("fire", "missed", "status")) == wanted, (bar, i)


def test_the_clocks_are_worth_running() -> None:
    t, q, phase = clocks(3)
    seen = set()
    for i in range(INSTANCES):
        last: time.Last = None
        for bar in range(BARS):
            last, (fire, missed) = time.cadence_q(last, int(t[bar, i]), int(q[i]), int(phase[i]))
            backwards = bar > 0 and t[bar, i] < t[bar - 1, i]
            seen |= {(fire, missed > 0, bool(backwards)), ("before", bool(t[bar, i] < phase[i]))}
    assert seen >= {
        (True, False, False),
        (True, True, False),
        (False, False, False),
        (False, False, True),
        ("before", True),
    }


def test_the_presets_are_those_of_the_source() -> None:
    assert (ENGINE_SCAN.q, ANCHOR_TICK.q, SHAPLEY_CYCLES.q) == (5 * 10**9, 4 * 10**9, 200)
    shapley = cadence_q.stream(SHAPLEY_CYCLES)
    assert [cycle for cycle in range(1, 1001) if shapley(cycle).fire] == [1, 200, 400, 600, 800, 1000]


@lane
def range_of(price: Price) -> Price:
    """The highest price of its updates less the lowest."""
    high = carry(initial=price)
    low = carry(initial=price)
    high = max(high, price)
    low = min(low, price)
    return high - low


@lane
def slow_range(t: Time, price: Price, p: CadenceQ) -> Price:
    """`range_of` over one price in every period."""
    due = cadence_q(t, p)
    return range_of(price, when=due.fire, initial=0.0)


def test_a_lane_at_a_cadence_sees_one_bar_in_every_slot() -> None:
    stream = slow_range.stream(CadenceQ(q=10))
    ticks = [(0, 5.0), (3, 99.0), (9, 1.0), (10, 7.0), (12, 0.5), (35, 4.0), (31, 100.0), (40, 4.5)]
    assert [stream(t, price) for t, price in ticks] == [0.0, 0.0, 0.0, 2.0, 2.0, 3.0, 3.0, 3.0]
