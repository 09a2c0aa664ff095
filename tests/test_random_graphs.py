"""Random graphs through every backend: every node, every bar, every carried state, the same words."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_from_json, graph_to_json
from dag.operators.table import OPS
from tests.support.backends import BACKENDS, backend_or_skip
from tests.support.meaning import assert_same_words, evaluate
from tests.support.tiers import count

#: XLA takes seconds to compile a graph, so it gets fewer of them.
SEEDS = [(name, 1000 + k) for name in BACKENDS for k in range(4 if name == "xla" else 12)]


def is_quick(backend: str, seed: int) -> bool:
    """Two graphs of each backend, a small one as it is and a large one that is prepared; more where nothing is compiled."""
    return backend == Interpreter().name or seed in (1001, 1002)


def agree(graph: Graph, backend: str, seed: int) -> None:
    lowering = backend_or_skip(backend)
    batch = random_batch(graph, seed, bars=6, instances=11)
    nodes = graph.single_values()
    got = lowering.load(graph, lowering.lower(graph)).run(batch, nodes)
    assert_same_words(graph, got, evaluate(graph, batch, nodes), f"seed {seed}")


@pytest.mark.parametrize(
    ("backend", "seed"), [pytest.param(*case, marks=() if is_quick(*case) else pytest.mark.long) for case in SEEDS]
)
def test_every_backend_agrees_on_every_node(backend: str, seed: int) -> None:
    graph = random_graph(seed, operators=len(OPS) if seed % 3 else 25, arrays=True, folds=backend != "rtl")
    agree(prepare(graph) if seed % 2 else graph, backend, seed)


@settings(max_examples=count(40, 400), deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 1 << 32), operators=st.integers(3, 80), is_prepared=st.booleans())
def test_the_interpreter_and_the_graph_file_agree_on_any_graph(seed: int, operators: int, is_prepared: bool) -> None:
    graph = random_graph(seed, operators)
    graph = prepare(graph) if is_prepared else graph
    again = graph_from_json(graph_to_json(graph))
    assert Interpreter().lower(again) == Interpreter().lower(graph)
    agree(again, "interpreter", seed)
