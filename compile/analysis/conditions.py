"""The bools of a graph as functions of those that are not computed from bools: inputs, parameters, states, comparisons.

A proof holds whatever the comparisons say of each other; an example is one that they allow, as far as `Ranges` can tell.
"""

from __future__ import annotations

from compile.analysis.assume import NOTHING_KNOWN, PathFacts
from compile.analysis.decisions import FALSE, TRUE, Decisions, TooLarge
from compile.analysis.ranges import Ranges, ranges_once
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Source
from dag.values.types import BOOL

#: So many variables are told apart in one proof.
VARIABLES = 300
#: So many conditions are assumed in the search for an example; beyond that, the first one is given untried.
TRIALS = 400


class Conditions:
    """The diagrams of the bool nodes that are asked for; a variable has its node's number."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.decisions = Decisions()
        self._variables = 0
        self._trials = 0
        self._known: dict[int, int] = {}

    def of(self, node: int) -> int:
        """The diagram of a bool node, or of a number that is true where it is not zero. Raises TooLarge."""
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

    def example(self, function: int, facts: Ranges | None = None) -> dict[int, bool] | None:
        """Values of some bool nodes that make `function` true and that `facts` allow together; None where there are none."""
        first = self.decisions.example(function)
        if first is None:
            return None
        self._trials = TRIALS
        found = self._possible(function, facts or ranges_once(self.graph), NOTHING_KNOWN, {})
        return first if found is None and self._trials <= 0 else found

    def _possible(
        self, function: int, facts: Ranges, here: PathFacts, values: dict[int, bool]
    ) -> dict[int, bool] | None:
        if function == TRUE:
            return values
        if function == FALSE or self._trials <= 0:
            return None
        variable, low, high = self.decisions.parts(function)
        for truth, rest in ((False, low), (True, high)):
            self._trials -= 1
            known = facts.assume(here, variable, truth) if rest != FALSE else None
            found = self._possible(rest, facts, known, {**values, variable: truth}) if known is not None else None
            if found is not None:
                return found
        return None

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
