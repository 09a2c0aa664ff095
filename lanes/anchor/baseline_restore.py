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
class Restored:
    """The states that `basis_baseline` and `anchor_warmup` begin with, how, and whether the store deserves a look."""

    level: Bps
    count: int
    seeded: bool
    warming: Annotated[bool, safe(True)]
    mode: RestoreMode
    warn: Annotated[bool, safe(True)]


@lane
def baseline_restore(
    baseline: Bps, count: int, closed_at: Seconds, present: bool, now: Seconds, p: BaselineRestore
) -> Restored:
    """The first states of a session. `present` says that all three stored values are there and could be read.

    Units    baseline [bps], times [s]
    Edges    nothing stored: cold. A baseline or time that is not finite, a count below 1, a time after now: cold, and warn. Older
             than max_age: cold, without a word; just max_age old: warm. Warm is seeded with the stored value and does not
             warm up again. In a graph a stored value outside its domain rejects the row, which reads: cold, and warn.
    Source   the dual-signal calibration of the CLOB/AMM anchor: 24 hours; count below 1 and a negative age [chosen]

    A compiled engine does this by itself when it restores a snapshot with `at=` and `session="new"`, from the lifetimes of
    `basis_baseline` and `residual_anchor`; this lane is for stores that are not snapshots.
    """
    sound = is_finite(baseline) and is_finite(closed_at) and count > 0
    age = now - closed_at
    dated = age >= 0.0
    warm = present and sound and dated and age <= p.max_age
    warn = present and (not sound or age < 0.0)
    return Restored(
        level=baseline if warm else 0.0,
        count=count if warm else 0,
        seeded=warm,
        warming=not warm,
        mode=RestoreMode.WARM if warm else RestoreMode.COLD,
        warn=warn,
    )
