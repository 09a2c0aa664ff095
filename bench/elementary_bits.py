"""The functions of lanes.elementary, bit by bit in every backend: `python -m bench.elementary_bits [-n ROWS] [--rtl-rows ROWS] [NAME ...]`.

Random, hard and special arguments; each result is compared as a 64-bit word with C's. Verilog is simulated for `exp` and `log`
unless names are given. Takes minutes: XLA compiles hundreds of watched operations a function.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from bench.elementary_accuracy import SUBJECTS, Column, graph_of, points
from compile.backend import Backend, Batch
from compile.c.backend import C
from compile.c.runner import Entry
from compile.interpreter.backend import Interpreter
from compile.xla.backend import Xla
from dag.graphs.graph import Graph
from dag.values.words import words_of_column
from rtl.backend import Verilog

_EDGES = (0.0, 5e-324, 2.0**-1022, 2.0**-1021, 2.0**-55, 0.5, 1.0, 1.0 + 2.0**-52, 1.0 - 2.0**-53, 2.0, 3.0, 1e8)
_LIMITS = (709.782712893384, 745.1332191019411, 20.0, 38.5, 1e300, np.finfo(float).max, np.inf)
#: Both signs of zero, ends of ranges, subnormals, infinities, NaN.
SPECIAL = np.array([*(sign * x for x in (*_EDGES, *_LIMITS) for sign in (1.0, -1.0)), np.nan])


def rows(name: str, count: int, seed: int) -> tuple[Column, ...]:
    """At least `count` rows: special ones first (all pairs of them, for two arguments), then those accuracy is measured on."""
    drawn = points(name, count, seed)
    special = [SPECIAL] if len(drawn) == 1 else [each.ravel() for each in np.meshgrid(SPECIAL, SPECIAL)]
    return tuple(np.concatenate([first, rest]) for first, rest in zip(special, drawn, strict=True))


def results(
    backend: Backend, graph: Graph, columns: tuple[Column, ...]
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    """The words of the function's value before rows outside its domain are rejected; `columns` in the order of its inputs."""
    inputs = {port.name: column[:, np.newaxis] for port, column in zip(graph.inputs, columns, strict=True)}
    node = graph.node("result")
    runner = backend.load(graph, backend.lower(graph))
    got = runner.run(Batch(inputs, {}, bars=columns[0].size), [node])
    return words_of_column(got.nodes[node][:, 0], graph.types[node])


def main() -> int:
    """Compare and print; 1 where a word differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("-n", "--rows", type=int, default=10_000)
    parser.add_argument("--rtl-rows", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    differing = 0
    for name in options.names or SUBJECTS:
        graph = graph_of(name)
        columns = rows(name, options.rows, options.seed)
        wanted = results(C(), graph, columns)
        others: list[tuple[Backend, int]] = [(each, wanted.size) for each in (Interpreter(), C(Entry.BATCH), Xla())]
        if options.names or name in ("exp", "log"):
            others.append((Verilog(), min(options.rtl_rows, wanted.size)))
        for backend, count in others:
            got = results(backend, graph, tuple(column[:count] for column in columns))
            wrong = int(np.count_nonzero(got != wanted[:count]))
            differing += wrong
            print(f"{name:14s} {backend.name:12s} {count:7,} rows  {wrong} differ", flush=True)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
