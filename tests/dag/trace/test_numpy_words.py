"""numpy's words of single numbers: on numbers numpy's own results, in a graph the same bits, whatever they are mixed with."""

from __future__ import annotations

import itertools
import math
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import numpy as np
import pytest

from compile.backend import Batch
from compile.front import front
from compile.pipeline import prepare
from dag import domain, float32, int32, lane, unit
from dag.numbers.numpy_words import NUMPY_WORDS
from dag.trace import trace
from dag.values.types import F64
from dag.values.words import column_dtype, word_of
from tests.support.backends import backend_or_skip

SPECIAL = (0.0, -0.0, 1.0, -1.0, 2.5, 5e-324, -5e-324, 1e308, math.inf, -math.inf, math.nan)


@pytest.mark.parametrize(
    "function", [np.maximum, np.minimum, np.clip, np.where, np.sign, np.square], ids=lambda f: f.__name__
)
def test_on_numbers_a_word_is_numpys(function: Any) -> None:
    """Of two equal zeros numpy gives either, as the machine has it: their sign is not compared there."""
    word = NUMPY_WORDS[function]
    places = {"clip": 3, "sign": 1, "square": 1}.get(function.__name__, 2)
    for given in itertools.product(SPECIAL, repeat=places):
        each = (given[0] > 0.0, *given) if function is np.where else given
        with np.errstate(all="ignore"):
            wanted, got = float(function(*each)), float(word(*each))
        zeros = function in (np.maximum, np.minimum) and wanted == 0.0 == got
        assert zeros or word_of(wanted, F64) == word_of(got, F64), each


def test_beside_a_float_an_integer_is_one() -> None:
    assert [type(NUMPY_WORDS[np.clip](x, 0, 1)) for x in (-2.0, 0.5, 7.0)] == [float] * 3
    assert type(NUMPY_WORDS[np.where](False, 1.5, 0)) is float
    assert [NUMPY_WORDS[np.sign](n) for n in (-3, 0, 9)] == [-1, 0, 1]
    assert type(NUMPY_WORDS[np.maximum](2, 3)) is int


@dataclass(frozen=True)
class Words:
    clipped: float
    bounded: float
    chosen: float
    larger: float
    smaller: float
    signs: float
    squared: Annotated[float, unit("bps**2")]
    copied: float
    finite: bool
    narrow: float32
    few: int
    least: int32
    both: bool


@lane
def words(
    x: float,
    y: float,
    b: Annotated[float, unit("bps")],
    n: Annotated[int, domain(-9, 9)],
    k: int32,
    s: float32,
    c: bool,
) -> Words:
    """Each word, of floats, integers, narrow numbers and bools, beside literals of the other kind."""
    beyond = x * 1e300
    nought = beyond - beyond
    return Words(
        clipped=np.clip(x, 0, 1) + np.clip(nought, -1.0, 1.0),
        bounded=np.clip(y, a_min=-1.0, a_max=x),
        chosen=np.where(x > y, x, 0) + np.where(c, 1, -1),  # type: ignore[arg-type]
        larger=np.maximum(x, y) + np.maximum(-x, 0) + np.maximum(nought, x),
        smaller=np.minimum(y, nought) if c else np.minimum(x, y),
        signs=np.sign(x) + np.sign(b) + np.sign(nought) + np.sign(n),
        squared=np.square(b),
        copied=np.copysign(x, y),
        finite=np.isfinite(beyond) and not np.isinf(y * 1e300),
        narrow=np.clip(s, 0.1, 0.9) + np.sign(s) * np.maximum(s, 0.3),
        few=np.clip(n, 0, 3) + np.sign(n) + np.where(c, n, 7),
        least=np.minimum(k, 7),
        both=np.where(c, True, n > 2),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("name", ["interpreter", "c", "xla"])
def test_a_graph_has_the_bits_of_the_words_on_numbers(name: str) -> None:
    graph = prepare(trace(words))
    rng = np.random.default_rng(3)
    finite = [value for value in SPECIAL if math.isfinite(value)]
    rows = [
        (x, y, b, int(rng.integers(-9, 10)), int(rng.integers(-20, 20)), float(np.float32(rng.normal())), bool(rng.random() < 0.5))
        for x, y in itertools.product(finite, finite) for b in (0.0, -2.5)
    ]  # fmt: skip
    types = {port.name: graph.types[port.node] for port in graph.inputs}
    inputs = {key: np.array([[row[i]] for row in rows], column_dtype(types[key])) for i, key in enumerate(types)}
    backend = backend_or_skip(name)
    nodes = {output.name: output.node for output in graph.outputs if output.node != graph.status}
    result = backend.load(graph, backend.lower(graph)).run(Batch(inputs, {}, None, len(rows), 1), list(nodes.values()))
    for bar, row in enumerate(rows):
        given: tuple[Any, ...] = (*row[:5], np.float32(row[5]), row[6])
        wanted = asdict(words(*given))
        for key, node in nodes.items():
            got = result.nodes[node][bar, 0].item()
            assert word_of(got, graph.types[node]) == word_of(wanted[key], graph.types[node]), (row, key)


@lane
def of_numbers(x: Annotated[float, domain(-1e6, 1e6)], y: Annotated[float32, domain(-1e6, 1e6)]) -> int:
    large = int(np.clip(x, -5.0, 5.0)) + int(np.maximum(x, 1.0)) + int(np.sign(x)) + int(np.sign(y))
    return large + int(1.0 / np.maximum(x, 0.5)) + int(np.sqrt(np.square(x)))


def test_of_numbers_they_are_never_nan() -> None:
    """What range analysis makes of them: no guard is asked for where the input is a number."""
    assert front(of_numbers).errors == ()
