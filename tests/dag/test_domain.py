"""Domains: which values a port may take."""

from __future__ import annotations

import math

import pytest

from dag.values.domain import F64_MAX, interval, whole_domain
from dag.values.types import BOOL, F64, I64, enum_type

STATUS = enum_type("Status", {"OK": 0, "RED": 2})


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_no_f64_domain_holds_a_non_finite_value(bad: float) -> None:
    assert not whole_domain(F64).contains(bad)
    assert not interval(F64, above=0.0).contains(bad)


def test_domain_ends_are_included_or_excluded() -> None:
    closed, half = interval(F64, 0.0, 1.0), interval(F64, above=0.0, hi=1.0)
    assert closed.contains(0.0)
    assert closed.contains(-0.0)
    assert closed.contains(1.0)
    assert not closed.contains(math.nextafter(1.0, 2.0))
    assert not half.contains(0.0)
    assert half.contains(5e-324)


def test_enum_and_bool_list_their_codes() -> None:
    assert whole_domain(STATUS).contains(2)
    assert not whole_domain(STATUS).contains(1)
    assert whole_domain(BOOL).contains(True)


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        ({"lo": 1.0, "hi": 0.0}, "empty"),
        ({"above": 0.0, "below": 0.0}, "empty"),
        ({"above": F64_MAX}, "empty"),
        ({"lo": math.nan}, "NaN"),
        ({"lo": 0.0, "above": 0.0}, "not both"),
    ],
)
def test_an_impossible_domain_is_refused(ends: dict[str, float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        interval(F64, **ends)


def test_types_with_their_own_rules() -> None:
    with pytest.raises(ValueError, match="no order"):
        interval(BOOL, 0, 1)
    with pytest.raises(ValueError, match="whole numbers"):
        interval(I64, 0.5, 3)
    assert str(interval(I64, 1, 7)) == "[1, 7]"
    assert str(interval(F64, above=0.0, below=1.0)) == "(0.0, 1.0)"
    assert str(whole_domain(F64)) == "any finite value"
