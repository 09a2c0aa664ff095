"""ewma_stats and p2_quantile against their references, word by word, on streams full of special values, in every backend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

from dag import ieee_div, lane
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from lanes.distrack import Estimate, EwmaStats, Moments, P2Quantile, ewma_stats, p2_quantile
from tests.lanes.distrack.streams import (
    Said,
    Words,
    assert_same_words,
    columns,
    divided,
    graph_of,
    said_by_backend,
    said_by_oracle,
)
from tests.oracle import distrack as oracle

BARS, INSTANCES, RTL_INSTANCES = 48, 220, 22
BACKENDS = ("interpreter", "xla", "c", "c_batch", "rtl")


# A division in front of the lane brings it the values that ports refuse.


@lane
def fed_ewma(num: float, den: float, p: EwmaStats) -> Moments:
    return ewma_stats(ieee_div(num, den), p)


@lane
def fed_p2(num: float, den: float, p: P2Quantile) -> Estimate:
    return p2_quantile(ieee_div(num, den), p)


def moments(rows: Sequence[Mapping[str, Any]]) -> Said:
    state = oracle.MOMENTS
    for row in rows:
        state, (mean, var) = oracle.ewma_stats(state, divided(row["num"], row["den"]), row["alpha"])
        yield {"mean": mean, "variance": var, "warm": state[2]}


def markers(rows: Sequence[Mapping[str, Any]]) -> Said:
    state = oracle.MARKERS
    for row in rows:
        state, value = oracle.p2_quantile(state, divided(row["num"], row["den"]), row["quantile"])
        yield {"value": value, "warm": state[0] >= 5}


CASES: dict[str, tuple[AnyLane, Callable[[Sequence[Mapping[str, Any]]], Said], str]] = {
    "ewma_stats": (fed_ewma, moments, "alpha"),
    "p2_quantile": (fed_p2, markers, "quantile"),
}
SHARES = (0.5, 0.0, 1.0, 0.01, 0.99, 5e-324, 0.25, 0.9, 0.05, 1.0 - 2.0**-53, 1e-300, 0.3, 0.999)


@cache
def expected(name: str) -> tuple[Graph, dict[str, Any], dict[str, Any], dict[str, Words]]:
    fed, reference, param = CASES[name]
    graph = graph_of(fed)
    inputs = columns(BARS, INSTANCES, seed=7)
    params = {param: np.resize(np.array(SHARES), INSTANCES)}
    return graph, inputs, params, said_by_oracle(graph, reference, inputs, params)


@pytest.mark.parametrize("which", BACKENDS)
@pytest.mark.parametrize("name", CASES)
def test_every_backend_says_what_the_reference_says(name: str, which: str) -> None:
    graph, inputs, params, wanted = expected(name)
    some = slice(0, RTL_INSTANCES if which == "rtl" else INSTANCES)
    got = said_by_backend(
        which, graph, {n: c[:, some] for n, c in inputs.items()}, {n: c[some] for n, c in params.items()}
    )
    assert_same_words(got, {n: words[:, some] for n, words in wanted.items()})


@pytest.mark.parametrize("name", CASES)
def test_a_stream_on_numbers_says_it_too(name: str) -> None:
    _, inputs, params, wanted = expected(name)
    lanes: dict[str, tuple[AnyLane, Any]] = {
        "ewma_stats": (ewma_stats, EwmaStats),
        "p2_quantile": (p2_quantile, P2Quantile),
    }
    each, cls = lanes[name]
    for i in range(0, INSTANCES, 5):
        stream = each.stream(cls(*(column[i].item() for column in params.values())))
        for t in range(BARS):
            result = stream(divided(inputs["num"][t, i].item(), inputs["den"][t, i].item()))
            for output, words in wanted.items():
                value = np.array(getattr(result, output), float)
                value = np.where(np.isnan(value), np.nan, value)
                reference = words[t, i : i + 1].view(float)[0] if output != "warm" else float(words[t, i])
                assert value.tobytes() == np.array(reference).tobytes()


def test_the_streams_hold_what_they_promise() -> None:
    _, inputs, _, wanted = expected("p2_quantile")
    values = np.array([divided(n, d) for n, d in zip(inputs["num"].ravel(), inputs["den"].ravel(), strict=True)])
    assert np.isnan(values).any()
    assert np.isinf(values).any()
    assert (np.abs(values[values != 0.0]) < 2.0**-1022).any()
    assert np.isnan(wanted["value"].view(float)).any()  # a hold before the fifth value
