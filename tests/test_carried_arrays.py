"""Carried arrays in every backend that lowers them: elements of every type, places outside, writes that are switched off."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from compile.backend import Batch, Refusal, initial_state
from compile.campaign.drawing.pen import TYPES, random_constant
from compile.campaign.drawing.random_graph import SAFE
from compile.campaign.drawing.rows import random_column
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import AND, GET, NOT, PUT
from dag.values.domain import whole_domain
from dag.values.types import BOOL, I64, Type, array_type
from dag.values.words import Column, column_dtype
from tests.support.backends import BACKENDS, backend_or_skip
from tests.support.meaning import assert_same_words, evaluate
from tests.support.tiers import few_rows

LENGTHS = (1, 2, 7, 64)


def graph_of(type_: Type, length: int) -> Graph:
    """Two reads of an array, and two writes a bar, of which the second wins where they meet."""
    builder = GraphBuilder("carried")
    builder.open_scope("", "carried")
    initial = random_constant(np.random.default_rng(length), type_)
    array = builder.state("array", array_type(type_, length), "1", initial)
    places = [builder.input(f"at_{k}", I64, "1", whole_domain(I64)) for k in range(3)]
    values = [builder.input(f"value_{k}", type_, "1", whole_domain(type_)) for k in range(2)]
    first, second = (builder.input(f"enable_{k}", BOOL, "1", whole_domain(BOOL)) for k in range(2))
    for k in range(2):
        read = builder.op(GET, (array, places[k]))
        builder.tap(f"read_{k}", read)
        builder.output(f"out_{k}", read, SAFE[type_.kind])
    written = builder.op(PUT, (array, places[1], values[0], first))
    both = builder.op(AND, (second, builder.op(NOT, (first,))))
    written = builder.op(PUT, (written, places[2], values[1], both))
    builder.set_next("array", builder.op(PUT, (written, places[0], values[1], second)))
    builder.close_scope()
    return builder.freeze()


def batch_of(graph: Graph, seed: int, bars: int, instances: int) -> Batch:
    rng = np.random.default_rng(seed)
    array = graph.types[graph.states[0].node]
    wild = rng.random(instances) < 0.5
    near = np.array([], np.float64)
    outside = np.array([-1, array.size, array.size + 1, -(1 << 63), (1 << 63) - 1, 1 << 32])

    def column(name: str, type_: Type) -> Column:
        if not name.startswith("at_"):
            return random_column(rng, type_, (bars, instances), wild, near)
        inside = rng.integers(0, array.size, (bars, instances))
        return np.where(rng.random((bars, instances)) < 0.2, rng.choice(outside, (bars, instances)), inside)

    inputs = {port.name: column(port.name, graph.types[port.node]) for port in graph.inputs}
    return Batch(inputs, {}, None, bars, instances)


@pytest.mark.parametrize(("type_", "length"), few_rows(product(TYPES, LENGTHS), 3), ids=str)
@pytest.mark.parametrize("backend", BACKENDS)
def test_same_words_as_the_meaning(backend: str, type_: Type, length: int) -> None:
    lowering = backend_or_skip(backend)
    if isinstance(row := lowering.table[GET], Refusal):
        pytest.skip(f"{backend} refuses arrays: {row.reason}")
    graph = graph_of(type_, length)
    runner = lowering.load(graph, lowering.lower(graph))
    nodes = graph.single_values()
    whole = batch_of(graph, length, bars=12, instances=21)
    expected = evaluate(graph, whole, nodes)
    assert_same_words(graph, runner.run(whole, nodes), expected, backend)
    # Stopped after any bar, and gone on with from the state as it was: the same.
    state = initial_state(graph, whole.instances)
    assert state["array"].shape == (21, length)
    assert state["array"].dtype == column_dtype(type_)
    for start, stop in ((0, 5), (5, 6), (6, 12)):
        inputs = {name: column[start:stop] for name, column in whole.inputs.items()}
        part = runner.run(Batch(inputs, {}, state, stop - start, whole.instances), nodes)
        state = dict(part.state)
        for node in nodes:
            here = {node: expected.nodes[node][start:stop]}
            assert_same_words(graph, part, type(expected)(here, part.state), f"{backend}, bars {start} to {stop}")
    assert_same_words(graph, part, type(expected)({}, expected.state), f"{backend}, at the end")


def test_what_is_no_single_chain_of_writes_is_refused() -> None:
    def opened() -> tuple[GraphBuilder, int, int, int, int]:
        builder = GraphBuilder("wrong")
        builder.open_scope("", "wrong")
        array = builder.state("array", array_type(I64, 4), "1", 0)
        n = builder.input("n", I64, "1", whole_domain(I64))
        on = builder.input("on", BOOL, "1", whole_domain(BOOL))
        return builder, array, n, on, builder.op(PUT, (array, n, n, on))

    builder, _, n, _, written = opened()
    builder.set_next("array", written)
    builder.output("out", builder.op(GET, (written, n)), 0)
    with pytest.raises(ValueError, match="cannot read the array"):
        builder.freeze()
    builder, array, _, _, written = opened()
    builder.set_next("array", written)
    builder.output("out", array, 0)
    with pytest.raises(ValueError, match="no single value"):
        builder.freeze()
    builder, _, n, _, written = opened()
    other = builder.state("other", array_type(I64, 4), "1", 0)
    builder.set_next("array", written)
    builder.set_next("other", written)
    builder.output("out", builder.op(GET, (other, n)), 0)
    with pytest.raises(ValueError, match="carried on as another one"):
        builder.freeze()
