"""A run handed from backend to backend at any bars, as bytes, is the run of an interpreter that never stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from compile.backend import Batch, Result, Runner
from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.pipeline import prepare
from compile.xla import runner as xla_runner
from dag import carry, domain, float32, lane, warm
from dag import params as tunable
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.types import Kind
from tests.support.backends import BACKENDS, backend_or_skip
from tests.support.meaning import assert_same_words, evaluate
from tests.support.relay import Legs, run_relay
from tests.support.tiers import few

BARS, INSTANCES = 24, 5
#: XLA compiles a call of 1, of 2 and of 4 bars, and no other.
XLA_BARS = 4
TINY, TINY_F32 = 2.0**-1050, 2.0**-140
Finite = Annotated[float, domain(-1e300, 1e300)]


@tunable
class Pace:
    alpha: Annotated[float, domain(0.0, 1.0)] = 0.5
    bars: Annotated[int, domain(0, 10)] = 3


@lane
def average(x: Finite, p: Pace) -> float:
    level = carry(initial=x, warm_up=p.bars)
    level = level + p.alpha * (x - level)
    return level if warm(level) else 0.0


@lane
def decaying(x: Finite, y: Finite, fire: bool, p: Pace) -> tuple[float, float, float, float32, int]:
    """Averages that fade into the subnormals and out of them, on every bar and on some; everything that a carry can say."""
    fast = average(x, p)
    slow = average(x, p, when=fire, initial=y)
    fading = carry(initial=TINY, when=not fire, lifetime="tick")
    narrow = carry(initial=float32(TINY_F32))
    count = carry(initial=0, when=fire and x > y, warm_up=2)
    fading = fading * (1.0 - p.alpha) + x
    narrow = narrow * float32(0.5) + float32(x)
    count = count + 1 if warm(count) else count + 10
    return fast, slow, fading, narrow, count


def decaying_batch(graph: Graph) -> Batch:
    """Zeros after one tiny number, so that all fades; some instances are woken again, some rows are rejected."""
    rng = np.random.default_rng(5)
    shape = (BARS, INSTANCES)
    x, y = np.zeros(shape), rng.choice([0.0, -0.0, 1.0, 5e-324], shape)
    x[0] = [2.0**-1018, 2.0**-1040, 1e-310, -(2.0**-1021), 3.0]
    woken = rng.random(shape) < 0.15
    woken[:8] = False
    x[woken] = rng.choice([5e-324, -2.5e-310, 2.0**-1022, 7.5, np.inf, np.nan, 1e-40], int(woken.sum()))
    params = {"alpha": np.array([0.5, 0.25, 1.0, 0.75, 1e-3]), "bars": np.array([3, 0, 1, 10, 2])}
    return Batch({"x": x, "y": y, "fire": rng.random(shape) < 0.6}, params, None, BARS, INSTANCES)


@cache
def case(name: str) -> tuple[Graph, Batch, Result]:
    """A graph, bars of some instances, and every value of the run that never stopped."""
    if name == "decaying":
        graph = prepare(trace(decaying))
        batch = decaying_batch(graph)
    else:
        graph = random_graph(int(name), operators=24)
        batch = random_batch(graph, int(name), BARS, INSTANCES)
    return graph, batch, evaluate(graph, batch, range(len(graph)))


@cache
def runner(name: str, backend: str) -> Runner:
    graph, _, _ = case(name)
    lowering = backend_or_skip(backend)
    loaded: Runner = lowering.load(graph, lowering.lower(graph))
    return loaded


@pytest.fixture(autouse=True, scope="module")
def short_calls() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xla_runner, "BARS_PER_CALL", XLA_BARS)
        yield


def legs(backends: Sequence[str]) -> st.SearchStrategy[Legs]:
    return st.lists(st.tuples(st.sampled_from(backends), st.integers(1, BARS // 2)), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@example([(name, 5) for name in BACKENDS])
@example([(name, 3) for name in reversed(BACKENDS)] * 2)
@given(legs(list(BACKENDS)))
def test_fading_averages_run_on_from_backend_to_backend(drawn: Legs) -> None:
    graph, batch, whole = case("decaying")
    run_relay(graph, batch, whole, drawn, lambda backend: runner("decaying", backend))


@pytest.mark.parametrize("seed", few(["3001", "3002"], 2))
def test_random_graphs_run_on_from_backend_to_backend(seed: str) -> None:
    swift = [name for name in BACKENDS if name != "rtl"]  # a simulator takes too long to build

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @example([(name, 5) for name in swift])
    @given(legs(swift))
    def check(drawn: Legs) -> None:
        graph, batch, whole = case(seed)
        run_relay(graph, batch, whole, drawn, lambda backend: runner(seed, backend))

    check()


@pytest.mark.parametrize("backend", ["interpreter", "c", "c_batch", "xla"])
def test_the_place_in_the_batch_does_not_matter(backend: str) -> None:
    """In another order, among copies of themselves."""
    graph, batch, whole = case("decaying")
    nodes = range(len(graph))
    chosen = np.array([3, 0, 4, 4, 1, 2, 0, 3])
    inputs = {name: column[:, chosen] for name, column in batch.inputs.items()}
    params = {name: column[chosen] for name, column in batch.params.items()}
    got = runner("decaying", backend).run(Batch(inputs, params, None, BARS, len(chosen)), nodes)
    expected = Result(
        {node: whole.nodes[node][:, chosen] for node in nodes},
        {name: column[chosen] for name, column in whole.state.items()},
    )
    assert_same_words(graph, got, expected, backend)


def test_the_averages_did_fade() -> None:
    graph, _, whole = case("decaying")
    least = {Kind.F64: 2.0**-1022, Kind.F32: 2.0**-126}
    for name in ("average_fast.level", "average_slow.level", "fading", "narrow"):
        node = next(state.node for state in graph.states if state.name == name)
        values = np.abs(whole.nodes[node].astype(np.float64))
        assert np.any((values > 0.0) & (values < least[graph.types[node].kind])), name
    status = whole.nodes[graph.node("status")]
    assert 0 < np.count_nonzero(status) < status.size // 2
