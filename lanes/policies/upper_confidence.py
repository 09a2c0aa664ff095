"""Scores of arms that are optimistic: a mean and a bonus for what is not known yet. The arm with the greatest is played.

An arm that was never played scores infinity. `rounds` is the number of plays of all arms, `plays` of this one; the bonus counts
plays whose reward is still to come, the mean does not.
"""

from __future__ import annotations

from math import inf
from typing import Annotated, TypeAlias

from dag import domain, lane, params, sqrt
from lanes.elementary.logarithm import log
from lanes.policies.window import LONGEST, MOST_SUM, UNITS, SlidingWindow

#: A number of plays, whole or discounted.
Plays: TypeAlias = Annotated[float, domain(0.0, 2.0**53)]
#: Discounted plays below this are none.
#: [chosen] the weight of one play is below it after some 20,000 bars at 0.999
FORGOTTEN = 1e-9
#: Of the range's term in UCB-V.
RANGE_WEIGHT = 3.0
#: A sum of squared deviations.
Squares: TypeAlias = Annotated[float, domain(lo=0.0)]


@params
class Ucb1:
    """The width of the bonus: 1 for rewards between 0 and 1, otherwise twice their standard deviation."""

    scale: Annotated[float, domain(above=0.0, hi=1e9)] = 1.0


@lane
def ucb1(plays: Plays, paid: Plays, total: float, rounds: Plays, p: Ucb1) -> float:
    """The upper confidence bound of an arm's mean reward.

    Units    those of the reward
    Bits     e = 2.0 * log(rounds); total / paid + scale * sqrt(e / plays)
    Source   Auer, Cesa-Bianchi, Fischer (2002), Finite-time analysis of the multiarmed bandit problem, Machine Learning 47
    """
    e = 2.0 * log(max(rounds, 1.0))
    mean = total / max(paid, 1.0)
    score = mean + p.scale * sqrt(max(e / max(plays, 1.0), 0.0)) if plays > 0.0 else inf
    return score


@params
class UcbV:
    """How wide a bound is wanted: the exploration's speed, the weight of the range's term, and the range of a reward."""

    zeta: Annotated[float, domain(above=0.0, hi=1e3)] = 1.2
    c: Annotated[float, domain(0.0, 1e3)] = 1.0
    reach: Annotated[float, domain(above=0.0, hi=1e9)] = 1.0


@lane
def ucb_v(plays: Plays, paid: Plays, mean: float, squares: Squares, rounds: Plays, p: UcbV) -> float:
    """The upper confidence bound of an arm's mean reward that knows how much the rewards vary.

    Units    those of the reward
    Bits     e = zeta * log(rounds); V = squares / paid; mean + sqrt(2.0 * V * e / plays) + 3.0 * c * reach * e / plays
    Source   Audibert, Munos, Szepesvari (2009), Exploration-exploitation tradeoff using variance estimates, TCS 410
    """
    e = p.zeta * log(max(rounds, 1.0))
    variance = squares / max(paid, 1.0)
    n = max(plays, 1.0)
    bound = mean + sqrt(max(2.0 * variance * e / n, 0.0)) + RANGE_WEIGHT * p.c * p.reach * e / n
    score = bound if plays > 0.0 else inf
    return score


@params
class ForgettingUcb:
    """The range of a reward, and the width of the bonus, above 0.5."""

    reach: Annotated[float, domain(above=0.0, hi=1e9)] = 1.0
    xi: Annotated[float, domain(above=0.5, hi=1e3)] = 0.6


@lane
def discounted_ucb(plays: Plays, paid: Plays, total: float, rounds: Plays, p: ForgettingUcb) -> float:
    """The upper confidence bound over discounted rewards, for arms that change; `rounds` is the sum of the arms' discounted plays.

    Units    those of the reward
    Bits     total / paid + 2.0 * reach * sqrt(xi * max(log(rounds), 0.0) / plays)
    Edges    an arm whose discounted plays are below 1e-9 scores infinity, as one that was never played
    Source   Garivier, Moulines (2011), On upper-confidence bound policies for switching bandit problems, ALT
    """
    e = p.xi * max(log(max(rounds, FORGOTTEN)), 0.0)
    mean = total / max(paid, FORGOTTEN)
    score = mean + 2.0 * p.reach * sqrt(max(e / max(plays, FORGOTTEN), 0.0)) if plays >= FORGOTTEN else inf
    return score


@lane
def sliding_window_ucb(
    paid: Annotated[int, domain(0, LONGEST)],
    units: Annotated[int, domain(-MOST_SUM, MOST_SUM)],
    rounds: Plays,
    p: ForgettingUcb,
    window: SlidingWindow,
) -> float:
    """The upper confidence bound over the last `tau` plays, for arms that change; `rounds` counts all plays so far.

    Units    those of the reward
    Bits     mean + reach * sqrt(xi * log(min(rounds, tau)) / paid)
    Edges    an arm without a reward in the window scores infinity
    Source   Garivier, Moulines (2011), On upper-confidence bound policies for switching bandit problems, ALT
    """
    received = float(max(paid, 1))
    e = p.xi * log(max(min(rounds, float(window.tau)), 1.0))
    mean = float(units) / UNITS / received
    score = mean + p.reach * sqrt(max(e / received, 0.0)) if paid > 0 else inf
    return score
