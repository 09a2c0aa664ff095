"""The sampler goes where a graph can change its mind, and the same seed goes there again."""

from __future__ import annotations

import numpy as np
import pytest

from compile.campaign.drawing.sample import WILD, sample, universe_of
from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.values.domain import whole_domain
from dag.values.types import F64, I64, Kind
from tests.support.tampering import GRAPH


def test_a_campaign_is_the_same_for_the_same_seed() -> None:
    universe = universe_of(GRAPH)
    one, other = (sample(universe, 4, 50, np.random.default_rng(5)) for _ in range(2))
    different = sample(universe, 4, 50, np.random.default_rng(6))
    assert one.inputs["x"].tobytes() == other.inputs["x"].tobytes()
    assert one.inputs["x"].tobytes() != different.inputs["x"].tobytes()


def test_the_sampler_visits_what_matters() -> None:
    batch = sample(universe_of(GRAPH), 16, 4_000, np.random.default_rng(1))
    x = batch.inputs["x"]
    subnormal = (np.abs(x) < 2.2250738585072014e-308) & (x != 0.0)
    assert np.isnan(x).any()
    assert np.isinf(x).any()
    assert subnormal.any()
    assert subnormal.any(axis=0).mean() < 2 * WILD
    assert (x == 0.0).any(), "the end that the domain leaves out"
    assert {0, 8} <= set(batch.inputs["n"].ravel().tolist()), "just outside [1, 7]"
    assert set(range(1, 8)) <= set(batch.inputs["n"].ravel().tolist())
    gain = batch.params["gain"]
    assert (gain == 0.5).mean() > 0.5
    assert {0.0, 1.0, np.nextafter(1.0, 2.0)} <= set(gain.tolist())
    assert (batch.inputs["x"][1:] == batch.inputs["x"][:-1]).mean() > 0.1, "values that are held"


@pytest.mark.parametrize("kind", [Kind.F64, Kind.I64])
def test_every_sampled_value_is_inside_its_domain_or_meant_not_to_be(kind: Kind) -> None:
    builder = GraphBuilder("wide")
    name = "x" if kind is Kind.F64 else "n"
    type_ = F64 if kind is Kind.F64 else I64
    node = builder.input(name, type_, "1", whole_domain(type_))
    builder.output("y", node, 0)
    graph = prepare(builder.freeze())
    column = sample(universe_of(graph), 8, 1_000, np.random.default_rng(2)).inputs[name]
    outside = ~np.isfinite(column) if kind is Kind.F64 else np.zeros(column.shape, bool)
    assert outside.mean() < 0.05


@pytest.mark.parametrize("bars", [1, 16])
def test_the_first_row_is_always_inside(bars: int) -> None:
    """A campaign of so few rows that they are one instance would else compare nothing where its parameter is a bad one."""
    universe = universe_of(GRAPH)
    for seed in range(200):
        batch = sample(universe, bars, 1, np.random.default_rng(seed))
        assert all(port.domain.contains(batch.inputs[port.name][0, 0].item()) for port in GRAPH.inputs)
        assert all(port.domain.contains(batch.params[port.name][0].item()) for port in GRAPH.params)
