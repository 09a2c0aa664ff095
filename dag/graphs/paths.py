"""Paths: the conditions under which Python would compute a value.

A path is a set of (bool node, its value) that all hold, outermost first. A value has several where any of them will do: `((),)`
is a value that is always computed, `(((c, True),),)` one that stands behind `if c:`.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Conditions that all hold, outermost first.
Path = tuple[tuple[int, bool], ...]
#: Alternatives: at least one of the paths is taken.
Paths = tuple[Path, ...]

ALWAYS: Paths = ((),)
#: How many alternatives are kept apart; beyond that, only what they have in common.
ALTERNATIVES = 8


def where(test: int, truth: bool = True) -> Paths:
    """The one path on which the bool node `test` is `truth`."""
    return (((test, truth),),)


def either(paths: Iterable[Path]) -> Paths:
    """The alternatives without those that another one implies; where there are too many, what all have in common."""
    shortest: list[Path] = []
    for path in sorted(paths, key=len):
        if not any(set(kept) <= set(path) for kept in shortest):
            shortest.append(path)
    if len(shortest) <= ALTERNATIVES:
        return tuple(shortest)
    common = set(shortest[0]).intersection(*map(set, shortest[1:]))
    return (tuple(each for each in shortest[0] if each in common),)


def then(before: Paths, after: Paths) -> Paths:
    """Each of `before` continued by each of `after`."""
    return either((*first, *(each for each in second if each not in first)) for first in before for second in after)
