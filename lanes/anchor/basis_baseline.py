"""The slow part of the basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, lane, observes, params, persistent, unit
from lanes.num.ema_step import EmaForm, alpha_from_span, ema_step
from lanes.num.is_finite import is_finite
from lanes.units import Bps

#: How old a stored baseline may be, in seconds: just a day is not too old.
MAX_AGE = 86_400.0
_LASTING = persistent(max_age=MAX_AGE)


@params
class BasisBaseline:
    """How slow: 150 ticks of 4 seconds are ten minutes. 50 is noisy, 300 too slow."""

    span: Annotated[float, unit("ticks_t"), domain(above=0.0)] = 150.0
    form: EmaForm = EmaForm.DELTA


@dataclass(frozen=True)
class Baseline:
    """The baseline after this tick, and how many ticks have gone into it."""

    baseline: Bps
    count: int


@lane
def basis_baseline(basis: Annotated[Bps, observes("raw")], p: BasisBaseline) -> Baseline:
    """Exponential average of the basis; the first value seeds it exactly.

    Units    basis and baseline [bps], span [ticks_t]
    State    the level, the count, and whether there was a first value; cold start is (0, 0, no). All three outlive the
             session, for a day at most: a baseline that was stored longer ago begins cold
    Edges    a basis that is not finite changes nothing. With the DELTA form a constant basis is its own baseline for ever,
             so the residual is exactly +0.0.
    Source   the dual-signal calibration of the CLOB/AMM anchor: alpha = 2 / (span + 1); the DELTA form is [chosen]
    """
    level = carry(initial=0.0, lifetime=_LASTING)
    count = carry(initial=0, lifetime=_LASTING)
    seeded = carry(initial=False, lifetime=_LASTING)
    stepped = ema_step(level, basis, alpha_from_span(p.span), p.form)
    usable = is_finite(basis)
    seeding = stepped if seeded else basis
    level = seeding if usable else level
    count = count + 1 if usable else count
    seeded = seeded or usable
    return Baseline(baseline=level, count=count)
