"""Values as users hand them over (Python's and numpy's numbers, enum members) as the values a graph computes with."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from enum import Enum
from typing import Any

import numpy as np

from dag.values.domain import Domain
from dag.values.floating_point import in_standard_environment, standard
from dag.values.types import Kind, Type, Value
from dag.values.words import Column, column_dtype, round_f32


class WrongType(Exception):
    """The value is not one of the type; the message says what was expected."""


def value_as(given: object, type_: Type) -> Value:
    """`given` as a value of `type_`: any real number for f64, any whole one for i64, a member, its name or its code for
    an enum. Raises WrongType."""
    if isinstance(given, np.ndarray) and given.ndim == 0:
        given = given[()]
    is_bool = isinstance(given, bool | np.bool_)
    match type_.kind:
        case Kind.F64 if isinstance(given, numbers.Real) and not is_bool:
            return _float(given, type_)
        case Kind.F32 if isinstance(given, numbers.Real) and not is_bool:
            with standard():
                return round_f32(_float(given, type_))
        case Kind.I32 if isinstance(given, numbers.Integral) and not is_bool and -(1 << 31) <= int(given) < 1 << 31:
            return int(given)
        case Kind.I64 if isinstance(given, numbers.Integral) and not is_bool and -(1 << 63) <= int(given) < 1 << 63:
            return int(given)
        case Kind.BOOL if is_bool:
            return bool(given)
        case Kind.ENUM if not is_bool:
            code = _code_of(given, type_)
            if code is not None:
                return code
        case _:
            pass
    raise WrongType(expected(type_))


def _float(given: numbers.Real, type_: Type) -> float:
    try:
        return float(given)
    except OverflowError:  # an integer beyond binary64
        raise WrongType(expected(type_)) from None


@in_standard_environment
def column_as(given: object, type_: Type) -> Column:
    """A column of values as an array of the type's dtype, copied only where it must be. Raises WrongType."""
    if type_.kind is Kind.ENUM and not (isinstance(given, np.ndarray) and given.dtype.kind in "iu"):
        if isinstance(given, Sequence | np.ndarray) and not isinstance(given, str):
            column = np.array([value_as(each, type_) for each in given], dtype=np.int64)
        else:
            column = np.array(value_as(given, type_), dtype=np.int64)
    else:
        column = np.asarray(given)
    wanted = column_dtype(type_)
    if (type_.is_float and column.dtype.kind in "iu") or (type_.kind is Kind.F32 and column.dtype == np.float64):
        with np.errstate(over="ignore"):
            return column.astype(wanted)  # to the nearest
    if type_.kind is Kind.I32 and column.dtype.kind in "iu" and np.array_equal(column, column.astype(wanted)):
        return column.astype(wanted)
    if not np.can_cast(column.dtype, wanted, "safe") or (column.dtype.kind == "b") != (type_.kind is Kind.BOOL):
        raise WrongType(expected(type_))
    return column.astype(wanted, copy=False)


def expected(type_: Type, domain: Domain | None = None) -> str:
    """What a user may give: `f64 in [0.0, 9.0]`, `enum Side: BUY, SELL`."""
    if type_.members is not None:
        return f"{type_}: {', '.join(name for name, _ in type_.members.codes)}"
    return str(type_) if domain is None or domain.codes is not None else f"{type_} in {domain}"


@in_standard_environment
def inside(column: Column, domain: Domain) -> Column:
    """For each element whether it is in the domain, as bools; NaN never is."""
    if domain.codes is not None:
        return np.isin(column, domain.codes)
    above: Any = column > domain.lo if domain.excludes_lo else column >= domain.lo
    below: Any = column < domain.hi if domain.excludes_hi else column <= domain.hi
    return np.asarray(above & below)


def _code_of(given: object, type_: Type) -> int | None:
    """The code of a member given as itself, by name or by code (whether it exists is its domain's to say)."""
    assert type_.members is not None
    codes = dict(type_.members.codes)
    if isinstance(given, Enum):
        return codes.get(given.name) if type(given).__name__ == type_.members.name else None
    if isinstance(given, str):
        return codes.get(given)
    return int(given) if isinstance(given, numbers.Integral) else None
