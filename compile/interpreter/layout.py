"""Which function of the emitted module holds which value, and what the value is called there.

Every lane call is one function. Lanes call lanes as they did in the source: a value that a lane reads from outside is an
argument of its function, and of the functions between; a value that is read outside is returned.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compile.interpreter.helpers import HELPER_NAMES, with_callees
from compile.interpreter.table import TABLE
from dag.graph import Graph
from dag.identifiers import identifier
from dag.ops import Op, Source

STEP = "step"
_TAKEN_EVERYWHERE = HELPER_NAMES | {
    STEP, "GRAPH", "INITIAL_STATE", "inputs", "params", "state", "outputs", "tap",
    "abs", "int", "float", "bool", "dict", "tuple", "locals",
}  # fmt: skip


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
    helpers = _helpers_of(graph)
    function_names = _function_names(graph, sorted(inhabited), helpers)
    items = _items(graph, chains)
    own: list[list[int]] = [[] for _ in graph.scopes]
    for node, op in enumerate(graph.ops):
        if op is not Source.CONST:
            own[graph.owners[node]].append(node)
    tapped = {tap.node for tap in graph.taps}
    functions: dict[int, Function] = {}
    for scope in sorted(inhabited):
        body = _ordered_body(graph, scope, items[scope], takes, children[scope])
        received = [node for child in children[scope] for node in sorted(returns[child])]
        functions[scope] = Function(
            scope,
            function_names[scope],
            tuple(sorted(takes[scope])),
            tuple(sorted(returns[scope])),
            _local_names(
                graph,
                scope,
                [*(n for n in own[scope] if n in tapped), *sorted(takes[scope]), *received, *own[scope]],
                helpers | {function_names[child] for child in children[scope]},
            ),
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


def _function_names(graph: Graph, scopes: list[int], helpers: set[str]) -> dict[int, str]:
    taken: set[str] = set(_TAKEN_EVERYWHERE | helpers)
    names = {0: STEP}
    for scope in scopes[1:]:
        names[scope] = _free(taken, identifier(graph.scopes[scope].path or graph.scopes[scope].lane))
    return names


def _helpers_of(graph: Graph) -> set[str]:
    """The helper functions that the operators of `graph` may call."""
    rows = (TABLE[op] for op in graph.ops if isinstance(op, Op))
    return set(with_callees(helper for row in rows for helper in row.helpers))


def _local_names(graph: Graph, scope: int, nodes: list[int], reserved: set[str]) -> dict[int, str]:
    """Short names where they are free, in the order of `nodes`: the values that the lane names first, then those of others."""
    taken = set(_TAKEN_EVERYWHERE | reserved)
    names: dict[int, str] = {}
    for node in nodes:
        if node not in names:
            names[node] = _free(taken, _short_name(graph, node, scope), graph.identifiers[node])
    return names


def _short_name(graph: Graph, node: int, scope: int) -> str:
    """The node's name without the path of this lane call, or else of the call that it belongs to."""
    name = graph.names[node]
    for path in (graph.scopes[scope].path, graph.scopes[graph.owners[node]].path):
        if path and name.startswith(f"{path}."):
            rest = name[len(path) + 1 :]
            # `status.4` is the fourth value on the way to `status`, not a value called 4.
            return identifier(f"{path.rpartition('.')[2]}.{rest}" if rest[0].isdigit() else rest)
    return graph.identifiers[node]


def _free(taken: set[str], *candidates: str) -> str:
    """The first candidate that is not taken, or the last one with underscores; it is taken from then on."""
    name = next((each for each in candidates if each not in taken), candidates[-1])
    while name in taken:
        name += "_"
    taken.add(name)
    return name
