"""Lookbacks as parameters, and the values of a window by their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Annotated

import numpy as np
import pytest

from compile.backend import Batch
from compile.pipeline import prepare
from dag import domain, lane, max_seq, min_seq, params, sum_numpy, sum_seq, unit, window
from dag.trace import trace
from dag.values.words import word_of
from tests.oracle.sums import sum_np
from tests.support.backends import backend_or_skip
from tests.support.meaning import assert_same_words, evaluate
from tests.support.software import SOFTWARE
from tests.support.windowed_lanes import Positive


@dataclass(frozen=True)
class Lookback:
    """What windows say whose lengths are tuned, or differ from bar to bar."""

    mean: float
    count: int
    oldest: float
    newest: float
    path: float
    product: float
    in_blocks: float
    all_of_it: float
    below: int


@params
class Lengths:
    """A tuned length, in bars, and another."""

    n: Annotated[int, domain(1, 9)] = 4
    bars: Annotated[int, unit("bars"), domain(1, 9)] = 9


@lane
def lookback(x: Positive, y: float, m: Annotated[int, domain(1, 7)], keep: bool, p: Lengths) -> Lookback:
    """Every kind of reading of windows whose length is known only on the bar."""
    past = window(x, p.n, longest=9)
    some = window(x, min(m, p.n), longest=9, when=keep)
    beside = window(y, min(m, p.n), longest=9, when=keep)
    tuned = window(y, p.bars, longest=9)
    whole = window(x, 9)
    return Lookback(
        mean=sum_seq(past, 0.0) / max(float(len(past)), 1.0),
        count=len(some),
        oldest=some[0] if len(some) > 0 else x,
        newest=past[-2] if len(past) >= 2 else x,
        path=sum_seq((abs(b - a) for a, b in pairwise(some)), 0.0),
        product=sum_seq((a * b for a, b in zip(some, beside, strict=True)), 0.0),
        in_blocks=sum_numpy(tuned, 0.0),
        all_of_it=max_seq(whole, 0.0),
        below=sum_seq((1 if v < x else 0 for v in past), 0),
    )


def by_slices(inputs: list[tuple[float, float, int, bool]], p: Lengths) -> Iterator[Lookback]:
    """The same from whole histories of Python lists, which no window has cut."""
    xs: list[float] = []
    ys: list[float] = []
    kept: list[tuple[float, float]] = []
    for x, y, m, keep in inputs:
        past, some, tuned = xs[-p.n :], kept[-min(m, p.n) :], ys[-p.bars :]
        total = path = product = 0.0
        for v in past:
            total = total + v
        for (a, _), (b, _) in pairwise(some):
            path = path + abs(b - a)
        for a, b in some:
            product = product + a * b
        yield Lookback(
            mean=total / max(float(len(past)), 1.0), count=len(some), oldest=some[0][0] if some else x,
            newest=past[-2] if len(past) > 1 else x, path=path, product=product,
            in_blocks=0.0 + sum_np(tuned), all_of_it=max([0.0, *xs[-9:]]), below=sum(v < x for v in past),
        )  # fmt: skip
        xs.append(x)
        ys.append(y)
        kept += [(x, y)] if keep else []


@pytest.mark.parametrize("name", SOFTWARE)
def test_a_length_may_be_tuned_and_may_differ_from_bar_to_bar(name: str) -> None:
    """Longer again, a window finds the values that it had left out: the ring keeps as many as the longest length would take."""
    graph = prepare(trace(lookback))
    backend = backend_or_skip(name)
    rng = np.random.default_rng(12)
    bars, tuned = 60, [Lengths(n, unit_bars) for n, unit_bars in ((1, 9), (4, 1), (9, 5))]
    shape = (bars, len(tuned))
    x, y = rng.uniform(0.3, 40.0, shape), rng.normal(0.0, 1e3, shape)
    m, keep = rng.integers(1, 8, shape), rng.random(shape) < 0.7
    params_of = {key: np.array([getattr(each, key) for each in tuned]) for key in ("n", "bars")}
    batch = Batch({"x": x, "y": y, "m": m, "keep": keep}, params_of, None, bars, len(tuned))
    nodes = {output.name: output.node for output in graph.outputs if output.node != graph.status}
    result = backend.load(graph, backend.lower(graph)).run(batch, list(nodes.values()))
    for column, p in enumerate(tuned):
        each = list(
            zip(
                x[:, column].tolist(),
                y[:, column].tolist(),
                m[:, column].tolist(),
                keep[:, column].tolist(),
                strict=True,
            )
        )
        stream = lookback.stream(p)
        for bar, (row, wanted) in enumerate(zip(each, by_slices(each, p), strict=True)):
            assert stream(*row) == wanted
            for key, node in nodes.items():
                assert word_of(result.nodes[node][bar, column].item(), graph.types[node]) == word_of(
                    asdict(wanted)[key], graph.types[node]
                ), (bar, key)


def test_on_numbers_a_length_out_of_bounds_raises() -> None:
    for m in (0, -1):
        with pytest.raises(ValueError, match=f"a length of {m}; it has to be from 1 to longest=9"):
            lookback.stream(Lengths())(1.0, 1.0, m, True)
    with pytest.raises(ValueError, match="a length of 10; it has to be from 1 to longest=9"):
        window(1.0, 10, longest=9)


@dataclass(frozen=True)
class Places:
    """Where the values of windows stand, and folds that weigh them by that."""

    weighted: float
    highest_at: int
    lowest_at: int
    from_one: int
    beside: float


@lane
def places(x: Positive, y: float, p: Lengths) -> Places:
    """`enumerate` over a window, over neighbours and over two windows: the oldest value is number 0."""
    past = window(x, p.n, longest=9)
    other = window(y, p.n, longest=9)
    count = len(past)
    highest = max_seq(past, 0.0)
    lowest = min_seq(past, 1e7)
    return Places(
        weighted=sum_seq((float(i + 1) * v for i, v in enumerate(past)), 0.0),
        highest_at=min_seq((i if v == highest else count for i, v in enumerate(past)), count),
        lowest_at=max_seq((i if v == lowest else -1 for i, v in enumerate(past)), -1),
        from_one=sum_seq((i if b > a else 0 for i, (a, b) in enumerate(pairwise(past), start=1)), 0),
        beside=sum_seq((float(i) * a * b for i, (a, b) in enumerate(zip(past, other, strict=True))), 0.0),
    )


@pytest.mark.parametrize("name", SOFTWARE)
def test_the_values_of_a_window_are_numbered_from_the_oldest(name: str) -> None:
    graph = prepare(trace(places))
    backend = backend_or_skip(name)
    rng = np.random.default_rng(14)
    bars, tuned = 40, [Lengths(n) for n in (1, 4, 9)]
    x = rng.choice([1.0, 2.5, 7.0, 7.5], (bars, len(tuned)))
    y = rng.normal(0.0, 1e3, x.shape)
    nodes = {output.name: output.node for output in graph.outputs if output.node != graph.status}
    params_of = {key: np.array([getattr(p, key) for p in tuned]) for key in ("n", "bars")}
    batch = Batch({"x": x, "y": y}, params_of, None, bars, len(tuned))
    result = backend.load(graph, backend.lower(graph)).run(batch, list(nodes.values()))
    for column, p in enumerate(tuned):
        stream, past, xs, ys = places.stream(p), list[float](), x[:, column].tolist(), y[:, column].tolist()
        for bar in range(bars):
            past = xs[max(0, bar - p.n) : bar]
            wanted = asdict(stream(xs[bar], ys[bar]))
            assert wanted["highest_at"] == (past.index(max(past)) if past else 0)
            assert wanted["lowest_at"] == (len(past) - 1 - past[::-1].index(min(past)) if past else -1)
            total = 0.0
            for i, v in enumerate(past):
                total = total + float(i + 1) * v
            assert wanted["weighted"] == total
            for key, node in nodes.items():
                type_ = graph.types[node]
                assert word_of(result.nodes[node][bar, column].item(), type_) == word_of(wanted[key], type_), (bar, key)


@dataclass(frozen=True)
class Extremes:
    """The greatest and the least of a window that may be empty."""

    top: float
    bottom: float


@lane
def extremes(x: Annotated[float, domain(-100.0, 100.0)], n: Annotated[int, domain(1, 4)]) -> Extremes:
    past = window(x, n, longest=4)
    return Extremes(top=max(past, default=x), bottom=min(past, default=-7.5))


def test_a_default_is_what_an_empty_window_gives() -> None:
    rng = np.random.default_rng(3)
    x = rng.choice([-0.0, 0.0, 1.5, -2.5, 100.0, -100.0], (60, 8))
    n = rng.integers(1, 5, (60, 8))
    graph = prepare(trace(extremes))
    batch = Batch({"x": x, "n": n}, {}, None, 60, 8)
    nodes = [output.node for output in graph.outputs]
    for which in SOFTWARE:
        used = backend_or_skip(which)
        found = used.load(graph, used.lower(graph)).run(batch, nodes)
        assert_same_words(graph, found, evaluate(graph, batch, nodes), which)
    for instance in range(8):
        for bar in range(60):
            past = tuple(x[max(bar - n[bar, instance], 0) : bar, instance].tolist())
            expected = max(past, default=x[bar, instance]), min(past, default=-7.5)
            got = tuple(found.nodes[node][bar, instance].item() for node in nodes[:2])
            assert [each.hex() for each in map(float, got)] == [each.hex() for each in map(float, expected)]
