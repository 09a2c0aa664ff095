"""The leaderboard: the best by the bars that are chosen by, beside what they earned in the bars that are not, and what luck explains."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dagc.sweeping.luck import expected_maximum, probabilistic_ratio
from dagc.vibriss.population import Population
from dagc.vibriss.roll import CAUSES
from lanes.elementary import expm1, log1p, normal_cdf

#: From which deflated Sharpe ratio on an instance may be called better than luck, if it earned out of sample too. [chosen]
SIGNIFICANT = 0.95
#: The greatest number below 1.
MOST = 1.0 - 2.0**-53
Floats = NDArray[np.float64]


def sharpe_ratios(count: Floats, mean: Floats, squares: Floats) -> Floats:
    """Mean by standard deviation, each of a ledger; NaN of fewer than two outcomes or of none that differ."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where((count > 1.0) & (squares > 0.0), mean / np.sqrt(squares / (count - 1.0)), np.nan)
    return found


def sidak(z: float, trials: int) -> float:
    """The probability that one of so many independent trials without merit reaches z."""
    return -expm1(trials * log1p(-min(normal_cdf(-z), MOST)))


@dataclass(frozen=True, slots=True)
class Standing:
    """One instance: its Sharpe ratios per bar in both parts, its deflated one, and the chance that the best of all shows as much."""

    serial: int
    alive: bool
    sharpe_inside: float
    sharpe_outside: float
    deflated: float
    chance: float
    total_inside: float
    total_outside: float

    @property
    def significant(self) -> bool:
        """Better than the best of as many trials by luck, and above 0 where it was not chosen by."""
        return self.deflated > SIGNIFICANT and self.sharpe_outside > 0.0


def leaderboard(population: Population, count: int) -> tuple[list[Standing], int]:
    """The best `count` of all that were ever born, and how many those are: the dead are trials too."""
    everybody = population.track.everybody(population.roll)
    living = set(population.roll.serials[population.roll.alive].tolist())
    inside, outside = (
        sharpe_ratios(*(np.asarray(everybody[f"{account}.{name}"], float) for name in ("count", "mean", "squares")))
        for account in ("inside", "outside")
    )
    trials = len(inside)
    known = inside[~np.isnan(inside)]
    variance = float(known.var(ddof=1)) if len(known) > 1 else 0.0
    order = np.argsort(np.where(np.isnan(inside), np.inf, -inside), kind="stable")[:count]

    def of(row: int) -> Standing:
        bars, squares, cubes, fourths = (
            float(everybody[f"inside.{name}"][row]) for name in ("count", "squares", "cubes", "fourths")
        )
        ratio = float(inside[row])
        deflated = chance = math.nan
        if not math.isnan(ratio):
            by_luck = math.sqrt(max(variance, 1.0 / bars)) * expected_maximum(trials)
            second = squares / bars
            skewness, kurtosis = cubes / bars / second**1.5, fourths / bars / (second * second)
            deflated = probabilistic_ratio(ratio, by_luck, int(bars), skewness, kurtosis)
            chance = sidak(ratio * math.sqrt(bars), trials)
        serial = int(everybody["serials"][row])
        totals = [float(everybody[f"{account}.total"][row]) for account in ("inside", "outside")]
        return Standing(serial, serial in living, ratio, float(outside[row]), deflated, chance, *totals)

    return [of(int(row)) for row in order], trials


def lineage(population: Population, serial: int) -> list[dict[str, Any]]:
    """An instance and its ancestors, itself first: born and died on which bar, and why."""
    everybody = population.track.everybody(population.roll)
    rows = {int(each): row for row, each in enumerate(everybody["serials"])}
    found: list[dict[str, Any]] = []
    while serial in rows:
        row = rows[serial]
        each = {name: int(everybody[name][row]) for name in ("parents", "born", "died")}
        causes = {name: CAUSES[int(everybody[name][row])] for name in ("birth", "death")}
        found.append({"serial": serial, **each, **causes})
        serial = each["parents"]
    return found
