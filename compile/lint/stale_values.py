"""Values that grow old and are used whatever their age."""

from __future__ import annotations

import math
from collections.abc import Iterator

from compile.analysis.assume import NOTHING_KNOWN, PathFacts
from compile.analysis.facts import Floats, Integers, of_value
from compile.analysis.ranges import Ranges, ranges_once
from compile.analysis.unasked import depends_on, unasked
from compile.analysis.values import operands_of, value_of
from compile.lint.finding import at, declared_at, finding, listed, role
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.language.marks import Claim, MaxAge
from dag.operators.op import Family
from dag.values.domain import neighbour
from dag.values.types import BOOL
from dag.values.words import show


def stale_values(graph: Graph) -> Iterator[Diagnostic]:
    """E078 for each `max_age(...)` value that reaches a result or a state unasked, or is asked for another age."""
    told: set[tuple[int, MaxAge]] = set()
    for claim in graph.claims:
        for mark in claim.marks:
            if isinstance(mark, MaxAge) and (claim.node, mark) not in told:
                told.add((claim.node, mark))
                yield from _judged(graph, claim, mark)


def _judged(graph: Graph, claim: Claim, mark: MaxAge) -> Iterator[Diagnostic]:
    age = _beside(graph, claim, mark.age)
    expected = f"{role(graph, claim)} used only up to an age of {mark.limit:g}, as {declared_at(claim)}"
    if age is None:
        got = f"nothing called `{mark.age}` beside it"
        fix = f"give the lane an argument or field `{mark.age}`: its age, or a bool that is true of a fresh value"
        yield finding("E078", graph, claim.node, claim.name, expected, (got,), fix, span=claim.span, claims=(claim,))
        return
    asked = _Asked(graph, age, mark.limit)
    reached = unasked(graph, claim.node, asked.settles)
    ends = [f"`{each.name}`" for each in graph.outputs if reached[each.node]]
    ends += [f"the state `{each.name}`" for each in graph.states if reached[each.next]]
    if ends:
        fresh = mark.age if graph.types[age] == BOOL else f"{mark.age} <= {mark.limit:g}"
        unbounded = f"it goes into {listed(ends)} whatever `{graph.names[age]}` is"
        choose = f"say what is used instead: `{claim.name.rpartition('.')[2]} if {fresh} else ...`"
        got, fix = (asked.too_late, f"ask for {mark.limit:g}") if asked.too_late else (unbounded, choose)
        yield finding("E078", graph, claim.node, claim.name, expected, (got,), fix, span=claim.span, claims=(claim,))


def _beside(graph: Graph, claim: Claim, name: str) -> int | None:
    """The argument or field `name` that stands beside what is claimed."""
    before = claim.name.rpartition(".")[0]
    wanted = (f"{before}.{name}", name) if before else (name,)
    beside = {each.name: each.node for each in graph.claims if each.scope == claim.scope}
    return next((beside[each] for each in wanted if each in beside), None)


class _Asked:
    """Which conditions settle that the value is no older than it may be."""

    def __init__(self, graph: Graph, age: int, limit: float) -> None:
        self.graph, self.age, self.limit = graph, value_of(graph, age), limit
        self.asks = depends_on(graph, [age])
        self.is_flag = graph.types[age] == BOOL
        #: What is wrong with a condition that asks for the age and lets older values through.
        self.too_late = ""
        self._known: Ranges | None = None

    def settles(self, condition: int, truth: bool) -> bool:
        """Whether the age is at most the limit where the bool node `condition` is `truth`.

        A condition that depends on the age without comparing it (through a state, say) is taken at its word.
        """
        if not self.asks[condition]:
            return False
        if self.is_flag:
            return True
        known = self._known = self._known or ranges_once(self.graph)
        here = known.assume(NOTHING_KNOWN, condition, truth)
        if here is None:
            return True
        fact = known.under(here, self.age)
        assert isinstance(fact, Floats | Integers)
        if fact.hi <= self.limit:
            return True
        compared = self._compared(condition)
        if compared is None:
            return not self._lets_through(known, condition, truth)
        most = show(fact.hi, self.graph.types[self.age])
        self.too_late = f"{at(self.graph, compared)} asks for at most {most}"
        return False

    def _lets_through(self, known: Ranges, condition: int, truth: bool) -> bool:
        """Whether the condition is surely `truth` at some age that is too old, whatever else is true."""
        type_, oldest = self.graph.types[self.age], known.facts[self.age]
        assert isinstance(oldest, Floats | Integers)
        first = neighbour(self.limit, math.inf, type_) if type_.is_float else math.floor(self.limit) + 1
        for age in (first, oldest.hi):
            here = PathFacts({self.age: of_value(age, type_)})
            if self.limit < age <= oldest.hi and known.under(here, condition) == of_value(truth, BOOL):
                self.too_late = f"{at(self.graph, condition)} lets an age of {show(age, type_)} through"
                return True
        return False

    def _compared(self, condition: int) -> int | None:
        """A comparison of the age itself that `condition` is made of."""
        pending = [condition]
        seen: set[int] = set()
        while pending:
            node = pending.pop()
            if node in seen or self.graph.types[node] != BOOL:
                continue
            seen.add(node)
            if self.graph.family(node) is Family.ORDER and self.age in operands_of(self.graph, node):
                return node
            pending.extend(self.graph.args[node])
        return None
