"""Whole policies over an axis of arms, as a user writes them: learn, add up, score, choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import T, Vector, carry, domain, lane, sum_seq
from lanes.distrack.philox import RandomKey
from lanes.draws import ARM, block_of, open_unit
from lanes.policies import (
    Discount,
    Exp3,
    Exp3S,
    ForgettingUcb,
    GaussianBelief,
    Hedge,
    LinUcb,
    SlidingWindow,
    Ucb1,
    UcbV,
    arm_moments,
    arm_totals,
    best_arm,
    discounted_totals,
    discounted_ucb,
    drawn,
    exp3_log_weight,
    exp3_s_log_weight,
    exp3_share,
    greatest_of,
    hedge_log_weight,
    is_arm,
    lin_ucb_score,
    no_rewards,
    relative_weight,
    reward_window,
    ridge_matrix,
    shared_weight,
    sliding_window_ucb,
    thompson_gaussian,
    ucb1,
    ucb_v,
    window_totals,
    with_context,
    with_reward,
)

Reward = Annotated[float, domain(-1e6, 1e6)]
Unit = Annotated[float, domain(0.0, 1.0)]
#: What `open_unit` gives.
Draw = Annotated[float, domain(2.0**-53, 1.0 - 2.0**-53)]
MOST = 2.0**53


class Arms(Vector[T], length=10):
    """As many as the largest problem has; others leave some out."""


@dataclass(frozen=True)
class Chosen:
    """The arm of the next bar, and what every arm scored."""

    arm: int
    scores: Arms[float]


@dataclass(frozen=True)
class Drawn:
    """The arm of this bar, and the log weights that it was drawn by."""

    arm: int
    log_weights: Arms[float]


@lane
def ucb1_policy(rewards: Arms[Reward], eligible: Arms[bool], p: Ucb1) -> Chosen:
    """Of the arm that was played the reward is learnt; then the arm of the greatest bound is played."""
    arm = carry(initial=-1)
    played = is_arm(arm, rewards)
    seen = Arms(arm_totals(d, d, x) for d, x in zip(played, rewards, strict=True))
    rounds = min(sum_seq((s.plays for s in seen), 0.0), MOST)
    scores = Arms(ucb1(s.plays, s.paid, s.total, rounds, p) for s in seen)
    arm = best_arm(scores, eligible)
    return Chosen(arm, scores)


@lane
def ucb_v_policy(rewards: Arms[Reward], eligible: Arms[bool], p: UcbV) -> Chosen:
    """As `ucb1_policy`."""
    arm = carry(initial=-1)
    played = is_arm(arm, rewards)
    seen = Arms(arm_moments(d, d, x) for d, x in zip(played, rewards, strict=True))
    rounds = min(sum_seq((s.plays for s in seen), 0.0), MOST)
    scores = Arms(ucb_v(s.plays, s.paid, s.mean, max(s.squares, 0.0), rounds, p) for s in seen)
    arm = best_arm(scores, eligible)
    return Chosen(arm, scores)


@lane
def discounted_policy(rewards: Arms[Reward], eligible: Arms[bool], d: Discount, p: ForgettingUcb) -> Chosen:
    """As `ucb1_policy`, with the past discounted."""
    arm = carry(initial=-1)
    played = is_arm(arm, rewards)
    seen = Arms(discounted_totals(is_it, is_it, x, d) for is_it, x in zip(played, rewards, strict=True))
    rounds = min(sum_seq((s.plays for s in seen), 0.0), MOST)
    scores = Arms(discounted_ucb(s.plays, s.paid, s.total, rounds, p) for s in seen)
    arm = best_arm(scores, eligible)
    return Chosen(arm, scores)


@lane
def sliding_policy(rewards: Arms[Reward], eligible: Arms[bool], w: SlidingWindow, p: ForgettingUcb) -> Chosen:
    """As `ucb1_policy`, over the last plays."""
    arm = carry(initial=-1)
    rounds = carry(initial=0.0)
    paid = rewards[min(max(arm, 0), 9)]
    passing = reward_window(arm, paid, w)
    rounds = min(rounds + (1.0 if passing.entering >= 0 else 0.0), MOST)
    entering, leaving = is_arm(passing.entering, rewards), is_arm(passing.leaving, rewards)
    seen = Arms(window_totals(e, passing.units, o, passing.left_units) for e, o in zip(entering, leaving, strict=True))
    scores = Arms(sliding_window_ucb(s.paid, s.units, rounds, p, w) for s in seen)
    arm = best_arm(scores, eligible)
    return Chosen(arm, scores)


@lane
def thompson_policy(rewards: Arms[Reward], eligible: Arms[bool], p: GaussianBelief, key: RandomKey) -> Chosen:
    """As `ucb1_policy`, drawing from what is believed; the arms' serials are 1 and 2."""
    arm = carry(initial=-1)
    bar = carry(initial=0)
    played = is_arm(arm, rewards)
    seen = Arms(arm_totals(d, d, x) for d, x in zip(played, rewards, strict=True))
    scores = Arms(thompson_gaussian(s.paid, s.total, bar, k + 1, p, key) for k, s in enumerate(seen))
    arm = best_arm(scores, eligible)
    bar = min(bar + 1, 1 << 39)
    return Chosen(arm, scores)


@lane
def exp3_policy(rewards: Arms[Unit], eligible: Arms[bool], u: Draw, p: Exp3) -> Drawn:
    """An arm is drawn on each bar, and its reward of the same bar is learnt."""
    before = carry(initial=Arms(fill=0.0))
    greatest = greatest_of(before, eligible)
    arms = max(sum_seq((1 for e in eligible if e), 0), 1)
    weights = Arms(relative_weight(w, greatest) if e else 0.0 for w, e in zip(before, eligible, strict=True))
    total = max(sum_seq(weights, 0.0), 1.0)
    shares = Arms(exp3_share(w, total, arms, p) if e else 0.0 for w, e in zip(weights, eligible, strict=True))
    arm = drawn(shares, u)
    played = is_arm(arm, rewards)
    each = zip(played, rewards, shares, strict=True)
    learnt = Arms(exp3_log_weight(d, x, min(max(s, LEAST), 1.0), greatest, arms, p) for d, x, s in each)
    before = learnt
    most = greatest_of(learnt, eligible)
    return Drawn(arm, learnt - most)


#: No probability that EXP3 gives is smaller.
LEAST = 1e-300


@lane
def exp3_s_policy(rewards: Arms[Unit], eligible: Arms[bool], u: Draw, p: Exp3S) -> Drawn:
    """As `exp3_policy`; every arm is given some of the weight of all."""
    before = carry(initial=Arms(fill=0.0))
    greatest = greatest_of(before, eligible)
    arms = max(sum_seq((1 for e in eligible if e), 0), 1)
    weights = Arms(relative_weight(w, greatest) if e else 0.0 for w, e in zip(before, eligible, strict=True))
    total = max(sum_seq(weights, 0.0), 1.0)
    explore = Exp3(p.gamma)
    shares = Arms(exp3_share(w, total, arms, explore) if e else 0.0 for w, e in zip(weights, eligible, strict=True))
    arm = drawn(shares, u)
    given = shared_weight(total, arms, p)
    played = is_arm(arm, rewards)
    each = zip(played, rewards, shares, strict=True)
    learnt = Arms(exp3_s_log_weight(d, x, min(max(s, LEAST), 1.0), greatest, given, arms, p) for d, x, s in each)
    before = learnt
    most = greatest_of(learnt, eligible)
    return Drawn(arm, learnt - most)


@lane
def hedge_policy(rewards: Arms[Unit], eligible: Arms[bool], key: RandomKey, p: Hedge) -> Drawn:
    """All rewards are seen; the arm is drawn by the policy's own counter."""
    before = carry(initial=Arms(fill=0.0))
    bar = carry(initial=0)
    greatest = greatest_of(before, eligible)
    weights = Arms(relative_weight(w, greatest) if e else 0.0 for w, e in zip(before, eligible, strict=True))
    high, low, _, _ = block_of(0, bar, 0, ARM, (key.key_low, key.key_high))
    arm = drawn(weights, open_unit(high, low))
    learnt = Arms(hedge_log_weight(x, greatest, p) for x in rewards)
    before = learnt
    bar = min(bar + 1, 1 << 39)
    most = greatest_of(learnt, eligible)
    return Drawn(arm, learnt - most)


Context = tuple[Unit, Unit, Unit]


@lane
def lin_ucb_arm(context: Context, played: bool, reward: Reward, p: LinUcb) -> float:
    """The score of one arm in a context of three numbers, from the plays before this bar."""
    products = carry(initial=ridge_matrix(3, 1.0))
    rewards = carry(initial=no_rewards(3))
    score = lin_ucb_score(products, rewards, context, p)
    more, paid = with_context(products, context), with_reward(rewards, context, reward)
    products = more if played else products
    rewards = paid if played else rewards
    return score


POLICIES = (
    ucb1_policy, ucb_v_policy, discounted_policy, sliding_policy, thompson_policy, exp3_policy, exp3_s_policy, hedge_policy,
    lin_ucb_arm,
)  # fmt: skip
