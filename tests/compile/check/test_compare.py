"""Comparing words: what counts as a difference, and which one is the first."""

from __future__ import annotations

import numpy as np

from compile.backend import Result
from compile.check.compare import comparable_nodes, compare
from tests.support.tampering import GRAPH, Tampered, batch_of, flip, interpreter


def test_the_earliest_bar_counts_then_the_first_node() -> None:
    def change(result: Result) -> None:
        flip("level", 1, 0)(result)
        flip("step", 1, 1)(result)
        flip("step", 4, 0)(result)

    exact, batch = interpreter(), batch_of(6, 2)
    nodes = comparable_nodes(GRAPH)
    found = compare(GRAPH, exact.run(batch, nodes), Tampered(change).run(batch, nodes), "other", nodes)
    assert found.differences == 3
    assert found.first is not None
    assert (found.first.bar, found.first.node.name) == (1, "step")


def test_a_nan_is_a_nan_and_a_signed_zero_is_not_a_zero() -> None:
    def change(result: Result) -> None:
        column = result.nodes[GRAPH.node("step")]
        column[0, 0] = -0.0
        column[1, 0] = np.uint64(0xFFF8_0000_0000_0001).view(np.float64)

    batch, nodes = batch_of(2, 1), comparable_nodes(GRAPH)
    exact = interpreter().run(batch, nodes)
    exact.nodes[GRAPH.node("step")][:, 0] = (0.0, np.nan)
    found = compare(GRAPH, exact, Tampered(change).run(batch, nodes), "other", nodes)
    assert found.differences == 1
