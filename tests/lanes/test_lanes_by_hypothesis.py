"""Every lane, called with numbers, against its reference, over rows that hypothesis looks for and shrinks."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compile.campaign.drawing.sample import universe_of
from dag.graphs.graph import Graph, Input, Param
from dag.trace import trace
from dag.values.types import Kind, Value
from tests.lanes.arguments import inputs_of, outputs_of, params_of
from tests.lanes.oracles import LANES, ORACLES, Row
from tests.lanes.same import assert_same, outcome
from tests.support.tiers import count

EXAMPLES, BARS = count(20, 200), 12


@cache
def graph_of(name: str) -> Graph:
    return trace(LANES[name])


def values_of(graph: Graph, port: Input | Param) -> st.SearchStrategy[Value]:
    """Values of a port's domain: any, and those at which the graph may turn."""
    domain, type_ = port.domain, graph.types[port.node]
    if domain.codes is not None:
        codes = st.sampled_from(domain.codes)
        return codes.map(bool) if type_.kind is Kind.BOOL else codes
    if not type_.is_float:
        low, high = int(domain.lo) + domain.excludes_lo, int(domain.hi) - domain.excludes_hi
        return st.integers(low, high) | st.integers(max(low, min(high, -8)), min(high, max(low, 8)))
    whole = st.floats(
        float(domain.lo), float(domain.hi), exclude_min=domain.excludes_lo, exclude_max=domain.excludes_hi
    )
    turns = {near for x in universe_of(graph).thresholds.tolist() for near in (x, math.nextafter(x, math.inf), -x)}
    inside = sorted(x for x in turns if domain.contains(x))
    return whole | st.sampled_from(inside) if inside else whole


@pytest.mark.parametrize("name", ORACLES)
def test_a_lane_is_its_reference_on_every_row_that_hypothesis_finds(name: str) -> None:
    lane, graph, oracle = LANES[name], graph_of(name), ORACLES[name]
    params = st.fixed_dictionaries({param.name: values_of(graph, param) for param in graph.params})
    bar = st.fixed_dictionaries({port.name: values_of(graph, port) for port in graph.inputs})
    bars = st.lists(bar, min_size=1, max_size=BARS if graph.states else 1)

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(params, bars)
    def same(tuned: dict[str, Value], rows: list[dict[str, Value]]) -> None:
        whole: list[dict[str, Any]] = [row | tuned for row in rows]
        stream = lane.stream(**params_of(lane, whole[0])) if graph.states else None
        answers = oracle(iter(whole))

        def call(row: Row) -> dict[str, Value]:
            inputs = inputs_of(lane, row)
            return outputs_of(lane, lane(**inputs, **params_of(lane, row)) if stream is None else stream(**inputs))

        for row in whole:
            assert_same(graph, row, outcome(call, row), outcome(lambda _: next(answers), row))

    same()
