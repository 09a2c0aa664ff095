"""One name for the regime, for reports: nothing is sized from it."""

from __future__ import annotations

from typing import Annotated

from dag import carry, domain, lane, params
from lanes.enums import Regime
from lanes.market_maker.beliefs import Beliefs
from lanes.num.k_log import k_log
from lanes.units import Prob, Seconds

Dwell = Annotated[Seconds, domain(lo=0.0)]

#: A belief that small adds nothing to the divergence.
NEGLIGIBLE = 1e-12


@params
class RegimeLabel:
    """By how much a regime has to lead, how far beliefs have to be from even, and how long a label stays at least."""

    margin: Annotated[Prob, domain(lo=0.0)] = 0.20
    kl_min: Annotated[float, domain(lo=0.0)] = 0.3
    to_ext: Dwell = 0.0
    from_ext: Dwell = 300.0
    up: Dwell = 30.0
    down: Dwell = 120.0


@lane
def kl_uniform4(beliefs: Beliefs) -> float:
    """How far the beliefs are from even: their Kullback-Leibler divergence from a quarter each.

    Units    nat, a plain number
    Bits     from 0.0, calm to extreme: p * k_log(p / 0.25) for every p above 1e-12
    """
    kl = 0.0
    for p in (beliefs.calm, beliefs.normal, beliefs.volatile, beliefs.extreme):
        kl = kl + p * k_log(p / 0.25) if p > NEGLIGIBLE else kl
    return kl


@lane
def regime_label(beliefs: Beliefs, t: Seconds, p: RegimeLabel) -> Regime:
    """The most believed regime, once it leads clearly and the last change is long enough ago.

    Units    t and dwells [s], beliefs are probabilities
    State    the label, NORMAL at first, and when it last changed, 0 at first
    Edges    of equal beliefs the calmer one proposes; margin and divergence are strict, a dwell of just the length is enough
    Source   the market maker's redesign: a lead of 0.20, a divergence of 0.3 nat
    [chosen] to EXTREME at once, from it after 300 s, else upward after 30 s and downward after 120 s; divergence from even
             beliefs. The published code has the same
    """
    label = carry(initial=Regime.NORMAL)
    t_last = carry(initial=0.0)
    proposed = Regime.CALM
    lead = beliefs.calm
    proposed = Regime.NORMAL if beliefs.normal > lead else proposed
    lead = beliefs.normal if beliefs.normal > lead else lead
    proposed = Regime.VOLATILE if beliefs.volatile > lead else proposed
    lead = beliefs.volatile if beliefs.volatile > lead else lead
    proposed = Regime.EXTREME if beliefs.extreme > lead else proposed
    lead = beliefs.extreme if beliefs.extreme > lead else lead
    calmer = beliefs.normal if label == Regime.NORMAL else beliefs.calm
    wilder = beliefs.extreme if label == Regime.EXTREME else beliefs.volatile
    current = calmer if label == Regime.CALM or label == Regime.NORMAL else wilder
    usual = p.up if proposed > label else p.down
    leaving = p.from_ext if label == Regime.EXTREME else usual
    dwell = p.to_ext if proposed == Regime.EXTREME else leaving
    kl = kl_uniform4(beliefs)
    moves = proposed != label and lead - current > p.margin and kl > p.kl_min and t - t_last >= dwell
    label = proposed if moves else label
    t_last = t if moves else t_last
    return label
