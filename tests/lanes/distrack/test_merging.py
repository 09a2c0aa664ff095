"""Markers and moments of two streams made one: the reference's words, and an estimate of the quantile of both."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from bench.distrack_bits import marker_words, merged_by
from compile.backend import Batch
from dag.values.types import F64
from dag.values.words import word_of
from lanes.distrack import Markers, Moments, from_state, merge_markers, merge_moments, p2_quantile
from lanes.distrack.p2_quantile import NO_MARKERS, with_value
from tests.lanes.distrack.streams import KINDS, assert_same_words, graph_of, said_by_backend
from tests.oracle import distrack as oracle
from tests.support.backends import backend_or_skip

QUANTILES = (0.5, 0.0, 1.0, 0.01, 0.95)
LENGTHS = (0, 1, 3, 4, 5, 6, 9, 40, 60)
#: Where heights differ by more than the largest number there is no line between them.
TAME = [name for name in KINDS if name not in ("huge", "special", "constant")]


@cache
def cases() -> list[tuple[float, Markers, Markers, oracle.Markers]]:
    """Quantile, two sets of markers, and what the reference makes of them."""
    rng = np.random.default_rng(8)
    found: list[tuple[float, Markers, Markers, oracle.Markers]] = []
    for k in range(360):
        q = QUANTILES[k % len(QUANTILES)]
        pairs: list[tuple[Markers, oracle.Markers]] = []
        for length in (LENGTHS[k % len(LENGTHS)], LENGTHS[int(rng.integers(len(LENGTHS)))]):
            markers, reference = NO_MARKERS, oracle.MARKERS
            for x in KINDS[TAME[k % len(TAME)]](rng, length).tolist():
                markers, reference = with_value(markers, x, q), oracle.p2_quantile(reference, x, q)[0]
            pairs.append((markers, reference))
        (a, in_a), (b, in_b) = pairs
        found.append((q, a, b, oracle.p2_merge(in_a, in_b, q)))
    return found


def words_of(values: list[float]) -> list[int]:
    return [word_of(x, F64) for x in values]


def test_merged_markers_on_numbers() -> None:
    for q, a, b, (count, heights, places) in cases():
        got = merge_markers(a, b, q)
        assert got.count == count
        assert words_of([*got.heights[: len(heights)]]) == words_of([*heights])
        assert got.places == (places[1:4] if count >= 5 else (2.0, 3.0, 4.0))


def test_merged_markers_in_the_graph() -> None:
    # XLA and gcc take half a minute each to compile this one: python -m bench.distrack_bits.
    chosen = [(q, a, b) for q, a, b, _ in cases()]
    assert merged_by("interpreter", chosen) == [marker_words(merge_markers(a, b, q)) for q, a, b in chosen]


def test_markers_are_read_back_from_a_state() -> None:
    x = np.random.default_rng(2).normal(size=(30, 3))
    graph, backend = graph_of(p2_quantile), backend_or_skip("c")
    batch = Batch({"x": x}, {"quantile": np.full(3, 0.5)}, None, 30, 3)
    state = backend.load(graph, backend.lower(graph)).run(batch, []).state
    for i in range(3):
        markers = NO_MARKERS
        for value in x[:, i].tolist():
            markers = with_value(markers, value, 0.5)
        assert from_state(Markers, state, "markers", i) == markers


def test_merged_markers_estimate_the_quantile_of_both_streams() -> None:
    rng = np.random.default_rng(9)
    for q, tolerance in ((0.5, 0.02), (0.9, 0.03), (0.99, 0.01)):
        streams = rng.normal(size=2_000), 1.0 + rng.normal(size=1_000)
        both: list[Markers] = []
        for stream in streams:
            markers = NO_MARKERS
            for x in stream.tolist():
                markers = with_value(markers, x, q)
            both.append(markers)
        estimate = merge_markers(both[0], both[1], q).heights[2]
        assert abs((np.concatenate(streams) <= estimate).mean() - q) < tolerance


@pytest.mark.parametrize("which", ["interpreter", "xla", "c", "c_batch"])
def test_merged_moments(which: str) -> None:
    rng = np.random.default_rng(10)
    n = 300
    inputs: dict[str, Any] = {
        f"{side}.{name}": KINDS[kind](rng, n)
        for side, kind in (("a", "special"), ("b", "drifting"))
        for name in ("mean", "variance")
    }
    inputs |= {
        "a.warm": rng.random(n) < 0.8,
        "b.warm": rng.random(n) < 0.8,
        "share": rng.choice([0.0, 0.5, 1.0, 0.3], n),
    }
    rows = [{name: column[k].item() for name, column in inputs.items()} for k in range(n)]
    wanted = [
        oracle.ewma_merge(
            (r["a.mean"], r["a.variance"], r["a.warm"]), (r["b.mean"], r["b.variance"], r["b.warm"]), r["share"]
        )
        for r in rows
    ]
    got = said_by_backend(
        which, graph_of(merge_moments), {name: column[np.newaxis] for name, column in inputs.items()}, {}
    )
    assert_same_words(
        got,
        {
            "mean": np.array([words_of([m for m, _, _ in wanted])], np.uint64),
            "variance": np.array([words_of([v for _, v, _ in wanted])], np.uint64),
            "warm": np.array([[int(w) for _, _, w in wanted]], np.uint64),
        },
    )
    assert merge_moments(Moments(0.0, 0.0, False), Moments(1.5, 2.0, True), 0.5) == Moments(1.5, 2.0, True)
