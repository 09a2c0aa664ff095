"""Which way round differences are taken: `clob_minus_amm`, as annotations claim it and as the arithmetic makes it.

Negation turns a difference round, sums and choices keep it, a factor keeps or turns it where its sign is known. A difference of
two feeds has the orientation that is written: `clob - amm` of inputs from the feeds `clob` and `amm` is `clob_minus_amm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compile.analysis.facts import Floats, Integers
from compile.analysis.flow import forward
from compile.analysis.provenance import provenance
from compile.analysis.ranges import Ranges, ranges_once
from compile.analysis.values import choice_of
from dag.graphs.graph import Graph
from dag.language.marks import Claim, Oriented
from dag.operators import table as ops
from dag.operators.op import Family

#: What keeps the orientation of its operands, or of its only one.
_KEEP = (
    *(Family.SUM, Family.MINIMUM, Family.MAXIMUM, Family.INTEGRAL),
    *(Family.CONVERSION, Family.RELABELLING),
)
#: What compares its operands, which are then of one orientation.
_COMPARE = (Family.ORDER, Family.EQUALITY)
#: Which operands of these hold, or become, elements of an array.
_OF_ELEMENTS = {ops.GET: (0,), ops.PUT: (0, 2), ops.ROTATE: (0,), ops.SPREAD: (0,), **dict.fromkeys(ops.FOLDS, (0, 3))}


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two opposite orientations in one node, or (with a claim) one that is not what was claimed."""

    node: int
    first: Oriented
    second: Oriented
    claim: Claim | None


def meetings(graph: Graph) -> list[Meeting]:
    """Where opposite orientations meet; nothing where no orientation is claimed."""
    claimed: dict[int, list[tuple[Oriented, Claim]]] = {}
    for claim in graph.claims:
        for mark in claim.marks:
            if isinstance(mark, Oriented):
                claimed.setdefault(claim.node, []).append((mark, claim))
    return _Orientations(graph, claimed).found() if claimed else []


class _Orientations:
    def __init__(self, graph: Graph, claimed: dict[int, list[tuple[Oriented, Claim]]]) -> None:
        self.graph = graph
        self.claimed = claimed
        self.feeds = provenance(graph).declared
        self.known: Ranges | None = None
        self.tags: dict[int, Oriented | None] = {}
        self.meetings: dict[tuple[int, Claim | None], Meeting] = {}

    def found(self) -> list[Meeting]:
        forward(self.graph, None, self._rule)
        return list(self.meetings.values())

    def _rule(self, node: int, operands: Sequence[Oriented | None]) -> Oriented | None:
        self.tags[node] = self._tagged(node, operands)
        return self.tags[node]

    def _tagged(self, node: int, operands: Sequence[Oriented | None]) -> Oriented | None:
        found = self._computed(node, operands)
        for tag, claim in self.claimed.get(node, ()):
            if found is not None and found != tag:
                self._meet(node, found, tag, claim)
                return None  # said once; what is computed from it is not to blame
            found = tag
        return found

    def _computed(self, node: int, operands: Sequence[Oriented | None]) -> Oriented | None:
        family, args = self.graph.family(node), self.graph.args[node]
        if not args:
            return operands[0] if operands else None  # what a state holds
        if family is Family.NEGATION:
            return operands[0] and operands[0].reversed
        if family is Family.PRODUCT:
            a, b = operands
            return self._scaled(a, args[1]) if b is None else self._scaled(b, args[0]) if a is None else None
        if family is Family.QUOTIENT:
            return self._scaled(operands[0], args[1]) if operands[1] is None else None
        if family is Family.FUSED:
            a, b, added = operands
            product = self._scaled(a, args[1]) if b is None else self._scaled(b, args[0]) if a is None else None
            return self._together(node, (product, added))
        if family is Family.DIFFERENCE:
            a, b = operands
            if a is None and b is None:
                return self._of_feeds(*args)
            if a is not None and b is not None and a == b.reversed:
                self._meet(node, a, b, None)
            return a or (b and b.reversed)
        if family is Family.CHOICE:
            return self._together(node, operands[1:])
        if family is Family.BITWISE:
            choice = choice_of(self.graph, node)
            return self._together(node, [self.tags[arm] for arm in choice.arms]) if choice else None
        if family in _KEEP:
            return self._together(node, operands)
        op = self.graph.ops[node]
        if op in _OF_ELEMENTS:
            return self._together(node, [operands[place] for place in _OF_ELEMENTS[op]])
        if family in _COMPARE:
            self._together(node, operands)
        return None

    def _together(self, node: int, operands: Sequence[Oriented | None]) -> Oriented | None:
        tags = [tag for tag in operands if tag is not None]
        if len(tags) == 2 and tags[0] == tags[1].reversed:
            self._meet(node, tags[0], tags[1], None)
        return tags[0] if len(set(tags)) == 1 else None

    def _of_feeds(self, a: int, b: int) -> Oriented | None:
        left, right = self.feeds[a], self.feeds[b]
        return Oriented(*left, *right) if len(left) == len(right) == 1 and left != right else None

    def _scaled(self, tag: Oriented | None, factor: int) -> Oriented | None:
        if tag is None:
            return None
        self.known = self.known or ranges_once(self.graph)
        fact = self.known.facts[factor]
        assert isinstance(fact, Floats | Integers)
        if fact.lo >= 0:
            return tag
        return tag.reversed if fact.hi <= 0 else None

    def _meet(self, node: int, first: Oriented, second: Oriented, claim: Claim | None) -> None:
        self.meetings[node, claim] = Meeting(node, first, second, claim)
