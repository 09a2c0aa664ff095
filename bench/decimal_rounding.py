"""`round(x, n)` for n = 0 to 12 in every backend against CPython's own, over hard cases.

    python bench/decimal_rounding.py --cases 10000000 --seed 1

A case is one x and one n. C and XLA see all of them, the interpreter and the simulated Verilog a share. Prints a line a
backend and exits with 1 when a word differs, with 3 when a backend's tool is missing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from compile.backends import backend, by_default, checked
from compile.campaign.drawing.rounding import RoundingTally, compare_rounding, hard_cases, joined, rounding_graph
from dag.values.decimal_round import MOST_DIGITS
from dagc.building.running import runners_of

SHARES = {"interpreter": 0.01, "rtl": 0.01, "rtl_interleaved": 0.01}
CHUNK = 1 << 17


def of_digits(digits: int, cases: int, seed: int, names: tuple[str, ...]) -> RoundingTally:
    """All cases with this many digits."""
    runners, _ = runners_of(rounding_graph(digits), names)
    rng = np.random.default_rng([seed, digits])
    tallies: list[RoundingTally] = []
    for start in range(0, cases, CHUNK):
        x = hard_cases(rng, digits, min(CHUNK, cases - start))
        tallies.append(compare_rounding(runners, digits, x, SHARES))
    return joined(tallies)


def main() -> int:
    """The command line of the module docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cases", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--backends", default=",".join(by_default()))
    chosen = parser.parse_args()
    wanted = [name for name in checked() if name in chosen.backends.split(",")]
    missing = {name: found for name in wanted if (found := backend(name).missing()) is not None}
    names = tuple(name for name in wanted if name not in missing)
    each = -(-chosen.cases // (MOST_DIGITS + 1))
    begun = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as workers:
        tasks = [workers.submit(of_digits, n, each, chosen.seed, names) for n in range(MOST_DIGITS + 1)]
        total = joined([task.result() for task in tasks])
    for name, cases in total.cases.items():
        print(f"{name:12} {cases:>13,} cases  {total.wrong[name]} differ from CPython")
        if name in total.firsts:
            x, digits, got, expected = total.firsts[name]
            print(f"    round({x!r}, {digits}) is {expected!r}, got {got!r}")
    for name, tool in missing.items():
        print(f"{name:12} MISSING: {tool.tool}; get it with: {tool.fix}")
    print(f"xla handed {total.recomputed:,} to the interpreter; {time.monotonic() - begun:,.0f} s")
    return 1 if any(total.wrong.values()) else 3 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
