"""How a session begins, from what the last one stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import domain, lane, params, safe
from lanes.anchor.basis_baseline import MAX_AGE
from lanes.enums import RestoreMode
from lanes.num.is_finite import is_finite
from lanes.units import Bps, Seconds


@params
class BaselineRestore:
    """How old a stored baseline may be."""

    max_age: Annotated[Seconds, domain(above=0.0)] = MAX_AGE


@dataclass(frozen=True)
class Stored:
    """What `basis_baseline` held when the last session closed, and when that was; each with whether it could be read."""

    level: Bps
    has_level: bool
    count: int
    has_count: bool
    closed_at: Seconds
    has_closed_at: bool


@dataclass(frozen=True)
class Restored:
    """The states that `basis_baseline` and `anchor_warmup` begin with, how, and whether the store deserves a look."""

    baseline: Bps
    updates: int
    seeded: bool
    warming: Annotated[bool, safe(True)]
    mode: RestoreMode
    warn: Annotated[bool, safe(True)]


@lane
def baseline_restore(stored: Stored, now: Seconds, p: BaselineRestore) -> Restored:
    """The first states of a session.

    Units    baseline [bps], times [s]
    Edges    something missing: cold. A baseline or time that is not finite, a count below 1, a time after now: cold, and warn. Older
             than max_age: cold, without a word; just max_age old: warm. Warm is seeded with the stored value and does not
             warm up again. In a graph a stored value outside its domain rejects the row, which reads: cold, and warn.
    Source   the dual-signal calibration of the CLOB/AMM anchor: 24 hours; count below 1 and a negative age [chosen]

    A compiled engine does this by itself when it restores a snapshot with `at=` and `session="new"`, from the lifetimes of
    `basis_baseline` and `residual_anchor`; this lane is for stores that are not snapshots.
    """
    present = stored.has_level and stored.has_count and stored.has_closed_at
    sound = is_finite(stored.level) and is_finite(stored.closed_at) and stored.count > 0
    age = now - stored.closed_at
    ahead = age < 0.0
    too_old = age > p.max_age
    warm = present and sound and not ahead and not too_old
    warn = present and (not sound or ahead)
    return Restored(
        baseline=stored.level if warm else 0.0,
        updates=stored.count if warm else 0,
        seeded=warm,
        warming=not warm,
        mode=RestoreMode.WARM if warm else RestoreMode.COLD,
        warn=warn,
    )
