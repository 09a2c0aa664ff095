"""What a bar would have been had values been others: the graph with constants in their places, run by the interpreter."""

from __future__ import annotations

from collections.abc import Mapping

from compile.interpreter.backend import Interpreter
from dag.graphs.builder import GraphBuilder
from dag.graphs.copying import closed, copy_into
from dag.graphs.graph import Graph
from dag.values.types import Value
from dagc.debugging.why.moment import Moment, moment_of
from dagc.live.values import WrongType, expected, value_as


def what_if(moment: Moment, given: Mapping[str, object]) -> Moment:
    """The bar with the values of `given` in place of what was computed, for all that read them; the state before it is as it was.

    Raises NameProblem, a KeyError; ValueError for a value of another type.
    """
    graph = moment.graph
    changed: dict[int, Value] = {}
    for name, value in given.items():
        node = moment.unguarded(moment.names.node(name))
        try:
            changed[node] = value_as(value, graph.types[node])
        except WrongType:
            raise ValueError(f"`{name}` cannot be {value!r}: expected {expected(graph.types[node])}") from None
    other = _replaced(graph, changed)
    runner = Interpreter().load(other, Interpreter().lower(other))
    found = moment_of(other, runner, moment.row, 0)
    return Moment(other, runner, moment.bar, found.row, found.values)


def _replaced(graph: Graph, changed: Mapping[int, Value]) -> Graph:
    builder = GraphBuilder(graph.name)

    def standing(node: int, copied: int) -> int:
        return builder.const(changed[node], graph.types[node], graph.units[node]) if node in changed else copied

    node_of = copy_into(builder, graph, standing)
    return closed(builder, graph, node_of)
