"""Sliding-window UCB over a population: one window for all arms, and a count and a sum for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dag.values.words import Column
from dagc.vibriss.policy.arms import ArmRows
from dagc.vibriss.policy.bandits import Census, IndexPolicy
from dagc.vibriss.policy.crossing import Floats, Mask
from lanes.policies import reward_window, sliding_window_ucb, window_totals


class WindowPolicy(IndexPolicy):
    """As `IndexPolicy`, over the rewards of the last `tau` plays."""

    def __init__(self, settings: Mapping[str, Any], threads: int = 1) -> None:
        super().__init__(window_totals, sliding_window_ucb, settings, threads)
        self.numbers = {"rounds": 0.0}
        self._window = ArmRows(reward_window, settings)
        self._window.add(1)

    def weights(self, census: Census) -> Floats:
        state = self.seen.rows.state()
        scores = self.score.output({"paid": state["paid"], "units": state["total"], "rounds": self.numbers["rounds"]})
        found = np.zeros(len(scores))
        able = census.eligible & ~np.isnan(scores)
        if able.any():
            found[int(np.argmax(able & (scores == scores[able].max())))] = 1.0
        return found

    def learn(self, census: Census, rewards: Floats, paid: Mask) -> None:
        rows = np.flatnonzero((self.played > 0.0) & paid)
        arm = int(census.serials[rows[0]]) if len(rows) else -1
        reward = float(rewards[rows[0]]) if len(rows) else 0.0
        passing = {name: column[0] for name, column in self._window.step({"arm": arm, "reward": reward}).items()}
        self.numbers["rounds"] += float(passing["entering"] >= 0)
        self.seen.step(
            {
                "enters": census.serials == passing["entering"],
                "units": int(passing["units"]),
                "leaves": census.serials == passing["leaving"],
                "left_units": int(passing["left_units"]),
            }
        )

    def arrays(self) -> dict[str, Column]:
        return super().arrays() | {f"window.{name}": column for name, column in self._window.rows.state().items()}

    def restore(self, arrays: Mapping[str, Column]) -> None:
        super().restore(arrays)
        self._window.rows.keep(np.zeros(1, bool))
        self._window.add(1, {n.removeprefix("window."): c for n, c in arrays.items() if n.startswith("window.")})
