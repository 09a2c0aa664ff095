"""Windows: the numbers that Python gives are those of every backend, from the first bar on, whatever was kept and whatever is rejected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from compile.backend import Batch, Refused, refuse_unsupported
from compile.backends import backend as backend_called
from compile.campaign.drawing.random_graph import random_batch
from compile.hazards.search import hazards
from compile.pipeline import prepare
from dag import float32, int32, lane, max_seq, sum_seq, window
from dag.diagnostics.diagnostic import CompileError
from dag.trace import trace
from dag.values.binary32 import as_literal
from dag.values.words import word_of
from tests.support.backends import backend_or_skip
from tests.support.meaning import assert_same_words, evaluate
from tests.support.software import SOFTWARE
from tests.support.windowed_lanes import narrow, over


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
