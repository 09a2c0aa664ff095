"""Policies that draw an arm with a probability: EXP3, EXP3.S and Hedge, over logarithms of weights.

On a bar, each arm's `*_log_weight` learns; the greatest of them is M, the same for all. Then `weight` is exp(L - M), W the sum
of those, and `share` the probability. `drawn` takes the arm. M is subtracted when the log weight is next updated, so weights
neither overflow nor vanish together.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from dag import Vector, carry, domain, lane, max_seq, params
from lanes.elementary.exponential import exp
from lanes.elementary.logarithm import log, log1p
from lanes.num.is_finite import is_finite

#: A probability that is never 0: EXP3 gives every arm at least gamma / K.
Chance: TypeAlias = Annotated[float, domain(above=0.0, hi=1.0)]
#: No log weight is as small.
LEAST_LOG_WEIGHT = -1e300
LogWeight: TypeAlias = Annotated[float, domain(LEAST_LOG_WEIGHT, 1e300)]
Arms: TypeAlias = Annotated[int, domain(1, 1 << 40)]


@params
class Exp3:
    """The share of plays that explore: sqrt(K ln K / ((e - 1) T)) for K arms and T plays is the best that is known."""

    gamma: Annotated[float, domain(above=0.0, hi=1.0)] = 0.1


@params
class Exp3S:
    """As `Exp3`, and what an arm is given of the others' weight on every bar: 1 / T."""

    gamma: Annotated[float, domain(above=0.0, hi=1.0)] = 0.1
    alpha: Annotated[float, domain(above=0.0, hi=1.0)] = 0.001


@params
class Hedge:
    """The learning rate: sqrt(8 ln K / T)."""

    eta: Annotated[float, domain(above=0.0, hi=1e3)] = 0.1


@lane
def exp3_log_weight(paid: bool, reward: float, chance: Chance, greatest: LogWeight, arms: Arms, p: Exp3) -> LogWeight:
    """The log weight of one arm, which is paid or not, `chance` being the probability with which it was played.

    Units    rewards between 0 and 1
    Bits     the greatest of the bar before is subtracted; then gamma * (reward / chance) / arms is added if it is paid
    Edges    a reward that is not finite is none
    Source   Auer, Cesa-Bianchi, Freund, Schapire (2002), The nonstochastic multiarmed bandit problem, SIAM J. Computing 32(1)
    """
    weight = carry(initial=0.0)
    weight = weight - greatest
    gain = p.gamma * (reward / chance) / float(arms)
    weight = weight + gain if paid and is_finite(reward) else weight
    return weight


@lane
def shared_weight(total: Annotated[float, domain(above=0.0)], arms: Arms, p: Exp3S) -> float:
    """The logarithm of what EXP3.S gives every arm on a bar: e * alpha / arms of the weight of all.

    Bits     log(total) + log(e * alpha / arms), `total` being the sum of the weights that the arm was drawn by
    Source   as `exp3_s_log_weight`
    """
    given = log(total) + log(EULER * p.alpha / float(arms))
    return given


#: e, rounded.
EULER = 2.718281828459045


@lane
def exp3_s_log_weight(
    paid: bool, reward: float, chance: Chance, greatest: LogWeight, given: LogWeight, arms: Arms, p: Exp3S
) -> LogWeight:
    """As `exp3_log_weight`; then the weight `given` to every arm (see `shared_weight`) is added to its own.

    Bits     f = given: max(L, f) + log1p(exp(min(L, f) - max(L, f)))
    Source   Auer, Cesa-Bianchi, Freund, Schapire (2002), as EXP3; its section 8
    """
    weight = carry(initial=0.0)
    weight = weight - greatest
    gain = p.gamma * (reward / chance) / float(arms)
    weight = weight + gain if paid and is_finite(reward) else weight
    more = max(weight, given)
    weight = more + log1p(exp(min(weight, given) - more))
    return weight


@lane
def hedge_log_weight(reward: float, greatest: LogWeight, p: Hedge) -> LogWeight:
    """The log weight of one arm where the rewards of all are seen, as in a shadow run.

    Bits     the greatest of the bar before is subtracted; then eta * reward is added
    Edges    a reward that is not finite is none
    Source   Freund, Schapire (1997), A decision-theoretic generalization of on-line learning, JCSS 55(1)
    """
    weight = carry(initial=0.0)
    weight = weight - greatest
    weight = weight + p.eta * reward if is_finite(reward) else weight
    return weight


@lane
def relative_weight(log_weight: LogWeight, greatest: LogWeight) -> float:
    """The weight of an arm, that of the greatest being 1."""
    weight = exp(log_weight - greatest)
    return weight


@lane
def exp3_share(
    weight: Annotated[float, domain(0.0, 1.0)], total: Annotated[float, domain(1.0)], arms: Arms, p: Exp3
) -> float:
    """The probability of an arm: (1.0 - gamma) * (weight / total) + gamma / arms."""
    share = (1.0 - p.gamma) * (weight / total) + p.gamma / float(arms)
    return share


def greatest_of(log_weights: Vector[float], eligible: Vector[bool]) -> float:
    """The greatest log weight of the arms that are eligible, which the others are relative to; 0.0 of none."""
    held = zip(log_weights, eligible, strict=True)
    greatest = max_seq((w for w, e in held if e), LEAST_LOG_WEIGHT)
    return greatest if any(eligible) else 0.0


def drawn(shares: Vector[float], u: float) -> int:
    """Which arm `u`, between 0 and 1, takes: how many of the running sums of `shares` are at most u times the last.

    For up to 16 arms. The sums need not reach 1: u is at most 1 - 2^-53, so it takes no arm beyond the last. -1 where all are 0.
    """
    total = 0.0
    for share in shares:
        total = total + share
    bound = u * total
    reached, arm = 0.0, 0
    for share in shares:
        reached = reached + share
        arm = arm + 1 if reached <= bound else arm
    return arm if total > 0.0 else -1
