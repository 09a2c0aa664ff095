"""Which events the range analysis rules out: they are listed as impossible and do not count against a campaign.

Ranges speak of rows inside their domains, so events are counted on accepted rows only. Where nothing is known an event counts
as possible.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from compile.analysis.facts import Codes, Fact, Floats, Integers
from dag.operators import table as ops
from dag.operators.op import Family, Op
from dag.values.types import I64, Kind, Type

_LEAST = {Kind.F64: 2.0**-1022, Kind.F32: 2.0**-126}
_BITS = {Kind.F64: 53, Kind.F32: 24}
_ROUNDED = ("rounded up", "rounded down", "tie")


def possible(event: str, op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
    """Whether `event` can happen at a node of `op` whose operands and result have these facts (None: an array)."""
    judge = _JUDGES.get(event)
    if judge is None or any(arg is None or (isinstance(arg, Floats) and not arg.has_numbers) for arg in args):
        return True
    return judge(op, args, result, type_)


Judge = Callable[[Op, Sequence[Fact | None], Fact | None, Type], bool]


def _of_result(holds: Callable[[Floats], bool]) -> Judge:
    return lambda op, args, result, type_: not isinstance(result, Floats) or holds(result)


def _subnormal(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
    if not isinstance(result, Floats):
        return True
    least = _LEAST[type_.kind]
    reaches = result.lo < least and result.hi > -least
    return reaches and result.least < least and (result.lo < 0.0 or result.hi > 0.0)


def _infinite(carried: bool) -> Judge:
    def judge(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
        comes = any(isinstance(arg, Floats) and arg.infinite for arg in args)
        return isinstance(result, Floats) and result.infinite and (comes or not carried)

    return judge


def _nan(carried: bool) -> Judge:
    def judge(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
        comes = any(isinstance(arg, Floats) and arg.nan for arg in args)
        if not carried:
            return not isinstance(result, Floats) or result.nan
        return comes

    return judge


def _rounds(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
    """A whole number that fits, and a product or quotient by a power of two of a result that is never subnormal, are exact."""
    if op.takes[0] == I64:
        (n,) = args
        return not isinstance(n, Integers) or max(abs(n.lo), abs(n.hi)) > 2 ** _BITS[type_.kind]
    scaled = args if op.family is Family.PRODUCT else args[1:] if op.family is Family.QUOTIENT else ()
    by_power = any(isinstance(arg, Floats) and arg.lo == arg.hi and _is_power_of_two(arg.lo) for arg in scaled)
    return not by_power or _subnormal(op, args, result, type_)


def _is_power_of_two(x: float) -> bool:
    return math.isfinite(x) and abs(math.frexp(x)[0]) == 0.5


def _opposed(args: Sequence[Fact | None], op: Op) -> tuple[Floats, Floats] | None:
    a, b = args[0], args[1]
    if not isinstance(a, Floats) or not isinstance(b, Floats):
        return None
    return (a, b) if op.family is Family.DIFFERENCE else (a, Floats(-b.hi, -b.lo, b.nan, True, True, b.least))


def _cancels(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
    """A difference cancels only of numbers of one sign."""
    pair = _opposed(args, op)
    return pair is None or (pair[0].hi > 0.0 and pair[1].hi > 0.0) or (pair[0].lo < 0.0 and pair[1].lo < 0.0)


def _cancels_to_zero(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
    pair = _opposed(args, op)
    meets = pair is None or (pair[0].lo <= pair[1].hi and pair[1].lo <= pair[0].hi)
    return meets and _cancels(op, args, result, type_) and (not isinstance(result, Floats) or result.zero)


def _ordered(holds: Callable[[float, float, float, float], bool]) -> Judge:
    def judge(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
        a, b = args[0], args[1]
        if isinstance(a, Codes) or isinstance(b, Codes) or a is None or b is None:
            return True
        return holds(a.lo, a.hi, b.lo, b.hi)

    return judge


def _takes(second: bool) -> Judge:
    def judge(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
        a, b = args[0], args[1]
        if isinstance(a, Codes) or isinstance(b, Codes) or a is None or b is None:
            return True
        return b.lo < a.hi if (op.family is Family.MINIMUM) is second else b.hi > a.lo

    return judge


def _zeros_differ(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
    a, b = args[0], args[1]
    if not isinstance(a, Floats) or not isinstance(b, Floats):
        return True
    return (a.plus_zero and b.minus_zero) or (a.minus_zero and b.plus_zero)


def _nan_at(index: int) -> Judge:
    def judge(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
        arg = args[index]
        return not isinstance(arg, Floats) or arg.nan

    return judge


def _any_nan(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
    """Of an operand, or of a result that no NaN went into: a pattern of bits becomes one, and so does a sum of infinities."""
    return any(isinstance(fact, Floats) and fact.nan for fact in (*args, result))


def _truth(code: int, index: int | None = None) -> Judge:
    def judge(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
        fact = result if index is None else args[index]
        return not isinstance(fact, Codes) or code in fact.values

    return judge


def _both(first: int, second: int) -> Judge:
    return lambda op, args, result, type_: (
        _truth(first, 0)(op, args, result, type_) and _truth(second, 1)(op, args, result, type_)
    )


def _numbers(holds: Callable[[float, float, bool], bool]) -> Judge:
    """Of the sign of a result, integer or float; `holds` takes the ends and whether a zero is among them."""

    def judge(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
        if not isinstance(result, Integers | Floats):
            return True
        return holds(result.lo, result.hi, result.zero)

    return judge


def _wraps(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
    if not all(isinstance(arg, Integers) for arg in args):
        return True
    a, *rest = [arg for arg in args if isinstance(arg, Integers)]
    if not rest:
        return a.lo == -(1 << 63)
    b = rest[0]
    corners = {
        ops.IADD: [a.lo + b.lo, a.hi + b.hi],
        ops.ISUB: [a.lo - b.hi, a.hi - b.lo],
        ops.IMUL: [x * y for x in (a.lo, a.hi) for y in (b.lo, b.hi)],
    }[op]
    return min(corners) < -(1 << 63) or max(corners) >= 1 << 63


def _index(holds: Callable[[int, int], bool]) -> Judge:
    def judge(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
        index = args[1]
        return not isinstance(index, Integers) or holds(index.lo, index.hi)

    return judge


def _zero_divisor(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
    divisor = args[1]
    return isinstance(divisor, Codes) or divisor is None or divisor.zero


def _operand(holds: Callable[[Floats], bool]) -> Judge:
    def judge(op: Op, args: Sequence[Fact | None], result: Fact | None, type_: Type) -> bool:
        return not isinstance(args[0], Floats) or holds(args[0])

    return judge


_END = (1 << 63) - 1
_JUDGES: dict[str, Judge] = {
    **dict.fromkeys(_ROUNDED, _rounds),
    "+0": _of_result(lambda fact: fact.plus_zero),
    "-0": _of_result(lambda fact: fact.minus_zero),
    "subnormal": _subnormal,
    "infinite": _of_result(lambda fact: fact.infinite),
    "overflow": _infinite(carried=False),
    "infinity carried": _infinite(carried=True),
    "NaN born": _nan(carried=False),
    "NaN carried": _nan(carried=True),
    "cancellation": _cancels,
    "cancels to zero": _cancels_to_zero,
    "divides by zero": _zero_divisor,
    "true": _truth(1),
    "false": _truth(0),
    "first arm": _truth(1, 0),
    "second arm": _truth(0, 0),
    "both true": _both(1, 1),
    "first only": _both(1, 0),
    "second only": _both(0, 1),
    "neither": _both(0, 0),
    "equal": _ordered(lambda low, high, other_low, other_high: low <= other_high and other_low <= high),
    "one below": _ordered(lambda low, high, other_low, other_high: low < other_high),
    "one above": _ordered(lambda low, high, other_low, other_high: high > other_low),
    "NaN first": _nan_at(0),
    "NaN second": _nan_at(1),
    "takes the first": _takes(second=False),
    "takes the second": _takes(second=True),
    "zeros of two signs": _zeros_differ,
    "zero": _numbers(lambda low, high, zero: zero),
    "positive": _numbers(lambda low, high, zero: high > 0),
    "negative": _numbers(lambda low, high, zero: low < 0),
    "greatest": _numbers(lambda low, high, zero: high == _END),
    "least": _numbers(lambda low, high, zero: low == -_END - 1),
    "wrapped": _wraps,
    "first place": _index(lambda low, high: low <= 0 <= high),
    "before the array": _index(lambda low, high: low < 0),
    "NaN": _any_nan,
    "saturates high": _operand(lambda fact: fact.hi >= 2.0**63),
    "saturates low": _operand(lambda fact: fact.lo < -(2.0**63)),
}
