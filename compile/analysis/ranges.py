"""The values that every node of a graph can take, over all bars of all runs whose rows are inside their declared domains.

Facts are propagated from the domains of inputs and parameters; a state holds its initial value, or what its next value can
be; that grows, until nothing grows (ends that keep growing are pushed to the next threshold of the graph, and in the
end to infinity), then one more pass pulls in what was pushed too far. A choice judges each of its alternatives under its
condition. The result is sound, not exact: a fact may hold values that never occur, never miss one that does.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from compile.analysis.assume import NOTHING_KNOWN, Implied, PathFacts, assume, difference
from compile.analysis.counters import HORIZON, QUOTIENT_HORIZON, counter_bounds
from compile.analysis.facts import (
    I32_RANGE,
    I64_RANGE,
    Codes,
    Fact,
    Floats,
    Integers,
    bottom,
    integers,
    is_empty,
    join,
    meet,
    of_any_word,
    of_domain,
    of_value,
    tiny,
    top,
)
from compile.analysis.integer_transfer import exact_difference, leaves
from compile.analysis.latches import latched_with, moved_to
from compile.analysis.once import once
from compile.analysis.transfer import element_of, folded, transfer
from dag.graphs.graph import Graph
from dag.graphs.paths import Path
from dag.operators import table as ops
from dag.operators.op import Family, Op
from dag.values.types import Kind, Type
from dag.values.words import round_f32

#: How often a state's fact grows exactly, then by thresholds; after both, the ends that still grow have no bound.
EXACT_PASSES, THRESHOLD_PASSES = 3, 6
#: Passes over the whole graph before it is given up: then every state can be anything.
ROUNDS = 64
N = TypeVar("N", int, float)
#: How many nodes of an alternative are judged anew under its condition; beyond, what always holds must do.
NEARBY = 48


@dataclass(frozen=True, slots=True)
class _Thresholds:
    """Sorted, from one end of the type to the other."""

    doubles: tuple[float, ...]
    singles: tuple[float, ...]
    integers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ranges:
    """The result: for each node a fact, and as bits the nodes it is computed from within a bar (itself included)."""

    graph: Graph
    facts: tuple[Fact, ...]
    above: tuple[int, ...]
    #: The same of what a condition can say something of: one of a single place says nothing of what is made of all places.
    reach: tuple[int, ...]
    implied: Implied

    def assume(self, known: PathFacts, condition: int, truth: bool) -> PathFacts | None:
        """`known`, and that the bool node `condition` is `truth`; None where it cannot be."""
        return assume(self.graph, self.facts, self.implied, known, condition, truth)

    def along(self, path: Path) -> PathFacts | None:
        """What holds where all conditions of `path` do; None where they cannot."""
        here: PathFacts | None = NOTHING_KNOWN
        for condition, truth in path:
            here = None if here is None else self.assume(here, condition, truth)
            if here is None or is_empty(self.under(here, condition)):
                return None
        return here

    def ports(self, node: int) -> list[str]:
        """The inputs, parameters and states that `node` depends on within a bar, by name in the graph's order."""
        graph = self.graph
        named = [(port.name, port.node) for port in graph.ports()] + [(each.name, each.node) for each in graph.states]
        return [name for name, port in named if self.above[node] >> port & 1]

    def under(self, known: PathFacts, node: int, limit: int = 4096) -> Fact:
        """The fact of `node` where `known` holds; judged anew over at most `limit` of the nodes it is computed from."""
        return _under(self.graph, self.facts, self.reach, self.implied, known, node, limit)

    def operands_under(self, known: PathFacts, node: int) -> tuple[Fact, ...]:
        """The facts of the operands of `node` where `known` holds."""
        here = _of_place(self.graph, node)
        return tuple(self.under(known, arg) if arg in here else self.facts[arg] for arg in self.graph.args[node])


def ranges(graph: Graph, accepted: bool = True, horizon: int = HORIZON) -> Ranges:
    """Analyse `graph`, prepared or as traced; without `accepted` on every row, whatever its ports hold.

    No run has more bars than `horizon`.
    """
    above, reach = _above(graph), _above(graph, of_places=True)
    facts = _of_ports(graph, accepted)
    for state in graph.states:
        facts[state.node] = top(graph.types[state.node])
    _propagate(graph, facts, reach, {}, range(len(graph)))
    limits = counter_bounds(graph, facts, horizon)
    latches = latched_with(graph)
    states = sum(1 << state.node for state in graph.states)
    varying = [node for node in range(len(graph)) if above[node] & states]
    thresholds = _thresholds(graph)
    # What the states hold on any bar but the first, and what a move leaves them. Nothing, before there was one.
    read = ({state.node: state.next for state in graph.states}, moved_to(graph))
    found = tuple({node: bottom(graph.types[node]) for node in nodes} for nodes in read)
    growths = [dict.fromkeys(nodes, 0) for nodes in read]
    for _ in range(ROUNDS):
        implied = _renew(graph, facts, reach, varying, latches, *found)
        grown = tuple(
            {node: join(known[node], _within(facts[value], limits.get(node))) for node, value in nodes.items()}
            for known, nodes in zip(found, read, strict=True)
        )
        if grown == found:
            break
        for known, larger, counts in zip(found, grown, growths, strict=True):
            for node, fact in larger.items():
                if fact != known[node]:
                    counts[node] += 1
                    if counts[node] > EXACT_PASSES:
                        pushes = counts[node] - EXACT_PASSES
                        pushed = _widened(known[node], fact, graph.types[node], thresholds, pushes)
                        larger[node] = _within(pushed, limits.get(node))
        found = grown
    else:
        found = tuple({node: top(graph.types[node]) for node in nodes} for nodes in read)
        implied = _renew(graph, facts, reach, varying, latches, *found)
    tightened = tuple(
        {node: meet(known[node], facts[value]) for node, value in nodes.items()}
        for known, nodes in zip(found, read, strict=True)
    )
    if tightened != found:
        implied = _renew(graph, facts, reach, varying, latches, *tightened)
    return Ranges(graph, tuple(facts), tuple(above), tuple(reach), implied)


@once
def ranges_once(graph: Graph) -> Ranges:
    """`ranges(graph)`, worked out once for the checks that ask for it one after the other: each would pay for all of it."""
    return ranges(graph)


@once
def quotient_ranges(graph: Graph) -> Ranges:
    """The same where what counts the bars stays below 2^53, as it does in any run that ends."""
    return ranges(graph, horizon=QUOTIENT_HORIZON)


def _above(graph: Graph, of_places: bool = False) -> list[int]:
    above: list[int] = []
    for node in range(len(graph)):
        bits = 1 << node
        for arg in _of_place(graph, node) if of_places else graph.args[node]:
            bits |= above[arg]
        above.append(bits)
    return above


def _of_place(graph: Graph, node: int) -> tuple[int, ...]:
    """The operands of which `node` is made place by place: not the arrays of a fold, nor of what reads another place. A condition that
    holds at one place says nothing of the others."""
    args = graph.args[node]
    if graph.ops[node] not in ops.ON_ARRAYS:
        return args
    return tuple(arg for arg in args if not graph.types[arg].is_array)


def _of_ports(graph: Graph, accepted: bool) -> list[Fact]:
    facts = [bottom(type_) for type_ in graph.types]
    for port in graph.ports():
        type_ = graph.types[port.node]
        facts[port.node] = of_domain(port.domain, type_) if accepted else of_any_word(type_)
    for node, constant in enumerate(graph.constants):
        if constant is not None:
            facts[node] = of_value(constant, graph.types[node])
    return facts


def _renew(
    graph: Graph,
    facts: list[Fact],
    reach: Sequence[int],
    varying: Sequence[int],
    latches: Mapping[int, Sequence[int]],
    later: Mapping[int, Fact],
    moved: Mapping[int, Fact],
) -> Implied:
    """Judge anew what depends on the states, which hold their initial values or those of `later`, or behind a latch `moved`."""
    cold = {state.node: of_value(state.cold, graph.types[state.node]) for state in graph.states}
    for state in graph.states:
        initial = of_value(state.initial, graph.types[state.node])
        facts[state.node] = join(join(initial, cold[state.node]), later[state.node])
    is_cold = {state.node for state in graph.states if state.cold is True}
    implied = {
        latch: {node: join(moved[node], cold[node]) if latch in is_cold else moved[node] for node in states}
        for latch, states in latches.items()
    }
    _propagate(graph, facts, reach, implied, varying)
    return implied


def _propagate(graph: Graph, facts: list[Fact], reach: Sequence[int], implied: Implied, nodes: Sequence[int]) -> None:
    for node in nodes:
        op = graph.ops[node]
        if op is ops.SELECT:
            facts[node] = _selected(graph, facts, reach, implied, node)
        elif isinstance(op, Op):
            facts[node] = _result(graph, node, tuple(facts[arg] for arg in graph.args[node]))


def _result(graph: Graph, node: int, operands: tuple[Fact, ...]) -> Fact:
    op, args = graph.ops[node], graph.args[node]
    assert isinstance(op, Op)
    if op is ops.GET:
        return element_of(operands[0], operands[1], graph.types[args[0]])
    if op is ops.INDEXES:
        return integers(0, graph.types[node].size - 1)
    if op in ops.FOLDS:
        return folded(op, operands, graph.types[args[0]].size)
    return transfer(op, operands, graph.types[node], len(args) == 2 and args[0] == args[1])


def _selected(graph: Graph, facts: Sequence[Fact], reach: Sequence[int], implied: Implied, node: int) -> Fact:
    """Each alternative under the condition that chooses it."""
    condition, *arms = graph.args[node]
    found = bottom(graph.types[node])
    for arm, truth in zip(arms, (True, False), strict=True):
        known = assume(graph, facts, implied, NOTHING_KNOWN, condition, truth)
        if known is not None:
            found = join(found, _under(graph, facts, reach, implied, known, arm, NEARBY))
    return found


def _under(
    graph: Graph,
    facts: Sequence[Fact],
    reach: Sequence[int],
    implied: Implied,
    known: PathFacts,
    node: int,
    limit: int,
) -> Fact:
    mask = known.mask
    if not reach[node] & mask:
        return facts[node]
    affected = _affected(graph, reach, mask, known, node, limit)
    if affected is None:
        return known.facts.get(node, facts[node])
    local = dict(known.facts)
    for each in affected:
        op, args = graph.ops[each], graph.args[each]
        assert isinstance(op, Op)
        here = _of_place(graph, each)
        operands = tuple(local.get(arg, facts[arg]) if arg in here else facts[arg] for arg in args)
        if op is ops.SELECT and reach[args[0]] & mask:
            found = _arms(graph, facts, implied, PathFacts(local, known.orders), each)
        else:
            found = _result(graph, each, operands)
        if op.family is Family.DIFFERENCE:
            found = _ordered_difference(known, args, operands, found, graph, each)
        local[each] = meet(meet(found, facts[each]), known.facts.get(each, facts[each]))
    return local.get(node, facts[node])


def _arms(graph: Graph, facts: Sequence[Fact], implied: Implied, known: PathFacts, node: int) -> Fact:
    """A choice whose condition `known` says something of: each arm that can be taken, with what the condition says of it."""
    condition, *arms = graph.args[node]
    found = bottom(graph.types[node])
    for arm, truth in zip(arms, (True, False), strict=True):
        here = assume(graph, facts, implied, known, condition, truth)
        if here is not None:
            found = join(found, here.facts.get(arm, facts[arm]))
    return found


def _ordered_difference(
    known: PathFacts, args: tuple[int, ...], operands: tuple[Fact, ...], found: Fact, graph: Graph, node: int
) -> Fact:
    said = difference(known.orders, args[0], args[1], graph.types[node])
    a, b = operands
    if said is None:
        return found
    if isinstance(a, Integers) and isinstance(b, Integers) and leaves(exact_difference(a, b), I64_RANGE):
        return found  # a difference that wraps has no order
    return meet(found, said)


def _affected(
    graph: Graph, reach: Sequence[int], mask: int, known: PathFacts, node: int, limit: int
) -> list[int] | None:
    """The operators to judge anew for `node`, in order; None where they are more than `limit`."""
    found = {node}
    waiting = [node]
    while waiting:
        for arg in _of_place(graph, waiting.pop()):
            if reach[arg] & mask and arg not in found:
                if len(found) >= limit:
                    return None
                found.add(arg)
                waiting.append(arg)
    return sorted(each for each in found if isinstance(graph.ops[each], Op))


def _within(fact: Fact, limit: tuple[int, int] | None) -> Fact:
    if limit is None or not isinstance(fact, Integers):
        return fact
    return meet(fact, integers(*limit))


def _thresholds(graph: Graph) -> _Thresholds:
    """The values at which growing ends stop: constants of the graph, ends of its domains, and the ends of the types."""
    found = [constant for constant in graph.constants if constant is not None]
    found += [end for port in graph.ports() for end in (port.domain.lo, port.domain.hi)]
    numbers = sorted({0.0, -1.0, 1.0, *(each for each in found if isinstance(each, float) and math.isfinite(each))})
    whole_numbers = {int(each) for each in found if not isinstance(each, float)}
    return _Thresholds(
        tuple(numbers),
        tuple(each for each in numbers if round_f32(each) == each),
        tuple(sorted({0, -1, 1, *whole_numbers})),
    )


def _above_all(stops: Sequence[N], value: N, pushes: int, end: N) -> N:
    """The threshold at or above `value`, or further up the more it has been pushed: an unrolled loop leaves hundreds side by side."""
    at = bisect.bisect_left(stops, value)
    if at == len(stops) or pushes > THRESHOLD_PASSES:
        return end
    return min(stops[min(at + (1 << pushes - 1) - 1, len(stops) - 1)], end)


def _below_all(stops: Sequence[N], value: N, pushes: int, end: N) -> N:
    """The same downwards."""
    at = bisect.bisect_right(stops, value) - 1
    if at < 0 or pushes > THRESHOLD_PASSES:
        return end
    return max(stops[max(at - (1 << pushes - 1) + 1, 0)], end)


def _widened(before: Fact, after: Fact, type_: Type, thresholds: _Thresholds, pushes: int) -> Fact:
    """`after`, its growing ends pushed out to a threshold, or, after as many pushes as there may be, all the way."""
    match before, after:
        case Floats(), Floats():
            stops = thresholds.singles if type_.kind is Kind.F32 else thresholds.doubles
            lo, hi, least = after.lo, after.hi, after.least
            if lo < before.lo:
                lo = _below_all(stops, lo, pushes, -math.inf)
            if hi > before.hi:
                hi = _above_all(stops, hi, pushes, math.inf)
            if (
                pushes > THRESHOLD_PASSES and least < before.least
            ):  # a decay has no least magnitude but that of its format
                least = tiny(type_)
            zero = lo <= 0.0 <= hi
            return Floats(lo, hi, after.nan, after.plus_zero and zero, after.minus_zero and zero, least)
        case Integers(), Integers():
            low, high, whole_stops = after.lo, after.hi, thresholds.integers
            ends = I32_RANGE if type_.kind is Kind.I32 else I64_RANGE
            if low < before.lo:
                low = _below_all(whole_stops, low, pushes, ends[0])
            if high > before.hi:
                high = _above_all(whole_stops, high, pushes, ends[1])
            return integers(low, high, after.zero)
        case Codes(), _:
            return after
        case _:
            raise TypeError(f"no node has both {before} and {after}")
