"""Factor 5: the esoteric-factor score as a haircut."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane, params
from lanes.units import Frac


@params
class EsofMult:
    """The haircut of each band of the score, and how much of it is applied."""

    neutral: Frac = 0.8
    unfav: Frac = 0.3
    stale_fb: Frac = 0.4
    edge: Annotated[float, domain(lo=0.0)] = 0.02
    weight: Frac = 1.0


@lane
def esof_mult(score: Annotated[float, domain(-1.0, 1.0)], present: bool, fresh: bool, p: EsofMult) -> Frac:
    """A multiplier in [0, 1] from the score; `stale_fb` while there is no fresh one.

    Edges    at +edge the score is favourable, at -edge unfavourable; NaN counts as missing. At full weight the band's value
             passes untouched, because 1 - (1 - 0.3) is not 0.3 in binary.
    Source   the haircut levels of the VIOLET V3 shadow engine
    [chosen] the mapping: favourable 1, in between `neutral`, unfavourable `unfav`, then 1 - weight * (1 - m). Half weight
             gives 0.65 and 0.9, which are among the recorded multipliers.
    """
    if not present or not fresh or score != score:
        return p.stale_fb
    below = p.unfav if score <= -p.edge else p.neutral
    m = 1.0 if score >= p.edge else below
    mult = m if p.weight == 1.0 else 1.0 - p.weight * (1.0 - m)
    return mult
