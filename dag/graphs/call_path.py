"""Where a call stands: what a lane on numbers and its trace both call the state of that call.

A step is the function called, the place of the call in its caller's file, and how many calls were made from there before
in the same bar: a loop makes several, and a call that is traced once for all places of an axis stands for a range of them. Neither the order in which arguments are evaluated nor the arm that is taken matters.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from types import FunctionType
from typing import TypeAlias

#: Line and column, as syntax trees count them. NOWHERE: called from no lane's text.
Site: TypeAlias = tuple[int, int]
NOWHERE: Site = (0, 0)
#: (function, where it is called, calls made from there before)
Step: TypeAlias = tuple[str, Site, int | range]
CallPath: TypeAlias = tuple[Step, ...]
#: What the result of a held call is kept as.
RESULT = "held"


def full_name(function: FunctionType) -> str:
    """The function's name in a step."""
    return f"{function.__module__}.{function.__qualname__}"


def held_name(function: FunctionType) -> str:
    """The name of the step that a held call puts before its function's own."""
    return f"held {full_name(function)}"


@dataclass(slots=True)
class CallsMade:
    """The calls that one running function made so far."""

    _counts: Counter[tuple[str, Site]] = field(default_factory=Counter[tuple[str, Site]])

    def step(self, name: str, site: Site, places: int | None = None) -> Step:
        """The step of the next call of `name` at `site`, or of the next `places` of them."""
        before = self._counts[name, site]
        self._counts[name, site] += 1 if places is None else places
        return name, site, before if places is None else range(before, before + places)


def at_place(path: CallPath, place: int) -> CallPath:
    """The call that a path, traced once for all places of an axis, stands for at one of them."""
    return tuple((name, site, step[place] if isinstance(step, range) else step) for name, site, step in path)
