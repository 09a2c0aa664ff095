"""A library that is not what its interface says is found by running it, whatever its text; a right one is not accused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from compile.backend import Batch, Files, Misbehaves
from compile.c.backend import C, shared_object
from compile.c.examining.examination import Draw, examine
from compile.c.library import Library, WrongLibrary
from compile.c.stepping import StepRunner
from compile.c.target import host_target
from compile.campaign.drawing.random_graph import random_graph
from compile.campaign.drawing.sample import sample, universe_of
from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, DIV, F32_TO_F64, F64_TO_F32, GET, IADD, IMOD, MUL, PUT
from dag.values.domain import interval
from dag.values.types import BOOL, F64, I64, array_type
from tests.compile.c.test_backend import stateless
from tests.support.c_entry_faults import faults, library_of
from tests.support.carrying_graph import carrying_batch, carrying_graph
from tests.support.live_graph import live_graph
from tests.support.meaning import assert_same_words, evaluate
from tests.support.tiers import few

x86_only = pytest.mark.skipif(not host_target().startswith("x86-64"), reason="missing: an x86-64 machine (MXCSR)")


def counting() -> Graph:
    """A graph with an array, a float and a count in its state, a row that can be rejected, and products to round."""
    builder = GraphBuilder("counting")
    x = builder.input("x", F64, "1", interval(F64, -1e300, 1e300))
    builder.input("n", I64, "1", interval(I64, 0, 9))
    gain = builder.param("gain", F64, "1", interval(F64, 0.0, 1.0), 0.3)
    kept = builder.state("kept", array_type(F64, 5), "1", 1.5)
    level = builder.state("level", F64, "1", 0.25)
    turns = builder.state("turns", I64, "1", 3)
    five, one = builder.const(5, I64, "1"), builder.const(1, I64, "1")
    place = builder.op(IMOD, (turns, five))
    before = builder.op(GET, (kept, place))
    moved = builder.op(ADD, (builder.op(MUL, (level, gain)), builder.op(DIV, (x, builder.const(3.0, F64, "1")))))
    builder.set_next("kept", builder.op(PUT, (kept, place, moved, builder.const(True, BOOL, "1"))))
    builder.set_next("level", moved)
    builder.set_next("turns", builder.op(IMOD, (builder.op(IADD, (turns, one)), builder.const(1 << 40, I64, "1"))))
    narrow = builder.op(F32_TO_F64, (builder.op(F64_TO_F32, (builder.op(MUL, (before, gain)),)),))
    builder.output("moved", moved, 0.0)
    builder.output("old", builder.op(ADD, (narrow, before)), 0.0)
    builder.output("turns", turns, 0)
    return prepare(builder.freeze())


def without_ports() -> Graph:
    builder = GraphBuilder("clock")
    time = builder.state("time", F64, "1", 0.0)
    later = builder.op(ADD, (time, builder.const(0.1, F64, "1")))
    builder.set_next("time", later)
    builder.output("later", later, 0.0)
    return prepare(builder.freeze())


GRAPH = counting()
FAULTS = faults(GRAPH)


def draw(graph: Graph) -> Draw:
    universe, rng = universe_of(graph), np.random.default_rng(5)
    return lambda bars, instances: sample(universe, bars, instances, rng)


@pytest.fixture(scope="module")
def files() -> Files:
    return C().lower(GRAPH)


GRAPHS: dict[str, Callable[[], Graph]] = {
    "every type at its ports": live_graph,
    "every type carried, NaN too": carrying_graph,
    "no state": stateless,
    "an array": counting,
    "no inputs and no parameters": without_ports,
    "arrays and folds": lambda: random_graph(4, operators=30, arrays=True, folds=True),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_a_right_library_is_not_accused(name: str) -> None:
    graph = GRAPHS[name]()
    library = Library(shared_object(C().lower(graph)))
    (said,) = examine(graph, library, draw(graph))
    assert "dagc_init, dagc_step, dagc_step_taps, dagc_rows and dagc_batch agree" in said


def run(library: Library) -> None:
    """As a build does. What all entries do alike is for the campaign to find: it holds them against the interpreter."""
    examine(GRAPH, library, draw(GRAPH))
    batch, nodes = draw(GRAPH)(6, 100), GRAPH.single_values()
    assert_same_words(GRAPH, StepRunner(GRAPH, library).run(batch, nodes), evaluate(GRAPH, batch, nodes))


@x86_only
@pytest.mark.parametrize("name", few(FAULTS, 3))
def test_a_fault_is_found_by_running_the_library(name: str, files: Files) -> None:
    library = Library(library_of(FAULTS[name].planted(files)))
    with pytest.raises((Misbehaves, WrongLibrary, AssertionError)):
        run(library)


@pytest.mark.parametrize("seed", range(2))
def test_steps_have_the_words_of_the_meaning(seed: int) -> None:
    graph = random_graph(seed, operators=50, arrays=True, folds=True)
    runner = StepRunner(graph, Library(shared_object(C().lower(graph))))
    batch = sample(universe_of(graph), 9, 5, np.random.default_rng(seed))
    nodes = graph.single_values()
    assert_same_words(graph, runner.run(batch, nodes), evaluate(graph, batch, nodes))


def test_steps_go_on_from_a_given_state() -> None:
    graph = carrying_graph()
    runner = StepRunner(graph, Library(shared_object(C().lower(graph))))
    batch = carrying_batch(40)
    nodes = graph.single_values()
    first = Batch({name: column[:15] for name, column in batch.inputs.items()}, batch.params, None, 15, 1)
    begun = runner.run(first, nodes)
    rest = Batch({name: column[15:] for name, column in batch.inputs.items()}, batch.params, begun.state, 25, 1)
    assert_same_words(graph, runner.run(rest, nodes), evaluate(graph, rest, nodes))
