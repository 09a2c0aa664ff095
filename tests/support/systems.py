"""Whole systems from `examples/` compared with the wiring of their references, over rows of data and of the joint universe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from compile.backend import Batch, Runner
from compile.pipeline import prepare
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.types import Value
from dag.values.words import column_dtype
from tests.lanes.expected import expected
from tests.lanes.held import assert_words, words_in
from tests.lanes.oracle_kinds import Oracle
from tests.lanes.universe import rows_of_universe
from tests.support.backends import backend_or_skip

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@cache
def graph_of_example(name: str) -> Graph:
    """The graph of the example file `name`, whose lane is called the same."""
    return prepare(trace(load_lane(f"{EXAMPLES / name}.py:{name}")))


@cache
def runner_of_example(name: str, which: str) -> Runner:
    backend = backend_or_skip(which)
    graph = graph_of_example(name)
    runner: Runner = backend.load(graph, backend.lower(graph))
    return runner


def batch_of_rows(graph: Graph, rows: Sequence[Mapping[str, Value]], params: Mapping[str, Value]) -> Batch:
    """Rows of one instance as a batch."""
    types = graph.types
    return Batch(
        {p.name: np.array([[row[p.name]] for row in rows], column_dtype(types[p.node])) for p in graph.inputs},
        {p.name: np.array([params[p.name]], column_dtype(types[p.node])) for p in graph.params},
        None,
        len(rows),
        1,
    )


def assert_on_rows(
    name: str, oracle: Oracle, rows: Sequence[Mapping[str, Value]], params: Mapping[str, Value], which: str
) -> None:
    """Fail where the example differs in one bit from its reference on these rows."""
    _assert(name, oracle, batch_of_rows(graph_of_example(name), rows, params), which)


def assert_on_universe(name: str, oracle: Oracle, rows: int, which: str) -> None:
    """Fail where the example differs in one bit from its reference somewhere in its joint universe."""
    _assert(name, oracle, rows_of_universe(graph_of_example(name), rows, seed=21), which)


def _assert(name: str, oracle: Oracle, batch: Batch, which: str) -> None:
    graph, runner = graph_of_example(name), runner_of_example(name, which)
    assert_words(graph, batch, expected(graph, oracle, batch), words_in(graph, runner, batch), which)
