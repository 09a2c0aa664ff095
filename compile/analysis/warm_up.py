"""How many updates it takes until all that a value depends on is warm, from what `carry(warm_up=...)` says of each carried name.

A carried name that reads another needs its own updates on top of those of the other; the parts of one name, and names that read
each other, are counted once. Only updates count: held bars and rejected rows do not, so that in bars it may take longer. What
no `warm_up` is said of is warm at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import networkx as nx

from dag.graphs.graph import Graph, State
from dag.values.types import Value


def updates_until_warm(graph: Graph, params: Mapping[str, Value] | None = None) -> tuple[int, ...]:
    """For each node, how many updates it takes until everything that it depends on counts as warm.

    A warm-up that is a parameter has its value in `params`, or its default, or else the upper end of its domain.
    """
    values = {each.name: each.domain.hi if each.default is None else each.default for each in graph.params}
    values |= params or {}
    names = _carried_names(graph)
    own = {
        names[state.node]: max(int(values[state.warm_up]) if isinstance(state.warm_up, str) else state.warm_up, 0)
        for state in graph.states
    }
    read = _states_read(graph)
    feeds = nx.DiGraph()
    feeds.add_nodes_from(own)
    for state in graph.states:
        feeds.add_edges_from((names[other], names[state.node]) for other in _members(graph, read[state.next]))
    loops = nx.condensation(feeds)
    total: dict[str, int] = {}
    for loop in nx.topological_sort(loops):
        members = loops.nodes[loop]["members"]
        before = (total[other] for member in members for other in feeds.predecessors(member) if other not in members)
        needed = sum(own[member] for member in members) + max(before, default=0)
        total |= dict.fromkeys(members, needed)
    needed_by = {
        states: max((total[names[node]] for node in _members(graph, states)), default=0) for states in set(read)
    }
    return tuple(needed_by[states] for states in read)


def _carried_names(graph: Graph) -> dict[int, str]:
    """For each state's node the name that it is carried under: `ring` for `ring.0`, where something is said of its warm-up."""
    paths = {scope.path for scope in graph.scopes}
    return {state.node: _without_part(state, paths) if state.warm_up else state.name for state in graph.states}


def _without_part(state: State, paths: Iterable[str]) -> str:
    within = max((path for path in paths if not path or state.name.startswith(f"{path}.")), key=len)
    start = len(within) + 1 if within else 0
    return state.name[:start] + state.name[start:].partition(".")[0]


def _states_read(graph: Graph) -> Sequence[int]:
    """For each node, as bits, which of the graph's states it reads within a bar."""
    bit = {state.node: 1 << index for index, state in enumerate(graph.states)}
    read: list[int] = []
    for node, args in enumerate(graph.args):
        states = bit.get(node, 0)
        for arg in args:
            states |= read[arg]
        read.append(states)
    return read


def _members(graph: Graph, states: int) -> list[int]:
    return [state.node for index, state in enumerate(graph.states) if states >> index & 1]
