"""What exactness costs on XLA: the kernel as it is beside what plain jax makes of the same mathematics.

    PYTHONPATH=. python bench/xla_price.py [FILE.py:LANE] [--rows 4096] [--bars 8]

Nanoseconds a row and bar, best of interleaved rounds, with each way's median ratio to the naive kernel and how many of its
output words are wrong where no subnormal was met. Naive is the same StableHLO without fences and barriers, with
literal constants, XLA's own minimum and its default options. The last line adds what `XlaRunner` does: the
rows that the guard flagged are computed again by the interpreter, so it depends on how many those are.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import numpy as np

from compile.backend import initial_state
from compile.campaign.drawing.sample import sample, universe_of
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from compile.xla.emit import emit
from compile.xla.program import Program, compiled, lowered
from compile.xla.runner import XlaRunner
from compile.xla.selftest.rewrites import unguarded
from dag.files.loading import load_lane
from dag.trace import trace
from dag.values.words import words_of_column
from tests.support.hlo_edits import naive

ROUNDS = 21


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lane", nargs="?", default="examples/five_factor.py:five_factor")
    parser.add_argument("--rows", type=int, default=4096)
    parser.add_argument("--bars", type=int, default=8)
    chosen = parser.parse_args()
    bars, rows = int(chosen.bars), int(chosen.rows)
    graph = prepare(trace(load_lane(chosen.lane)))
    batch = sample(universe_of(graph), bars, rows, np.random.default_rng(0))
    program = Program.from_files(emit(graph))
    outputs = list(dict.fromkeys(output.node for output in graph.outputs))
    wanted = tuple(graph.identifiers[node] for node in outputs)
    state = initial_state(graph, rows)
    arguments = program.arguments(batch.inputs, batch.params, state, np.ones(bars, np.bool_))
    interpreter = Interpreter()
    runner = XlaRunner(graph, program, interpreter.load(graph, interpreter.lower(graph)))
    exact = runner.run(batch, outputs).nodes

    with jax.enable_x64(True):
        plain = unguarded(naive(program))
        kernels: dict[str, Any] = {
            "naive, XLA's default options": lowered(plain, wanted, bars, rows).compile(),
            "naive, our options": compiled(plain, wanted, bars, rows),
            "exact, without the guard": compiled(unguarded(program), wanted, bars, rows),
            "exact": compiled(program, wanted, bars, rows),
        }
        _, flagged, _ = kernels["exact"](*arguments)
        clear = ~np.logical_or.accumulate(np.asarray(flagged), axis=0)
        wrong: dict[str, int] = {}
        for name, kernel in kernels.items():
            values, _, _ = kernel(*arguments)
            pairs = ((np.asarray(values[graph.identifiers[n]]), exact[n], graph.types[n]) for n in outputs)
            differing = (words_of_column(got, t) != words_of_column(want, t) for got, want, t in pairs)
            wrong[name] = sum(int(np.count_nonzero(each & clear)) for each in differing)
        ways: dict[str, Callable[[], Any]] = {
            name: partial(_finished, kernel, arguments) for name, kernel in kernels.items()
        }
        ways["exact, flagged rows recomputed"] = lambda: runner.run(batch, outputs)
        wrong["exact, flagged rows recomputed"] = 0
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                begin = time.perf_counter_ns()
                way()
                took[name].append((time.perf_counter_ns() - begin) / (bars * rows))

    words = int(clear.sum()) * len(outputs)
    print(f"{graph.name}: {len(graph)} nodes, {rows} rows x {bars} bars, jax {jax.__version__}")
    print(f"{runner.recomputed_rows} of {bars * rows} rows recomputed; {words} output words on the others")
    base = took["naive, XLA's default options"]
    for name, times in took.items():
        ratio = statistics.median(a / b for a, b in zip(times, base, strict=True))
        print(f"{min(times):9.1f} ns a row {ratio:7.2f} x {wrong[name]:9} words wrong  {name}")


def _finished(kernel: Any, arguments: tuple[Any, ...]) -> None:
    values, flagged, _ = kernel(*arguments)
    for each in (*values.values(), flagged):
        each.block_until_ready()


if __name__ == "__main__":
    main()
