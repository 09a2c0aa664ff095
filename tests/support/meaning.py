"""The reference of every backend test, and the comparison with it."""

from __future__ import annotations

import numpy as np

from compile.backend import Result
from compile.check.meaning import evaluate
from dag.graphs.graph import Graph
from dag.values.types import Type
from dag.values.words import Column, words_of_column

__all__ = ["assert_same_words", "evaluate"]


def assert_same_words(graph: Graph, got: Result, expected: Result, case: str = "") -> None:
    """Every node and state of `expected` has the same 64-bit words in `got`; the first that differs is named."""
    case = f"{case}: " if case else ""
    for node, column in expected.nodes.items():
        _assert_same(case + graph.names[node], got.nodes[node], column, graph.types[node])
    for state in graph.states:
        _assert_same(
            f"{case}state {state.name}", got.state[state.name], expected.state[state.name], graph.types[state.node]
        )


def _assert_same(name: str, got: Column, expected: Column, type_: Type) -> None:
    assert got.shape == expected.shape, name
    assert got.dtype == expected.dtype, name
    differs = np.argwhere(words_of_column(got, type_) != words_of_column(expected, type_))
    if differs.size:
        where = tuple(differs[0])
        raise AssertionError(f"{name} at {list(map(int, where))}: got {got[where]!r}, expected {expected[where]!r}")
