"""Values that grow after their ceiling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compile.analysis.facts import Floats, Integers
from compile.analysis.flow import forward
from compile.analysis.ranges import Ranges, ranges
from compile.lint.finding import at, declared_at, finding
from dag import ops
from dag.diagnostics import Diagnostic
from dag.graph import Graph
from dag.marks import Ceiling, Claim
from dag.ops import Op

_SAME_VALUE = (ops.AS_UNIT, ops.FLUSH, ops.FLUSH_F32, ops.I64_TO_F64, ops.I64_TO_F32, ops.F32_TO_F64, ops.F64_TO_F32)
_PRODUCTS = (ops.MUL, ops.MUL_F32, ops.IMUL)
_QUOTIENTS = (ops.DIV, ops.DIV_F32, ops.IDIV)
_SUMS = (ops.ADD, ops.ADD_F32, ops.IADD)
_DIFFERENCES = (ops.SUB, ops.SUB_F32, ops.ISUB)
_MINIMA = (ops.MIN, ops.MIN_F32, ops.IMIN)
_MAXIMA = (ops.MAX, ops.MAX_F32, ops.IMAX)

#: Not computed from the ceiling; at most the ceiling. A number is the node that may be above it.
_APART, _BELOW = -1, -2


def raised_ceilings(graph: Graph) -> Iterator[Diagnostic]:
    """E077 where a `ceiling()` value may be raised on its way to a result of the same unit."""
    told: set[int] = set()
    known: Ranges | None = None
    for claim in graph.claims:
        if claim.node in told or not any(isinstance(mark, Ceiling) for mark in claim.marks):
            continue
        told.add(claim.node)
        known = known or ranges(graph)
        raised = _Raised(graph, known, claim).found()
        for output in graph.outputs:
            culprit = raised[output.node]
            if culprit >= 0 and graph.units[output.node] == graph.units[claim.node]:
                yield finding(
                    "E077", graph, culprit, graph.names[culprit],
                    f"nothing above {at(graph, claim.node)}, a ceiling as {declared_at(claim)}, in `{output.name}`",
                    (f"`{graph.ops[culprit]}` after the ceiling may raise it",),
                    "do it before the ceiling, or clamp again: min(x, the same bound)",
                )  # fmt: skip
                break


def _chosen(graph: Graph, ceiling: int) -> Iterator[tuple[int, ...]]:
    """The operands of the minima that the ceiling is, through choices."""
    pending = [ceiling]
    while pending:
        node = pending.pop()
        if graph.ops[node] in _MINIMA:
            yield graph.args[node]
        elif graph.ops[node] in (ops.SELECT, ops.AS_UNIT):
            pending.extend(graph.args[node][-2:])


class _Raised:
    def __init__(self, graph: Graph, known: Ranges, claim: Claim) -> None:
        self.graph, self.known, self.ceiling = graph, known, claim.node
        #: What the ceiling was clamped with: clamping with it again is in order.
        self.bounds = frozenset(bound for each in _chosen(graph, claim.node) for bound in each)

    def found(self) -> list[int]:
        return forward(self.graph, _APART, self._rule, through_states=False)

    def _rule(self, node: int, operands: Sequence[int]) -> int:
        op = self.graph.ops[node]
        if node == self.ceiling:
            return _BELOW
        if not isinstance(op, Op) or op in ops.ON_ARRAYS or all(each == _APART for each in operands):
            return _APART
        if op is ops.SELECT:
            return self._alternatives(node, operands[1:], self.graph.args[node][1:])
        args = self.graph.args[node]
        if op in _MINIMA and (_BELOW in operands or any(map(self._is_low, operands, args)) or self.bounds & set(args)):
            return _BELOW
        raised = [each for each in operands if each >= 0]
        if raised:
            return raised[0]
        return _BELOW if self._keeps_below(node, operands) else node

    def _alternatives(self, node: int, operands: Sequence[int], args: Sequence[int]) -> int:
        raised = [each for each in operands if each >= 0]
        if raised or all(each == _APART for each in operands):
            return raised[0] if raised else _APART
        return _BELOW if all(self._is_low(*each) for each in zip(operands, args, strict=True)) else node

    def _keeps_below(self, node: int, operands: Sequence[int]) -> bool:
        op, args = self.graph.ops[node], self.graph.args[node]
        if op in _SAME_VALUE:
            return True
        if op in _MAXIMA:
            return all(self._is_low(*each) for each in zip(operands, args, strict=True))
        if op in _SUMS and _APART in operands:
            return self._end(args[operands.index(_APART)], upper=True) <= 0
        if op in _DIFFERENCES and operands[0] == _BELOW and operands[1] == _APART:
            return self._end(args[1]) >= 0
        if self._end(self.ceiling) < 0 or _APART not in operands:
            return False
        if op in _PRODUCTS:
            factor = args[operands.index(_APART)]
            return self._end(factor) >= 0 and self._end(factor, upper=True) <= 1
        return op in _QUOTIENTS and operands[0] == _BELOW and self._end(args[1]) >= 1

    def _is_low(self, place: int, node: int) -> bool:
        """Whether this value is at most the ceiling, whatever both are. Zero is: nothing is idle above it."""
        return place == _BELOW or self._end(node, upper=True) <= max(self._end(self.ceiling), 0)

    def _end(self, node: int, upper: bool = False) -> float:
        fact = self.known.facts[node]
        assert isinstance(fact, Floats | Integers)
        return fact.hi if upper else fact.lo
