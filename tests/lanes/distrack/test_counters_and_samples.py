"""Histograms and the reservoir against their references: counters, slots and generator after the last bar, outputs at every bar."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from compile.backend import Batch
from compile.campaign.drawing.special_values import SPECIAL_I64
from dag import ieee_div, lane
from dag.graphs.graph import Graph
from dag.values.types import F64
from dag.values.words import word_of
from lanes.distrack import (
    Placed,
    Reservoir,
    Sample,
    Tally,
    latency_histogram,
    latency_quantile,
    log_histogram,
    log_quantile,
    merged_counters,
    merged_samples,
    reservoir,
)
from lanes.distrack.latency_histogram import bucket_of, upper_edge
from lanes.distrack.log_histogram import RELATIVE_ERROR, bucket_value, log_bucket
from tests.lanes.distrack.streams import FINITE, columns, divided, graph_of
from tests.oracle import distrack as oracle
from tests.support.backends import backend_or_skip

BACKENDS = ("interpreter", "xla", "c", "c_batch", "rtl")
BARS, INSTANCES = 120, 22
SEEDS = (42, -1, 0, -(1 << 63), (1 << 63) - 1)


@lane
def fed_log(num: float, den: float) -> Tally:
    return log_histogram(ieee_div(num, den))


@lane
def fed_reservoir(num: float, den: float, p: Reservoir) -> Placed:
    return reservoir(ieee_div(num, den), p)


def ran(which: str, graph: Graph, inputs: Any, params: Any) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Outputs by name [bars, instances], and the state after the last bar."""
    bars, instances = next(iter(inputs.values())).shape
    backend = backend_or_skip(which)
    nodes = {output.name: output.node for output in graph.outputs}
    result = backend.load(graph, backend.lower(graph)).run(
        Batch(inputs, params, None, bars, instances), list(nodes.values())
    )
    assert not result.nodes[nodes["status"]].any()
    return {name: result.nodes[node] for name, node in nodes.items()}, dict(result.state)


def latencies() -> NDArray[np.int64]:
    rng = np.random.default_rng(4)
    wide = rng.integers(-(1 << 63), 1 << 63, (BARS, INSTANCES)) >> rng.integers(0, 63, (BARS, INSTANCES))
    special = rng.choice(np.array(SPECIAL_I64), (BARS, INSTANCES))
    return np.where(rng.random((BARS, INSTANCES)) < 0.3, special, wide)


@pytest.mark.parametrize("which", BACKENDS)
def test_the_latency_histogram_equals_its_reference(which: str) -> None:
    given = latencies()
    outputs, state = ran(which, graph_of(latency_histogram), {"ns": given}, {})
    for i in range(INSTANCES):
        reference: oracle.Counters = ({}, 0, 0, 0)
        for t in range(BARS):
            reference = oracle.latency_histogram(reference, given[t, i].item())
            assert tuple(outputs[name][t, i] for name in ("count", "bad", "greatest")) == reference[1:]
        counters = state["counters"][i].tolist()
        assert {b: c for b, c in enumerate(counters) if c} == reference[0]
        for numerator, denominator in ((0, 1), (1, 2), (99, 100), (1, 1)):
            wanted = oracle.lat_quantile(reference, numerator, denominator)
            assert latency_quantile(counters, reference[3], numerator, denominator) == wanted


def test_every_bucket_has_its_edges() -> None:
    for bucket in range(488):
        top = upper_edge(bucket)
        assert top == oracle.lat_upper(bucket)
        if top < 1 << 63:
            assert bucket_of(top) == bucket == oracle.lat_bucket(top)
            assert top == (1 << 63) - 1 or bucket_of(top + 1) == bucket + 1
    assert bucket_of((1 << 63) - 1) == 487


@pytest.mark.parametrize("which", BACKENDS)
def test_values_by_magnitude(which: str) -> None:
    inputs = columns(BARS, INSTANCES, seed=10)
    outputs, state = ran(which, graph_of(fed_log), inputs, {})
    for i in range(INSTANCES):
        given = [divided(n, d) for n, d in zip(inputs["num"][:, i], inputs["den"][:, i], strict=True)]
        values = [x for x in given if math.isfinite(x)]
        buckets = np.bincount([oracle.log_bucket(x) for x in values], minlength=4097)
        assert state["log_histogram.counters"][i].tolist() == buckets.tolist()
        assert outputs["count"][-1, i] == len(values)
        assert outputs["beyond"][-1, i] == sum(abs(x) >= 2.0**32 for x in values)
        ends = [word_of(float(outputs[name][-1, i]), F64) for name in ("least", "greatest")]
        # Python's min and max: the first of two zeros of different sign stays.
        assert ends == [word_of(float(end), F64) for end in (min(values), max(values))]


def test_a_quantile_by_magnitude_is_as_close_as_it_is_said_to_be() -> None:
    rng = np.random.default_rng(5)
    worst = 0.0
    for values in (
        rng.standard_cauchy(3_000), rng.lognormal(0.0, 3.0, 3_000), -rng.pareto(1.0, 3_000), np.repeat([1.0, -2.0], 500),
    ):  # fmt: skip
        inside = values[(np.abs(values) >= 2.0**-32) & (np.abs(values) < 2.0**32)]
        counters = np.bincount([log_bucket(float(x)) for x in inside], minlength=4097).tolist()
        ordered = np.sort(inside)
        for q in np.linspace(0.0, 1.0, 301):
            exact = ordered[math.floor(q * (inside.size - 1))]
            got = log_quantile(counters, float(ordered[0]), float(ordered[-1]), float(q))
            worst = max(worst, abs(got - exact) / abs(exact))
    assert 0.014 < worst <= RELATIVE_ERROR * (1.0 + 1e-12)


def test_every_magnitude_is_within_its_bucket() -> None:
    for x in (*FINITE, *(math.nextafter(2.0**k, 0.0) for k in range(-33, 34)), *(2.0**k for k in range(-33, 34))):
        assert log_bucket(x) == oracle.log_bucket(x)
        if 2.0**-32 <= abs(x) < 2.0**32:
            assert abs(bucket_value(log_bucket(x)) - x) <= RELATIVE_ERROR * abs(x) * (1.0 + 1e-15)


@pytest.mark.parametrize("which", BACKENDS)
def test_the_reservoir_equals_its_reference(which: str) -> None:
    inputs = columns(BARS, INSTANCES, seed=12)
    sizes = np.resize(np.array([32, 1, 8, 31, 2]), INSTANCES)
    seeds = np.resize(np.array(SEEDS), INSTANCES)
    some = INSTANCES if which != "rtl" else 10
    outputs, state = ran(
        which,
        graph_of(fed_reservoir),
        {name: column[:, :some] for name, column in inputs.items()},
        {"size": sizes[:some], "seed": seeds[:some]},
    )
    for i in range(some):
        reference: oracle.Sample = ((), 0, int(seeds[i]) & oracle.M64)
        for t in range(BARS):
            before = reference[0]
            x = divided(inputs["num"][t, i].item(), inputs["den"][t, i].item())
            reference = oracle.reservoir(reference, x, int(sizes[i]))
            slot = int(outputs["slot"][t, i])
            if slot < 0:
                assert slot_words(before) == slot_words(reference[0])
            else:
                assert word_of(reference[0][slot], F64) == word_of(x, F64)
        slots = tuple(state["reservoir.slots"][i].tolist())
        assert slot_words(slots[: min(BARS, int(sizes[i]))]) == slot_words(reference[0])
        assert int(state["reservoir.generator"][i]) & oracle.M64 == reference[2]
        assert int(outputs["count"][-1, i]) == BARS


def slot_words(values: tuple[float, ...]) -> list[int]:
    return [word_of(x, F64) for x in values]


def sample_of(values: list[float], size: int, seed: int) -> tuple[Sample, oracle.Sample]:
    """The same sample, as the lane keeps it and as the reference does."""
    reference: oracle.Sample = ((), 0, seed)
    for x in values:
        reference = oracle.reservoir(reference, x, size)
    signed = reference[2] - (1 << 64) if reference[2] >= 1 << 63 else reference[2]
    return Sample(reference[0], reference[1], signed), reference


@pytest.mark.parametrize("size", [1, 7, 32])
@pytest.mark.parametrize("lengths", [(0, 0), (0, 5), (3, 0), (3, 4), (100, 2), (2, 100), (60, 90)])
def test_merging_samples(size: int, lengths: tuple[int, int]) -> None:
    a, in_a = sample_of([float(k) for k in range(lengths[0])], size, 42)
    b, in_b = sample_of([-1.0 - k for k in range(lengths[1])], size, 7)
    got, wanted = merged_samples(a, b, size), oracle.reservoir_merge(in_a, in_b, size)
    assert got.slots == wanted[0]
    assert (got.count, got.generator & oracle.M64) == wanted[1:]


def test_a_merged_sample_takes_from_both_in_proportion() -> None:
    taken = 0
    for seed in range(400):
        a, _ = sample_of([1.0] * 300, 32, seed)
        b, _ = sample_of([0.0] * 100, 32, seed + 1_000)
        taken += int(sum(merged_samples(a, b, 32).slots))
    assert abs(taken / (400 * 32) - 0.75) < 0.015  # four standard errors


def test_merged_counters_are_the_counters_of_both_streams() -> None:
    first, second = latencies()[:, 0], latencies()[:, 1]
    _, state = ran("c", graph_of(latency_histogram), {"ns": np.concatenate([first, second])[:, np.newaxis]}, {})
    _, apart = ran("c", graph_of(latency_histogram), {"ns": np.stack([first, second], axis=1)}, {})
    a, b = apart["counters"].tolist()
    assert list(merged_counters(a, b)) == list(merged_counters(b, a)) == state["counters"][0].tolist()
