"""Nanoseconds an update of each sketch: `python -m bench.distrack_throughput [-n VALUES]`.

One stream through the row function of the C kernel (every output of every value is written), 4,096 streams through its vectors,
the same in C written by hand, in the kernel's shape (a call for each value, state in memory, every output written) and as one loop
that keeps its state in registers and gives the end result only, and Apache DataSketches, which has no P-squared, no histogram and no
moments, with whole columns at a call. The best of interleaved rounds.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.by_hand import by_hand
from compile.backend import Batch
from compile.c.backend import C
from compile.c.runner import Entry
from compile.pipeline import prepare
from dag.language.lane import AnyLane
from dag.trace import trace
from dag.values.words import words_of_column
from lanes.distrack import ewma_stats, latency_histogram, log_histogram, p2_quantile, reservoir, tdigest

ROUNDS, STREAMS = 7, 4096
Way = Callable[[], object]


def kernel(lane: AnyLane, entry: Entry, column: NDArray[Any], params: dict[str, float | int]) -> Way:
    """A replay of `column` [bars, instances] through a lane's kernel; the outputs are written."""
    graph = prepare(trace(lane))
    runner = C(entry).load(graph, C().lower(graph))
    bars, instances = column.shape
    bound = {name: np.full(instances, value) for name, value in params.items()}
    batch = Batch({graph.inputs[0].name: column}, bound, None, bars, instances)
    nodes = [output.node for output in graph.outputs]
    return lambda: runner.run(batch, nodes)


def stream(library: ctypes.CDLL, name: str, x: NDArray[Any], *rest: float | int) -> Way:
    """A call of a function of the hand-written library on one column."""
    function = getattr(library, name)
    function.restype = ctypes.c_double
    values = [ctypes.c_double(v) if isinstance(v, float) else ctypes.c_int64(v) for v in rest]
    return lambda: function(ctypes.c_int64(x.size), ctypes.c_void_p(x.ctypes.data), *values)


def rows(library: ctypes.CDLL, name: str, x: NDArray[Any], p: float = 0.0, k: int = 0) -> Way:
    """A call of the function in the kernel's shape, its outputs in fresh columns as a kernel's are."""
    function = getattr(library, name)
    function.restype = ctypes.c_double

    def call() -> list[NDArray[np.float64]]:
        columns = [np.empty(x.size) for _ in range(5)]
        pointers = (ctypes.c_void_p * 5)(*(column.ctypes.data for column in columns))
        data = ctypes.c_void_p(x.ctypes.data)
        function(ctypes.c_int64(x.size), data, ctypes.c_double(p), ctypes.c_int64(k), pointers)
        return columns

    return call


def assert_same_words(lane: AnyLane, ours: Way, theirs: Way) -> None:
    """Compare every output of every value; the hand-written columns are in the order of the lane's result."""
    graph = prepare(trace(lane))
    nodes = {output.name: output.node for output in graph.outputs}
    result: Any = ours()
    columns: Any = theirs()
    for name, column in zip(
        lane.function.__globals__[lane.function.__annotations__["return"]].__annotations__, columns, strict=False
    ):
        node = nodes[name]
        got = words_of_column(result.nodes[node][:, 0], graph.types[node])
        assert np.array_equal(got, column.view(np.uint64)), f"{lane.name}.{name}"


def best(ways: dict[str, tuple[Way, int]]) -> dict[str, float]:
    """Nanoseconds an update, of interleaved rounds the best."""
    found = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, (way, updates) in ways.items():
            begin = time.perf_counter_ns()
            way()
            found[name] = min(found[name], (time.perf_counter_ns() - begin) / updates)
    return found


def main() -> None:
    """Measure and print a table in Markdown."""
    datasketches: Any = importlib.import_module("datasketches")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", "--values", type=int, default=200_000)
    n: int = parser.parse_args().values
    rng = np.random.default_rng(3)
    x = rng.normal(size=n)
    ns = (10.0 ** rng.uniform(2.0, 7.0, n)).astype(np.int64)
    library = by_hand("distrack_by_hand.c")
    wide = max(n // STREAMS, 8)
    cases: dict[str, tuple[AnyLane, dict[str, float | int], NDArray[Any], dict[str, Way]]] = {
        "ewma_stats": (
            ewma_stats, {"alpha": 0.05}, x,
            {"shape": rows(library, "moments_rows", x, 0.05), "loop": stream(library, "moments_stream", x, 0.05)},
        ),
        "p2_quantile": (
            p2_quantile, {"quantile": 0.95}, x,
            {"shape": rows(library, "markers_rows", x, 0.95), "loop": stream(library, "markers_stream", x, 0.95)},
        ),
        "tdigest": (
            tdigest, {}, x,
            {"loop": stream(library, "tdigest_stream", x), "other": lambda: datasketches.tdigest_double(100).update(x)},
        ),
        "log_histogram": (
            log_histogram, {}, x,
            {
                "shape": rows(library, "log_rows", x), "loop": stream(library, "log_stream", x),
                "other": lambda: datasketches.kll_doubles_sketch(200).update(x),
            },
        ),
        "latency_histogram": (
            latency_histogram, {}, ns,
            {"shape": rows(library, "latency_rows", ns), "loop": stream(library, "latency_stream", ns)},
        ),
        "reservoir": (
            reservoir, {"size": 32, "seed": 0}, x,
            {
                "shape": rows(library, "reservoir_rows", x, 0.0, 32),
                "loop": stream(library, "reservoir_stream", x, 32, 0),
            },
        ),
    }  # fmt: skip
    print("| sketch | one stream | 4,096 streams | by hand, in the kernel's shape | by hand, one loop | DataSketches |")
    print("|---|---|---|---|---|---|")
    for name, (lane, params, column, others) in cases.items():
        many = np.ascontiguousarray(np.resize(column, (wide, STREAMS)))
        ways: dict[str, tuple[Way, int]] = {
            "one": (kernel(lane, Entry.ROW, column[:, np.newaxis], params), n),
            "many": (kernel(lane, Entry.BATCH, many, params), many.size),
            **{other: (way, n) for other, way in others.items()},
        }
        if "shape" in ways:
            assert_same_words(lane, ways["one"][0], ways["shape"][0])
        took = best(ways)
        cells = [f"{took[way]:.1f}" if way in took else "" for way in ("one", "many", "shape", "loop", "other")]
        print(f"| `{name}` | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
