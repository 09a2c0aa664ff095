"""A million instances, each with a mean, a variance and three quantiles of its own stream: `python -m bench.distrack_million`.

Steps `outcome_distribution` through `dagc.load(...).bind(table)` and the same work in C written by hand on the same columns,
bar by bar in turns; every word of state and of the last bar's outputs is compared. Prints nanoseconds an instance and bar, and the
peak of resident memory beside what the formula says:

    8 bytes * rows * (2 * states + parameters + inputs + outputs)

The state stands there twice because a step keeps the one before it, for taps.
"""

from __future__ import annotations

import argparse
import ctypes
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import dagc
from bench.by_hand import by_hand
from compile.bundle.bundle import write_bundle
from compile.c.backend import C
from compile.pipeline import prepare
from dag.trace import trace
from dagc.live.state import unpack_state
from lanes.distrack.outcome_distribution import outcome_distribution

QUANTILES = ("low", "middle", "high")
#: What of the state the hand-written C keeps where.
STATE_ORDER = [f"ewma_stats.{name}" for name in ("mean", "variance", "seeded")] + [
    f"p2_quantile_{quantile}.markers.{part}"
    for quantile in QUANTILES
    for part in ("count", *(f"heights.{k}" for k in range(5)), *(f"places.{k}" for k in range(3)))
]
OUTPUT_ORDER = ("mean", "variance", *QUANTILES, "warm")


def memory(field: str) -> int:
    """A line of /proc/self/status in bytes: VmRSS now, VmHWM at its highest."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise LookupError(field)


def pointers(columns: list[NDArray[np.int64]]) -> ctypes.Array[ctypes.c_void_p]:
    """The addresses of columns, as C takes them."""
    return (ctypes.c_void_p * len(columns))(*(column.ctypes.data for column in columns))


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--bars", type=int, default=100)
    options = parser.parse_args()
    rows: int = options.rows
    graph = prepare(trace(outcome_distribution))
    with tempfile.TemporaryDirectory() as folder:
        write_bundle(Path(folder) / "bundle", graph, C().lower(graph), {})
        kernel = dagc.load(Path(folder) / "bundle")
    rng = np.random.default_rng(1)
    floor = memory("VmRSS")
    table = {"alpha": rng.uniform(0.01, 0.2, rows), "low": np.full(rows, 0.05)}
    many = kernel.bind(table)
    per_row = 8 * (2 * len(graph.states) + len(graph.params) + len(graph.inputs) + len(graph.outputs))
    took: list[float] = []
    seed = rng.integers(1 << 60)
    bars = np.random.default_rng(seed)
    last = many.step(x=bars.normal(size=rows))
    for _ in range(options.bars - 1):
        x = bars.normal(size=rows)
        begin = time.perf_counter()
        last = many.step(x=x)
        took.append(time.perf_counter() - begin)
    peak = memory("VmHWM") - floor
    final = unpack_state(graph, many.snapshot(), rows)
    outputs = {name: np.array(getattr(last, name)) for name in OUTPUT_ORDER}
    params = [many.params[name] for name in ("alpha", *QUANTILES)]
    del many, last

    library = by_hand("distrack_by_hand.c")
    initial = {state.name: state.initial for state in graph.states}
    state = [
        np.full(rows, initial[name], np.int64 if isinstance(initial[name], (int, bool)) else np.float64).view(np.int64)
        for name in STATE_ORDER
    ]
    out = [np.zeros(rows, np.int64) for _ in OUTPUT_ORDER]
    params_c = pointers([np.ascontiguousarray(column).view(np.int64) for column in params])
    state_c, out_c = pointers(state), pointers(out)
    by_hand_took: list[float] = []
    bars = np.random.default_rng(seed)
    for _ in range(options.bars):
        x = bars.normal(size=rows)
        begin = time.perf_counter()
        library.outcome_bar(ctypes.c_int64(rows), ctypes.c_void_p(x.ctypes.data), params_c, state_c, out_c)
        by_hand_took.append(time.perf_counter() - begin)
    for name, column in zip(STATE_ORDER, state, strict=True):
        assert np.array_equal(
            final[name].astype(np.int64) if final[name].dtype == bool else final[name].view(np.int64), column
        ), name
    for name, column in zip(OUTPUT_ORDER, out, strict=True):
        got = outputs[name]
        assert np.array_equal(got.astype(np.int64) if got.dtype == bool else got.view(np.int64), column), name
    ours, theirs = (1e9 * statistics.median(each[5:]) / rows for each in (took, by_hand_took))
    print(f"{rows:,} instances, {options.bars} bars: every word of state and outputs is that of the C by hand")
    print(
        f"state {8 * len(graph.states)} bytes an instance; {per_row} bytes with the state before, parameters and ports"
    )
    print(f"memory: predicted {rows * per_row / 1e6:,.0f} MB, peak {peak / 1e6:,.0f} MB")
    print(f"ns an instance and bar: dagc {ours:.1f}, by hand {theirs:.1f}, ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
