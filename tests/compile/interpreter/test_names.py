"""What variables of emitted functions are called: worked out and looked up by the same page."""

from __future__ import annotations

import ast
import builtins

import pytest

from compile.interpreter.backend import Interpreter
from compile.interpreter.helpers import with_callees
from compile.interpreter.names import BUILTINS, HELPERS, PythonNames
from compile.interpreter.table import TABLE
from compile.pipeline import prepare
from compile.proof.core.prove import prove
from compile.proof.core.verdict import Unproved
from compile.proof.python.reader import PythonReader
from dag import AnyLane, lane
from dag.graphs.graph import Graph
from dag.trace import trace


@lane
def limited(level: float, top: float) -> float:
    level = min(level, top)
    return level * 2.0


@lane
def handed_on(level: float, top: float) -> float:
    return limited(level, top) + level


@lane
def crossed(top: float, level: float) -> float:
    return limited(top, level) - limited(level, top)


def graph_of(of: AnyLane) -> Graph:
    return prepare(trace(of))


@pytest.mark.parametrize("of", [handed_on, crossed], ids=lambda of: of.name)
def test_every_variable_is_one_node_and_every_node_one_variable(of: AnyLane) -> None:
    graph = graph_of(of)
    names = PythonNames(graph)
    for scope in range(len(graph.scopes)):
        assert names.scope(names.function(scope)) == scope
        variables = [names.variable(scope, node) for node in range(len(graph))]
        assert len(set(variables)) == len(graph)
        assert [names.node(scope, variable) for variable in variables] == list(range(len(graph)))


def test_a_value_from_outside_stands_apart_where_the_lane_has_its_name() -> None:
    graph = graph_of(handed_on)
    names = PythonNames(graph)
    scope = names.scope("limited")
    assert scope is not None
    assert names.variable(scope, graph.node("level")) == "level____outer"
    assert names.variable(scope, graph.node("limited.level")) == "level"
    assert names.variable(scope, graph.node("top")) == "top"
    assert names.variable(0, graph.node("limited.level")) == "limited__level"


@pytest.mark.parametrize("of", [handed_on, crossed], ids=lambda of: of.name)
def test_values_of_one_name_in_two_lanes_are_proved(of: AnyLane) -> None:
    graph = graph_of(of)
    verdicts = prove(graph, Interpreter().lower(graph), [PythonReader()])
    assert [each.page() for each in verdicts if isinstance(each, Unproved)] == []


def test_another_name_is_no_node() -> None:
    names = PythonNames(graph_of(handed_on))
    assert names.scope("unlimited") is None
    assert [names.node(0, variable) for variable in ("level_", "level____outer", "limited__level_", "limited")] == [
        None
    ] * 4


def test_nothing_that_emitted_helpers_read_may_be_hidden_by_a_function() -> None:
    sources = with_callees(helper for row in TABLE.values() for helper in row.helpers)
    assert sources.keys() <= HELPERS
    read = {
        each.id
        for source in sources.values()
        for each in ast.walk(ast.parse(source))
        if isinstance(each, ast.Name) and hasattr(builtins, each.id)
    }
    assert len(read) > 3
    assert read <= BUILTINS
