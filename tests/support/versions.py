"""Versions of one strategy, as they follow each other in production: a renamed local, a changed constant, a new lane."""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from dag.language.lane import Lane
from dagc import carry, domain, lane, params


@params
class Speed:
    alpha: Annotated[float, domain(0.0, 1.0)] = 0.1


@lane
def follow(
    price: Annotated[float, domain(0.0, 1e6)], size: Annotated[int, domain(-100, 100)], p: Speed
) -> tuple[float, float, int]:
    """The distance from an average, the highest price, and how much was traded."""
    level = carry(initial=price)
    top = carry(initial=0.0)
    traded = carry(initial=0)
    level = level + p.alpha * (price - level)
    top = max(top, price)
    traded = min(max(traded + size, -1_000_000), 1_000_000)
    return price - level, top, traded


def _renamed() -> Lane[..., Any]:
    @lane
    def follow(
        price: Annotated[float, domain(0.0, 1e6)], size: Annotated[int, domain(-100, 100)], p: Speed
    ) -> tuple[float, float, int]:
        """The same, its locals called otherwise."""
        baseline = carry(initial=price)
        highest = carry(initial=0.0)
        volume = carry(initial=0)
        baseline = baseline + p.alpha * (price - baseline)
        highest = max(highest, price)
        volume = min(max(volume + size, -1_000_000), 1_000_000)
        return price - baseline, highest, volume

    return follow


def _scaled() -> Lane[..., Any]:
    @lane
    def follow(
        price: Annotated[float, domain(0.0, 1e6)], size: Annotated[int, domain(-100, 100)], p: Speed
    ) -> tuple[float, float, int]:
        """Twice the distance: no state is updated otherwise."""
        level = carry(initial=price)
        top = carry(initial=0.0)
        traded = carry(initial=0)
        level = level + p.alpha * (price - level)
        top = max(top, price)
        traded = min(max(traded + size, -1_000_000), 1_000_000)
        return 2.0 * (price - level), top, traded

    return follow


def _slower() -> Lane[..., Any]:
    @lane
    def follow(
        price: Annotated[float, domain(0.0, 1e6)], size: Annotated[int, domain(-100, 100)], p: Speed
    ) -> tuple[float, float, int]:
        """The average at half the speed: its state means something else."""
        level = carry(initial=price)
        top = carry(initial=0.0)
        traded = carry(initial=0)
        level = level + 0.5 * p.alpha * (price - level)
        top = max(top, price)
        traded = min(max(traded + size, -1_000_000), 1_000_000)
        return price - level, top, traded

    return follow


def _counting() -> Lane[..., Any]:
    @lane
    def follow(
        price: Annotated[float, domain(0.0, 1e6)], size: Annotated[int, domain(-100, 100)], p: Speed
    ) -> tuple[float, float, int, int]:
        """A new state beside the others."""
        level = carry(initial=price)
        top = carry(initial=0.0)
        traded = carry(initial=0)
        seen = carry(initial=0)
        level = level + p.alpha * (price - level)
        top = max(top, price)
        traded = min(max(traded + size, -1_000_000), 1_000_000)
        seen = min(seen + 1, 1_000_000)
        return price - level, top, traded, seen

    return follow


RENAMED, SCALED, SLOWER, COUNTING = _renamed(), _scaled(), _slower(), _counting()


def feed(bars: int, seed: int = 7) -> list[dict[str, Any]]:
    """Bars, a few of them rejected."""
    rng = np.random.default_rng(seed)
    price = 100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, bars)))
    price[rng.random(bars) < 0.05] = math.nan
    return [{"price": float(p), "size": int(s)} for p, s in zip(price, rng.integers(-5, 6, bars), strict=True)]
