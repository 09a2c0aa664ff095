"""Policies that rank: the best k with some patience, successive halving, and populations that are re-tuned from their best.

Each ranks arms by the mean of all their rewards; equals by serial, the lower one first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dag.values.words import Column
from dagc.vibriss.policy.bandits import Census, RowsPolicy
from dagc.vibriss.policy.crossing import Floats, Mask, Serials, places
from lanes.distrack.philox import RandomKey
from lanes.draws import EXPLOIT, index_draw
from lanes.policies import arm_totals


class RankPolicy(RowsPolicy):
    """All arms are watched, whether they have capital or not."""

    def __init__(self, threads: int = 1) -> None:
        super().__init__(arm_totals, {}, threads)

    def scores(self) -> Floats:
        """The mean reward of each arm; NaN before its first."""
        state = self.seen.rows.state()
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Floats = np.where(state["received"] > 0.0, state["total"] / state["received"], np.nan)
        return found

    def weights(self, census: Census) -> Floats:
        """The same share for all that are eligible."""
        return equal_shares(census.eligible)

    def learn(self, census: Census, rewards: Floats, paid: Mask) -> None:
        self.seen.step({"played": paid, "paid": paid, "reward": np.where(paid, rewards, 0.0)})


def equal_shares(held: Mask) -> Floats:
    """1 / k for each of the k that are held."""
    return np.where(held, 1.0 / max(int(held.sum()), 1), 0.0)


@dataclass(frozen=True, slots=True)
class TopK:
    """How many arms are held; an outsider takes a holder's place if it earns more than `cost` beyond it in `horizon` bars."""

    k: int = 10
    horizon: float = 20.0
    cost: float = 0.001


class TopKPolicy(RankPolicy):
    """The best k, with hysteresis: one exchange a round, and only where it pays for the change."""

    def __init__(self, settings: TopK, threads: int = 1) -> None:
        super().__init__(threads)
        self.settings = settings
        self._held: Mask = np.zeros(0, bool)

    def add(self, count: int) -> None:
        super().add(count)
        self._held = np.concatenate([self._held, np.zeros(count, bool)])

    def keep(self, kept: Mask) -> None:
        super().keep(kept)
        self._held = self._held[kept]

    def weights(self, census: Census) -> Floats:
        scores = self.scores()
        held = self._held & census.eligible
        standing = places(scores, census.eligible)
        missing = self.settings.k - int(held.sum())
        outside = np.flatnonzero(census.eligible & ~held)
        outside = outside[np.argsort(standing[outside], kind="stable")]
        held[outside[: max(missing, 0)]] = True
        rest = outside[max(missing, 0) :]
        if len(rest) and held.any():
            best, worst = rest[0], max(np.flatnonzero(held), key=lambda row: standing[row])
            if (scores[best] - scores[worst]) * self.settings.horizon > self.settings.cost:
                held[best], held[worst] = True, False
        self._held = held
        return equal_shares(held)

    def arrays(self) -> dict[str, Column]:
        return super().arrays() | {"held": self._held}

    def restore(self, arrays: Mapping[str, Column]) -> None:
        super().restore(arrays)
        self._held = np.asarray(arrays["held"], bool)


@dataclass(frozen=True, slots=True)
class Halving:
    """Bars before the first cut, and by how much each cut divides who is left and multiplies the bars."""

    first: int = 20
    eta: int = 4


class HalvingPolicy(RankPolicy):
    """Successive halving: at `first` eta^k bars the best of each eta stay."""

    def __init__(self, settings: Halving, threads: int = 1) -> None:
        super().__init__(threads)
        self.settings = settings
        self.numbers = {"rung": 0.0}

    def retired(self, census: Census, ages: Serials) -> Mask:
        living = census.eligible
        rung = self.settings.first * self.settings.eta ** int(self.numbers["rung"])
        oldest = int(ages[living].max()) if living.any() else 0
        count = int(living.sum())
        if oldest < rung or count <= 1:
            return np.zeros(len(ages), bool)
        self.numbers["rung"] += 1.0
        return living & (places(self.scores(), living) >= max(1, count // self.settings.eta))


@dataclass(frozen=True, slots=True)
class Tuning:
    """How often the worst are replaced by children of the best, which share of them, and how likely a parameter is drawn anew."""

    every: int = 50
    share: float = 0.2
    redraw: float = 0.25


class TuningPolicy(RankPolicy):
    """Population-based training: the last take over the state of one of the first, with its parameters changed a little.

    Source   Jaderberg et al. (2017), Population based training of neural networks, arXiv:1711.09846
    """

    def __init__(self, settings: Tuning, seed: int, threads: int = 1) -> None:
        super().__init__(threads)
        self.settings = settings
        self.numbers = {"rounds": 0.0}
        self._key = RandomKey(seed & 0xFFFFFFFF, seed >> 32)

    def retuned(self, census: Census) -> list[tuple[int, int]]:
        self.numbers["rounds"] += 1.0
        if int(self.numbers["rounds"]) % self.settings.every:
            return []
        able = census.eligible
        order = np.argsort(np.where(able, places(self.scores(), able), len(able)), kind="stable")[: int(able.sum())]
        n = int(len(order) * self.settings.share)
        if not n or 2 * n > len(order):
            return []
        found: list[tuple[int, int]] = []
        for row in sorted(order[-n:]):
            serial = int(census.serials[row])
            found.append((int(row), int(order[index_draw(n, 0, census.bar, serial, EXPLOIT, self._key)])))
        return found


def settings_of(kind: type[Any], given: Mapping[str, Any]) -> Any:
    """A settings object from the values of its fields that are given."""
    return kind(**{name: given[name] for name in kind.__dataclass_fields__ if name in given})
