"""The weather decision against the composition of its reference functions, in every backend, and over a table of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compile.backend import Batch
from compile.pipeline import prepare
from dag.files.loading import load_lane
from dag.graphs.binding import flatten
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.types import Value
from dag.values.words import column_dtype, word_of, words_of_column
from examples.cross_bracket import Bracket, Position, Reading, Switches, cross_bracket, weather_table
from lanes import presets
from lanes.enums import BracketAction, MarketResult, WeatherFamily
from lanes.weather import CrossBracket
from tests.lanes.expected import Expected, expected
from tests.lanes.held import assert_words, words_in
from tests.lanes.oracle_kinds import Row
from tests.lanes.oracles.weather import FAMILIES
from tests.lanes.universe import rows_of_universe
from tests.oracle import weather
from tests.oracle.num import INF
from tests.support.backends import backend_or_skip
from tests.support.tiers import count, only

ROOT = Path(__file__).resolve().parents[2]
ROWS, DAYS = count(4_000, 20_000), 90


@cache
def graph() -> Graph:
    return prepare(trace(load_lane(f"{ROOT}/examples/cross_bracket.py:cross_bracket")))


def composed(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    """The reference functions, wired as the example wires its lanes."""
    state: weather.Metar = (0, 0.0, False)
    orders = 0
    for r in rows:
        temp = r["temp"] if r["temp_present"] else None
        rmse = r["rmse"] if r["rmse_present"] else None
        state, (live, _) = weather.metar_channel(
            state, r["day"], temp, r["blended"], r["blended_sigma"], rmse, r["metar.only_running"], r["metar.fallback"]
        )
        family = FAMILIES[r["family"]]
        floors = {name: r[f"floors.{name}"] for name in FAMILIES}
        if r["metar.only_running"]:
            channels = (live[0], r["forecast"]), (live[1], r["forecast_sigma"])
            mu, combined, n = weather.combine_gaussian(*channels, (True, True), r["combine.dispersion"])
        else:  # it holds the forecast
            mu, combined, n = live[0], live[1], 1
        known = n > 0
        spread = weather.sigma_floor(combined if known else 1.0, family, floors, r["floors.physical"])
        sigma = spread if known else math.nan
        lo, hi = weather.bracket_edges(r["label_mid"])
        lo, hi = -INF if r["open_below"] else lo, INF if r["open_above"] else hi
        p_yes = weather.bracket_prob(mu, spread, lo, hi, r["bracket.p_floor"])
        wanted = weather.conviction_gate(p_yes, r["yes_ask"], r["no_ask"], r["gate.thr"], r["gate.min_edge"])
        may = weather.family_live(r["blocked"], r["env_on"], r["kv_value"], r["kv_expires"], r["kv_present"], r["now"])
        reported = r["reported"] if r["reported_present"] else None
        profit, won, mismatch = weather.settlement_profit_cents(
            r["yes"], r["no"], r["result"], r["cost"], r["fees"], reported
        )
        action = wanted if may and known else weather.ACT_NONE
        orders += action != weather.ACT_NONE
        yield {
            "action": action, "order": orders, "promoted": False, "p_yes": p_yes, "mu": mu, "sigma": sigma, "channels": n,
            "settled.profit": profit, "settled.won": won, "settled.mismatch": mismatch,
        }  # fmt: skip


@pytest.mark.parametrize("which", ["interpreter", "xla", "c", "c_batch"])
def test_every_backend_says_what_the_composed_reference_says(which: str) -> None:
    batch = rows_of_universe(graph(), ROWS, seed=4)
    backend = backend_or_skip(which)
    runner = backend.load(graph(), backend.lower(graph()))
    assert_words(graph(), batch, wanted_of_universe(), words_in(graph(), runner, batch), which)


@cache
def wanted_of_universe() -> Expected:
    return expected(graph(), composed, rows_of_universe(graph(), ROWS, seed=4))


def replayed(preset: CrossBracket) -> list[dict[str, Value]]:
    """The reference over the example's own table."""
    tuned = flatten(preset)
    rows = [
        row
        | tuned
        | {"family": WeatherFamily[str(row["family"])].value, "result": MarketResult[str(row["result"])].value}
        for row in weather_table(DAYS)
    ]
    return list(composed(iter(rows)))


@pytest.mark.parametrize("preset", [presets.WX_LIVE, presets.WX_SHADOW], ids=["WX_LIVE", "WX_SHADOW"])
def test_the_presets_replay_the_table_as_the_reference_does(preset: CrossBracket) -> None:
    tuned = flatten(preset)
    assert set(tuned) == {param.name for param in graph().params}
    backend = backend_or_skip("c")
    runner = backend.load(graph(), backend.lower(graph()))
    rows = weather_table(DAYS)
    types = {port.name: graph().types[port.node] for port in graph().ports()}
    codes = {"family": WeatherFamily, "result": MarketResult}

    def cell(name: str, value: object) -> Value:
        found: Value = codes[name][str(value)].value if name in codes else value  # type: ignore[assignment]
        return found

    inputs = {
        port.name: np.array([[cell(port.name, row[port.name])] for row in rows], column_dtype(types[port.name]))
        for port in graph().inputs
    }
    params = {name: np.array([value], column_dtype(types[name])) for name, value in tuned.items()}
    outputs = {output.name: output.node for output in graph().outputs}
    result = runner.run(Batch(inputs, params, None, len(rows), 1), list(outputs.values()))
    wanted = replayed(preset)
    for name in wanted[0]:
        got = words_of_column(result.nodes[outputs[name]][:, 0], graph().types[outputs[name]])
        expected_words = [word_of(row[name], graph().types[outputs[name]]) for row in wanted]
        assert got.tolist() == expected_words, name
    assert (result.nodes[outputs["status"]] == 0).all()


@pytest.mark.parametrize("which", only(["interpreter", "xla", "c", "c_batch"], lambda name: name != "xla"))
def test_a_decision_never_claims_less_than_the_floor_of_its_family(which: str) -> None:
    """The rule of the bot: sigma = max(combined sigma, family floor, physical floor), whatever the channels say."""
    batch = rows_of_universe(graph(), ROWS, seed=5)
    backend = backend_or_skip(which)
    outputs = {output.name: output.node for output in graph().outputs}
    result = backend.load(graph(), backend.lower(graph())).run(batch, [outputs["sigma"], outputs["status"]])
    family, sigma, status = batch.inputs["family"], result.nodes[outputs["sigma"]], result.nodes[outputs["status"]]
    decided = (status == 0) & ~np.isnan(sigma)
    assert decided.mean() > 0.2
    for code, name in enumerate(FAMILIES):
        floor = np.broadcast_to(
            np.maximum(batch.params[f"floors.{name}"], batch.params["floors.physical"]), sigma.shape
        )
        chosen = decided & (family == code)
        assert chosen.any()
        assert (sigma[chosen] >= floor[chosen]).all()


@pytest.mark.parametrize("preset", [presets.WX_LIVE, presets.WX_SHADOW], ids=["WX_LIVE", "WX_SHADOW"])
def test_two_channels_that_agree_do_not_undercut_new_york(preset: CrossBracket) -> None:
    reading = Reading(1, 70.0, True, 70.0, 1.0, 1.0, True, 70.0, 1.0)
    bracket = Bracket(WeatherFamily.NY, 71.25, False, False, 30.0, 60.0)
    switches = Switches(False, True, True, 1e9, True, 0.0)
    position = Position(0.0, 0.0, MarketResult.UNKNOWN, 0, 0, 0, False)
    decision = cross_bracket(reading, bracket, switches, position, preset)
    assert decision.channels == (2 if preset is presets.WX_SHADOW else 1)
    assert decision.sigma == 1.86
    assert decision.action is BracketAction.BUY_NO


def test_the_shadow_differs_where_the_old_channel_was_too_sure() -> None:
    live, shadow = replayed(presets.WX_LIVE), replayed(presets.WX_SHADOW)
    assert any(a["action"] != b["action"] for a, b in zip(live, shadow, strict=True))
    acted = [row["action"] for row in live]
    assert {weather.ACT_NONE, weather.ACT_BUY_NO} <= set(acted)
    assert sum(int(row["settled.mismatch"]) for row in live) > 0  # the venue's field says 0 for winners


@cache
def said(which: str, **changed: float) -> dict[str, np.ndarray[Any, Any]]:
    """The outputs over random rows of the universe, some inputs set to one value everywhere."""
    batch = rows_of_universe(graph(), ROWS, seed=6)
    inputs = {
        name: np.full_like(column, changed[name]) if name in changed else column
        for name, column in batch.inputs.items()
    }
    backend = backend_or_skip(which)
    outputs = {output.name: output.node for output in graph().outputs}
    again = Batch(inputs, batch.params, None, batch.bars, batch.instances)
    result = backend.load(graph(), backend.lower(graph())).run(again, list(outputs.values()))
    return {name: result.nodes[node] for name, node in outputs.items()} | {"only": batch.params["metar.only_running"]}


def test_a_forecast_is_not_counted_twice() -> None:
    """Where the observation is the old blend, which holds the forecast, the forecast itself moves nothing; else it does."""
    first, other = said("c", forecast=50.0, forecast_sigma=1.0), said("c", forecast=90.0, forecast_sigma=3.0)
    good = (first["status"] == 0) & (other["status"] == 0)
    for name in ("mu", "sigma", "p_yes", "action", "channels"):
        same = (first[name] == other[name]) | ((first[name] != first[name]) & (other[name] != other[name]))
        assert same[good & ~first["only"]].all(), name
        assert name in ("action", "channels") or not same[good & first["only"]].all()


def test_a_blocked_family_is_never_traded_whatever_else_is_set() -> None:
    out = said("c", blocked=1.0, env_on=1.0, kv_value=1.0, kv_present=1.0)
    assert (out["action"][out["status"] == 0] == BracketAction.NONE).all()
    armed = said("c", blocked=0.0, env_on=1.0, kv_value=1.0, kv_present=1.0)
    assert (armed["action"][armed["status"] == 0] != BracketAction.NONE).any()


def test_every_order_has_a_number_of_its_own() -> None:
    out = said("c")
    acts = (out["action"] != BracketAction.NONE) & (out["status"] == 0)
    for instance in range(acts.shape[1]):
        numbers = out["order"][:, instance][acts[:, instance]]
        assert numbers.tolist() == list(range(1, len(numbers) + 1))
