"""The bools of a graph as functions of those that are not computed from bools: inputs, parameters, states, comparisons.

What the comparisons say of each other is not known here, so a proof holds, and an example may be impossible.
"""

from __future__ import annotations

from compile.analysis.decisions import FALSE, TRUE, Decisions, TooLarge
from dag import ops
from dag.graph import Graph
from dag.ops import Source
from dag.types import BOOL

#: So many variables are told apart in one proof.
VARIABLES = 300


class Conditions:
    """The diagrams of the bool nodes that are asked for; a variable has its node's number."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.decisions = Decisions()
        self._variables = 0
        self._known: dict[int, int] = {}

    def of(self, node: int) -> int:
        """The diagram of a bool node. Raises TooLarge."""
        pending = [node]
        while pending:
            top = pending[-1]
            missing = [arg for arg in self._operands(top) if arg not in self._known]
            if top not in self._known and not missing:
                self._known[top] = self._computed(top)
            if top in self._known:
                pending.pop()
            pending.extend(missing if top not in self._known else ())
        return self._known[node]

    def _operands(self, node: int) -> tuple[int, ...]:
        """What the diagram of `node` is made of; nothing for a variable."""
        graph = self.graph
        args = graph.args[node]
        logical = graph.ops[node] in (ops.AND, ops.OR, ops.NOT, ops.SELECT, ops.AS_UNIT)
        return args if logical and all(graph.types[arg] == BOOL for arg in args) else ()

    def _computed(self, node: int) -> int:
        op = self.graph.ops[node]
        if op is Source.CONST:
            return TRUE if self.graph.constants[node] else FALSE
        given = [self._known[arg] for arg in self._operands(node)]
        match op:
            case ops.AND:
                return self.decisions.both(*given)
            case ops.OR:
                return self.decisions.either(*given)
            case ops.NOT:
                return self.decisions.negated(*given)
            case ops.SELECT:
                return self.decisions.choose(*given)
            case ops.AS_UNIT:
                return given[0]
        self._variables += 1
        if self._variables > VARIABLES:
            raise TooLarge
        return self.decisions.variable(node)
