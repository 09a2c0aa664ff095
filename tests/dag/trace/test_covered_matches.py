"""A `match` that names every member needs no `case _`; the last case is then all that is left."""

from __future__ import annotations

from enum import Enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dag import AnyLane, lane
from dag.diagnostics.diagnostic import CompileError
from dag.trace import trace
from tests.support.python_bars import assert_like_python


class Mode(Enum):
    UP = 1
    DOWN = 2
    FLAT = 3


@lane
def signed(mode: Mode, x: float) -> float:
    match mode:
        case Mode.UP:
            return x
        case Mode.DOWN | Mode.FLAT:
            return -x


@lane
def by_flag(flag: bool, x: float) -> float:
    match flag:
        case True:
            y = x
        case False:
            y = -x
    return y


@lane
def one_is_missing(mode: Mode, x: float) -> float:  # type: ignore[return]
    match mode:
        case Mode.UP:
            return x
        case Mode.DOWN:
            return -x


@lane
def one_is_guarded(mode: Mode, x: float) -> float:  # type: ignore[return]
    match mode:
        case Mode.UP if x > 0.0:
            return x
        case Mode.DOWN | Mode.FLAT:
            return -x


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_every_member_is_covered(data: st.DataObject) -> None:
    assert_like_python(signed, {"mode": Mode}, data)
    assert_like_python(by_flag, {}, data)


@pytest.mark.parametrize("lane_", [one_is_missing, one_is_guarded])
def test_a_member_that_no_case_takes_is_reported(lane_: AnyLane) -> None:
    with pytest.raises(CompileError, match="E033"):
        trace(lane_)
