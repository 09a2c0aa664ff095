"""Factors of the sizing that nobody has defined yet."""

from __future__ import annotations

from dataclasses import dataclass

from dag import slot
from lanes.units import Mult


@dataclass(frozen=True)
class HashRegime:
    """The label of a sub-regime, and what it multiplies the size by."""

    tag: int
    mult: Mult


@slot
def meta_boost() -> Mult:
    """The middle term of the regime factor. Neutral: 1.

    Source   the VIOLET V3 sizing names it and defines nothing
    """
    return 1.0


@slot
def z_leverage_gate() -> Mult:
    """A gate on leverage from a daily z score of a one-minute model. Neutral: 1.

    A lane in this slot takes the score itself, `z13: float`, which becomes an input of the graph.

    Source   the D_LIQ gold studies: a return of 186.40 % at no cost in drawdown; not made a product
    """
    return 1.0


@slot
def composite_hash_regime() -> HashRegime:
    """A sub-regime by a composite hash. Neutral: label 0, factor 1.

    A lane in this slot takes the hash itself, an `int`, which becomes an input of the graph.

    Source   the VIOLET data study, whose label channel was wrong two times in five
    """
    return HashRegime(tag=0, mult=1.0)
