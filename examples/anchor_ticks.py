"""Ticks of a CLOB and an AMM, drawn from a seed: calm, locked at the cap, distorted, shifted for good.

    python examples/anchor_ticks.py -o build/anchor_ticks.csv        (--ticks 4000 --seed 24)

The order book's mid goes at random, a basis point or so a tick. The AMM follows with a basis of its own, which changes with the
phase; each phase lasts 60 to 240 ticks. Only `random.random`, + - * / are used: the same seed gives the same bytes everywhere.
"""

from __future__ import annotations

import argparse
import csv
import random
from pathlib import Path

#: The basis of each phase in basis points of the mid, and how much it jitters.
PHASES = ((2.0, 1.0), (11.4, 1.5), (-55.0, 0.5), (16.0, 4.0), (0.0, 12.0), (-9.0, 2.0))


def anchor_ticks(ticks: int, seed: int) -> list[dict[str, float]]:
    """`ticks` pairs of prices."""
    rng = random.Random(seed)
    mid, left, basis, jitter = 1.4321, 0, 0.0, 0.0
    rows: list[dict[str, float]] = []
    for _ in range(ticks):
        if left == 0:
            basis, jitter = PHASES[int(rng.random() * len(PHASES))]
            left = 60 + int(rng.random() * 181.0)
        left -= 1
        mid = mid * (1.0 + (rng.random() - 0.5) * 2e-4)
        apart = basis + (rng.random() - 0.5) * 2.0 * jitter
        rows.append({"clob_mid": mid, "amm": mid * (1.0 - apart / 10_000.0)})
    return rows


def main() -> None:
    """Write the ticks as CSV; floats keep every digit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("-o", "--output", type=Path, default=Path("build/anchor_ticks.csv"))
    parser.add_argument("--ticks", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=24)
    chosen = parser.parse_args()
    path: Path = chosen.output
    rows = anchor_ticks(chosen.ticks, chosen.seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(rows[0])
        table.writerows([repr(value) for value in row.values()] for row in rows)
    print(f"{path}: {len(rows)} ticks of seed {chosen.seed}")


if __name__ == "__main__":
    main()
