"""Streams of values that sketches find hard, and running them through a lane in any backend."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from compile.backend import Batch
from compile.campaign.drawing.special_values import SPECIAL_F64
from compile.pipeline import prepare
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.trace import trace
from dag.values.types import Value
from dag.values.words import word_of, words_of_column
from tests.support.backends import backend_or_skip

Words = NDArray[np.uint64]
#: What a stream says at each bar, by output name.
Said = Iterator[dict[str, Value]]

FINITE = [x for x in SPECIAL_F64 if math.isfinite(x)]


def _special(rng: np.random.Generator, bars: int) -> NDArray[np.float64]:
    return rng.choice(np.array(FINITE), bars)


def _few(rng: np.random.Generator, bars: int) -> NDArray[np.float64]:
    return rng.choice(np.array([0.0, -0.0, 1.0, 1.0, 2.0, -1.0]), bars)


def _zigzag(rng: np.random.Generator, bars: int) -> NDArray[np.float64]:
    k = np.arange(bars, dtype=float)
    return np.where(k % 2 == 0, k, -k) * float(rng.choice([1.0, 0.1]))


def _tiny(rng: np.random.Generator, bars: int) -> NDArray[np.float64]:
    tiny: NDArray[np.float64] = rng.integers(-9, 10, bars) * 5e-324 * 2.0 ** rng.integers(0, 60, bars)
    return tiny


def _drifting(rng: np.random.Generator, bars: int) -> NDArray[np.float64]:
    return 100.0 + np.cumsum(rng.normal(size=bars))


#: One stream each; magnitudes from subnormal to the largest.
KINDS: dict[str, Callable[[np.random.Generator, int], NDArray[np.float64]]] = {
    "normal": lambda rng, bars: rng.normal(size=bars),
    "drifting": _drifting,
    "few values": _few,
    "sorted": lambda rng, bars: np.sort(rng.normal(size=bars)),
    "reversed": lambda rng, bars: -np.sort(rng.exponential(size=bars)),
    "zigzag": _zigzag,
    "constant": lambda rng, bars: np.full(bars, rng.choice(np.array(FINITE))),
    "heavy tails": lambda rng, bars: rng.standard_cauchy(bars) ** 3,
    "special": _special,
    "tiny": _tiny,
    "huge": lambda rng, bars: rng.choice([-1.7e308, 1.7e308, 1.0, 1e300], bars),
}


def columns(bars: int, instances: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """`num` and `den` [bars, instances]: num / den is the value, here and there infinite or NaN. Kinds take turns."""
    rng = np.random.default_rng(seed)
    kinds = list(KINDS.values())
    num = np.stack([kinds[i % len(kinds)](rng, bars) for i in range(instances)], axis=1)
    den = np.where(rng.random(num.shape) < 0.06, rng.choice([0.0, -0.0], num.shape), 1.0)
    return {"num": num, "den": den}


def divided(num: float, den: float) -> float:
    """num / den as IEEE has it, for the dens above."""
    if den != 0.0:
        return num
    return math.nan if num == 0.0 else math.copysign(math.inf, num) * math.copysign(1.0, den)


def graph_of(lane: AnyLane) -> Graph:
    """The graph of a lane, ready to be lowered."""
    return prepare(trace(lane))


def said_by_backend(
    which: str, graph: Graph, inputs: Mapping[str, NDArray[Any]], params: Mapping[str, NDArray[Any]]
) -> dict[str, Words]:
    """The words [bars, instances] of every output, `status` included. Skips where the backend's tool is missing."""
    bars, instances = next(iter(inputs.values())).shape
    backend = backend_or_skip(which)
    runner = backend.load(graph, backend.lower(graph))
    nodes = {output.name: output.node for output in graph.outputs}
    result = runner.run(Batch(inputs, params, None, bars, instances), list(nodes.values()))
    return {name: words_of_column(result.nodes[node], graph.types[node]) for name, node in nodes.items()}


def said_by_oracle(
    graph: Graph,
    oracle: Callable[[Sequence[Mapping[str, Any]]], Said],
    inputs: Mapping[str, NDArray[Any]],
    params: Mapping[str, NDArray[Any]],
) -> dict[str, Words]:
    """The same of a reference, which is given the rows of one instance after another."""  # fmt: skip
    bars, instances = next(iter(inputs.values())).shape
    types = {output.name: graph.types[output.node] for output in graph.outputs if output.name != "status"}
    words = {name: np.zeros((bars, instances), np.uint64) for name in types}
    for i in range(instances):
        fixed = {name: column[i].item() for name, column in params.items()}
        rows = [{name: c[t, i].item() for name, c in inputs.items()} | fixed for t in range(bars)]
        for t, answer in enumerate(oracle(rows)):
            for name, value in answer.items():
                words[name][t, i] = word_of(value, types[name])
    return words


def assert_same_words(got: Mapping[str, Words], wanted: Mapping[str, Words]) -> None:
    """Fail at the first bar and instance where an output differs, or where a row was rejected."""
    assert set(got) == {*wanted, "status"}
    assert not got["status"].any()
    for name, words in wanted.items():
        wrong = np.argwhere(got[name] != words)
        if len(wrong):
            bar, instance = wrong[0]
            pytest.fail(
                f"{name}: {len(wrong)} of {words.size} differ, first at bar {bar} of instance {instance}: "
                f"{got[name][bar, instance]:016x}, reference {words[bar, instance]:016x}"
            )
