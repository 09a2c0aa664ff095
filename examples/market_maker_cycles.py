"""Cycles of a market maker's market and account, drawn from a seed: four regimes, books, a position that swings and outgrows its limit.

    python examples/market_maker_cycles.py -o build/market_maker_cycles.csv        (--cycles 4000 --seed 31)

A regime lasts 40 to 240 cycles of 4 seconds; beliefs, volatility and the jumps of the position follow it. Books have five levels
a side, some of them missing. Only `random.random`,
+ - * / are used: the same seed gives the same bytes everywhere.
"""

from __future__ import annotations

import argparse
import csv
import random
from pathlib import Path

REGIMES = ("calm", "normal", "volatile", "extreme")
#: Volatility of each regime, and how far the position jumps in a cycle.
SIGMA, JUMP = (0.012, 0.020, 0.050, 0.120), (0.02, 0.05, 0.3, 0.8)
TICK = 0.001

Row = dict[str, float | int | bool]


def market_maker_cycles(cycles: int, seed: int) -> list[Row]:
    """`cycles` rows, a column for each input of `market_maker_quote`."""
    rng = random.Random(seed)
    mid, pos, pnl, regime, left, t = 30.9, 0.0, 0.0, 1, 0, 0.0
    rows: list[Row] = []
    for cycle in range(cycles):
        if left == 0:
            regime = int(rng.random() * 4.0)
            left = 40 + int(rng.random() * 201.0)
        left -= 1
        t += 4.0
        before = mid
        mid = mid * (1.0 + (rng.random() - 0.5) * SIGMA[regime] * 0.02)
        # Within what the smallest limit allows, until the last fifth: there it outgrows the configured one too.
        most = 0.39 if cycle < 0.8 * cycles else 1.2
        pos = min(max(pos + (rng.random() - 0.5) * JUMP[regime], -most), most)
        pnl = pnl + (rng.random() - 0.5) * 0.05
        weights = [0.05 + 0.1 * rng.random() + (0.9 if each == regime else 0.0) for each in range(4)]
        total = weights[0] + weights[1] + weights[2] + weights[3]
        half = 3 + int(rng.random() * 10.0)
        center = int(mid / TICK)
        sent = int(rng.random() * 11.0)
        row: Row = {
            "capital": 100.0, "pos": pos, "pnl": pnl, "full_margin": 2.0 + rng.random(), "configured_max": 1.0,
            "bid_exch": 3.0 * rng.random(), "ask_exch": 3.0 * rng.random(),
            "t": t, "mark": mid, "mid": mid, "touch_bid_t": center - half, "touch_ask_t": center + half,
            "stale_t": int(rng.random() * 3.0), "sigma": SIGMA[regime] * (0.8 + 0.4 * rng.random()), "sigma0": 0.02,
            "toxicity": rng.random(), "activity": rng.random(), "rate": (rng.random() - 0.4) * 0.001,
            "d_oi": (rng.random() - 0.5) * 0.01, "d_px": (mid / before - 1.0) * 10_000.0,
            "lead_lag": rng.random() - 0.5, "cross_venue": rng.random() - 0.5,
            "bid_t": center - half - int(rng.random() * 3.0) + int(rng.random() * 20.0), "has_bid": rng.random() < 0.9,
            "ask_t": center + half + int(rng.random() * 3.0) - int(rng.random() * 20.0), "has_ask": rng.random() < 0.9,
            "levels": 5, "quota": int(rng.random() * 12.0), "min_size": 0.1, "min_notional": 10.0,
            "generated": sent, "placed": int(sent * (0.7 + 0.3 * rng.random())),
        }  # fmt: skip
        row |= {name: weight / total for name, weight in zip(REGIMES, weights, strict=True)}
        for side, sign in (("bid", -1.0), ("ask", 1.0)):
            thinning = 0.4 + 0.6 * rng.random()
            size = 5.0 * rng.random()
            for level in range(5):
                missing = rng.random() < 0.03 * level
                row[f"{side}_px.{level}"] = mid + sign * (half + 2.0 * level) * TICK
                row[f"{side}_sz.{level}"] = 0.0 if missing else size
                size = size * thinning
        rows.append(row)
    return rows


def main() -> None:
    """Write the cycles as CSV; floats keep every digit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("build/market_maker_cycles.csv"))
    parser.add_argument("--cycles", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=31)
    chosen = parser.parse_args()
    path: Path = chosen.output
    rows = market_maker_cycles(chosen.cycles, chosen.seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(rows[0])
        table.writerows([str(v).lower() if isinstance(v, bool) else repr(v) for v in row.values()] for row in rows)
    print(f"{path}: {len(rows)} cycles of seed {chosen.seed}")


if __name__ == "__main__":
    main()
