"""Which function of the emitted module holds which value, and what the value is called there.

Every lane call is one function. Lanes call lanes as they did in the source: a value that a lane reads from outside is an
argument of its function, and of the functions between; a value that is read outside is returned.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compile.interpreter.names import PythonNames
from dag.graphs.graph import Graph
from dag.operators.op import Op, Source


@dataclass(frozen=True, slots=True)
class Call:
    """The place in a function where the lane call `scope` is made."""

    scope: int


@dataclass(frozen=True, slots=True)
class Function:
    """One lane call: the values it takes and returns, what values are called in it, and its operators and calls in order."""

    scope: int
    name: str
    takes: tuple[int, ...]
    returns: tuple[int, ...]
    local_names: dict[int, str]
    body: tuple[int | Call, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The functions of a module by their scope; a lane call that computes nothing of its own has none."""

    functions: dict[int, Function]

    def callees_first(self) -> Iterator[Function]:
        """Every function after those it calls, the root last."""

        def walk(scope: int) -> Iterator[Function]:
            for item in self.functions[scope].body:
                if isinstance(item, Call):
                    yield from walk(item.scope)
            yield self.functions[scope]

        return walk(0)


def layout_of(graph: Graph) -> Layout:
    """The layout of `graph`'s module; the same graph has the same layout."""
    chains = [tuple(_enclosing(graph, scope)) for scope in range(len(graph.scopes))]
    takes: list[set[int]] = [set() for _ in graph.scopes]
    returns: list[set[int]] = [set() for _ in graph.scopes]
    inhabited = {0}
    for user in graph.operators():
        inhabited.update(chains[graph.owners[user]])
        for node in graph.args[user]:
            if graph.ops[node] is not Source.CONST:
                inside, outside = chains[graph.owners[node]], chains[graph.owners[user]]
                for scope in set(outside) - set(inside):
                    takes[scope].add(node)
                for scope in set(inside) - set(outside):
                    returns[scope].add(node)
    for node in _results(graph):
        for scope in chains[graph.owners[node]]:
            returns[scope].add(node)
    returns[0].clear()
    children: list[list[int]] = [[] for _ in graph.scopes]
    for scope in range(1, len(graph.scopes)):
        if scope in inhabited:
            children[graph.scopes[scope].parent].append(scope)
    names = PythonNames(graph)
    items = _items(graph, chains)
    own: list[list[int]] = [[] for _ in graph.scopes]
    for node, op in enumerate(graph.ops):
        if op is not Source.CONST:
            own[graph.owners[node]].append(node)
    functions: dict[int, Function] = {}
    for scope in sorted(inhabited):
        body = _ordered_body(graph, scope, items[scope], takes, children[scope])
        received = [node for child in children[scope] for node in sorted(returns[child])]
        functions[scope] = Function(
            scope,
            names.function(scope),
            tuple(sorted(takes[scope])),
            tuple(sorted(returns[scope])),
            {node: names.variable(scope, node) for node in (*takes[scope], *received, *own[scope])},
            body,
        )
    return Layout(functions)


def _enclosing(graph: Graph, scope: int) -> Iterator[int]:
    """`scope` and every scope around it, the root last."""
    while scope:
        yield scope
        scope = graph.scopes[scope].parent
    yield 0


def _results(graph: Graph) -> Iterator[int]:
    """The operators whose values leave the module."""
    nodes = [*(output.node for output in graph.outputs), *(state.next for state in graph.states)]
    return (node for node in dict.fromkeys(nodes) if isinstance(graph.ops[node], Op))


def _items(graph: Graph, chains: list[tuple[int, ...]]) -> list[dict[int, int | Call]]:
    """For each scope, where in it the operators are computed that lie in it or below: themselves, or the call that they are in."""
    items: list[dict[int, int | Call]] = [{} for _ in graph.scopes]
    for node in graph.operators():
        item: int | Call = node
        for scope in chains[graph.owners[node]]:
            items[scope][node] = item
            item = Call(scope)
    return items


def _ordered_body(
    graph: Graph, scope: int, item_of: dict[int, int | Call], takes: list[set[int]], children: list[int]
) -> tuple[int | Call, ...]:
    """The operators of `scope` and the calls it makes, each after what it reads, otherwise in the graph's order."""
    first: dict[int | Call, int] = {}
    for node, item in item_of.items():
        first.setdefault(item, node)
    reads: dict[int | Call, Iterable[int]] = {node: graph.args[node] for node in first if isinstance(node, int)}
    reads |= {Call(child): takes[child] for child in children}
    waits = {item: {item_of[node] for node in read if node in item_of} for item, read in reads.items()}
    followers: dict[int | Call, list[int | Call]] = {item: [] for item in waits}
    for item, before in waits.items():
        for each in before:
            followers[each].append(item)
    item_at = {node: item for item, node in first.items()}
    ready = [first[item] for item, before in waits.items() if not before]
    heapq.heapify(ready)
    body: list[int | Call] = []
    while ready:
        item = item_at[heapq.heappop(ready)]
        body.append(item)
        for follower in followers[item]:
            waits[follower].discard(item)
            if not waits[follower]:
                heapq.heappush(ready, first[follower])
    assert len(body) == len(first), (
        f"lane calls of `{graph.scopes[scope].path or graph.name}` read each other in a circle"
    )
    return tuple(body)
