"""The t-digest that merges two points a bar against the reference that merges 32 values at once: the same words."""

from __future__ import annotations

import itertools
import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from compile.backend import Batch, initial_state
from dag import ieee_div, lane
from dag.graphs.graph import Graph
from dag.values.types import F64
from dag.values.words import word_of
from lanes.distrack import Centroids, Extent, merged_digests, settled, tdigest, tdigest_quantile
from lanes.distrack.tdigest import LARGEST
from tests.lanes.distrack.streams import columns, divided, graph_of, said_by_backend
from tests.oracle import distrack as oracle
from tests.support.backends import backend_or_skip

BARS, INSTANCES = 170, 22
#: Where the state is looked at: around every 32nd value and in the middle of merges.
LOOKS = (0, 1, 2, 31, 32, 33, 45, 64, 65, 100, 130, 170)
QUANTILES = (0.0, 1e-300, 0.01, 0.25, 0.5, 0.75, 0.99, 1.0 - 2.0**-53, 1.0)


@lane
def fed(num: float, den: float) -> Extent:
    return tdigest(ieee_div(num, den))


@cache
def streams() -> dict[str, Any]:
    inputs = columns(BARS, INSTANCES, seed=9)
    return {"num": np.clip(inputs["num"], -LARGEST, LARGEST), "den": inputs["den"]}


@cache
def graph() -> Graph:
    return graph_of(fed)


@cache
def reference() -> dict[tuple[int, int], oracle.Digest]:
    """The reference's state after so many bars of an instance."""
    found: dict[tuple[int, int], oracle.Digest] = {}
    for i in range(INSTANCES):
        state = found[0, i] = oracle.DIGEST
        for t in range(BARS):
            state = oracle.tdigest_push(state, divided(streams()["num"][t, i].item(), streams()["den"][t, i].item()))
            found[t + 1, i] = state
    return found


def words(*values: float) -> list[int]:
    return [word_of(value, F64) for value in values]


def centroid_words(digest: Centroids) -> list[int]:
    n = digest.centroids
    return words(*digest.means[:n], *digest.weights[:n], digest.least, digest.greatest)


def reference_words(state: oracle.Digest) -> list[int]:
    flushed = oracle.tdigest_flush(state) if state[1] else state
    return words(*(m for m, _ in flushed[0]), *(w for _, w in flushed[0]), *flushed[2:])


def test_the_state_settles_to_what_the_reference_merged() -> None:
    backend = backend_or_skip("c")
    runner = backend.load(graph(), backend.lower(graph()))
    state: Any = initial_state(graph(), INSTANCES)
    for k, (begin, end) in enumerate(itertools.pairwise((0, *LOOKS))):
        if end > begin:
            part = {name: column[begin:end] for name, column in streams().items()}
            state = runner.run(Batch(part, {}, state, end - begin, INSTANCES), []).state
        for i in range(k % 5, INSTANCES, 5):
            assert centroid_words(settled(state, "tdigest", i)) == reference_words(reference()[end, i]), (end, i)


@pytest.mark.parametrize("which", ["c_batch", "xla", "interpreter"])
def test_every_backend_carries_the_same_state(which: str) -> None:
    instances = INSTANCES if which != "interpreter" else 11
    part = {name: column[:, :instances] for name, column in streams().items()}
    states: list[Any] = []
    for backend in (backend_or_skip(which), backend_or_skip("c")):
        states.append(
            backend.load(graph(), backend.lower(graph())).run(Batch(part, {}, None, BARS, instances), []).state
        )
    for name, column in states[0].items():
        assert np.array_equal(column.view(np.uint64), states[1][name].view(np.uint64)), name


def test_the_extent_is_known_at_every_bar() -> None:
    got = said_by_backend("c", graph(), streams(), {})
    for (t, i), (cents, buffer, least, greatest) in reference().items():
        if t:
            count = sum(w for _, w in cents) + len(buffer)
            assert [got[name][t - 1, i] for name in ("count", "least", "greatest")] == words(count, least, greatest)


@cache
def digests() -> list[tuple[Centroids, oracle.Digest]]:
    """Digests at rest, of 0 to 170 values, beside the reference's."""
    found: list[tuple[Centroids, oracle.Digest]] = []
    for i in range(INSTANCES):
        bars = LOOKS[i % len(LOOKS)]
        values = [
            divided(*pair) for pair in zip(*(column[:bars, i].tolist() for column in streams().values()), strict=True)
        ]
        found.append((digest_of(values), reference()[bars, i]))
    return found


def digest_of(values: list[float]) -> Centroids:
    """A digest at rest, from C; what is not finite comes as a division by zero."""
    backend = backend_or_skip("c")
    num = [x if math.isfinite(x) else 0.0 if x != x else math.copysign(1.0, x) for x in values]
    den = [1.0 if math.isfinite(x) else 0.0 for x in values]
    columns_of = {"num": np.array([num]).T, "den": np.array([den]).T}
    state: Any = initial_state(graph(), 1)
    if values:
        state = backend.load(graph(), backend.lower(graph())).run(Batch(columns_of, {}, None, len(values), 1), []).state
    return settled(state, "tdigest")


@pytest.mark.parametrize("which", ["numbers", "interpreter", "c", "c_batch", "xla"])
def test_tdigest_quantiles_equal_their_reference(which: str) -> None:
    cases = [(c, s, q) for c, s in digests() for q in QUANTILES if c.centroids]
    wanted = words(*(oracle.tdigest_quantile(s, q) for _, s, q in cases))
    if which == "numbers":
        assert words(*(tdigest_quantile(c, q) for c, _, q in cases)) == wanted
        return
    inputs: dict[str, Any] = {"q": [q for *_, q in cases]}
    for k in range(32):
        inputs[f"means.{k}"] = [c.means[k] for c, *_ in cases]
        inputs[f"weights.{k}"] = [c.weights[k] for c, *_ in cases]
    inputs |= {f"{name}": [getattr(c, name) for c, *_ in cases] for name in ("centroids", "least", "greatest")}
    got = said_by_backend(
        which, graph_of(tdigest_quantile), {name: np.array([column]) for name, column in inputs.items()}, {}
    )
    assert not got["status"].any()
    assert got["tdigest_quantile"][0].tolist() == wanted


def test_an_empty_digest_has_no_quantiles() -> None:
    assert math.isnan(tdigest_quantile(digest_of([]), 0.5))


def test_merging_two_digests_is_merging_their_centroids_in_order() -> None:
    for (a, in_a), (b, in_b) in itertools.pairwise(digests()):
        assert centroid_words(merged_digests(a, b)) == reference_words(oracle.tdigest_merge(in_a, in_b))


def test_the_order_of_merging_is_part_of_the_result() -> None:
    a = digest_of([1.0, 2.0, 3.0] * 20)
    b = digest_of([2.0] * 50 + [4.0] * 5)
    assert centroid_words(merged_digests(a, b)) != centroid_words(merged_digests(b, a))
