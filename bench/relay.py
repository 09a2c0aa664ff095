"""Random graphs with state, each run handed from backend to backend at random bars: the words of never having stopped.

    python bench/relay.py --graphs 40 --relays 25 --seed 1

Every relay draws its legs (who runs, and for how many bars) and how many bars a call of XLA has; every value of every bar is
compared, and the last snapshot. The simulated Verilog, slow to build, has a share of the graphs. Exits with 1 when a word differs.
"""

from __future__ import annotations

import argparse
import functools
import sys
import time
from collections import Counter

import numpy as np

from compile.backend import Runner
from compile.backends import backend, checked
from compile.campaign.drawing.random_graph import random_batch, random_pack
from compile.check.meaning import evaluate
from compile.pipeline import prepare
from compile.xla import runner as xla_runner
from tests.support.relay import run_relay

BARS, INSTANCES = 24, 7
RTL_SHARE = 0.1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graphs", type=int, default=40, help="how many packs of six random graphs")
    parser.add_argument("--relays", type=int, default=25, help="how many runs of each")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    names = [name for name in checked() if backend(name).missing() is None]
    begun, legs_run, words, differ = time.perf_counter(), Counter[str](), 0, 0
    for number in range(asked.graphs):
        rng = np.random.default_rng([asked.seed, number])
        graph = random_pack(asked.seed, range(6 * number, 6 * number + 6), is_wild=bool(number % 2))
        graph = graph if number % 3 else prepare(graph)
        batch = random_batch(graph, number, BARS, INSTANCES, wild=0.5)
        whole = evaluate(graph, batch, range(len(graph)))
        here = names if rng.random() < RTL_SHARE else [name for name in names if name != "rtl"]

        @functools.cache
        def runner(name: str, graph=graph) -> Runner:  # type: ignore[no-untyped-def]
            loaded: Runner = backend(name).load(graph, backend(name).lower(graph))
            return loaded

        xla_runner.BARS_PER_CALL = 1 << int(rng.integers(4))
        for _ in range(asked.relays):
            count = int(rng.integers(1, 8))
            legs = [(here[rng.integers(len(here))], int(rng.integers(1, BARS // 2))) for _ in range(count)]
            legs_run.update(name for name, _ in legs)
            try:
                words += run_relay(graph, batch, whole, legs, runner)
            except AssertionError as found:
                differ += 1
                print(f"graph {number}: {found}")
    shares = ", ".join(f"{name} {legs_run[name]:,}" for name in names)
    print(
        f"{asked.graphs * asked.relays:,} relays of {asked.graphs} packs, {words:,} words compared, {differ} relays differ"
    )
    print(f"legs: {shares}; {time.perf_counter() - begun:.0f} s")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
