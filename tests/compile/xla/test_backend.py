"""The backend as its users meet it: exact on every kind of node, and no trace left in the host process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from compile.backend import Backend
from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.xla.backend import Xla
from compile.xla.emit import KERNEL
from tests.support.arithmetic_graphs import arithmetic_graph
from tests.support.meaning import assert_same_words, evaluate
from tests.support.tiers import few


@pytest.mark.parametrize("seed", few(range(3), 3))
def test_all_ops_and_types_with_subnormals(seed: int) -> None:
    graph = random_graph(seed, arrays=True, folds=True)
    backend: Backend = Xla()
    batch = random_batch(graph, seed, bars=5, instances=30)
    nodes = graph.single_values()
    result = backend.load(graph, backend.lower(graph)).run(batch, nodes)
    assert_same_words(graph, result, evaluate(graph, batch, nodes))


def test_nothing_is_missing_here() -> None:
    assert Xla().missing() is None


def run_python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, check=True, text=True
    ).stdout


def test_importing_and_lowering_leave_jax_alone() -> None:
    code = """
import sys
from compile.xla.backend import Xla
from compile.campaign.drawing.random_graph import random_graph
Xla().lower(random_graph(0))
print("jax" in sys.modules)
"""
    assert run_python(code) == "False\n"


def test_a_run_leaves_the_host_s_jax_as_it_was() -> None:
    code = """
import os, jax, numpy as np
environment, settings = dict(os.environ), dict(jax.config.values)
from compile.xla.backend import Xla
from tests.support.arithmetic_graphs import arithmetic_batch, arithmetic_graph
graph = arithmetic_graph(0)
batch = arithmetic_batch(graph, 0, 2, 3)
Xla().load(graph, Xla().lower(graph)).run(batch, [graph.outputs[0].node])
assert dict(os.environ) == environment and dict(jax.config.values) == settings
assert jax.numpy.ones(2).dtype == np.float32
assert (np.array([5e-324]) * np.array([1.0]))[0] == 5e-324, "the host thread keeps subnormals"
print("untouched")
"""
    assert run_python(code) == "untouched\n"


def test_damage_is_refused_by_name() -> None:
    graph = random_graph(0)
    with pytest.raises(ValueError, match=r"no xla_kernel\.json"):
        Xla().load(graph, {KERNEL: b""})


def test_another_graph_s_files_are_refused() -> None:
    with pytest.raises(ValueError, match=r"xla_kernel\.json belongs to another graph than `arithmetic`"):
        Xla().load(arithmetic_graph(0), Xla().lower(arithmetic_graph(1)))
