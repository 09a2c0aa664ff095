"""Decision diagrams, gates and factors, compared with every assignment of the bools of random graphs."""

from __future__ import annotations

import pytest

from compile.analysis.conditions import Conditions
from compile.analysis.decisions import FALSE, TRUE, Decisions, TooLarge
from compile.analysis.products import entered_twice
from compile.lint.gates import open_gates
from dag.graphs.graph import Graph
from dag.language.marks import ClaimSite, Gate, sink
from dag.operators import table as ops
from dag.values.types import Value
from tests.support.boolean_graphs import BOOLS, assignments, claimed, drawn

SEEDS = range(60)


def holds(decisions: Decisions, graph: Graph, function: int, values: list[Value]) -> bool:
    """What a diagram says for an assignment of the inputs."""
    bools = [port.node for port in graph.inputs if port.name in BOOLS]
    for node in bools:
        literal = decisions.variable(node) if values[node] else decisions.negated(decisions.variable(node))
        function = decisions.both(function, literal)
    return decisions.example(function) is not None


@pytest.mark.parametrize("seed", SEEDS)
def test_a_diagram_is_the_bool(seed: int) -> None:
    found = drawn(seed)
    known = Conditions(found.graph)
    for values in assignments(found.graph):
        for node in found.bools:
            assert holds(known.decisions, found.graph, known.of(node), values) is values[node]


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_functions_are_one_diagram(seed: int) -> None:
    found = drawn(seed)
    known = Conditions(found.graph)
    table = {node: tuple(values[node] for values in assignments(found.graph)) for node in found.bools}
    for a in found.bools:
        for b in found.bools:
            assert (known.of(a) == known.of(b)) == (table[a] == table[b])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gate_is_open_where_some_assignment_gets_around(seed: int) -> None:
    """Exactly so for a bool; a number may happen to be its safe value, so there at least."""
    found = drawn(seed)
    flag, size = (output.node for output in found.graph.outputs)
    for gate in found.bools:
        sinks = [(output.node, ClaimSite.OUTPUT, output.name, sink(key=None)) for output in found.graph.outputs]
        graph = claimed(found.graph, (gate, ClaimSite.RESULT, "", Gate("hard")), *sinks)
        told = {each.node for each in open_gates(graph)}
        shut = [values for values in assignments(graph) if not values[gate]]
        assert ("flag" in told) == any(values[flag] for values in shut)
        assert "size" in told or all(values[size] == 0.0 for values in shut)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_factor_enters_twice_where_some_assignment_lets_it(seed: int) -> None:
    found = drawn(seed, operations=20)
    graph = found.graph
    x = next(port.node for port in graph.inputs if port.name == "x")
    known = Conditions(graph)
    twice = entered_twice(graph, x, known)
    for values in assignments(graph):
        degree = degrees(graph, x, values)
        for node in found.numbers:
            assert holds(known.decisions, graph, twice.get(node, FALSE), values) == (degree[node] > 1)


def degrees(graph: Graph, factor: int, values: list[Value]) -> list[int]:
    """How often `factor` enters the product that each node is, on these values: the definition."""
    found: list[int] = []
    for node, op in enumerate(graph.ops):
        given = [found[arg] for arg in graph.args[node]]
        if node == factor:
            found.append(1)
        elif op is ops.MUL:
            found.append(sum(given))
        elif op is ops.SELECT:
            found.append(given[1] if values[graph.args[node][0]] else given[2])
        else:
            found.append(max(given, default=0) if op in (ops.ADD, ops.MIN) else 0)
    return found


def test_what_is_too_large_is_not_proved() -> None:
    decisions = Decisions(limit=5)
    p, q, r = (decisions.variable(number) for number in range(3))
    with pytest.raises(TooLarge):
        decisions.choose(p, q, r)


def test_constants_are_no_variables() -> None:
    decisions = Decisions()
    p = decisions.variable(3)
    assert decisions.either(p, decisions.negated(p)) == TRUE
    assert decisions.both(p, decisions.negated(p)) == FALSE
    assert decisions.example(TRUE) == {}
    assert decisions.example(FALSE) is None
