"""The policies by name: what `--policy` takes, with the settings of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from dag.language.lane import AnyLane
from dagc.debugging.naming_help import did_you_mean
from dagc.vibriss.policy.bandits import IndexPolicy, Policy, SharePolicy
from dagc.vibriss.policy.orders import (
    Halving,
    HalvingPolicy,
    RankPolicy,
    TopK,
    TopKPolicy,
    Tuning,
    TuningPolicy,
    settings_of,
)
from dagc.vibriss.policy.windowed import WindowPolicy
from dagc.vibriss.problem import PopulationProblem
from lanes import policies as lanes

#: Makes a policy from its settings, a seed and a number of threads.
Maker = Callable[[Mapping[str, Any], int, int], Policy]


@dataclass(frozen=True, slots=True)
class Entry:
    """A policy: how it is made, the settings that it has, and what it is, in a line."""

    make: Maker
    settings: tuple[str, ...]
    about: str


def _index(seen: AnyLane, score: AnyLane, unit_rewards: bool = False) -> Maker:
    def make(settings: Mapping[str, Any], seed: int, threads: int) -> Policy:
        key = {"key_low": seed & 0xFFFFFFFF, "key_high": seed >> 32}
        return IndexPolicy(seen, score, {**settings, **key}, threads, unit_rewards)

    return make


def _share(seen: AnyLane) -> Maker:
    return lambda settings, seed, threads: SharePolicy(seen, settings, seed, threads)


def _names(*kinds: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for kind in kinds for field in fields(kind))


_UCB = _names(lanes.Ucb1)
_FORGETTING = _names(lanes.ForgettingUcb)
POLICIES: Mapping[str, Entry] = {
    "equal": Entry(
        lambda settings, seed, threads: RankPolicy(threads), (), "the same capital for all: nothing is governed"
    ),
    "ucb1": Entry(_index(lanes.arm_totals, lanes.ucb1), _UCB, "the greatest upper confidence bound"),
    "ucb-v": Entry(_index(lanes.arm_moments, lanes.ucb_v), _names(lanes.UcbV), "UCB that knows how much rewards vary"),
    "discounted-ucb": Entry(
        _index(lanes.discounted_totals, lanes.discounted_ucb),
        (*_names(lanes.Discount), *_FORGETTING),
        "UCB that forgets at a rate",
    ),
    "sliding-ucb": Entry(
        lambda settings, seed, threads: WindowPolicy(settings, threads),
        (*_names(lanes.SlidingWindow), *_FORGETTING),
        "UCB over the last plays",
    ),
    "thompson": Entry(
        _index(lanes.arm_totals, lanes.thompson_gaussian), _names(lanes.GaussianBelief), "draws from normal posteriors"
    ),
    "thompson-beta": Entry(
        _index(lanes.arm_totals, lanes.thompson_beta, unit_rewards=True), (), "draws from Beta posteriors"
    ),
    "exp3": Entry(_share(lanes.exp3_log_weight), _names(lanes.Exp3), "no assumption about the rewards"),
    "exp3-s": Entry(_share(lanes.exp3_s_log_weight), _names(lanes.Exp3S), "EXP3 for a best arm that changes"),
    "hedge": Entry(_share(lanes.hedge_log_weight), _names(lanes.Hedge), "all rewards are seen, as in a shadow run"),
    "top-k": Entry(
        lambda settings, seed, threads: TopKPolicy(settings_of(TopK, settings), threads),
        _names(TopK),
        "the best k share the capital, with hysteresis",
    ),
    "halving": Entry(
        lambda settings, seed, threads: HalvingPolicy(settings_of(Halving, settings), threads),
        _names(Halving),
        "successive halving: the best of each eta stay",
    ),
    "pbt": Entry(
        lambda settings, seed, threads: TuningPolicy(settings_of(Tuning, settings), seed, threads),
        _names(Tuning),
        "the worst are re-tuned from the best",
    ),
}


def policy_called(name: str, settings: Mapping[str, Any], seed: int, threads: int = 1) -> Policy:
    """A new policy. Raises PopulationProblem for a name or a setting that there is not, or a value outside its domain."""
    if name not in POLICIES:
        raise PopulationProblem(f"`{name}` is no policy: {did_you_mean(name, tuple(POLICIES))}")
    entry = POLICIES[name]
    for key, value in settings.items():
        if key not in entry.settings:
            there = ", ".join(entry.settings) or "none"
            raise PopulationProblem(f"the policy `{name}` has no setting `{key}`; there are {there}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PopulationProblem(f"the policy `{name}`: {key} = {value!r}: expected a number")
    return entry.make(settings, seed, threads)
