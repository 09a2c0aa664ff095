"""The guard of an XLA kernel: whether every value that flushing subnormals might change is watched.

XLA:CPU flushes subnormals to zero. `compile.analysis.magnitude` proves for some nodes that they never are one; a row on which
any other might be is computed again by the interpreter, when the last result of the kernel says so. Read here is that this
result is a disjunction of watchers, and that each such node has the watcher that its operator needs. A watcher looks at
patterns, or compares numbers that are watched themselves:

- any float may be looked at itself: its magnitude is below 2^52 as a pattern, and not 0;
- what a sum of many is made of, itself and its beginning: below 2^-960 and not 0, since numbers from there on are multiples of
  2^-1012 and add up to nothing subnormal in whatever order;
- a sum that is below 2^-1022 or zero though a != -b, a difference though a != b, a product though neither factor is zero, a
  quotient though the dividend is not zero and the divisor not infinite.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compile.analysis.magnitude import magnitudes
from compile.passes.flush_subnormals import unseen
from compile.proof.core.source import SourceTerms
from compile.proof.core.verdict import Unreadable
from compile.proof.stablehlo.tensor_terms import F64, TensorTerms
from compile.proof.stablehlo.term_builder import INFINITY, MAGNITUDE, Builder
from compile.proof.stablehlo.text import Function
from dag.operators import table as ops
from dag.operators.op import Op

#: Watcher -> how many values it is given: the one watched, then its operands.
WATCHERS: Mapping[str, int] = {"itself": 1, "tiny": 1, "sum": 3, "difference": 3, "product": 3, "quotient": 3}
#: What an operator whose operands are no subnormals needs; the others give one only where they are handed one.
_NEEDS: Mapping[Op, str] = {ops.ADD: "sum", ops.SUB: "difference", ops.MUL: "product", ops.DIV: "quotient"}


@dataclass(frozen=True, slots=True)
class WatcherCall:
    """A watcher at work: which one, and the terms it is given."""

    watcher: str
    given: tuple[int, ...]


def watcher_expansions(terms: TensorTerms) -> dict[int, str]:
    """Term of a function's summary -> the watcher it is."""
    s = Builder(terms)
    x, a, b = (s.param(place, F64) for place in range(3))
    size = s.magnitude(x)
    small = s.b("icmp LT", size, s.word(1 << 52))
    zero = s.float_of(s.word(0))
    a_remains = s.b("fcmp NE", a, zero)
    b_finite = s.b("icmp NE", s.i("and", s.bits(b), s.word(MAGNITUDE)), s.word(INFINITY))
    conditions = {
        "itself": s.b("icmp NE", size, s.word(0)),
        "sum": s.b("fcmp NE", a, s.f("fneg", b)),
        "difference": s.b("fcmp NE", a, b),
        "product": s.b("and", a_remains, s.b("fcmp NE", b, zero)),
        "quotient": s.b("and", a_remains, b_finite),
    }
    found = {s.b("and", small, condition): watcher for watcher, condition in conditions.items()}
    tiny = s.b("and", s.b("icmp LT", size, s.word((1023 - 960) << 52)), conditions["itself"])
    return {**found, tiny: "tiny"}


def check_guard(source: SourceTerms, main: Function, watched: Mapping[int, WatcherCall]) -> int:
    """How many nodes are watched, all that need it. `watched` are the values of `main` that are watchers.

    Raises Unreadable where the guard is no disjunction of watchers, or leaves a node out.
    """
    graph = source.graph
    found = _disjunction(main, watched)
    count = 0
    hidden = unseen(graph)
    for node in magnitudes(graph).unproved:
        if node in hidden:
            continue
        count += 1
        op = graph.ops[node]
        if op in (ops.FOLD_ADD, ops.FOLD_NUMPY):
            array, _, _, initial = (source.of[arg] for arg in graph.args[node])
            if {WatcherCall("tiny", (array,)), WatcherCall("tiny", (initial,))} <= found:
                continue
            found = found - {
                WatcherCall("itself", (source.of[node],))
            }  # a sum on the way may be flushed, and the last one not
        itself = WatcherCall("itself", (source.of[node],))
        needed = {itself}
        if isinstance(op, Op) and op in _NEEDS:
            a, b = (source.of[arg] for arg in graph.args[node])
            needed.add(WatcherCall(_NEEDS[op], (source.of[node], a, b)))
            needed.discard(itself)  # where a subnormal is flushed, its pattern is a zero's
            if op in (ops.ADD, ops.MUL):
                needed.add(WatcherCall(_NEEDS[op], (source.of[node], b, a)))
        if needed.isdisjoint(found):
            span = graph.spans[node]
            at = f" ({span.at})" if span else ""
            raise Unreadable(
                f"the guard does not watch node `{graph.names[node]}`{at}: a subnormal there may be flushed unseen",
                main.line,
            )
    return count


def _disjunction(main: Function, watched: Mapping[int, WatcherCall]) -> set[WatcherCall]:
    """The watchers whose disjunction the last value returned is."""
    found: set[WatcherCall] = set()
    stack, seen = [main.returns[-1]], set[int]()
    while stack:
        value = stack.pop()
        if value in seen:
            continue
        seen.add(value)
        if value in watched:
            found.add(watched[value])
            continue
        statement = main.definition(value)
        if statement is not None and statement.op == "or":
            stack += statement.operands
        elif statement is None or statement.op != "constant" or statement.said["value"]:
            raise Unreadable("the guard is not a disjunction of watchers", statement.line if statement else main.line)
    return found
