"""What a number was made of: chains whose numbers are known from another program, and shares held against every order."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import pytest

import dagc
from dag import carry, domain, lane
from dagc.debugging.why import shares
from dagc.debugging.why import waterfall as waterfalls
from dagc.live.run import Run
from examples.market_table import load_days, market_rows, write_table
from tests.support.command_line import dagc as run_dagc

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("market") / "market.csv"
    write_table(market_rows(load_days()), file)
    return file


@pytest.fixture(scope="module")
def run(market: Path) -> Run:
    return dagc.compile(f"{ROOT}/examples/five_factor.py:five_factor").run(pd.read_csv(market))


def test_a_leverage_is_base_times_regime_and_ties_with_its_cap(run: Run) -> None:
    found = run.at(1000).waterfall("lev")
    assert (found.begins, found.first, found.value) == ("base_cubic_sizer.lev", 7.467815304679712, 7.901328506647579)
    assert [step.does for step in found.steps] == ["times"] * 4 + ["at most", "at least"]
    assert found.set_by == "regime, times 1.0580508735528322"
    by_name = {step.name: step for step in found.steps}
    assert by_name["regime"].neutral == 7.467815304679712
    still = [step for step in found.steps if step.name != "regime"]
    assert {(step.neutral, step.share) for step in still} == {(7.901328506647579, 0.0)}


def test_what_was_capped_was_set_by_the_cap_whatever_the_factors_said(run: Run) -> None:
    found = run.at(124).waterfall("lev")
    steps = {step.name: step for step in found.steps}
    assert (steps["cap"].before, steps["cap"].after, found.set_by) == (11.083805569184934, 9.0, "cap, at most 9.0")
    assert steps["regime"].neutral == 7.687151148354214, "though it moves the number only by way of the cap"
    assert steps["market_ob_mult.mult"].neutral == 9.0
    assert run.at(2390).waterfall("lev").steps[-2].before == 3.5516969353353156


@pytest.mark.parametrize("bar", [124, 1000, 2390])
def test_every_step_starts_where_the_last_ended(run: Run, bar: int) -> None:
    found = run.at(bar).waterfall("lev")
    assert found.steps[0].before == found.first
    assert [a.after for a in found.steps[:-1]] == [b.before for b in found.steps[1:]]
    assert found.steps[-1].after == found.value


Factor = Annotated[float, domain(-4.0, 4.0)]


@lane
def composed(a: Factor, b: Factor, c: Factor, low: Factor, high: Factor) -> float:
    """Sums and products between a floor and a cap; one factor is read twice."""
    before = carry(initial=1.0)
    raw = ((a + before) * b - c) / 2.0 * b
    before = min(max(raw, -8.0), 8.0)
    return min(max(low, raw), high)


def numbers(bar: dict[str, float], before: float) -> float:
    raw = ((bar["a"] + bar["before"]) * bar["b"] - bar["c"]) / bar["half"] * bar["b"]
    return min(max(bar["low"], raw), bar["high"])


NEUTRAL = {"before": 0.0, "b": 1.0, "c": 0.0, "half": 1.0, "low": -math.inf, "high": math.inf}


def test_shares_are_the_mean_over_all_orders() -> None:
    rng = np.random.default_rng(4)
    columns = {name: rng.uniform(-4.0, 4.0, 12) for name in ("a", "b", "c", "low", "high")}
    run = dagc.compile(composed).run(columns, taps=["all"])
    before = 1.0
    for bar in range(12):
        given = {name: float(column[bar]) for name, column in columns.items()} | {"before": before, "half": 2.0}
        found = run.at(bar).waterfall("result")
        assert found.value == numbers(given, before)
        names = [step.name for step in found.steps]
        factors = ["before", "b", "c", "half", "low", "high"]
        assert len(set(names)) == len(factors)
        fair = dict.fromkeys(factors, Fraction(0))
        for order in itertools.permutations(factors):
            held = {**given, **NEUTRAL}
            last = Fraction(numbers(held, before))
            for name in order:
                held[name] = given[name]
                now = Fraction(numbers(held, before))
                fair[name] += now - last
                last = now
        orders = math.factorial(len(factors))
        expected = {float(share / orders) for share in fair.values()}
        assert {step.share for step in found.steps} == expected
        nothing = numbers({**given, **NEUTRAL}, before)
        total = sum((fair[name] for name in factors), Fraction(0)) / orders
        assert Fraction(found.value) == Fraction(nothing) + total
        raw = numbers({**given, "low": -math.inf, "high": math.inf}, before)
        before = min(max(raw, -8.0), 8.0)


def test_shares_of_many_factors_are_estimates_that_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    run = dagc.compile(composed).run({name: np.array([1.5, 2.0]) for name in ("a", "b", "c", "low", "high")})
    exact = run.at(1).waterfall("result").steps
    monkeypatch.setattr(shares, "MOST_EXACT", 3)
    monkeypatch.setattr(waterfalls, "ROWS_AT_ONCE", 7)
    drawn = run.at(1).waterfall("result").steps
    assert [step.neutral for step in drawn] == [step.neutral for step in exact]
    assert {step.error for step in exact} == {0.0}
    assert any(step.error for step in drawn)
    for one, other in zip(drawn, exact, strict=True):
        assert one.share is not None
        assert one.error is not None
        assert other.share is not None
        assert abs(one.share - other.share) <= 5.0 * one.error
    sums = [math.fsum({step.name: step.share or 0.0 for step in steps}.values()) for steps in (drawn, exact)]
    assert math.isclose(*sums, abs_tol=1e-12)
    assert len(exact) == len({step.name for step in exact}) + 1, "one factor is read twice"
    assert repr(run.at(1).waterfall("result")).count("as above") == 1
    assert run.at(1).waterfall("result").steps == drawn, "the orders are the same every time"
    assert " ± " in repr(run.at(1).waterfall("result"))


@lane
def fourteen(
    a: Factor, b: Factor, c: Factor, d: Factor, e: Factor, f: Factor, g: Factor,
    h: Factor, i: Factor, j: Factor, k: Factor, m: Factor, n: Factor, o: Factor,
) -> float:  # fmt: skip
    return (a + b + c + d + e + f + g + h + i + j + k + m + n) * o


def test_shares_of_more_than_a_dozen_factors_are_of_the_sets_that_were_run() -> None:
    """Of a sum times 1 every order gives each summand itself, so that the estimate has no error to hide behind."""
    given = {name: np.array([0.25 * (place + 1)]) for place, name in enumerate("abcdefghijkmn")}
    steps = dagc.compile(fourteen).run({**given, "o": np.array([1.0])}).waterfall("result", 0).steps
    assert [(step.name, step.share, step.error) for step in steps] == [
        *((name, 0.25 * (place + 1), 0.0) for place, name in enumerate("abcdefghijkmn") if name != "a"),
        ("o", 0.0, 0.0),
    ]


@lane
def whole(n: Annotated[int, domain(0, 9)]) -> tuple[int, float]:
    return n, float(n)


def test_what_has_no_chain_is_told_so() -> None:
    moment = dagc.compile(whole).run({"n": np.array([3])}).at(0)
    with pytest.raises(ValueError, match="a waterfall is of a float"):
        moment.waterfall("n")
    with pytest.raises(ValueError, match="not made of products"):
        moment.waterfall("result.1")


def test_the_command_prints_the_table_and_json(market: Path, tmp_path: Path) -> None:
    given = (
        "tap",
        f"{ROOT}/examples/five_factor.py:five_factor",
        "--data",
        market,
        "--bar",
        124,
        "--lane",
        "lev",
        "--waterfall",
    )
    said = run_dagc(*given, "--backend", "interpreter", cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines()[0] == "lev = 9.0 [x_conv] at bar 124, set by cap, at most 9.0"
    found = json.loads(run_dagc(*given, "--backend", "interpreter", "--json", cwd=tmp_path).stdout)
    assert [step["name"] for step in found["steps"]][-2:] == ["cap", "sizing.compose.lo"]
    refused = run_dagc(*given[:7], "enter", "--waterfall", "--backend", "interpreter", cwd=tmp_path)
    assert refused.returncode == 2
    assert "a waterfall is of a float" in refused.stderr
