"""Policies on problems whose best course is known: the mean regret of many runs, three standard errors added, is within the bound.

The bounds are theorems about the policies, each of the paper that its lane names. A run is an instance: the rewards of all arms are
drawn beforehand, and the policy sees those of the arm that it plays.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import e, log, pi, sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dag.language.lane import AnyLane
from dagc.interactive.functions import compile as compiled
from lanes.policies import Ucb1
from tests.lanes.policies.test_policies import ARMS
from tests.support import policy_lanes as whole
from tests.support.tiers import count, few

Floats = NDArray[np.float64]
BARS, RUNS = count(2_000, 10_000), count(60, 200)


def rewards_of(means: Floats, seed: int) -> Floats:
    """Zeros and ones [bars, runs, arms], one with the probability `means` [bars, arms]; arms that there are not pay nothing."""
    dice = np.random.default_rng(seed)
    bars, arms = means.shape
    found = np.zeros((bars, RUNS, ARMS))
    found[:, :, :arms] = dice.random((bars, RUNS, arms)) < means[:, None, :]
    return found


def plays(lane: AnyLane, rewards: Floats, arms: int, params: dict[str, Any], draws: bool) -> NDArray[np.int64]:
    """Which arm earned on each bar [bars, runs]; -1 on a first bar of a policy that decides for the next one."""
    kernel = compiled(lane)
    bars, runs, _ = rewards.shape
    eligible = np.broadcast_to(np.arange(ARMS) < arms, rewards.shape)
    columns: dict[str, Any] = {"rewards": rewards, "eligible": eligible}
    if draws:
        k = np.random.default_rng(99).integers(0, 1 << 52, (bars, runs))
        columns["u"] = (2 * k + 1).astype(float) / 2.0**53
    table = {port.name: np.full(runs, params.get(port.name, port.default)) for port in kernel.graph.params}
    arm: NDArray[np.int64] = kernel.bind(table).run(columns).arm
    return arm if draws else np.concatenate([np.full((1, runs), -1), arm[:-1]])


def regret(lane: AnyLane, means: Floats, params: dict[str, Any], draws: bool = False) -> tuple[float, float]:
    """The mean over the runs of what the best arm of each bar is expected to pay beyond the arm that is played, and its error."""
    arm = plays(lane, rewards_of(means, 7), means.shape[1], params, draws)
    bars = np.arange(len(arm))[:, None]
    lost = np.where(arm < 0, 0.0, means.max(axis=1)[:, None] - means[bars, np.maximum(arm, 0)]).sum(axis=0)
    return float(lost.mean()), float(lost.std(ddof=1) / sqrt(RUNS))


def steady(*means: float) -> Floats:
    return np.tile(means, (BARS, 1))


def ucb1_bound(means: Sequence[float]) -> float:
    gaps = [max(means) - mean for mean in means if mean < max(means)]
    return sum(8 * log(BARS) / gap for gap in gaps) + (1 + pi**2 / 3) * sum(gaps)


def assert_within(found: tuple[float, float], bound: float) -> None:
    mean, error = found
    assert 0.0 < mean + 3.0 * error <= bound, (mean, error, bound)


TEN = (0.9, *[0.8] * 3, *[0.7] * 3, *[0.6] * 3)


@pytest.mark.parametrize("means", few([(0.9, 0.6), TEN], 2))
def test_ucb1(means: tuple[float, ...]) -> None:
    assert_within(regret(whole.ucb1_policy, steady(*means), {}), ucb1_bound(means))


@pytest.mark.long
def test_ucb_v_knows_the_variance() -> None:
    gaps = [(0.9 - mean, mean * (1 - mean)) for mean in TEN[1:]]
    bound = 10 * sum(variance / gap + 2 for gap, variance in gaps) * log(BARS)
    assert_within(regret(whole.ucb_v_policy, steady(*TEN), {}), bound)


def test_exp3() -> None:
    gamma = min(1.0, sqrt(ARMS * log(ARMS) / ((e - 1) * BARS)))
    bound = 2 * sqrt((e - 1) * ARMS * BARS * log(ARMS))
    assert_within(regret(whole.exp3_policy, steady(*TEN), {"gamma": gamma}, draws=True), bound)


def drifting() -> Floats:
    """The third arm is the best for a fifth of the time."""
    means = steady(0.5, 0.3, 0.4)
    means[BARS * 3 // 10 : BARS // 2, 2] = 0.9
    return means


@pytest.mark.long
def test_exp3_s_follows_the_best_arm() -> None:
    switches, k = 3, 3
    gamma = min(1.0, sqrt(k * (switches * log(k * BARS) + e) / ((e - 1) * BARS)))
    bound = 2 * sqrt((e - 1) * k * BARS * (switches * log(k * BARS) + e))
    found = regret(whole.exp3_s_policy, drifting(), {"gamma": gamma, "alpha": 1.0 / BARS}, draws=True)
    assert_within(found, bound)


@pytest.mark.long
def test_a_window_follows_what_ucb1_misses() -> None:
    window, _ = regret(whole.sliding_policy, drifting(), {"tau": 429})
    whole_past, _ = regret(whole.ucb1_policy, drifting(), {})
    assert window < whole_past


def test_an_adversary_takes_everything_from_ucb1() -> None:
    """It pays nothing where UCB1 goes, which is no secret: at least half of all plays are lost."""
    stream = whole.ucb1_policy.stream(Ucb1())
    eligible = [True, True, *[False] * (ARMS - 2)]
    arm, earned, bars = -1, 0.0, 500
    for _ in range(bars):
        paid = [0.0 if k == arm else 1.0 for k in range(ARMS)]
        earned += paid[arm] if arm >= 0 else 0.0
        arm = stream(paid, eligible).arm
    assert earned == 0.0
