"""Does this process's XLA rewrite anything? Every small expression of `compile.xla.selftest.patterns`, against the interpreter.

    python -m compile.xla.selftest.rewrites [--every N]

Run it after an upgrade of jaxlib: it says more than the canary, and takes some minutes. Many trees share a kernel, few
enough that XLA fuses them; unfused, it would have little to rewrite. The kernels have no guard: it reads what it watches, and
some rules want a value to have one reader only. Exit code 1 if a word differs.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch
from compile.interpreter.backend import Interpreter
from compile.xla.emit import emit
from compile.xla.program import FUSED_RESULTS, Program
from compile.xla.selftest.patterns import Tree, graph_of, patterns
from dag.graphs.graph import Graph
from dag.values.types import F64
from dag.values.words import Column, words_of_column

ROWS = 512
_SPECIAL = (
    0.0, -0.0, math.inf, -math.inf, math.nan, 0.5, -0.5, 1.0, -1.0, 1.5, 2.5, 0.1, 2.0**52 + 1, 2.0**53, 2.0**63,
    1e200, -1e200, 1e-200, sys.float_info.max,
)  # fmt: skip


@dataclass(slots=True)
class RewriteTally:
    """How many values were compared, how many not because a subnormal was met, and on how many rows which tree is wrong."""

    compared: int = 0
    subnormal: int = 0
    wrong: dict[str, int] = field(default_factory=dict[str, int])


def judged(
    trees: Sequence[Tree], edit: Callable[[Program], Program] = lambda program: program
) -> Iterator[RewriteTally]:
    """Run `trees` on fixed numbers, a kernel at a time, and yield the tally of each kernel.

    `edit` changes the kernel first: with the remedies taken out of it, this must find what XLA then does.
    """
    for start in range(0, len(trees), FUSED_RESULTS):
        graph = graph_of(tuple(trees[start : start + FUSED_RESULTS]))
        yield _judged(graph, unguarded(edit(Program.from_files(emit(graph)))))


def unguarded(program: Program) -> Program:
    """`program` with a guard that is never raised; XLA then drops what it read."""
    never = "%guard.any = stablehlo.and %guard.none, %guard.none : tensor<1xi1>"
    return Program(re.sub(r"%guard\.any = .*", never, program.text), program.interface)


def _judged(graph: Graph, program: Program) -> RewriteTally:
    numbers = random.Random(graph.name)
    inputs = {port.name: _numbers(numbers)[np.newaxis] for port in graph.inputs}
    params = {port.name: _numbers(numbers) for port in graph.params}
    interpreter = Interpreter()
    runner = interpreter.load(graph, interpreter.lower(graph))
    expected = runner.run(Batch(inputs, params, None, 1, ROWS), range(len(graph))).nodes
    wanted = [tap.node for tap in graph.taps]
    names = [graph.identifiers[node] for node in wanted]
    got = program.replay(inputs, params, {}, np.ones(1, np.bool_), ROWS, names)
    clear = _clear(graph, expected)
    tally = RewriteTally()
    for tap, name in zip(graph.taps, names, strict=True):
        type_ = graph.types[tap.node]
        differs = words_of_column(got.values[name], type_) != words_of_column(expected[tap.node], type_)
        wrong = int(np.count_nonzero(differs & clear[tap.node]))
        if wrong:
            tally.wrong[tap.name] = wrong
        tally.compared += int(np.count_nonzero(clear[tap.node]))
        tally.subnormal += int(np.count_nonzero(~clear[tap.node]))
    return tally


def _clear(graph: Graph, values: Mapping[int, Column]) -> list[NDArray[np.bool_]]:
    """For each node the rows on which flushing cannot have changed it: no number it is made of rounds to less than 2^-1022.

    2^-1022 itself is left out too: it may be the rounding of something smaller.
    """
    clear: list[NDArray[np.bool_]] = []
    for node, args in enumerate(graph.args):
        mine = np.ones((1, ROWS), np.bool_)
        if graph.types[node] == F64:
            size = np.abs(values[node])
            mine = ~((size > 0.0) & (size <= sys.float_info.min))
        clear.append(np.logical_and.reduce([mine, *(clear[arg] for arg in args)]))
    return clear


def _numbers(numbers: random.Random) -> Column:
    """[ROWS]: ordinary numbers of one magnitude or of many, and special values."""

    def number() -> float:
        which = numbers.random()
        if which < 0.25:
            return numbers.choice(_SPECIAL)
        return numbers.uniform(-9, 9) * (1.0 if which < 0.6 else 10.0 ** numbers.randint(-9, 9))

    return np.array([number() for _ in range(ROWS)])


def main() -> int:
    """Run the patterns and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th pattern")
    trees = patterns()[:: parser.parse_args().every]
    total = RewriteTally()
    for tally in judged(trees):
        total.compared += tally.compared
        total.subnormal += tally.subnormal
        total.wrong |= tally.wrong
        for name, rows in tally.wrong.items():
            print(f"{name}: {rows} of {ROWS} rows differ", flush=True)
    print(
        f"{len(trees)} patterns, {len(total.wrong)} wrong; {total.compared} words compared, "
        f"{total.subnormal} left out because a subnormal is met"
    )
    return int(bool(total.wrong))


if __name__ == "__main__":
    sys.exit(main())
