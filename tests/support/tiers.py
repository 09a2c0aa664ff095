"""How much of the suite runs: `make fast`, `make test` or `make long`, which is pytest's option `--tier`.

A test that only repeats a kind of check on more inputs is marked `long`; `few(cases, 7)` marks all but every seventh of a list of
parameters, and `count(few, many)` chooses a number of rows. The summary of a run says how many tests its tier left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet


class Tier(StrEnum):
    """What a run of the suite is for."""

    FAST = "fast"
    """While editing: the folders of NEED_NOTHING, without SYSTEMS. Under a minute."""
    TEST = "test"
    """What lands: every kind of check, each on few inputs."""
    LONG = "long"
    """Every input of every check."""


#: What pytest tells its workers and the processes that tests start.
VARIABLE = "DAGC_TEST_TIER"

#: The tests of `make fast`, folders and files: they need no compiler and no simulator, and all of them take a minute.
NEED_NOTHING: tuple[str, ...] = (
    "tests/dag",
    "tests/oracle",
    "tests/compile/analysis",
    "tests/compile/check",
    "tests/compile/interpreter",
    "tests/compile/lane",
    "tests/compile/lint",
    "tests/compile/test_hazards.py",
    "tests/compile/test_lint.py",
    "tests/compile/test_places.py",
)

#: Of those, the tests that judge whole systems of thousands of nodes, or every program in every spelling.
SYSTEMS: tuple[str, ...] = (
    "tests/compile/lint/test_five_factor_claims.py",
    "tests/compile/lint/test_respelled.py",
    "tests/compile/lint/test_system_claims.py",
)


def is_fast(path: Path) -> bool:
    """Whether a file of tests, as it stands in the project, runs in `make fast`."""
    return any(path.is_relative_to(each) for each in NEED_NOTHING) and path.as_posix() not in SYSTEMS


def tier() -> Tier:
    """The tier of this run."""
    return Tier(os.environ.get(VARIABLE, Tier.TEST))


def count(few: int, many: int) -> int:
    """How many rows, graphs or examples: `few`, and `many` in `make long`."""
    return many if tier() is Tier.LONG else few


def few(cases: Iterable[Any], every: int) -> list[ParameterSet]:
    """`cases` as parameters: one in `every`, the first among them, runs in `make test`, the others in `make long` only.

    A case that is a tuple is one value; for several parameters use `few_rows`.
    """
    return [pytest.param(case, marks=_marks(number, every)) for number, case in enumerate(cases)]


def few_rows(cases: Iterable[tuple[Any, ...]], every: int) -> list[ParameterSet]:
    """As `few`, where each case has a value for each of several parameters."""
    return [pytest.param(*case, marks=_marks(number, every)) for number, case in enumerate(cases)]


def only(cases: Iterable[Any], chosen: Callable[[Any], bool]) -> list[ParameterSet]:
    """`cases` as parameters: those that are `chosen` run in `make test`, the others in `make long` only."""
    return [pytest.param(case, marks=() if chosen(case) else pytest.mark.long) for case in cases]


def only_rows(cases: Iterable[tuple[Any, ...]], chosen: Callable[[tuple[Any, ...]], bool]) -> list[ParameterSet]:
    """As `only`, where each case has a value for each of several parameters."""
    return [pytest.param(*case, marks=() if chosen(case) else pytest.mark.long) for case in cases]


def _marks(number: int, every: int) -> tuple[()] | pytest.MarkDecorator:
    return () if number % every == 0 else pytest.mark.long
