"""The judge of each operator: what its operands must not be, given the facts that are known of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from compile.analysis.assume import PathFacts
from compile.analysis.facts import I32_RANGE, I64_RANGE, Fact, Floats, Integers, show
from compile.analysis.integer_transfer import (
    Exact,
    exact_difference,
    exact_magnitude,
    exact_negation,
    exact_product,
    exact_quotient,
    exact_shift_left,
    exact_sum,
    is_shift,
    leaves,
)
from compile.analysis.ranges import Ranges, quotient_ranges
from compile.analysis.transfer import exact_sum_of
from compile.analysis.values import value_of
from compile.hazards.hazard import LARGEST_EXACT, Hazard, Judge, Texts
from compile.operand_text import bare
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Family, Op
from dag.values.types import BOOL, F32, F64, I64, Type


def rounded_before(graph: Graph, known: Ranges, here: PathFacts, node: int, texts: Texts) -> Hazard | None:
    """Integers that are rounded before they are computed with or compared: Python takes them as they are."""
    op, args = graph.ops[node], graph.args[node]
    assert isinstance(op, Op)
    for whole in sorted(graph.whole_operands[node]):
        integer = value_of(graph, whole)
        if _fits(known.under(here, integer)) or _fits(quotient_ranges(graph).under(here, integer)):
            continue
        direct = (
            k for k, arg in enumerate(args) if arg == whole or (whole not in args and graph.constants[arg] is None)
        )
        operand, (left, right), (a, b) = next(direct), texts, (bare(text) for text in texts)
        if op in ops.FAMILIES[Family.QUOTIENT]:
            expected = "whole numbers of at most 2^53 on both sides of `/`, which Python divides exactly"
            fix = f"declare domains; float({a}) / float({b}) rounds each and the quotient"
            fix += f", ({left} // {right}) is whole and exact" if whole in args else ""
        elif op.gives == BOOL:
            expected = "whole numbers of at most 2^53 beside a float, with which Python compares them exactly"
            fix = f"declare a domain; float({(a, b)[operand]}) is rounded before it is compared, an integer beside an integer never"
        else:
            expected = "whole numbers of at most 2^53 where Python may have an integer or a float"
            fix = f"declare domains, or compute with floats: float({a}) {op.symbol} float({b})"
        return Hazard("E068", operand, expected, "beyond 2^53", fix)
    return None


def _fits(fact: Fact) -> bool:
    """Whether floats hold all these whole numbers; where they are floats already, 2^53 may stand for 2^53 + 1."""
    if isinstance(fact, Integers):
        return fact.lo >= -LARGEST_EXACT and fact.hi <= LARGEST_EXACT
    return isinstance(fact, Floats) and fact.lo > -LARGEST_EXACT and fact.hi < LARGEST_EXACT


def _float_divisor(texts: Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> Hazard | None:
    divisor = facts[1]
    assert isinstance(divisor, Floats)
    if not divisor.zero:
        return None
    a, b = texts
    return Hazard(
        "E060", 1, "a divisor that is never zero", f"{show(divisor, types[1])}, zero included",
        f"write `({a} / {b} if {b} != 0.0 else 0.0)`, or declare a domain without zero; ieee_div({bare(a)}, {bare(b)}) takes the infinity",
    )  # fmt: skip


def _integer_divisor(symbol: str, texts: Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> Hazard | None:
    a, b = facts
    assert isinstance(a, Integers)
    assert isinstance(b, Integers)
    if b.zero:
        return Hazard(
            "E061", 1, f"a divisor of `{symbol}` that is never zero", f"{show(b, types[1])}, zero included",
            f"write `({texts[0]} {symbol} {texts[1]} if {texts[1]} != 0 else 0)`, or declare a domain without zero",
        )  # fmt: skip
    exact = exact_quotient(a, b) if symbol == "//" else None
    return _overflow(exact, I64_RANGE) if exact is not None else None


def _exact(rule: Callable[..., Exact]) -> Judge:
    def judge(texts: Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> Hazard | None:
        return _overflow(rule(*facts), I64_RANGE)

    return judge


def _overflow(exact: Exact, allowed: Exact, instead: str = "") -> Hazard | None:
    if not leaves(exact, allowed):
        return None
    bits = 64 if allowed == I64_RANGE else 32
    return Hazard(
        "E062", None, f"a result that fits {bits} bits, [{allowed[0]}, {allowed[1]}]",
        f"results from {exact[0]} to {exact[1]}",
        "limit with min and max" + ("" if instead else "; wrapping_add, _sub, _mul and _shl wrap on purpose"), instead,
    )  # fmt: skip


def _shift(symbol: str, texts: Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> Hazard | None:
    value, places = facts
    assert isinstance(value, Integers)
    assert isinstance(places, Integers)
    value_text, text = (bare(each) for each in texts)
    wrapping = f"wrapping_shl({value_text}, {text})" if symbol == "<<" else ""
    if is_shift(places):
        instead = wrapping and f"{wrapping} drops the bits that leave"
        return _overflow(exact_shift_left(value, places), I64_RANGE, instead) if symbol == "<<" else None
    # `>>` by more than 63 places is Python's value; the tracer sees to it.
    counts, limited = (
        ("of 0 or more", f"max({text}, 0)")
        if symbol == ">>" and places.hi <= 63
        else ("from 0 to 63", f"min(max({text}, 0), 63)")
    )
    return Hazard(
        "E062", 1, f"a count {counts} for `{symbol}`", show(places, types[1]), f"limit it: {limited}",
        wrapping and f"{wrapping} shifts by {text} modulo 64",
    )  # fmt: skip


def _narrowed(texts: Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> Hazard | None:
    value = facts[0]
    assert isinstance(value, Integers)
    return _overflow((value.lo, value.hi), I32_RANGE)


def _whole(texts: Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> Hazard | None:
    x, limit = facts[0], 2.0**63
    assert isinstance(x, Floats)
    fits = not x.has_numbers or (-limit <= x.lo and x.hi < limit)
    if fits and not x.nan:
        return None
    text = texts[0]
    bounded = text if fits else f"min(max({bare(text)}, -9e18), 9e18)"
    guards = ([f"limit it: {bounded}"] if not fits else []) + (
        [f"choose an integer for NaN: `(... if {text} == {text} else 0)`"] if x.nan else []
    )
    return Hazard("E063", 0, "a number that a 64-bit integer can hold", show(x, types[0]), ", and ".join(guards))


def _root(texts: Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> Hazard | None:
    x = facts[0]
    assert isinstance(x, Floats)
    if not x.negative:
        return None
    return Hazard(
        "E064", 0, "a number that is never negative", show(x, types[0]),
        f"write `sqrt(max({bare(texts[0])}, 0.0))`, or declare domain(lo=0.0) where it comes from",
    )  # fmt: skip


def _outside(texts: Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> Hazard | None:
    index, length = facts[1], types[0].length
    assert isinstance(index, Integers)
    assert length is not None
    if index.lo >= 0 and index.hi < length:
        return None
    text = bare(texts[1])
    return Hazard(
        "E065", 1, f"an index from 0 to {length - 1}, inside the array of {length}", show(index, types[1]),
        f"limit it: min(max({text}, 0), {length - 1}), choose: `(... if 0 <= {texts[1]} < {length} else ...)`, or declare a domain",
    )  # fmt: skip


def lookback(texts: Texts, facts: tuple[Fact, ...], longest: int) -> Hazard | None:
    length = facts[1]
    assert isinstance(length, Integers)
    if length.lo >= 1 and length.hi <= longest:
        return None
    text = bare(texts[1])
    return Hazard(
        "E065", 1, f"a length from 1 to {longest}, which is `longest`", show(length, I64),
        f"declare domain(1, {longest}), or limit it: min(max({text}, 1), {longest})",
    )  # fmt: skip


def _sum_of_many(texts: Texts, facts: tuple[Fact, ...], types: tuple[Type, ...]) -> Hazard | None:
    return _overflow(exact_sum_of(facts, types[0].size), I64_RANGE)


JUDGES: dict[Op, Judge] = {
    ops.FOLD_IADD: _sum_of_many,
    **dict.fromkeys(ops.PLACES, _outside),
    **dict.fromkeys(ops.FAMILIES[Family.QUOTIENT], _float_divisor),
    ops.IDIV: partial(_integer_divisor, ops.IDIV.symbol),
    ops.IMOD: partial(_integer_divisor, ops.IMOD.symbol),
    ops.IADD: _exact(exact_sum),
    ops.ISUB: _exact(exact_difference),
    ops.IMUL: _exact(exact_product),
    ops.SHL: lambda texts, facts, types: _shift("<<", texts, facts, types),
    ops.SHR: lambda texts, facts, types: _shift(">>", texts, facts, types),
    ops.INEG: _exact(exact_negation),
    ops.IABS: _exact(exact_magnitude),
    ops.I64_TO_I32: _narrowed,
    **{op: _whole for op in ops.FAMILIES[Family.CONVERSION] if op.takes[0] in (F64, F32) and op.gives == I64},
    **dict.fromkeys(ops.FAMILIES[Family.ROOT], _root),
}
