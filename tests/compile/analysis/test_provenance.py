"""Where values come from, compared with runs: what does not depend on a feed does not change with it, at any bar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from compile.analysis.flow import forward, reached_from_outputs
from compile.analysis.provenance import provenance
from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.check.meaning import evaluate
from compile.lint.incomplete_log import determined
from dag.graphs.graph import Graph
from dag.language.marks import Claim, ClaimSite, Feed
from dag.values.words import words_of_column

BARS, INSTANCES = 6, 3


def same_nodes(graph: Graph, changed: set[str], seed: int) -> set[int]:
    """The nodes whose words are the same, at every bar, in two runs whose inputs differ in the columns `changed` only."""
    batch, other = (random_batch(graph, each, BARS, INSTANCES, wild=0.2) for each in (seed, seed + 1000))
    inputs = {name: other.inputs[name] if name in changed else column for name, column in batch.inputs.items()}
    nodes = graph.single_values()
    first, second = (evaluate(graph, each, nodes) for each in (batch, replace(batch, inputs=inputs)))
    words = {node: [words_of_column(run.nodes[node], graph.types[node]) for run in (first, second)] for node in nodes}
    return {node for node, (one, two) in words.items() if np.array_equal(one, two)}


@pytest.mark.parametrize("seed", range(12))
def test_what_a_feed_is_not_behind_does_not_change_with_it(seed: int) -> None:
    graph = random_graph(seed, 60, is_wild=False, arrays=True, folds=seed % 2 == 0)
    behind = provenance(graph).of
    names = sorted(port.name for port in graph.inputs)
    changed = set(names[seed % 2 :: 2])
    apart = {node for node in graph.single_values() if not behind[node] & changed}
    same = same_nodes(graph, changed, seed)
    assert apart <= same
    assert len(apart) < len(graph.single_values()) - 5
    kept = {port.node for port in graph.inputs if port.name not in changed}
    assert determined(graph, kept) & set(graph.single_values()) == apart


@pytest.mark.parametrize("seed", range(6))
def test_outputs_depend_on_what_they_reach_only(seed: int) -> None:
    graph = random_graph(seed, 40, is_wild=False)
    reached = reached_from_outputs(graph)
    behind = provenance(graph).of
    wanted = set().union(*(behind[output.node] for output in graph.outputs))
    assert {port.name for port in graph.inputs if port.node in reached} == wanted


def test_a_feed_has_its_name_and_an_input_without_one_its_own() -> None:
    graph = random_graph(1, 40)
    first, second = graph.inputs[0], graph.inputs[1]
    named = replace(graph, claims=(Claim(first.node, 0, ClaimSite.INPUT, first.name, (Feed("book"),), None, None),))
    found = provenance(named)
    assert found.of[first.node] == found.declared[first.node] == {"book"}
    assert found.of[second.node] == {second.name}
    assert not found.declared[second.node]


def test_a_rule_that_never_settles_is_cut_off() -> None:
    graph = random_graph(2, 40)
    assert len(forward(graph, 0, lambda node, operands: max(operands, default=0) + 1)) == len(graph)
