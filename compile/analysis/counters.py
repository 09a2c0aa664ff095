"""States that count: by how much an integer state moves a bar, and so how far it can get.

`count = count + 1` overflows in the end, after 2^63 bars. No run is that long: a bar every nanosecond for two years is less
than 2^56 bars, and that is the horizon up to which dagc promises that a counter which moves at most 127 a bar does not wrap.
A state's next value is taken apart into terms: the state plus a bounded step, or a value that is bounded by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from compile.analysis.facts import I64_RANGE, Fact, Integers
from compile.analysis.integer_transfer import leaves
from dag.graphs.graph import Graph, State
from dag.operators import table as ops
from dag.values.types import I64

#: No run has more bars than this.
HORIZON = 1 << 56

Interval = tuple[int, int]
#: Of what counts the bars, no more than this are divided by: a bar every microsecond for 142 years. Two a bar stay within 2^53.
QUOTIENT_HORIZON = 1 << 52

#: (how far above or below the state, where on its own): the value is in one of the two.
_Terms = tuple[Interval | None, Interval | None]


def counter_bounds(graph: Graph, facts: Sequence[Fact], horizon: int = HORIZON) -> dict[int, Interval]:
    """The nodes of integer states that stay within bounds for `horizon` bars, and the bounds.

    `facts` hold for any value of the states: they bound the steps. States that are not counters are left out.
    """
    bounds: dict[int, Interval] = {}
    for state in graph.states:
        if graph.types[state.node].element == I64:
            found = _bound(graph, facts, state, horizon)
            if found is not None:
                bounds[state.node] = found
    return bounds


def _bound(graph: Graph, facts: Sequence[Fact], state: State, horizon: int) -> Interval | None:
    terms = _terms(graph, facts, state)
    step, place = terms.get(state.next) or _alone(facts[state.next])
    lo, hi = sorted((int(state.initial), int(state.cold)))
    if place is not None:
        lo, hi = min(lo, place[0]), max(hi, place[1])
    if step is not None:
        lo, hi = lo + horizon * min(step[0], 0), hi + horizon * max(step[1], 0)
    # Only where no sum on the way can wrap within the horizon is a step a step.
    largest = max(max(-lo, hi) for lo, hi in (step for step, _ in terms.values() if step is not None))
    return None if leaves((lo - largest, hi + largest), I64_RANGE) else (lo, hi)


def _terms(graph: Graph, facts: Sequence[Fact], state: State) -> dict[int, _Terms]:
    terms: dict[int, _Terms] = {state.node: ((0, 0), None)}
    # Of an array the elements count: each is what some element was, or what was put there; a read outside it is 0.
    length = graph.types[state.node].size
    terms |= {
        node: ((0, 0), None if _is_inside(facts[args[1]], length) else (0, 0))
        for node, args in enumerate(graph.args)
        if graph.ops[node] is ops.GET and args[0] == state.node
    }
    for node in _between(graph, state):
        op, args = graph.ops[node], graph.args[node]
        choices = args[1:] if op is ops.SELECT else args[0:3:2] if op is ops.PUT else args
        if op in (ops.SELECT, ops.IMIN, ops.IMAX, ops.AS_UNIT, ops.PUT):
            each = [terms.get(arg) or _alone(facts[arg]) for arg in choices]
            terms[node] = (_hull([step for step, _ in each]), _hull([place for _, place in each]))
        elif op is ops.IADD and (args[0] in terms) is not (args[1] in terms):
            moved, by = args if args[0] in terms else args[::-1]
            terms[node] = _shifted(terms[moved], facts[by], 1)
        elif op is ops.ISUB and args[0] in terms and args[1] not in terms:
            terms[node] = _shifted(terms[args[0]], facts[args[1]], -1)
    return terms


def _between(graph: Graph, state: State) -> list[int]:
    """The integer operators that lead to the state's next value, in order."""
    found: set[int] = set()
    waiting = [state.next]
    while waiting:
        node = waiting.pop()
        if node not in found and graph.types[node].element == I64 and graph.ops[node] is not ops.GET:
            found.add(node)
            waiting.extend(graph.args[node])
    return sorted(found - {state.node})


def _is_inside(index: Fact, length: int) -> bool:
    assert isinstance(index, Integers)
    return index.lo >= 0 and index.hi < length


def _alone(fact: Fact) -> _Terms:
    assert isinstance(fact, Integers)
    return None, (fact.lo, fact.hi)


def _hull(intervals: Sequence[Interval | None]) -> Interval | None:
    found = [each for each in intervals if each is not None]
    return (min(lo for lo, _ in found), max(hi for _, hi in found)) if found else None


def _shifted(terms: _Terms, by: Fact, sign: int) -> _Terms:
    assert isinstance(by, Integers)
    lo, hi = (by.lo, by.hi) if sign > 0 else (-by.hi, -by.lo)
    step, place = ((each[0] + lo, each[1] + hi) if each is not None else None for each in terms)
    return step, place
