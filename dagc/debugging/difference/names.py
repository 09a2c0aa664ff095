"""The named values of a graph, and which named values each is made of."""

from __future__ import annotations

from functools import cached_property

from dag.graphs.graph import Graph
from dag.operators.op import Op, Source
from dag.values.words import show


class NamedValues:
    """The single values of a graph that have a name: ports, states, outputs and what lanes call variables."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        ours = graph.status_scopes()
        named = {tap.name: tap.node for tap in graph.taps if graph.owners[tap.node] not in ours}
        named |= {output.name: output.node for output in graph.outputs}
        named |= {port.name: port.node for port in graph.ports()}
        named |= {f"state:{state.name}": state.node for state in graph.states}
        self.nodes = {
            name: node
            for name, node in named.items()
            if not graph.types[node].is_array and graph.constants[node] is None
        }

    @cached_property
    def names(self) -> dict[int, str]:
        """Node -> its first name."""
        return {node: name for name, node in reversed(self.nodes.items())}

    def made_of(self, name: str) -> tuple[str, frozenset[str]]:
        """How a value is computed, as text over named values, and the named values in it.

        Two values of this text, of equal named values, are equal on every bar, state included: states are named.
        """
        node = self.nodes[name]
        if not isinstance(self.graph.ops[node], Op):
            return self._source(node), frozenset()
        read: set[str] = set()
        return self._text(node, read, is_top=True), frozenset(read)

    def _text(self, node: int, read: set[str], is_top: bool = False) -> str:
        graph = self.graph
        constant = graph.constants[node]
        if constant is not None:
            return show(constant, graph.types[node])
        if not is_top and node in self.names:
            read.add(self.names[node])
            return self.names[node]
        op = graph.ops[node]
        if not isinstance(op, Op):
            return graph.names[node]  # an array that is carried
        return f"{op}({', '.join(self._text(arg, read) for arg in graph.args[node])})"

    def _source(self, node: int) -> str:
        return str(self.graph.ops[node].name) if isinstance(self.graph.ops[node], Source) else ""
