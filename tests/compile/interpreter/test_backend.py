"""The emitted module against the meaning of every op, word for word, and what happens to an edited one."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from compile.backend import Batch, Runner
from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.interpreter.backend import Interpreter
from compile.interpreter.expressions import expressions_of
from compile.interpreter.layout import layout_of
from compile.interpreter.record import FILE
from compile.pipeline import prepare
from dag.graphs.graph import Graph
from dag.operators.table import OPS
from tests.support.meaning import assert_same_words, evaluate


def unnamed(graph: Graph) -> Graph:
    """`graph` with hardly a name left, so that most values are written where they are read."""
    return replace(graph, taps=graph.taps[::7])


def load(graph: Graph, text: bytes | None = None) -> Runner:
    backend = Interpreter()
    return backend.load(graph, {FILE: text} if text is not None else backend.lower(graph))


def test_every_op_is_lowered() -> None:
    assert set(Interpreter().table) == set(OPS.values())
    assert Interpreter().missing() is None


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("form", [prepare, unnamed], ids=["named", "inlined"])
def test_random_graphs_have_the_same_words_as_their_meaning(seed: int, form: Callable[[Graph], Graph]) -> None:
    graph = form(random_graph(seed, operators=len(OPS) + 40, arrays=True, folds=True))
    batch = random_batch(graph, seed + 100, bars=9, instances=7)
    nodes = graph.single_values()
    assert_same_words(graph, load(graph).run(batch, nodes), evaluate(graph, batch, nodes))


def test_the_inlined_form_does_inline() -> None:
    graph = unnamed(random_graph(0, operators=len(OPS) + 40, arrays=True, folds=True))
    assert len(expressions_of(graph, layout_of(graph)).inlined) > 5


@pytest.mark.parametrize(("bars", "instances"), [(0, 3), (3, 0), (1, 1)])
def test_empty_and_single_batches(bars: int, instances: int) -> None:
    graph = prepare(random_graph(3))
    batch = random_batch(graph, 1, bars, instances)
    nodes = graph.single_values()
    result = load(graph).run(batch, nodes)
    assert_same_words(graph, result, evaluate(graph, batch, nodes))


def test_outputs_alone_and_every_node_say_the_same() -> None:
    graph = prepare(random_graph(5))
    batch = random_batch(graph, 2, 20, 3)
    outputs = [output.node for output in graph.outputs]
    runner = load(graph)
    alone, among_all = runner.run(batch, outputs), runner.run(batch, graph.single_values())
    for node in outputs:
        np.testing.assert_array_equal(alone.nodes[node], among_all.nodes[node])


def test_two_halves_are_the_whole_when_state_is_handed_over() -> None:
    graph = random_graph(6)
    batch = random_batch(graph, 3, 10, 4)
    runner, nodes = load(graph), [output.node for output in graph.outputs]
    whole = runner.run(batch, nodes)
    first = runner.run(Batch({k: c[:4] for k, c in batch.inputs.items()}, batch.params, None, 4, 4), nodes)
    second = runner.run(Batch({k: c[4:] for k, c in batch.inputs.items()}, batch.params, first.state, 6, 4), nodes)
    assert_same_words(graph, second, replace(whole, nodes={n: c[4:] for n, c in whole.nodes.items()}))


def test_the_module_stands_on_its_own() -> None:
    text = Interpreter().lower(prepare(random_graph(0)))[FILE]
    imported = {
        name
        for statement in ast.walk(ast.parse(text))
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for name in ([statement.module] if isinstance(statement, ast.ImportFrom) else [a.name for a in statement.names])
    }
    assert imported <= sys.stdlib_module_names
    assert Interpreter().lower(prepare(random_graph(0)))[FILE] == text


def test_what_runs_is_the_text() -> None:
    graph = random_graph(0)
    text = Interpreter().lower(graph)[FILE]
    line = next(line for line in text.splitlines() if b"n1_sub = " in line)
    batch = random_batch(graph, 0, 20, 20)
    node = [graph.node("n1_sub")]
    honest = load(graph, text).run(batch, node)
    edited = load(graph, text.replace(line, b"    n1_sub = 7.25")).run(batch, node)
    assert not np.array_equal(honest.nodes[node[0]], edited.nodes[node[0]], equal_nan=True)
    assert np.all(edited.nodes[node[0]] == 7.25)


def test_a_module_of_another_graph_or_of_no_graph_is_refused() -> None:
    graph, other = random_graph(0), random_graph(1)
    with pytest.raises(ValueError, match=rf"made from graph {other.content_hash}, not from {graph.content_hash}"):
        load(graph, Interpreter().lower(other)[FILE])
    with pytest.raises(ValueError, match=r"no Python any more.*build it again"):
        load(graph, b"def step(:")


def test_a_variable_that_was_renamed_is_named() -> None:
    graph = random_graph(0)
    text = Interpreter().lower(graph)[FILE]
    runner = load(graph, text.replace(b"n1_sub", b"renamed"))
    with pytest.raises(ValueError, match=r"interpreter\.py has no `n1_sub` in `step`: it was changed"):
        runner.run(random_batch(graph, 0, 1, 1), [graph.node("n1_sub")])


def test_a_column_of_the_wrong_shape_is_named() -> None:
    graph = random_graph(0)
    batch = random_batch(graph, 0, 4, 1)
    wrong = replace(batch, inputs={**batch.inputs, "f64_0": np.zeros((3, 1))})
    with pytest.raises(ValueError, match=r"column `f64_0` has shape \(3, 1\); expected \(4, 1\)"):
        load(graph).run(wrong, [0])
