"""Values that grow old and are used whatever their age."""

from __future__ import annotations

from collections.abc import Iterator

from compile.analysis.facts import Floats, Integers
from compile.analysis.ranges import Ranges, ranges
from compile.analysis.unasked import depends_on, unasked
from compile.lint.finding import at, declared_at, finding, listed, role
from dag import ops
from dag.diagnostics import Diagnostic
from dag.graph import Graph
from dag.marks import Claim, MaxAge
from dag.types import BOOL
from dag.words import show

_AT_MOST = (ops.LT, ops.LE, ops.LT_F32, ops.LE_F32, ops.ILT, ops.ILE)
_AT_LEAST = (ops.GT, ops.GE, ops.GT_F32, ops.GE_F32, ops.IGT, ops.IGE)
_SAME_VALUE = (ops.AS_UNIT, ops.I64_TO_F64, ops.I64_TO_F32, ops.F32_TO_F64)


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
        yield finding("E078", graph, claim.node, claim.name, expected, (got,), fix, span=claim.span)
        return
    too_late = _asked_for_more(graph, age, mark.limit)
    if too_late:
        node, bound = too_late
        got = f"{at(graph, node)} asks for at most {bound}"
        yield finding(
            "E078", graph, claim.node, claim.name, expected, (got,), f"ask for {mark.limit:g}", span=claim.span
        )
        return
    reached = unasked(graph, claim.node, depends_on(graph, [age]))
    ends = [f"`{each.name}`" for each in graph.outputs if reached[each.node]]
    ends += [f"the state `{each.name}`" for each in graph.states if reached[each.next]]
    if ends:
        fresh = mark.age if graph.types[age] == BOOL else f"{mark.age} <= {mark.limit:g}"
        yield finding(
            "E078", graph, claim.node, claim.name, expected,
            (f"it goes into {listed(ends)} whatever `{graph.names[age]}` is",),
            f"say what is used instead: `{claim.name.rpartition('.')[2]} if {fresh} else ...`",
            span=claim.span,
        )  # fmt: skip


def _beside(graph: Graph, claim: Claim, name: str) -> int | None:
    """The argument or field `name` that stands beside what is claimed."""
    before = claim.name.rpartition(".")[0]
    wanted = (f"{before}.{name}", name) if before else (name,)
    beside = {each.name: each.node for each in graph.claims if each.scope == claim.scope}
    return next((beside[each] for each in wanted if each in beside), None)


def _asked_for_more(graph: Graph, age: int, limit: float) -> tuple[int, str] | None:
    """A comparison of the age with a bound that may be larger than declared; None where there is none."""
    known: Ranges | None = None
    same = {age}
    for node, op in enumerate(graph.ops):
        if op in _SAME_VALUE and graph.args[node][0] in same:
            same.add(node)
    for node, op in enumerate(graph.ops):
        if op in _AT_MOST or op in _AT_LEAST:
            a, b = graph.args[node]
            bound = b if a in same else a
            if (a in same) == (b in same):
                continue
            known = known or ranges(graph)
            fact = known.facts[bound]
            assert isinstance(fact, Floats | Integers)
            if fact.hi > limit:
                return node, show(fact.hi, graph.types[bound])
    return None
