"""What can happen at a node: the events that a campaign steers to, and how each is told from columns.

An observer takes one node's operands and result and returns a mask for every event of its operator. Its names are the
catalogue: `events_of` calls it on columns without rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compile.campaign.drawing.inexact import DOWN, EXACT, ROUNDING, UP, sides
from compile.campaign.drawing.ordinals import gap
from dag.operators import table as ops
from dag.operators.op import Family, Law, Op
from dag.operators.table import FAMILIES
from dag.values.types import I64, Kind, Type
from dag.values.words import Column, column_dtype

Mask = NDArray[np.bool_]
Masks = dict[str, Mask]
#: A sum cancels where its result is this much smaller than the larger operand: two leading bits are gone.
CANCELLED = 0.25
_LEAST = {Kind.F64: 2.0**-1022, Kind.F32: 2.0**-126}


@dataclass(frozen=True, slots=True)
class OperatorRows:
    """One operator's rows: operand columns (None for an array), the result (None for an array), and the types."""

    op: Op
    args: tuple[Column | None, ...]
    result: Column | None
    arg_types: tuple[Type, ...]
    type_: Type

    def operand(self, index: int) -> Column:
        column = self.args[index]
        assert column is not None
        return column

    @property
    def value(self) -> Column:
        assert self.result is not None
        return self.result


def observe(view: OperatorRows) -> Masks:
    """The mask of every event of the view's operator, in the catalogue's order; none where it computes an array of values."""
    if view.result is None and view.op is not ops.PUT:
        return {}
    with np.errstate(all="ignore"):
        return _OBSERVERS.get(view.op, _by_type)(view)


def events_of(op: Op, arg_types: Sequence[Type], type_: Type) -> tuple[str, ...]:
    """The names of the events of one operator."""
    empty = tuple(None if each.is_array else np.empty((0, 0), column_dtype(each)) for each in arg_types)
    result = None if type_.is_array else np.empty((0, 0), column_dtype(type_))
    return tuple(observe(OperatorRows(op, empty, result, tuple(arg_types), type_)))


def _arithmetic(view: OperatorRows) -> Masks:
    result, floats = view.value, [arg for arg in view.args if arg is not None and arg.dtype.kind == "f"]
    exact_args = tuple(view.operand(index) for index in range(len(view.args)))
    side, tie = sides(view.op, exact_args, result)
    masks: Masks = {"exact": side == EXACT, "rounded up": side == UP, "rounded down": side == DOWN}
    if view.op.family not in _NEVER_TIES:
        masks["tie"] = tie
    if view.op.takes[0] == I64:
        return masks
    magnitude, zero = np.abs(result), result == 0.0
    negative = np.signbit(result)
    masks |= {"+0": zero & ~negative, "-0": zero & negative}
    if view.op.family is not Family.ROOT:
        masks["subnormal"] = ~zero & (magnitude < _LEAST[view.type_.kind])
        finite = np.logical_and.reduce([np.isfinite(arg) for arg in floats])
        infinite = np.isinf(result)
        masks |= {"overflow": infinite & finite, "infinity carried": infinite & ~finite}
    nan_in = np.logical_or.reduce([np.isnan(arg) for arg in floats])
    nan = np.isnan(result)
    masks |= {"NaN born": nan & ~nan_in, "NaN carried": nan & nan_in}
    if view.op.family in _SUMS:
        a, b = view.operand(0), view.operand(1)
        largest = np.maximum(np.abs(a), np.abs(b))
        masks |= {
            "cancellation": ~zero & (magnitude <= CANCELLED * largest) & np.isfinite(largest),
            "cancels to zero": zero & (a != 0.0),
        }
    if view.op.family is Family.QUOTIENT:
        masks["divides by zero"] = view.operand(1) == 0.0
    return masks


def _comparison(view: OperatorRows) -> Masks:
    a, b = view.operand(0), view.operand(1)
    masks: Masks = {"true": view.value.astype(np.bool_), "false": ~view.value.astype(np.bool_)}
    if view.arg_types[0].kind in (Kind.ENUM, Kind.BOOL):
        return masks
    apart = gap(a, b)
    if view.arg_types[0].is_float:
        nan = np.isnan(a) | np.isnan(b)
        return masks | {
            "equal": a == b,
            "one below": (apart == -1) & ~nan,
            "one above": (apart == 1) & ~nan,
            "NaN": nan,
        }
    return masks | {"equal": a == b, "one below": apart == -1, "one above": apart == 1}


def _extremum(view: OperatorRows) -> Masks:
    a, b = view.operand(0), view.operand(1)
    second = b < a if view.op.family is Family.MINIMUM else b > a
    if not view.type_.is_float:
        return {"takes the first": ~second, "takes the second": second, "equal": a == b}
    return {
        "takes the first": ~second & (a != b) & (a == a) & (b == b),
        "takes the second": second,
        "equal": (a == b) & (np.signbit(a) == np.signbit(b)),
        "zeros of two signs": (a == b) & (np.signbit(a) != np.signbit(b)),
        "NaN first": np.isnan(a),
        "NaN second": np.isnan(b),
        "one apart": np.abs(gap(a, b)) == 1,
    }


def _to_integral(view: OperatorRows) -> Masks:
    x, result = view.operand(0), view.value
    magnitude = np.abs(x)
    masks = {
        "already whole": (x == result) & (x != 0.0),
        "rounded up": result > x,
        "rounded down": result < x,
        "+0": (result == 0.0) & ~np.signbit(result),
        "-0": (result == 0.0) & np.signbit(result),
        "NaN": np.isnan(x),
    }
    if view.op in (ops.RINT, ops.RINT_F32):
        masks["tie"] = (magnitude - np.floor(magnitude)) == 0.5
    return masks


def _to_i64(view: OperatorRows) -> Masks:
    x = view.operand(0)
    return {
        "exact": x == np.trunc(x),
        "truncated": np.isfinite(x) & (x != np.trunc(x)),
        "saturates high": x >= 2.0**63,
        "saturates low": x < -(2.0**63),
        "NaN": np.isnan(x),
    }


def _flush(view: OperatorRows) -> Masks:
    x, result = view.operand(0), view.value
    gone = (x != 0.0) & (result == 0.0)
    return {"flushed": gone, "kept": ~gone, "zero": x == 0.0}


def _both(view: OperatorRows) -> Masks:
    a, b = view.operand(0).astype(np.bool_), view.operand(1).astype(np.bool_)
    return {"both true": a & b, "first only": a & ~b, "second only": ~a & b, "neither": ~a & ~b}


def _select(view: OperatorRows) -> Masks:
    condition = view.operand(0).astype(np.bool_)
    return {"first arm": condition, "second arm": ~condition}


def _integer(view: OperatorRows) -> Masks:
    result = view.value
    masks: Masks = {
        "zero": result == 0,
        "positive": result > 0,
        "negative": result < 0,
        "greatest": result == np.iinfo(np.int64).max,
        "least": result == np.iinfo(np.int64).min,
    }
    if view.op in (ops.IDIV, ops.IMOD):
        a, b = view.operand(0), view.operand(1)
        remainder = np.fmod(a, np.where(b == 0, 1, b))
        masks["divides by zero"] = b == 0
        masks["signs differ, inexact"] = (remainder != 0) & ((a < 0) != (b < 0))
    elif view.op.family in _WRAPPING:
        masks["wrapped"] = _wrapped(view)
    elif view.op in _SHIFTS:
        masks["shift of 0"] = view.operand(1) == 0
        masks["shift of 63"] = view.operand(1) == 63
        masks["shift outside 0..63"] = (view.operand(1) < 0) | (view.operand(1) > 63)
    return masks


def _wrapped(view: OperatorRows) -> Mask:
    a, result = view.operand(0), view.value
    least = np.iinfo(np.int64).min
    if view.op in (ops.INEG, ops.IABS):
        return np.equal(a, least)
    b = view.operand(1)
    if view.op is ops.IADD:
        return np.less((a ^ result) & (b ^ result), 0)
    if view.op is ops.ISUB:
        return np.less((a ^ b) & (a ^ result), 0)
    rough = a.astype(np.float64) * b.astype(np.float64)
    wrapped: Mask = np.abs(rough - result.astype(np.float64)) > 2.0**62
    return wrapped


def _array(view: OperatorRows) -> Masks:
    length, index = view.arg_types[0].length, view.operand(1)
    assert length is not None
    masks: Masks = {
        "first place": index == 0,
        "last place": index == length - 1,
        "before the array": index < 0,
        "beyond the array": index >= length,
    }
    if length > 2:
        masks["inside"] = (index > 0) & (index < length - 1)
    if view.op is ops.PUT:
        enable = view.operand(3).astype(np.bool_)
        masks = {name: mask & enable for name, mask in masks.items()} | {"not enabled": ~enable}
    return masks


def _fold(view: OperatorRows) -> Masks:
    length, first, count = view.arg_types[0].length, view.operand(1), view.operand(2)
    assert length is not None
    masks: Masks = {"of none": count <= 0, "of some": (count > 0) & (count < length), "of all": count >= length}
    return {**masks, "around the end": (count > 0) & (first + np.clip(count, 0, length) > length), **_by_type(view)}


def _by_type(view: OperatorRows) -> Masks:
    """What any value can be, for ops of which no more is said."""
    if view.result is None:
        return {}
    x = view.result
    match view.type_.kind:
        case Kind.F64 | Kind.F32:
            zero, sign = x == 0.0, np.signbit(x)
            return {
                "positive": x > 0.0, "negative": x < 0.0, "+0": zero & ~sign, "-0": zero & sign,
                "infinite": np.isinf(x), "NaN": np.isnan(x),
            }  # fmt: skip
        case Kind.I64 | Kind.I32:
            return {"zero": x == 0, "positive": x > 0, "negative": x < 0}
        case Kind.BOOL:
            return {"true": x.astype(np.bool_), "false": ~x.astype(np.bool_)}
        case Kind.ENUM:
            assert view.type_.members is not None
            return {name: x == code for name, code in view.type_.members.codes}


_NEVER_TIES = (Family.QUOTIENT, Family.ROOT)
_SUMS = (Family.SUM, Family.DIFFERENCE)
_WRAPPING = (Family.SUM, Family.DIFFERENCE, Family.PRODUCT, Family.NEGATION, Family.MAGNITUDE)
_SHIFTS = (ops.SHL, ops.SHR, ops.LSHR)
_INTEGER = (*_WRAPPING, Family.QUOTIENT, Family.REMAINDER)


def _rows(*families: Family) -> tuple[Op, ...]:
    return tuple(op for family in families for op in FAMILIES[family])


_OBSERVERS: dict[Op, Callable[[OperatorRows], Masks]] = {
    **dict.fromkeys(ROUNDING, _arithmetic),
    **dict.fromkeys(_rows(Family.ORDER, Family.EQUALITY), _comparison),
    **dict.fromkeys(_rows(Family.MINIMUM, Family.MAXIMUM), _extremum),
    **dict.fromkeys(_rows(Family.INTEGRAL), _to_integral),
    **dict.fromkeys((ops.F64_TO_I64, ops.F32_TO_I64), _to_i64),
    **{op: _flush for op in _rows(Family.RELABELLING) if Law.EXACT not in op.laws},
    **dict.fromkeys((ops.AND, ops.OR), _both),
    ops.SELECT: _select,
    **{op: _integer for op in (*_rows(*_INTEGER), *_SHIFTS) if op.gives == I64},
    **dict.fromkeys(ops.PLACES, _array),
    **dict.fromkeys(ops.FOLDS, _fold),
}  # fmt: skip
