"""Every value that a graph computes is among those that the analysis allows."""

from __future__ import annotations

import numpy as np
import pytest

from compile.analysis.facts import Floats, show
from compile.analysis.ranges import ranges
from compile.campaign.drawing.random_graph import random_graph
from compile.passes.reject_out_of_domain import reject_out_of_domain
from dag.graphs.graph import Graph
from tests.support.arithmetic_graphs import arithmetic_graph
from tests.support.meaning import evaluate
from tests.support.narrow_domains import batch_inside, with_narrow_domains
from tests.support.tiers import few

INSTANCES, BARS = 20, 6


def violations(graph: Graph, seed: int) -> list[str]:
    """The values outside their facts, over a few bars of a few instances."""
    found = ranges(graph)
    batch = batch_inside(graph, seed, BARS, INSTANCES)
    with np.errstate(all="ignore"):
        columns = evaluate(graph, batch, graph.single_values()).nodes
    wrong: list[str] = []
    for node, column in columns.items():
        fact = found.facts[node]
        outside = [value for value in np.unique(column.ravel()).tolist() if not fact.contains(value)]
        zeros = column.ravel()[column.ravel() == 0] if isinstance(fact, Floats) else ()
        outside += [value for value in (float(z) for z in zeros) if not fact.contains(value)]
        if outside:
            operands = ", ".join(show(found.facts[arg], graph.types[arg]) for arg in graph.args[node])
            wrong.append(f"{graph.ops[node]} of {operands} gave {outside[0]!r}, not in {show(fact, graph.types[node])}")
    return wrong


@pytest.mark.parametrize("seed", few(range(100), 5))
def test_random_graphs_stay_inside(seed: int) -> None:
    graph = with_narrow_domains(random_graph(seed, operators=100, arrays=True, folds=True), seed)
    wrong = violations(graph, seed)
    assert not wrong, wrong[0]


@pytest.mark.parametrize("seed", few(range(80), 5))
def test_arithmetic_graphs_stay_inside(seed: int) -> None:
    graph = with_narrow_domains(arithmetic_graph(seed, operators=40, stateful=seed % 3 > 0), seed)
    wrong = violations(reject_out_of_domain(graph) if seed % 2 else graph, seed)
    assert not wrong, wrong[0]
