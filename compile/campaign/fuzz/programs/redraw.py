"""Making a program small without making it wrong: it is written anew from fewer draws, by the writers that wrote it.

What a text loses when parts of it are left out may be the guard that made it right. A refusal says nothing of such a program,
so one that the front refuses, or fails on, is made small here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from compile.campaign.fuzz.programs.dice import Dice
from compile.campaign.fuzz.programs.program import Program, write_from

_Draws = Sequence[float]


def redrawn(program: Program, still_wrong: Callable[[Program], bool], seconds: float) -> Program:
    """A small program of the same writers with the same fault, after about `seconds` at most."""
    end = time.monotonic() + seconds
    best, before = program, None
    while best is not before:
        before, size = best, len(best.draws)
        while size := size // 2:
            best = _without_runs(best, size, still_wrong, end)
    return best


def _without_runs(best: Program, size: int, still_wrong: Callable[[Program], bool], end: float) -> Program:
    """After every run of `size` draws was left out for which the fault stays, the last first."""
    at = len(best.draws)
    while at > 0 and time.monotonic() < end:
        at = min(at, len(best.draws)) - size
        for draws in _without(best.draws, max(at, 0), size):
            candidate = write_from(Dice.replaying(draws), best.seed, best.number)
            if len(candidate.text) < len(best.text) and still_wrong(candidate):
                best, at = candidate, at + size
                break
    return best


def _without(draws: _Draws, at: int, size: int) -> Iterator[_Draws]:
    """`draws` cut off at `at`; without the `size` draws from there on; and with those set to the least draw."""
    yield draws[:at]
    yield [*draws[:at], *draws[at + size :]]
    yield [*draws[:at], *(0.0 for _ in draws[at : at + size]), *draws[at + size :]]
