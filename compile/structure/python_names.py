"""Which node a variable of an emitted module shows: the names are the graph's own, shortened where that is clear."""

from __future__ import annotations

from collections.abc import Iterator

from compile.structure.source import SourceTerms
from compile.structure.verdict import Unreadable
from dag.graph import Graph
from dag.identifiers import identifier
from dag.ops import Source


class VariableNames:
    """The names under which nodes may appear, and the values they own in the function of each lane call."""

    def __init__(self, source: SourceTerms) -> None:
        graph = source.graph
        self._source = source
        self._nodes: dict[str, list[int]] = {}
        self._with_term: dict[tuple[str, int], int] = {}
        for node in range(len(graph)):
            if graph.ops[node] is not Source.CONST:
                for name in dict.fromkeys((*_endings(graph.names[node]), graph.identifiers[node])):
                    self._nodes.setdefault(name, []).append(node)
                    self._with_term.setdefault((name, source.of[node]), node)
        self._scopes: dict[str, list[int]] = {}
        for scope, each in enumerate(graph.scopes):
            self._scopes.setdefault(identifier(each.path or each.lane) if scope else "step", []).append(scope)
        self._own = _tapped_names(graph)

    def node(self, function: str, variable: str, term: int, line: int) -> int:
        """The node that `variable` of `function` claims to be: one that has this term, or else the one that is misrepresented.

        Raises Unreadable where no node has such a name.
        """
        scopes = [scope for name in _without_underscores(function) for scope in self._scopes.get(name, ())]
        names = list(_without_underscores(variable))
        own = [self._own[scope, name] for scope in scopes for name in names if (scope, name) in self._own]
        if not own:
            right = [self._with_term[name, term] for name in names if (name, term) in self._with_term]
            if right:
                return right[0]
        claimed = own or [node for name in names for node in self._nodes.get(name, ())]
        if not claimed:
            raise Unreadable(f"variable `{variable}` of `{function}` is called like no node of the graph", line)
        owned = [node for node in claimed if self._source.graph.owners[node] in scopes]
        equal = [node for node in (*owned, *claimed) if self._source.of[node] == term]
        return (equal or owned or claimed)[0]


def _endings(name: str) -> Iterator[str]:
    """`a.b.c` as `a__b__c`, `b__c`, `c`."""
    parts = name.split(".")
    for first in range(len(parts)):
        yield identifier(".".join(parts[first:]))


def _without_underscores(name: str) -> Iterator[str]:
    """`name` and what it may have been before underscores made it unlike others."""
    yield name
    while name.endswith("_"):
        name = name[:-1]
        yield name


def _tapped_names(graph: Graph) -> dict[tuple[int, str], int]:
    """(lane call, short name) -> node, for the values that a lane itself names: they have first choice of a name there."""
    found: dict[tuple[int, str], int] = {}
    tapped = {tap.node for tap in graph.taps}
    for node in sorted(tapped):
        scope = graph.owners[node]
        path, name = graph.scopes[scope].path, graph.names[node]
        if graph.ops[node] is Source.CONST:
            continue
        if not path:
            found.setdefault((scope, graph.identifiers[node]), node)
        elif name.startswith(f"{path}."):
            found.setdefault((scope, identifier(name[len(path) + 1 :])), node)
    return found
