"""What follows from a condition: the facts and orders that hold wherever a bool node is known to be true, or false.

`if d > 0.0:` makes `d` positive inside; `if a < b:` makes `b - a` positive, which no interval of `a` and `b` alone could say;
`and`, `or`, `not` and nested choices are taken apart, and what is learnt of `abs(x)`, `-x` or `x * y` is passed on to `x`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compile.analysis.facts import (
    I32_RANGE,
    I64_RANGE,
    NAN,
    Codes,
    Fact,
    Floats,
    Integers,
    floats,
    integers,
    is_any_code,
    is_empty,
    join,
    meet,
    of_value,
    tiny,
)
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Family, Law, Op
from dag.values.domain import neighbour
from dag.values.types import BOOL, Type

#: ("<", a, b): the value of node a is below that of node b; likewise "<=" and "!=". Neither is NaN.
Order = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class PathFacts:
    """What holds on a path, beyond what always holds: facts of nodes, and orders between nodes."""

    facts: dict[int, Fact] = field(default_factory=dict[int, Fact])
    orders: frozenset[Order] = frozenset()

    @property
    def mask(self) -> int:
        """The nodes that something is known of, as bits."""
        bits = 0
        for node in self.facts:
            bits |= 1 << node
        for _, a, b in self.orders:
            bits |= 1 << a | 1 << b
        return bits


NOTHING_KNOWN = PathFacts()


class Contradiction(Exception):
    """The condition cannot hold: the path is never taken."""


#: For a bool node, facts of other nodes that hold whenever it is true.
Implied = Mapping[int, Mapping[int, Fact]]


def assume(
    graph: Graph, facts: Sequence[Fact], implied: Implied, known: PathFacts, node: int, truth: bool
) -> PathFacts | None:
    """`known`, and that the bool `node` is `truth`; None where both cannot be. `facts` are those that always hold."""
    scope = _Scope(graph, facts, implied, dict(known.facts), set(known.orders))
    try:
        scope.assume(node, truth)
    except Contradiction:
        return None
    return PathFacts(scope.learnt, frozenset(scope.orders))


_ZERO_OF: dict[bool, Fact] = {True: floats(0.0, 0.0), False: integers(0, 0)}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(slots=True)
class _Scope:
    graph: Graph
    facts: Sequence[Fact]
    implied: Implied
    learnt: dict[int, Fact]
    orders: set[Order]

    def fact(self, node: int) -> Fact:
        return self.learnt.get(node, self.facts[node])

    def assume(self, node: int, truth: bool) -> None:
        type_ = self.graph.types[node].element
        if type_ != BOOL:  # a number that stands for a bool: it is true where it is not zero
            if truth:
                self.without_zero(node)
            else:
                self.learn(node, _ZERO_OF[type_.is_float])
            return
        self.learn(node, of_value(truth, BOOL))
        for other, fact in self.implied.get(node, {}).items() if truth else ():
            self.learn(other, fact)
        op, args, family = self.graph.ops[node], self.graph.args[node], self.graph.family(node)
        if op is ops.NOT:
            self.assume(args[0], not truth)
        elif op is ops.AND or op is ops.OR:
            if truth is (op is ops.AND):
                for arg in args:
                    self.assume(arg, truth)
            else:
                self.either([(args[0], truth)], [(args[1], truth)])
        elif op is ops.SELECT:
            condition, a, b = args
            self.either([(condition, True), (a, truth)], [(condition, False), (b, truth)])
        elif op is ops.ENUM_EQ:
            self.same_member(args[0], args[1], truth)
        elif isinstance(op, Op) and family in (Family.ORDER, Family.EQUALITY):
            self.compare(op.symbol, args[0], args[1], truth)

    def either(self, one: list[tuple[int, bool]], other: list[tuple[int, bool]]) -> None:
        """One of two lists of conditions holds: what follows from both alike is learnt."""
        branches: list[_Scope] = []
        for conditions in (one, other):
            branch = _Scope(self.graph, self.facts, self.implied, dict(self.learnt), set(self.orders))
            try:
                for node, truth in conditions:
                    branch.assume(node, truth)
            except Contradiction:
                continue
            branches.append(branch)
        if not branches:
            raise Contradiction
        first, last = branches[0], branches[-1]
        self.orders |= first.orders & last.orders
        for node in first.learnt.keys() & last.learnt.keys():
            self.learnt[node] = join(first.learnt[node], last.learnt[node])

    def learn(self, node: int, fact: Fact) -> None:
        """`node` is one of the values of `fact`; and what follows for its operands."""
        before = self.fact(node)
        after = meet(before, fact)
        if is_empty(after):
            raise Contradiction
        if after == before and node in self.learnt:
            return
        self.learnt[node] = after
        if after != before:
            self.pass_down(node, after)

    def pass_down(self, node: int, fact: Fact) -> None:
        op, args, family = self.graph.ops[node], self.graph.args[node], self.graph.family(node)
        if isinstance(op, Op) and (Law.EXACT in op.laws or (op is ops.I64_TO_I32 and self.fits_i32(args[0]))):
            self.learn(args[0], fact)
        elif isinstance(fact, Floats):
            self.pass_down_float(op, args, fact)
        elif isinstance(fact, Integers):
            if op is ops.BOOL_TO_I64 or op is ops.ENUM_TO_I64:
                codes = self.fact(args[0])
                assert isinstance(codes, Codes)
                if not is_any_code(codes):
                    self.learn(args[0], Codes(frozenset(code for code in codes.values if fact.contains(code))))
            elif family is Family.PRODUCT and not fact.zero:
                for arg in args:
                    self.without_zero(arg)

    def fits_i32(self, node: int) -> bool:
        """Whether the integer `node` is no wider than 32 bits: a wrap then changes nothing."""
        fact = self.fact(node)
        return isinstance(fact, Integers) and I32_RANGE[0] <= fact.lo and fact.hi <= I32_RANGE[1]

    def pass_down_float(self, op: object, args: tuple[int, ...], fact: Floats) -> None:
        hi = fact.hi if fact.has_numbers else -math.inf
        family = op.family if isinstance(op, Op) else None
        if family is Family.NEGATION:
            self.learn(args[0], floats(-hi, -fact.lo, fact.nan, fact.minus_zero, fact.plus_zero, fact.least))
        elif family is Family.MAGNITUDE:
            self.learn(args[0], floats(-hi, hi, fact.nan, fact.zero, fact.zero, fact.least))
        elif op is ops.I64_TO_F64 or op is ops.I64_TO_F32:
            if not fact.zero:
                self.without_zero(args[0])
        elif family is Family.PRODUCT and not fact.zero and not fact.nan:
            for arg in args:
                self.without_zero(arg)
        elif family is Family.QUOTIENT and not fact.zero and not fact.nan:
            self.without_zero(args[0])
        elif family is Family.ROOT and not fact.nan:
            self.learn(args[0], floats(0.0, math.inf, False, fact.zero, fact.zero))
        elif family is Family.DIFFERENCE and not fact.nan:
            a, b = args
            if fact.lo > 0.0:
                self.compare("<", b, a, True)
            elif hi < 0.0:
                self.compare("<", a, b, True)
            elif not fact.zero:
                self.orders |= {("!=", a, b), ("!=", b, a)}

    def without_zero(self, node: int) -> None:
        """`node` is not zero, nor NaN where it is a float."""
        match self.fact(node):
            case Floats() as x:
                self.learn(node, floats(x.lo, x.hi, False, False, False, x.least))
            case Integers() as x:
                self.learn(node, integers(x.lo, x.hi, False))
            case _:
                pass

    def same_member(self, a: int, b: int, truth: bool) -> None:
        for node, other in ((a, b), (b, a)):
            mine, theirs = self.fact(node), self.fact(other)
            assert isinstance(mine, Codes)
            assert isinstance(theirs, Codes)
            if truth:
                self.learn(node, theirs)
            elif len(theirs.values) == 1:
                self.learn(node, Codes(mine.values - theirs.values))

    def compare(self, symbol: str, a: int, b: int, truth: bool) -> None:
        if a == b:
            self.compare_with_itself(symbol, a, truth)
            return
        equality = symbol in ("==", "!=")
        symbol = symbol if truth else _OPPOSITE[symbol]
        # A comparison may fail because of a NaN; one that holds (`!=` apart) shows that there is none.
        ordered = symbol == "==" if equality else truth
        for node, other in ((a, b), (b, a)):
            if not ordered and self.may_be_nan(other):
                continue
            if symbol == "==":
                self.learn(node, _numbers_like(self.fact(other)))
            elif symbol == "!=":
                self.learn_unequal(node, other)
            else:
                self.learn_bound(node, other, len(symbol) == 1, (symbol[0] == "<") is (node == a), ordered)
        if not (self.may_be_nan(a) or self.may_be_nan(b)):
            if symbol in ("<", "<="):
                self.orders.add((symbol, a, b))
            elif symbol in (">", ">="):
                self.orders.add((symbol.replace(">", "<"), b, a))
            elif symbol == "!=":
                self.orders |= {("!=", a, b), ("!=", b, a)}

    def compare_with_itself(self, symbol: str, node: int, truth: bool) -> None:
        """Whether the value of `node` is a number, which is all that `x == x` and the like can tell."""
        if not isinstance(self.fact(node), Floats) or symbol in ("<", ">"):
            return
        is_number = truth is (symbol != "!=")
        self.learn(node, floats(-math.inf, math.inf) if is_number else NAN)

    def may_be_nan(self, node: int) -> bool:
        fact = self.fact(node)
        return isinstance(fact, Floats) and fact.nan

    def learn_unequal(self, node: int, other: int) -> None:
        mine, theirs, type_ = self.fact(node), self.fact(other), self.graph.types[node]
        match mine, theirs:
            case Floats(), Floats() if theirs.lo == theirs.hi:
                value = theirs.lo
                lo = neighbour(value, math.inf, type_) if mine.lo == value else mine.lo
                hi = neighbour(value, -math.inf, type_) if mine.hi == value else mine.hi
                zero = value != 0.0
                lo, hi = (lo, hi) if zero else (mine.lo, mine.hi)
                self.learn(node, floats(lo, hi, mine.nan, zero, zero, tiny(type_)))
            case Integers(), Integers() if theirs.lo == theirs.hi:
                value = theirs.lo
                lo, hi = mine.lo + (mine.lo == value), mine.hi - (mine.hi == value)
                self.learn(node, integers(lo, hi, value != 0))
            case _:
                pass

    def learn_bound(self, node: int, other: int, strict: bool, below: bool, ordered: bool) -> None:
        """`node` is below (or above) `other`, strictly or not; a NaN of its own stays where the comparison was not `ordered`."""
        mine, theirs, type_ = self.fact(node), self.fact(other), self.graph.types[node]
        match mine, theirs:
            case Floats(), Floats() if theirs.has_numbers:
                lo, hi = (-math.inf, theirs.hi) if below else (theirs.lo, math.inf)
                if strict and below:
                    hi = neighbour(hi, -math.inf, type_)
                elif strict:
                    lo = neighbour(lo, math.inf, type_)
                self.learn(node, floats(lo, hi, not ordered, least=tiny(type_)))
            case Integers(), Integers():
                whole_lo, whole_hi = mine.lo, mine.hi
                if below:
                    whole_hi = min(whole_hi, theirs.hi - strict)
                else:
                    whole_lo = max(whole_lo, theirs.lo + strict)
                self.learn(node, integers(whole_lo, whole_hi))
            case _:
                pass


def _numbers_like(fact: Fact) -> Fact:
    """The values that equal one of these: a zero equals both zeros, NaN nothing."""
    if isinstance(fact, Floats):
        return Floats(fact.lo, fact.hi, False, fact.zero, fact.zero, fact.least)
    return fact


def difference(orders: frozenset[Order], a: int, b: int, type_: Type) -> Fact | None:
    """What the orders say of a - b; None where they say nothing.

    Different numbers have a difference that is not zero, even after rounding: gradual underflow sees to it. Neither is NaN,
    but both may be the same infinity where they are not known to differ.
    """
    strict_below, strict_above = ("<", a, b) in orders, ("<", b, a) in orders
    below, above = strict_below or ("<=", a, b) in orders, strict_above or ("<=", b, a) in orders
    differ = strict_below or strict_above or ("!=", a, b) in orders
    if not (below or above or differ):
        return None
    if type_.is_float:
        lo, hi = (0.0 if above else -math.inf), (0.0 if below else math.inf)
        return floats(lo, hi, not differ, not differ, not differ, tiny(type_))
    low, high = I64_RANGE
    return integers(0 if above else low, 0 if below else high, not differ)
