"""A hundred thousand bindings of one frozen graph, stepped in one call: on C, and on XLA, with the same bits.

    dagc build examples/five_factor.py:five_factor -o build/five_factor
    python examples/instances.py build/five_factor

An instance is a row of parameters and a row of state; nothing is compiled again for it.
"""

from __future__ import annotations

import sys
import time

import numpy as np

import dagc

ROWS = 100_000
BAR = {
    "vel_div": -0.041, "price": 100.0, "signals": 2.0, "w750": 0.3, "meta": 1.05, "mc_status": "OK", "imbalance": -0.09,
    "agreement": 46 / 48, "score": 0.0, "score_present": True, "score_fresh": True, "hazard": 0.0, "posture": "APEX",
    "capital": 25_000.0, "clob_mid": 1.4321, "amm": 1.44,
}  # fmt: skip


def main(bundle: str) -> None:
    """Step a table of parameters on both backends and compare every word of every output."""
    kernel = dagc.load(bundle)
    rng = np.random.default_rng(0)
    table = {
        "sizing.sizer.convexity": rng.uniform(1.0, 4.0, ROWS),
        "sizing.compose.abs_max": rng.uniform(5.0, 9.0, ROWS),
    }
    leverages: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for backend in ("c", "xla"):
        many = kernel.bind(table, backend=backend)
        many.step(BAR)  # the first call compiles
        many.reset()
        begun = time.perf_counter()
        leverages[backend] = many.step(BAR).lev
        print(f"{backend:>4}: {ROWS:,} instances in {1e3 * (time.perf_counter() - begun):.1f} ms")
    c, xla = (leverages[name].view(np.uint64) for name in ("c", "xla"))
    print(
        f"words that differ: {np.count_nonzero(c != xla)}; leverage {leverages['c'].min():.4f} to {leverages['c'].max():.4f}"
    )
    assert (c == xla).all()


if __name__ == "__main__":
    main(sys.argv[1])
