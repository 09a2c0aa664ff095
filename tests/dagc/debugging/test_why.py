"""Why a value was what it was, over twenty years of bars: what is known of them from another program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import dagc
from dag import carry, lane, params, window
from dagc.debugging.tap_names import NameProblem
from dagc.live.run import Run
from examples.market_table import load_days, market_rows, write_table

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    file = tmp_path_factory.mktemp("market") / "market.csv"
    write_table(market_rows(load_days()), file)
    return dagc.compile(f"{ROOT}/examples/five_factor.py:five_factor").run(pd.read_csv(file))


def everything(tree: Any) -> dict[str, Any]:
    """Every value of a tree by name."""
    found = {tree.name: tree}
    for each in tree.because:
        found |= everything(each)
    return found


def test_a_leverage_that_ties_with_its_cap(run: Run) -> None:
    tree = run.why("lev_compose.lev", 1000)
    found = everything(tree)
    assert (tree.value, tree.word) == ("7.901328506647579", "0x401f9af5dc2c03f7")
    assert found["lev_compose.lev.1"].how == "min: tie, returned lev_compose.raw"
    assert found["base_cubic_sizer.lev"].value == "7.467815304679712"
    assert found["regime"].value == "1.0580508735528322"
    assert "lev_compose.cap.1" in found, "a tie is decided by both sides"


def test_a_leverage_that_is_capped_was_whatever_the_factors_said(run: Run) -> None:
    moment = run.at(124)
    assert (moment["raw"], moment["cap"]) == (11.083805569184934, 9.0)
    tree = moment.why("lev_compose.lev")
    found = everything(tree)
    assert found["lev_compose.cap.2"].how == "min, returned sizing.compose.abs_max"
    assert not {"lev_compose.raw", "regime", "base_cubic_sizer.lev", "vel_div"} & found.keys()
    assert found["lev_compose.lev.1"].without == ("lev_compose.raw",)
    assert "whatever lev_compose.raw" in repr(tree)
    assert len(moment.slice(moment.names.node("lev_compose.lev"))) < len(run.graph) // 20


def test_the_nearest_values_that_flip_a_decision(run: Run) -> None:
    found = {flip.input: flip for flip in run.at(1000).flips("enter")}
    assert found["vel_div"].value == "-0.02"
    assert found["price"].value == "997.5547909985"
    assert (found["posture"].value, found["mc_status"].value) == ("HIBERNATE", "RED")
    assert found["hazard"].value is None
    assert {flip.becomes for flip in found.values() if flip.value} == {"enter = False"}
    exchange = {flip.input: flip for flip in run.at(1000).flips("exchange")}
    assert (exchange["meta"].value, exchange["meta"].becomes) == ("0.9206173049957163", "exchange = 2")
    arms = {flip.input: flip for flip in run.at(1000).flips("lev_compose.lev.1")}
    assert arms["posture"].becomes == "through lev_compose.cap"
    with pytest.raises(ValueError, match=r"`lev_compose.raw` is a number that nothing chooses or caps"):
        run.at(1000).flips("lev_compose.raw")


def test_a_bar_with_another_value_of_a_lane(run: Run) -> None:
    lev = "lev_compose.lev"
    assert run.at(1000).what_if(regime=1.0)[lev] == 7.467815304679712
    assert run.at(124).what_if(regime=1.0)[lev] == 7.687151148354214
    for other in ("dc_lev_mult.mult", "market_ob_mult.mult"):
        assert run.at(1000).what_if({other: 1.0})[lev] == run.at(1000)[lev]
    with pytest.raises(ValueError, match=r"`regime` cannot be 'high': expected f64"):
        run.at(1000).what_if(regime="high")
    with pytest.raises(NameProblem, match=r"did you mean `regime`"):
        run.at(1000).what_if(regim=1.0)
    assert everything(run.at(1000).what_if(regime=1.0).why(lev))[lev].value == "7.467815304679712"


def test_with_no_change_a_bar_is_what_it_was(run: Run) -> None:
    for bar in (0, 124, 2390):
        moment = run.at(bar)
        again = moment.what_if()
        for name in ("lev_compose.lev", "enter", "exchange", "residual", "direction_confirm.verdict"):
            assert again[name] == moment[name], name


def test_both_neighbours_of_a_flip_were_run(run: Run) -> None:
    moment = run.at(1000)
    (flip,) = [each for each in moment.flips("enter") if each.input == "price"]
    assert flip.value is not None
    at = float(flip.value)
    for price, expected in ((at, False), (np.nextafter(at, 0.0), True)):
        inputs = {**moment.row.inputs, "price": np.array([[price]])}
        row = type(moment.row)(inputs, moment.row.params, moment.row.state, 1, 1)
        node = moment.names.node("enter")
        assert bool(run.runner.run(row, [node]).nodes[node][0, 0]) is expected


def test_searches_find_the_bars_that_another_program_found(run: Run) -> None:
    assert (len(run.where("raw > cap")), run.where("raw > cap")[0]) == (151, 124)
    assert len(run.where("raw == cap")) == 533
    assert len(run.where("lev > 5 and posture == STALKER")) == 0
    changed = run.where("changed(posture)")
    assert (len(changed), changed[0]) == (16, 448)
    assert len(run.where("enter")) == 565


def test_bars_and_names_that_are_not_there(run: Run) -> None:
    with pytest.raises(IndexError, match=r"bar 4910 is not in the run, which has bars 0 to 4909"):
        run.at(4910)
    with pytest.raises(NameProblem, match=r"did you mean"):
        run.why("lev_compose.leb", 3)


@params
class Slow:
    speed: float = 0.5


@lane
def follower(x: float, on: bool, p: Slow) -> float:
    level = carry(initial=1.0)
    past = window(x, 3)
    level = level + p.speed * (x - level)
    mean = (past[0] + x) / 2.0 if len(past) == 3 else x
    return min(mean, level) if on else level


def test_states_windows_and_rejected_rows_are_shown() -> None:
    run = dagc.compile(follower).run({"x": [1.0, 3.0, np.nan, 2.0, 9.0], "on": [True, True, True, True, False]})
    found = everything(run.why("follower", 1))
    assert found["level.before"].how == "state"
    assert found["speed"].how == "param"
    assert found["x"].value == "3.0"
    assert run.at(1).what_if(level=0.5)["follower"] == 0.5
    assert run.at(4).what_if({"level.before": 0.0, "on": True})["level"] == 4.5
    rejected = run.at(2)
    assert rejected["follower"] == 0.0
    assert rejected.why("follower").how == "the row was rejected: `x` was outside its domain"
    assert rejected.offender == "x"
    with pytest.raises(ValueError, match=r"bar 2 was rejected: `x` was outside its domain"):
        rejected.flips("follower")
    last = everything(run.why("follower", 4))
    assert "mean" not in last
    as_json = run.why("follower", 4).as_json()
    assert as_json["name"] == "follower"
    assert {each["name"] for each in as_json["because"]} <= last.keys()
