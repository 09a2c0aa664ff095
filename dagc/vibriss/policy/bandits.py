"""Bandit policies over a population: an arm's statistics and its score or weight are lanes, a row an arm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from dag.language.lane import AnyLane
from dag.values.words import Column
from dagc.vibriss.policy.arms import ArmRows
from dagc.vibriss.policy.crossing import Floats, Mask, Serials, first_greatest, fold, running_sums
from lanes.distrack.philox import RandomKey
from lanes.draws import ARM, uniform_draw


@dataclass(frozen=True, slots=True)
class Census:
    """Who there is before a round: serials in ascending order, and who may be played."""

    bar: int
    serials: Serials
    eligible: Mask


class Policy(Protocol):
    """What governs a population: `weights` before a round, `learn` after it. Arms are rows, in ascending serial."""

    #: Whether rewards must lie between 0 and 1.
    wants_unit_rewards: bool
    #: The weights of the round that runs [arms].
    played: Floats

    def add(self, count: int) -> None:
        """Arms that were born: the last rows."""
        ...

    def keep(self, kept: Mask) -> None:
        """Drop the others."""
        ...

    def weights(self, census: Census) -> Floats:
        """What share of the capital each arm has in the round that begins [arms]."""
        ...

    def learn(self, census: Census, rewards: Floats, paid: Mask) -> None:
        """The rewards of the round [arms], and which of them are numbers."""
        ...

    def retired(self, census: Census, ages: Serials) -> Mask:
        """Who dies at the end of the round [arms]; `ages` are in bars."""
        ...

    def retuned(self, census: Census) -> list[tuple[int, int]]:
        """The rows that die at the end of the round for a child of another row: (row, donor's row)."""
        ...

    def arrays(self) -> dict[str, Column]:
        """All that it remembers, by name."""
        ...

    def restore(self, arrays: Mapping[str, Column]) -> None:
        """Remember that instead."""
        ...


class RowsPolicy:
    """What policies share that remember their arms in rows of one lane, and a few numbers beside."""

    wants_unit_rewards = False

    def __init__(self, seen: AnyLane, settings: Mapping[str, Any], threads: int = 1) -> None:
        self.seen = ArmRows(seen, settings, threads)
        self.numbers: dict[str, float] = {}
        #: The weights of the round that runs.
        self.played: Floats = np.zeros(0)

    def add(self, count: int) -> None:
        self.seen.add(count)

    def keep(self, kept: Mask) -> None:
        self.seen.rows.keep(kept)

    def retired(self, census: Census, ages: Serials) -> Mask:
        return np.zeros(len(ages), bool)

    def retuned(self, census: Census) -> list[tuple[int, int]]:
        return []

    def arrays(self) -> dict[str, Column]:
        state = {f"seen.{name}": column for name, column in self.seen.rows.state().items()}
        return state | {f"number.{name}": np.array([value]) for name, value in self.numbers.items()}

    def restore(self, arrays: Mapping[str, Column]) -> None:
        state = {name.removeprefix("seen."): column for name, column in arrays.items() if name.startswith("seen.")}
        self.seen.rows.keep(np.zeros(len(self.seen.rows), bool))
        self.seen.add(len(next(iter(state.values()))), state)
        for name in self.numbers:
            self.numbers[name] = float(arrays[f"number.{name}"][0])


class IndexPolicy(RowsPolicy):
    """The arm of the greatest score has all the capital: UCB and Thompson sampling."""

    def __init__(
        self, seen: AnyLane, score: AnyLane, settings: Mapping[str, Any], threads: int = 1, unit_rewards: bool = False
    ) -> None:
        super().__init__(seen, settings, threads)
        self.score = ArmRows(score, settings, threads)
        self.wants_unit_rewards = unit_rewards
        self._learnt: dict[str, Column] | None = None

    def add(self, count: int) -> None:
        super().add(count)
        self.score.add(count)
        self._learnt = None

    def keep(self, kept: Mask) -> None:
        super().keep(kept)
        self.score.rows.keep(kept)
        self._learnt = None

    def restore(self, arrays: Mapping[str, Column]) -> None:
        super().restore(arrays)
        self.score.rows.keep(np.zeros(len(self.score.rows), bool))
        self.score.add(len(self.seen.rows))
        self._learnt = None

    def weights(self, census: Census) -> Floats:
        count = len(census.serials)
        totals = self._totals()
        rounds = fold(totals["plays"], census.serials, np.ones(count, bool))
        asked = {**totals, "rounds": rounds, "bar": census.bar, "serial": census.serials}
        scores = self.score.output(asked)
        found = np.zeros(count)
        arm = first_greatest(scores, census.eligible)
        if arm >= 0:
            found[arm] = 1.0
        return found

    def _totals(self) -> dict[str, Column]:
        """What the statistics are, as the last bar left them: a lane's state has the names of its outputs."""
        if self._learnt is None:
            state = self.seen.rows.state()
            self._learnt = {"paid": state["received"], **state}
        return self._learnt

    def learn(self, census: Census, rewards: Floats, paid: Mask) -> None:
        played = self.played > 0.0
        self.seen.step({"played": played, "paid": played & paid, "reward": np.where(played & paid, rewards, 0.0)})
        self._learnt = None


class SharePolicy(RowsPolicy):
    """An arm is drawn with a probability that its log weight gives: EXP3, EXP3.S, and Hedge, which sees all rewards."""

    wants_unit_rewards = True

    def __init__(self, seen: AnyLane, settings: Mapping[str, Any], seed: int, threads: int = 1) -> None:
        from lanes.policies import exp3_share, hedge_log_weight, relative_weight, shared_weight

        super().__init__(seen, settings, threads)
        self.numbers = {"greatest": 0.0, "total": 1.0}
        self._weight = ArmRows(relative_weight, {}, threads)
        self._is_hedge = seen is hedge_log_weight
        self._share = None if self._is_hedge else ArmRows(exp3_share, settings, threads)
        names = {port.name for port in self.seen.kernel.graph.inputs}
        self._given = ArmRows(shared_weight, settings) if "given" in names else None
        if self._given is not None:
            self._given.add(1)
        self._key = RandomKey(seed & 0xFFFFFFFF, seed >> 32)
        #: The probability of each arm in the round that runs.
        self._chances: Floats = np.zeros(0)

    def _others(self) -> list[ArmRows]:
        return [self._weight, *([] if self._share is None else [self._share])]

    def add(self, count: int) -> None:
        """Who is born has the log weight 0.0: that of the greatest before its last reward. [chosen]"""
        super().add(count)
        for each in self._others():
            each.add(count)

    def keep(self, kept: Mask) -> None:
        super().keep(kept)
        for each in self._others():
            each.rows.keep(kept)

    def restore(self, arrays: Mapping[str, Column]) -> None:
        super().restore(arrays)
        for each in self._others():
            each.rows.keep(np.zeros(len(each.rows), bool))
            each.add(len(self.seen.rows))

    def weights(self, census: Census) -> Floats:
        logs = self.seen.rows.state()["weight"]
        able = census.eligible
        count = len(census.serials)
        found = np.zeros(count)
        self._chances = np.zeros(count)
        if not able.any():
            return found
        self.numbers["greatest"] = greatest = float(logs[able].max()) + 0.0
        weight = np.where(
            able, self._weight.output({"log_weight": np.minimum(logs, greatest), "greatest": greatest}), 0.0
        )
        total = self.numbers["total"] = max(fold(weight, census.serials, able), 1.0)
        if self._share is not None:
            share = self._share.output({"weight": weight, "total": total, "arms": int(able.sum())})
            weight = np.where(able, share, 0.0)
        self._chances = weight
        sums = running_sums(weight, census.serials, able)
        u = uniform_draw(0, census.bar, 0, ARM, self._key)
        found[int(np.count_nonzero(sums <= u * sums[-1]))] = 1.0
        return found

    def learn(self, census: Census, rewards: Floats, paid: Mask) -> None:
        played = (self.played > 0.0) & paid
        asked: dict[str, Any] = {
            "paid": played,
            "reward": np.where(paid if self._is_hedge else played, rewards, 0.0),
            "chance": np.where(played, self._chances, 1.0),
            "greatest": self.numbers["greatest"],
            "arms": max(int(census.eligible.sum()), 1),
        }
        if self._given is not None:
            asked["given"] = float(self._given.output({"total": self.numbers["total"], "arms": asked["arms"]})[0])
        self.seen.step(asked)
