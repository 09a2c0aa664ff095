"""What a graph's states are in the lane's own run on numbers: the variable, and which of its parts or counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from dag.graphs.call_path import CallPath


@dataclass(frozen=True, slots=True)
class Variable:
    """A name carried by one call; `dag.graphs.call_path.RESULT` for the result of a held call."""

    path: CallPath
    name: str


@dataclass(frozen=True, slots=True)
class CarriedPart:
    """One value of a carried name: `suffix` leads to it, `.0.bid` for the field `bid` of a tuple's first item."""

    variable: Variable
    suffix: str


@dataclass(frozen=True, slots=True)
class StartedFlag:
    """Whether these names, which are updated together, were updated at all."""

    variables: tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class Updates:
    """How often these names were updated, counted up to `enough`: a number, or the parameter that says it."""

    variables: tuple[Variable, ...]
    enough: int | str


@dataclass(frozen=True, slots=True)
class Ring:
    """The array in which a window keeps its values."""

    variable: Variable


@dataclass(frozen=True, slots=True)
class RingPlace:
    """The place of that array which is written next."""

    variable: Variable
    length: int


@dataclass(frozen=True, slots=True)
class RingCount:
    """How many values a window holds."""

    variable: Variable
    length: int


StatePlace: TypeAlias = CarriedPart | StartedFlag | Updates | Ring | RingPlace | RingCount
