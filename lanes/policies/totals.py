"""What is known of one arm: how often it was played and paid, and what it paid. Each policy scores arms by one of these.

An arm's decision and its reward may be bars apart: `played` says that it was chosen, `paid` that the reward of an earlier choice
is here. A reward that is not finite is refused and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import carry, domain, lane, params
from lanes.num.is_finite import is_finite


@dataclass(frozen=True)
class ArmTotals:
    """Plays, rewards received, their sum, and rewards that were no numbers."""

    plays: float
    paid: float
    total: float
    refused: float


@lane
def arm_totals(played: bool, paid: bool, reward: float) -> ArmTotals:
    """Counts and the sum of the rewards of one arm, this bar included.

    Units    counts; `total` in the unit of the reward
    Bits     rewards are added in the order in which they come
    Edges    a reward that is not finite changes `refused` alone
    """
    plays = carry(initial=0.0)
    received = carry(initial=0.0)
    total = carry(initial=0.0)
    refused = carry(initial=0.0)
    counts = paid and is_finite(reward)
    plays = plays + 1.0 if played else plays
    received = received + 1.0 if counts else received
    total = total + reward if counts else total
    refused = refused + 1.0 if paid and not counts else refused
    return ArmTotals(plays=plays, paid=received, total=total, refused=refused)


@dataclass(frozen=True)
class ArmMoments:
    """Plays, rewards received, their mean, the sum of their squared deviations, and rewards that were no numbers."""

    plays: float
    paid: float
    mean: float
    squares: float
    refused: float


@lane
def arm_moments(played: bool, paid: bool, reward: float) -> ArmMoments:
    """Mean and squared deviations of the rewards of one arm, this bar included.

    Bits     d = x - mean; mean = mean + d / n; squares = squares + d * (x - mean)
    Edges    a reward that is not finite changes `refused` alone
    Source   Welford (1962), Technometrics 4(3)
    """
    plays = carry(initial=0.0)
    received = carry(initial=0.0)
    mean = carry(initial=0.0)
    squares = carry(initial=0.0)
    refused = carry(initial=0.0)
    counts = paid and is_finite(reward)
    plays = plays + 1.0 if played else plays
    received = received + 1.0 if counts else received
    d = reward - mean
    nearer = mean + d / max(received, 1.0)
    squares = squares + d * (reward - nearer) if counts else squares
    mean = nearer if counts else mean
    refused = refused + 1.0 if paid and not counts else refused
    return ArmMoments(plays=plays, paid=received, mean=mean, squares=squares, refused=refused)


@params
class Discount:
    """What a bar leaves of the weight of everything before it."""

    discount: Annotated[float, domain(above=0.0, hi=1.0)] = 0.999


@lane
def discounted_totals(played: bool, paid: bool, reward: float, p: Discount) -> ArmTotals:
    """As `arm_totals`, where every bar first leaves `discount` of what there was, whichever arm is played.

    Bits     N = g * N + played; S = g * S + x, x being 0 where nothing is paid
    Source   Garivier, Moulines (2011), On upper-confidence bound policies for switching bandit problems, ALT
    """
    plays = carry(initial=0.0)
    received = carry(initial=0.0)
    total = carry(initial=0.0)
    refused = carry(initial=0.0)
    counts = paid and is_finite(reward)
    plays = p.discount * plays + (1.0 if played else 0.0)
    received = p.discount * received + (1.0 if counts else 0.0)
    total = p.discount * total + (reward if counts else 0.0)
    refused = refused + 1.0 if paid and not counts else refused
    return ArmTotals(plays=plays, paid=received, total=total, refused=refused)
