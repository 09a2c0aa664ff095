"""Travelling through a run: every bar is what it was, whichever way one comes, and going back is not starting over."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import dagc
from compile.backend import Batch, Result, Runner
from dag import carry, lane, max_seq, window
from dag.values.words import word_of
from dagc.debugging.why import travel
from dagc.debugging.why.moment import Moment, moment_of
from dagc.debugging.why.travel import Travel

BARS = 61


@lane
def wandering(x: float) -> tuple[float, int]:
    level = carry(initial=-0.0)
    count = carry(initial=0)
    past = window(x, 5)
    level = level + (x - level) / 3.0
    count = min(count + 1, 1000) if x > 0.0 else 0
    return max_seq(past, x) - level, count


@pytest.fixture(scope="module")
def run() -> Any:
    drawn = np.random.default_rng(3).normal(size=BARS)
    drawn[[4, 20, 33]] = -0.0, 5e-324, np.nan
    return dagc.compile(wandering).run({"x": drawn})


class Counted:
    """A runner that says how many bars it has run."""

    def __init__(self, runner: Runner) -> None:
        self.runner, self.bars = runner, 0

    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        self.bars += batch.bars
        return self.runner.run(batch, nodes)


def words(moment: Moment) -> dict[int, int]:
    return {node: word_of(value, moment.graph.types[node]) for node, value in moment.values.items()}


def kept(moment: Moment) -> dict[str, bytes]:
    return {name: column.tobytes() for name, column in (moment.row.state or {}).items()}


@pytest.mark.parametrize("every", [1, 7, 512])
def test_bars_in_any_order_are_those_of_the_run(run: Any, monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    monkeypatch.setattr(travel, "KEPT_EVERY", every)
    travelled = Travel(run.graph, run.runner, run.batch)
    bars = [*range(BARS)] * 2
    random.Random(1).shuffle(bars)
    for bar in bars:
        found, straight = travelled.at(bar), moment_of(run.graph, run.runner, run.batch, bar)
        assert (found.bar, words(found), kept(found)) == (bar, words(straight), kept(straight))


def test_going_back_runs_few_bars(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(travel, "KEPT_EVERY", 8)
    counted = Counted(run.runner)
    travelled = Travel(run.graph, counted, run.batch)
    travelled.at(60)
    counted.bars = 0
    for bar in (55, 41, 59):
        travelled.at(bar)
    assert counted.bars <= 3 * 8
    travelled.at(55)
    assert counted.bars <= 3 * 8, "it is remembered"


def test_a_bar_that_is_not_there(run: Any) -> None:
    for bar in (-1, BARS):
        with pytest.raises(IndexError, match=f"bar {bar} is not in the run, which has bars 0 to 60"):
            run.at(bar)
