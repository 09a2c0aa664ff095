"""Windows: the numbers that Python gives are those of every backend, from the first bar on, whatever was kept and whatever is rejected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Annotated, Any

import numpy as np
import pytest

from compile.backend import Batch, Refused, refuse_unsupported
from compile.backends import backend as backend_called
from compile.campaign.drawing.random_graph import random_batch
from compile.hazards.search import hazards
from compile.pipeline import prepare
from dag import domain, float32, int32, lane, max_seq, min_seq, params, sum_numpy, sum_seq, unit, window
from dag.diagnostics.diagnostic import CompileError
from dag.trace import trace
from dag.values.binary32 import as_literal
from dag.values.words import word_of
from tests.oracle.sums import sum_np
from tests.support.backends import backend_or_skip
from tests.support.meaning import assert_same_words, evaluate

SOFTWARE = ("interpreter", "c", "c_batch", "xla")
Positive = Annotated[float, domain(0.25, 1e6)]


@dataclass(frozen=True)
class Over:
    """What the last values say."""

    count: int
    below: int
    total: float
    lowest: float
    highest: float
    oldest: float
    newest: float
    path: float
    product: float
    spread: float
    fewest: int
    most: int


@lane
def over(x: Positive, y: float, keep: bool) -> Over:
    """Every fold, over one window, over neighbours, over two windows side by side."""
    past = window(x, 11)
    kept = window(y, 11)
    rare = window(y, 5, when=keep)
    votes = window((1 if keep else -3) * (2 if y > x else 1), 11)
    count = len(past)
    mean = sum_seq(past, 0.0) / float(count) if count > 0 else 0.0
    return Over(
        count=count,
        below=sum_seq((1 if v < x else 0 for v in past), 0),
        total=sum_seq(rare, -0.0),
        lowest=min_seq(rare, 7.0),
        highest=max_seq((abs(v) for v in kept), -1.0),
        oldest=past[0] if count > 0 else x,
        newest=past[-2] if count == 11 else x,
        path=sum_seq((abs(b - a) / a for a, b in pairwise(past)), 0.0),
        product=sum_seq((a * b for a, b in zip(past, kept, strict=True)), 0.0),
        spread=sum_numpy(((v - mean) * (v - mean) for v in past), 0.0),
        fewest=min_seq(votes, 0),
        most=max_seq((v * v for v in votes), -1),
    )


Price = Annotated[float32, domain(0.25, 1e30)]
Lots = Annotated[int32, domain(-1000, 1000)]


@dataclass(frozen=True)
class Narrow:
    """What the last 32-bit values say."""

    total: float32
    in_blocks: float32
    product: float32
    lowest: float32
    highest: float32
    newest: float32
    below: int
    wide: float
    lots: int32
    fewest: int32
    most: int32
    held: float


@lane
def narrow(x: Price, n: Lots) -> Narrow:
    """Every fold, over windows of 32-bit numbers."""
    past = window(x, 19)
    lots = window(n, 11)
    return Narrow(
        total=sum_seq((v * float32(0.1) for v in past), float32(-0.0)),
        in_blocks=sum_numpy((abs(b - a) / a for a, b in pairwise(past)), float32(0.5)),
        product=sum_seq((v * v for v in past), x),
        lowest=min_seq(past, x),
        highest=max_seq((-v for v in past), float32(-1.5)),
        newest=past[-1] if len(past) > 0 else x,
        below=sum_seq((1 if v < x else 0 for v in past), 0),
        wide=sum_seq((float(v) for v in past), 0.0),
        lots=sum_seq((v * v for v in lots), n),
        fewest=min_seq(lots, int32(7)),
        most=max_seq((-v for v in lots), n),
        held=sum_seq(lots, 0.5),
    )


def rows(bars: int, instances: int) -> Batch:
    """Ordinary values; subnormals and infinities in the second input; some rows outside the domain."""
    graph = prepare(trace(over))
    batch = random_batch(graph, 5, bars, instances, wild=0.4)
    rng = np.random.default_rng(8)
    x = rng.uniform(0.3, 40.0, (bars, instances))
    x[rng.random((bars, instances)) < 0.1] = -1.0
    return Batch({**batch.inputs, "x": x}, batch.params, None, bars, instances)


def narrow_rows(bars: int, instances: int) -> Batch:
    """Values near each other, whose sums are rounded, and some that overflow; some rows outside the domain."""
    rng = np.random.default_rng(9)
    x = rng.uniform(0.3, 40.0, (bars, instances)).astype(np.float32)
    x[rng.random(x.shape) < 0.05] = np.float32(9e29)
    x[rng.random(x.shape) < 0.05] = -1.0
    n = rng.integers(-1000, 1001, (bars, instances), np.int32)
    return Batch({"x": x, "n": n}, {}, None, bars, instances)


@pytest.mark.parametrize("name", SOFTWARE)
def test_every_backend_folds_32_bits_as_the_meaning_does(name: str) -> None:
    graph, batch = prepare(trace(narrow)), narrow_rows(40, 20)
    nodes = graph.single_values()
    used = backend_or_skip(name)
    found = used.load(graph, used.lower(graph)).run(batch, nodes)
    assert_same_words(graph, found, evaluate(graph, batch, nodes))


def test_the_meaning_of_32_bit_folds_is_what_python_computes() -> None:
    graph, batch = prepare(trace(narrow)), narrow_rows(40, 10)
    assert hazards(graph) == []
    outputs = {output.name: output.node for output in graph.outputs if output.name != "status"}
    found = evaluate(graph, batch, [*outputs.values()])
    for instance in range(batch.instances):
        stream = narrow.stream()
        x, n = batch.inputs["x"][:, instance], batch.inputs["n"][:, instance]
        for bar in (t for t in range(batch.bars) if x[t] >= 0.25):
            answer = asdict(stream(x[bar], n[bar]))
            for name, node in outputs.items():
                type_ = graph.types[node]
                word = word_of(found.nodes[node][bar, instance].item(), type_)
                assert word == word_of(as_literal(answer[name]), type_), (name, bar, instance)


@lane
def begun_with_a_literal(x: float32) -> float32:
    """On the first bar Python would go on with a float."""
    past = window(x, 5)
    return max_seq(past, 0.1)


def test_a_fold_of_32_bits_begins_with_one() -> None:
    with pytest.raises(CompileError, match=r"write float32\(0\.1\)"):
        trace(begun_with_a_literal)


@lane
def may_overflow(n: int32) -> int32:
    """A sum of five that 32 bits do not hold."""
    past = window(n, 5)
    return sum_seq(past, n)


def test_a_sum_that_32_bits_may_not_hold_is_an_error() -> None:
    (found,) = hazards(prepare(trace(may_overflow)))
    assert found.code == "E062"


@pytest.mark.parametrize("name", SOFTWARE)
def test_every_backend_gives_the_words_of_the_meaning(name: str) -> None:
    graph, batch = prepare(trace(over)), rows(40, 60)
    nodes = graph.single_values()
    used = backend_or_skip(name)
    found = used.load(graph, used.lower(graph)).run(batch, nodes)
    assert_same_words(graph, found, evaluate(graph, batch, nodes))


def test_the_meaning_is_what_python_computes() -> None:
    graph, batch = prepare(trace(over)), rows(40, 20)
    outputs = {output.name: output.node for output in graph.outputs if output.name != "status"}
    found = evaluate(graph, batch, [*outputs.values()])
    for instance in range(batch.instances):
        for bar, answer in zip(accepted(batch, instance), answers(batch, instance), strict=True):
            for name, node in outputs.items():
                type_ = graph.types[node]
                word = word_of(found.nodes[node][bar, instance].item(), type_)
                assert word == word_of(answer[name], type_), (name, bar, instance)


def accepted(batch: Batch, instance: int) -> list[int]:
    x, y = batch.inputs["x"][:, instance], batch.inputs["y"][:, instance]
    return [t for t in range(batch.bars) if 0.25 <= x[t] <= 1e6 and np.isfinite(y[t])]


def answers(batch: Batch, instance: int) -> Iterator[dict[str, Any]]:
    stream = over.stream()
    for t in accepted(batch, instance):
        yield asdict(stream(*(batch.inputs[name][t, instance].item() for name in ("x", "y", "keep"))))


def test_a_window_states_no_hazard_where_its_values_are_there() -> None:
    assert hazards(prepare(trace(over))) == []


@lane
def unguarded(x: float) -> float:
    """Its newest value, which the first bar has not."""
    past = window(x, 4)
    return past[-1]


def test_a_value_that_may_not_be_there_is_an_error() -> None:
    (found,) = hazards(prepare(trace(unguarded)))
    assert found.code == "E065"


def test_windows_of_the_same_bars_share_what_they_count() -> None:
    names = [state.name for state in trace(over).states]
    assert names == ["kept", "past", "past.count", "past.place", "rare", "rare.count", "rare.place", "votes"]


@pytest.mark.parametrize("name", ["rtl", "rtl_interleaved"])
def test_verilog_refuses_by_name_and_says_what_to_do_instead(name: str) -> None:
    with pytest.raises(Refused, match=r"no lowering of `fold_\w+` for node .* keep a sketch|cannot carry arrays"):
        refuse_unsupported(prepare(trace(over)), backend_called(name))


@lane
def twice(x: float) -> float:
    """Two calls of a lane with a window: each has its own."""
    first = smoothed(x)
    second = smoothed(first)
    return second


@lane
def smoothed(x: float) -> float:
    """The mean of the last three values and this one."""
    past = window(x, 3)
    return sum_seq(past, x) / float(len(past) + 1)


def test_each_call_has_a_window_of_its_own() -> None:
    stream = twice.stream()
    assert [stream(x) for x in (8.0, 4.0, 0.0, 0.0)] == [8.0, 7.0, 6.0, 5.25]
    assert [state.name for state in trace(twice).states] == [
        "smoothed_first.past", "smoothed_first.past.count", "smoothed_first.past.place", "smoothed_second.past",
    ]  # fmt: skip


def test_outside_a_stream_there_is_no_previous_bar() -> None:
    assert smoothed(8.0) == 8.0


@lane
def named_like_a_counter(x: float, k: float, dagc_free: float) -> float:
    """Variables that a loop could hide."""
    past = window(x, 4)
    each = k + dagc_free
    return sum_seq((v * k + each for v in past), 0.0)


@pytest.mark.parametrize("name", SOFTWARE)
def test_a_loop_hides_no_variable(name: str) -> None:
    graph = prepare(trace(named_like_a_counter))
    batch = random_batch(graph, 3, 9, 12, wild=0.2)
    nodes = graph.single_values()
    used = backend_or_skip(name)
    assert_same_words(graph, used.load(graph, used.lower(graph)).run(batch, nodes), evaluate(graph, batch, nodes))


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
