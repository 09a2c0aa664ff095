"""What is known of every instance's outcomes, in the bars that are chosen by and in those that are not, the dead included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dag.values.words import Column
from dagc.vibriss.policy.arms import ArmRows
from dagc.vibriss.policy.crossing import Floats, Mask
from dagc.vibriss.roll import Roll
from lanes.distrack import outcome_distribution
from lanes.policies import ledger

if TYPE_CHECKING:
    from dagc.vibriss.population import Period

#: The two accounts of an instance, and the columns of each.
ACCOUNTS = ("inside", "outside")
MOMENTS = ("count", "mean", "squares", "cubes", "fourths", "total", "drawdown")
_OF_ROLL = ("serials", "parents", "born", "died", "birth", "death")


class Tracking:
    """A ledger of an instance's outcomes for each of the two parts; of the dead their last state."""

    def __init__(self, threads: int, sketch: bool) -> None:
        self._ledgers = {name: ArmRows(ledger, {}, threads) for name in ACCOUNTS}
        self._sketch = ArmRows(outcome_distribution, {}, threads) if sketch else None
        #: Of the dead whose rows are gone.
        self.dead: dict[str, Column] = {
            **{name: np.zeros(0, np.int64) for name in _OF_ROLL},
            **{f"{account}.{name}": np.zeros(0) for account in ACCOUNTS for name in MOMENTS},
        }

    def _all(self) -> dict[str, ArmRows]:
        return self._ledgers | ({} if self._sketch is None else {"sketch": self._sketch})

    def add(self, count: int) -> None:
        """Rows for who is born."""
        for each in self._all().values():
            each.add(count)

    def keep(self, kept: Mask) -> None:
        """Drop the other rows."""
        for each in self._all().values():
            each.rows.keep(kept)

    def take(self, rewards: Floats, good: Mask, bar: int, period: Period) -> None:
        """The outcomes of a round [bars, rows]; those that are not `good` do not count."""
        bars = len(rewards)
        account = "inside" if bar < period.inside else "outside" if bar >= period.outside else None
        if account is not None:
            self._ledgers[account].rows.run({"outcome": rewards, "counts": good}, bars, [])
        if self._sketch is not None:
            self._sketch.rows.run({"x": np.where(good, rewards, np.nan)}, bars, [])  # a row with NaN is rejected

    def drawdowns(self) -> Floats:
        """The greatest fall of each instance's sum of outcomes from its peak, in either part."""
        falls = [self._ledgers[name].rows.state()["drawdown"] for name in ACCOUNTS]
        found: Floats = np.maximum(*falls)
        return found

    def moments(self, account: str) -> dict[str, NDArray[np.float64]]:
        """The ledgers of an account [rows]."""
        state = self._ledgers[account].rows.state()
        return {name: state[name] for name in MOMENTS}

    def quantiles(self) -> dict[str, Column]:
        """The sketches' state; empty where there are none."""
        return {} if self._sketch is None else self._sketch.rows.state()

    def archive(self, roll: Roll, gone: Mask) -> None:
        """Keep what is known of rows that are about to go."""
        fresh: dict[str, Column] = {name: getattr(roll, name)[gone] for name in _OF_ROLL}
        for account in ACCOUNTS:
            fresh |= {f"{account}.{name}": column[gone] for name, column in self.moments(account).items()}
        self.dead = {
            name: np.concatenate([column, fresh[name].astype(column.dtype)]) for name, column in self.dead.items()
        }

    def everybody(self, roll: Roll) -> dict[str, Column]:
        """The roll and both ledgers of all that were ever born, in ascending serial."""
        here: dict[str, Column] = {name: getattr(roll, name) for name in _OF_ROLL}
        for account in ACCOUNTS:
            here |= {f"{account}.{name}": column for name, column in self.moments(account).items()}
        joined = {name: np.concatenate([column, here[name].astype(column.dtype)]) for name, column in self.dead.items()}
        order = np.argsort(joined["serials"], kind="stable")
        return {name: column[order] for name, column in joined.items()}

    def arrays(self) -> dict[str, Column]:
        """All that it remembers, by name."""
        found = {f"dead.{name}": column for name, column in self.dead.items()}
        for part, each in self._all().items():
            found |= {f"{part}.{name}": column for name, column in each.rows.state().items()}
        return found

    def restore(self, arrays: Mapping[str, Column], count: int) -> None:
        """Remember that instead; there are no rows yet."""
        self.dead = {name: np.array(arrays[f"dead.{name}"]) for name in self.dead}
        for part, each in self._all().items():
            state = {n.removeprefix(f"{part}."): c for n, c in arrays.items() if n.startswith(f"{part}.")}
            each.add(count, state)
