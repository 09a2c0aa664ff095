"""What takes long to compile, word by word in every backend: `python -m bench.distrack_bits [-n PAIRS]`.

Markers of random streams, short ones among them, are merged on numbers and in every backend but Verilog; the state of t-digests after
170 values is compared between C and Verilog, which takes a minute to simulate.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.backend import Backend, Batch
from compile.c.backend import C
from compile.c.runner import Entry
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from compile.xla.backend import Xla
from dag.trace import trace
from dag.values.types import F64
from dag.values.words import word_of, words_of_column
from lanes.distrack import Markers, merge_markers, tdigest
from lanes.distrack.p2_quantile import NO_MARKERS, with_value
from rtl.backend import Verilog

BACKENDS: dict[str, Backend] = {each.name: each for each in (Interpreter(), Xla(), C(), C(Entry.BATCH))}
Case = tuple[float, Markers, Markers]


def drawn(count: int, seed: int) -> list[Case]:
    """Quantiles and pairs of markers."""
    rng = np.random.default_rng(seed)

    def markers(q: float) -> Markers:
        found = NO_MARKERS
        scale = 10.0 ** int(rng.integers(-12, 13))
        for x in rng.normal(size=int(rng.choice([0, 1, 3, 4, 5, 6, 30, 100]))).tolist():
            found = with_value(found, round(x, 1) if rng.random() < 0.2 else x * scale, q)
        return found

    quantiles = rng.choice([0.5, 0.0, 1.0, 0.01, 0.95], count).tolist()
    return [(q, markers(q), markers(q)) for q in quantiles]


def marker_words(markers: Markers) -> list[int]:
    """All nine words."""
    return [markers.count, *(word_of(x, F64) for x in (*markers.heights, *markers.places))]


def merged_by(which: str, cases: Sequence[Case]) -> list[list[int]]:
    """What a backend merges each pair to, as words."""
    graph = prepare(trace(merge_markers))
    inputs: dict[str, Any] = {"quantile": [q for q, *_ in cases]}
    for name, index in (("a", 1), ("b", 2)):
        sides: list[Any] = [case[index] for case in cases]
        inputs[f"{name}.count"] = [side.count for side in sides]
        inputs |= {f"{name}.heights.{k}": [side.heights[k] for side in sides] for k in range(5)}
        inputs |= {f"{name}.places.{k}": [side.places[k] for side in sides] for k in range(3)}
    nodes = {output.name: output.node for output in graph.outputs}
    order = ["count", *(f"heights.{k}" for k in range(5)), *(f"places.{k}" for k in range(3))]
    backend = BACKENDS[which]
    batch = Batch({name: np.array([column]) for name, column in inputs.items()}, {}, None, 1, len(cases))
    result = backend.load(graph, backend.lower(graph)).run(batch, list(nodes.values()))
    assert not result.nodes[nodes["status"]].any()
    columns = [words_of_column(result.nodes[nodes[name]], graph.types[nodes[name]])[0].tolist() for name in order]
    return [list(row) for row in zip(*columns, strict=True)]


def digest_words(backend: Backend, x: NDArray[np.float64]) -> list[list[int]]:
    """The words of every state of `tdigest` after the bars of `x` [bars, instances]."""
    graph = prepare(trace(tdigest))
    result = backend.load(graph, backend.lower(graph)).run(Batch({"x": x}, {}, None, *x.shape), [])
    return [np.ascontiguousarray(result.state[s.name]).view(np.uint64).ravel().tolist() for s in graph.states]


def main() -> int:
    """Compare and print; 1 where a word differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", "--pairs", type=int, default=2_000)
    cases = drawn(parser.parse_args().pairs, seed=1)
    wanted = [marker_words(merge_markers(a, b, q)) for q, a, b in cases]
    differing = 0
    for name in BACKENDS:
        wrong = sum(got != right for got, right in zip(merged_by(name, cases), wanted, strict=True))
        differing += wrong
        print(f"{name:12s} {len(cases):6,} pairs  {wrong} differ", flush=True)
    rng = np.random.default_rng(2)
    x = np.stack([rng.normal(size=170), rng.standard_cauchy(170), np.arange(170.0), rng.integers(0, 3, 170)], axis=1)
    verilog, c = digest_words(Verilog(), x), digest_words(C(), x)
    wrong = sum(got != right for got, right in zip(verilog, c, strict=True))
    differing += wrong
    print(f"{'rtl':12s} {x.size:6,} values into t-digests  {wrong} states of {len(c)} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
