"""A kernel inside a live process: load a bundle, bind it, step it bar by bar.

    dagc build examples/five_factor.py:five_factor -o build/five_factor
    python examples/market_table.py -o build/market.csv
    python examples/live_engine.py build/five_factor build/market.csv

The loop stands for an engine's callback. Nothing here imports jax: `load` brings the C kernel only.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import dagc

BOOLS = {"true": True, "false": False}
NAMED = ("mc_status", "posture")


def bars(path: Path) -> Iterator[dict[str, object]]:
    """The bars of a CSV as an engine would hand them over: numbers, bools, and enum members by name."""
    with path.open(newline="") as stream:
        for row in csv.DictReader(stream):
            yield {
                name: cell if name in NAMED else BOOLS[cell] if cell in BOOLS else float(cell)
                for name, cell in row.items()
            }


def main(bundle: str, data: str) -> None:
    """Step every bar and print the first few entries."""
    engine = dagc.load(bundle).bind()
    entries = total = 0
    for number, bar in enumerate(bars(Path(data))):
        decision = engine.step(bar)
        total += 1
        if decision.status:
            print(f"bar {number}: rejected, port {decision.status - 1}")
        elif decision.enter:
            entries += 1
            if entries <= 5:
                raw = engine.tap("lev_compose.raw")
                print(
                    f"bar {number}: leverage {decision.lev:.4f} of raw {raw:.4f}, notional {decision.notional:,.2f} usd"
                )
    print(f"{entries} entries in {total} bars")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
