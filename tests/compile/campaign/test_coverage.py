"""Events are told from columns as the operators' meanings have them, searched for, and reported like code coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from compile.campaign.drawing.random_graph import random_batch, random_pack
from compile.campaign.drawing.sample import sample, universe_of
from compile.campaign.events.catalogue import catalogue_of
from compile.campaign.events.coverage import Coverage
from compile.campaign.run.campaign import campaign
from compile.check.compare import comparable_nodes
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag import bits_float, lane
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, EQ, MUL, SELECT
from dag.trace import trace
from dag.values.domain import interval
from dag.values.types import F64
from tests.support.tampering import GRAPH, interpreter


def needle() -> Graph:
    """One arm is taken where 3 x + y is 7.25 to the bit, which chance does not draw."""
    builder = GraphBuilder("needle")
    builder.open_scope("", "needle")
    x = builder.input("x", F64, "1", interval(F64, 1.0, 64.0))
    y = builder.input("y", F64, "1", interval(F64, -64.0, 64.0))
    total = builder.op(ADD, (builder.op(MUL, (x, builder.const(3.0, F64, "1"))), y))
    builder.tap("total", total)
    hit = builder.op(EQ, (total, builder.const(7.25, F64, "1")))
    builder.tap("hit", hit)
    chosen = builder.op(SELECT, (hit, x, y))
    builder.tap("chosen", chosen)
    builder.output("chosen", chosen, 0.0)
    builder.close_scope()
    return prepare(builder.freeze())


def test_an_arm_that_chance_does_not_take_is_searched_for_and_taken() -> None:
    graph = needle()
    runner = Interpreter().load(graph, Interpreter().lower(graph))
    fresh = sample(universe_of(graph), 16, 128, np.random.default_rng(1))
    node = graph.node("hit")
    assert not runner.run(fresh, [node]).nodes[node].any()
    coverage = campaign(graph, {"interpreter": runner, "c": runner}, 3_000, 1).coverage
    seen = {graph.names[each.node]: each.seen for each in coverage.nodes()}
    assert {"true", "false", "equal"} <= {*seen["hit"]}
    assert seen["chosen"] == ("first arm", "second arm")
    assert {"cancels to zero", "cancellation"} <= {*seen["total"]}


def test_no_event_of_a_random_graph_is_one_that_its_ranges_rule_out() -> None:
    for seed in range(4):
        graph = prepare(random_pack(seed, range(4), seed % 2 == 1, arrays=True))
        catalogue = catalogue_of(graph)
        batch = random_batch(graph, seed, 10, 30, 0.3)
        result = Interpreter().load(graph, Interpreter().lower(graph)).run(batch, comparable_nodes(graph))
        coverage = Coverage(catalogue, catalogue.count(result))
        assert not [(graph.names[each.node], each.contradictions) for each in coverage.nodes() if each.contradictions]
        assert coverage.seen > coverage.possible / 4


@lane
def from_bits(n: int) -> float:
    return bits_float(n)


def test_a_pattern_may_be_a_nan_though_no_operand_is_one() -> None:
    catalogue = catalogue_of(prepare(trace(from_bits)))
    assert {each.name for each in catalogue.events if each.name == "NaN" and each.is_possible} == {"NaN"}


def test_the_report_reads_like_code_coverage() -> None:
    coverage = campaign(GRAPH, {"interpreter": interpreter(), "c": interpreter()}, 600, 3).coverage
    text = coverage.as_text()
    assert text.startswith(f"running_sum: {coverage.seen} of {coverage.possible} possible events seen, ")
    document = coverage.as_json()
    assert document["events_seen"] == sum(len(node["seen"]) for node in document["nodes"])
    (gain,) = (node for node in document["nodes"] if node["node"] == "gain")
    assert gain["op"] == "param"
    assert {"default", "low end", "high end"} <= {*gain["seen"]}
    everything = replace(coverage, counts=np.ones(len(coverage.counts), np.int64))
    assert "100.0 %" in everything.headline()
    less = everything.counts.copy()
    less[next(k for k, event in enumerate(coverage.catalogue.events) if event.is_possible)] = 0
    assert "100.0 %" not in replace(coverage, counts=less).headline()


def test_what_is_ruled_out_and_happens_is_said_aloud() -> None:
    coverage = campaign(GRAPH, {"interpreter": interpreter(), "c": interpreter()}, 100, 3).coverage
    node = GRAPH.node("level")
    events = tuple(
        replace(event, is_possible=False) if (event.node, event.name) == (node, "exact") else event
        for event in coverage.catalogue.events
    )
    wrong = Coverage(replace(coverage.catalogue, events=events), coverage.counts)
    assert "THE RANGE ANALYSIS IS WRONG: it rules out exact" in wrong.as_text()
    assert any("THE RANGE ANALYSIS IS WRONG at level: exact" in line for line in wrong.short())
