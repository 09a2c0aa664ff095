"""Values that grow after their ceiling."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.assume import NOTHING_KNOWN, PathFacts
from compile.analysis.demand import demand
from compile.analysis.facts import Floats, Integers
from compile.analysis.ranges import Ranges, ranges_once
from compile.analysis.values import Choice, choice_of, extremum_of, value_of
from compile.lint.finding import at, declared_at, finding
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Ceiling, Claim
from dag.operators import table as ops
from dag.operators.op import Family, Law, Op

#: Not computed from the ceiling; at most the ceiling. A number is the node that may be above it.
_APART, _BELOW = -1, -2
#: How many choices in one another are looked into with what their conditions say.
NESTED = 2


def raised_ceilings(graph: Graph) -> Iterator[Diagnostic]:
    """E077 where a `ceiling()` value may be raised on its way to a result of the same unit."""
    told: set[int] = set()
    known: Ranges | None = None
    for claim in graph.claims:
        if claim.node in told or not any(isinstance(mark, Ceiling) for mark in claim.marks):
            continue
        told.add(claim.node)
        known = known or ranges_once(graph)
        places = _places(graph, known, claim.node)
        for output in graph.outputs:
            culprit = places[output.node]
            if culprit >= 0 and graph.units[output.node] == graph.units[claim.node]:
                yield _about(graph, claim, culprit, output.name)
                break


def _about(graph: Graph, claim: Claim, culprit: int, output: str) -> Diagnostic:
    return finding(
        "E077", graph, culprit, graph.names[culprit],
        f"nothing above {at(graph, claim.node)}, a ceiling as {declared_at(claim)}, in `{output}`",
        (f"`{graph.ops[culprit]}` after the ceiling may raise it",),
        "do it before the ceiling, or clamp again: min(x, the same bound)", claims=(claim,),
    )  # fmt: skip


def _places(graph: Graph, known: Ranges, ceiling: int) -> list[int]:
    """Where each node stands to the ceiling. What may raise it in general is looked at again on the paths where it counts."""
    excused: set[int] = set()
    paths = None
    while True:
        places = _Places(graph, known, ceiling, NOTHING_KNOWN, excused).all()
        suspects = {places[output.node] for output in graph.outputs if places[output.node] >= 0}
        if not suspects:
            return places
        paths = paths or demand(graph)
        cleared = {
            suspect
            for suspect in suspects
            if all(
                here is None or _Places(graph, known, ceiling, here, excused).all(suspect)[suspect] < 0
                for here in map(known.along, paths[suspect])
            )
        }
        if not cleared:
            return places
        excused |= cleared


def _bounds(graph: Graph, ceiling: int) -> Iterator[int]:
    """What the ceiling was clamped with, through choices: the operands of the minima that it is."""
    pending = [ceiling]
    while pending:
        node = pending.pop()
        extremum, choice = extremum_of(graph, node), choice_of(graph, node)
        if extremum is not None:
            yield from (value_of(graph, each) for each in extremum.operands if not extremum.is_maximum)
        elif choice is not None:
            pending.extend(choice.arms)


class _Places:
    """Where each node stands to the ceiling on the rows where `here` holds."""

    def __init__(
        self, graph: Graph, known: Ranges, ceiling: int, here: PathFacts, excused: set[int], depth: int = NESTED
    ) -> None:
        self.graph, self.known, self.ceiling, self.here, self.excused = graph, known, ceiling, here, excused
        self.depth = depth
        #: Clamping with these again is in order.
        self.bounds = frozenset(_bounds(graph, ceiling))
        self.places: list[int] = []

    def all(self, last: int | None = None) -> list[int]:
        """The place of every node, or of those up to `last`."""
        for node in range(len(self.graph) if last is None else last + 1):
            self.places.append(self._place(node))
        return self.places

    def _place(self, node: int) -> int:
        op, args = self.graph.ops[node], self.graph.args[node]
        operands = [self.places[arg] for arg in args]
        if node == self.ceiling or node in self.excused:
            return _BELOW
        if not isinstance(op, Op) or op in ops.ON_ARRAYS or all(each == _APART for each in operands):
            return _APART
        if Law.SAME_VALUE in op.laws:
            return operands[0]
        extremum = extremum_of(self.graph, node)
        if extremum is not None and not extremum.is_maximum and any(map(self._bounds_again, extremum.operands)):
            return _BELOW
        choice = choice_of(self.graph, node)
        if choice is not None:
            return self._chosen(node, choice)
        raised = [each for each in operands if each >= 0]
        if raised:
            return raised[0]
        return _BELOW if self._keeps_below(op, args) else node

    def _bounds_again(self, node: int) -> bool:
        """Whether the smaller of this value and any other is at most the ceiling."""
        return self._is_low(node) or value_of(self.graph, node) in self.bounds

    def _chosen(self, node: int, choice: Choice) -> int:
        """The place of a choice, of those arms that can be taken."""
        arms: dict[int, int] = {}
        for arm, truth in ((choice.chosen, True), (choice.otherwise, False)):
            here = self.known.assume(self.here, choice.condition, truth)
            if arm is not None and here is not None:
                arms[arm] = self._place_where(here, arm)
        raised = [place for place in arms.values() if place >= 0]
        if raised:
            return raised[0]
        if all(place == _APART for place in arms.values()):
            return _APART
        return _BELOW if all(place == _BELOW or self._is_low(arm) for arm, place in arms.items()) else node

    def _place_where(self, here: PathFacts, arm: int) -> int:
        """The place of an arm of a choice; where it may be above the ceiling, what the condition says of it counts too."""
        if self.places[arm] < 0 or not self.depth:
            return self.places[arm]
        return _Places(self.graph, self.known, self.ceiling, here, self.excused, self.depth - 1).all(arm)[arm]

    def _keeps_below(self, op: Op, args: tuple[int, ...]) -> bool:
        if Law.NOT_ABOVE in op.laws:
            return self.places[args[0]] == _BELOW
        match op.family:
            case Family.MAXIMUM:
                return all(map(self._is_low, args))
            case Family.SUM:
                return any(
                    self.places[each] == _BELOW and self._end(other, upper=True) <= 0
                    for each, other in (args, args[::-1])
                )
            case Family.DIFFERENCE:
                return self.places[args[0]] == _BELOW and self._end(args[1]) >= 0
            case Family.PRODUCT if self._end(self.ceiling) >= 0:
                return any(
                    self.places[each] == _BELOW and self._end(other) >= 0 and self._end(other, upper=True) <= 1
                    for each, other in (args, args[::-1])
                )
            case Family.QUOTIENT if self._end(self.ceiling) >= 0:
                return self.places[args[0]] == _BELOW and self._end(args[1]) >= 1
        return False

    def _is_low(self, node: int) -> bool:
        """Whether this value is at most the ceiling, whatever both are. Zero is: nothing is idle above it."""
        return self.places[node] == _BELOW or self._end(node, upper=True) <= max(self._end(self.ceiling), 0)

    def _end(self, node: int, upper: bool = False) -> float:
        fact = self.known.under(self.here, node)
        assert isinstance(fact, Floats | Integers)
        return fact.hi if upper else fact.lo
