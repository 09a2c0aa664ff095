"""The rules for arrays in a graph, which every backend relies on."""

from __future__ import annotations

from dag.graphs.graph import Graph, State
from dag.operators.op import Op, Source
from dag.operators.table import GET, PUT


def check_arrays(graph: Graph) -> None:
    """Raise ValueError unless arrays are used as backends rely on. One along an axis is a value like any other. Memory is a state,
    read as it was before the bar, place by place or as a whole, and written along one chain of `put`."""
    chained = {node for state in graph.states if graph.types[state.node].is_memory for node in _chain(graph, state)}
    for state in graph.states:
        if graph.types[state.next] != graph.types[state.node]:
            raise ValueError(f"the state `{state.name}` is carried on as {graph.types[state.next]}")
    for node, op in enumerate(graph.ops):
        for place, arg in enumerate(graph.args[node]):
            fits = not graph.types[arg].is_memory or (
                place == 0 if op is PUT else graph.ops[arg] is Source.STATE if op is GET else graph.ops[arg] is not PUT
            )
            if not fits:
                raise ValueError(f"`{op}` at `{graph.names[node]}` cannot read the array `{graph.names[arg]}`")
        if graph.types[node].is_memory and not isinstance(op, Op) and op is not Source.STATE:
            raise ValueError(f"`{graph.names[node]}` is an array and no state")
        if graph.types[node].is_array and op is Source.CONST:
            raise ValueError(f"the constant `{graph.names[node]}` is an array")
        if op is PUT and not graph.types[node].is_memory:
            raise ValueError(f"`{graph.names[node]}` writes into a value along an axis")
    if len(chained) != sum(op is PUT for op in graph.ops):
        raise ValueError("an array is written along more than one chain in a bar")
    for node in (*(output.node for output in graph.outputs), *(tap.node for tap in graph.taps)):
        if graph.types[node].is_memory:
            raise ValueError(f"the array `{graph.names[node]}` is no single value")


def _chain(graph: Graph, state: State) -> tuple[int, ...]:
    if graph.array_of(state.next) != state.node:
        raise ValueError(f"the array `{state.name}` is carried on as another one")
    return graph.writes(state)
