"""`@params`: frozen, typed, inside its domains from the moment it exists."""

from __future__ import annotations

import dataclasses
import math
from enum import Enum
from typing import Annotated, Any

import numpy as np
import pytest

from dag import ParamError, domain, params


class Mood(Enum):
    CALM = 1
    WILD = 2


@params
class Inner:
    share: Annotated[float, domain(0.0, 1.0)]
    on: bool = True


@params
class Outer:
    scale: Annotated[float, domain(above=0.0)] = 1
    steps: Annotated[int, domain(1, 7)] = 3
    mood: Mood = Mood.CALM
    inner: Inner = Inner(share=0.5)


def test_it_is_a_frozen_dataclass() -> None:
    assert Outer() == Outer(scale=1.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        Outer().scale = 2.0  # type: ignore[misc]


def test_a_field_without_default_must_be_given() -> None:
    with pytest.raises(TypeError, match="share"):
        Inner()  # type: ignore[call-arg]


def test_an_integer_given_for_a_float_is_that_float() -> None:
    assert isinstance(Outer().scale, float)
    assert type(Outer(scale=np.float64(2.0)).scale) is float


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"scale": 0.0}, r"Outer\.scale = 0\.0 is outside its domain \(0\.0, "),
        ({"scale": math.nan}, "outside its domain"),
        ({"scale": math.inf}, "outside its domain"),
        ({"scale": True}, r"Outer\.scale is a f64\[1\]; True is a bool"),
        ({"steps": 0}, r"Outer\.steps = 0 is outside its domain \[1, 7\]"),
        ({"steps": 3.0}, r"Outer\.steps is a i64\[1\]; 3\.0 is a float"),
        ({"steps": True}, "is a bool"),
        ({"mood": 1}, "Outer.mood is a enum Mood; 1 is a int"),
        ({"inner": 0.5}, "Outer.inner is a Inner; 0.5 is a float"),
    ],
)
def test_what_does_not_fit_is_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ParamError, match=message):
        Outer(**given)


def test_the_neighbours_of_an_end_are_on_their_sides() -> None:
    assert Inner(share=1.0).share == 1.0
    with pytest.raises(ParamError):
        Inner(share=math.nextafter(1.0, 2.0))
    assert Outer(scale=5e-324).scale == 5e-324


def test_classes_of_a_function_may_name_each_other() -> None:
    @params
    class Local:
        inner: Inner = Inner(share=0.25)

    @params
    class Around:
        local: Local = Local()

    assert Around().local.inner.share == 0.25
    with pytest.raises(ParamError, match=r"Around\.local"):
        Around(local=Inner(share=0.5))  # type: ignore[arg-type]


def test_a_check_of_its_own_still_runs() -> None:
    @params
    class Ordered:
        low: float = 0.0
        high: float = 1.0

        def __post_init__(self) -> None:
            if self.low >= self.high:
                raise ParamError("low must be below high")

    with pytest.raises(ParamError, match="below"):
        Ordered(low=2.0)
    with pytest.raises(ParamError, match=r"Ordered\.low"):
        Ordered(low=math.nan)
