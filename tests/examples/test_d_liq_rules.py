"""What the sources say of the whole D_LIQ engine, each sentence over random rows; nothing here knows how the engine is wired."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Annotated, Any

import pytest

from compile.backend import Runner
from compile.pipeline import prepare
from dag import ParamError, carry, domain, lane, params, with_slots
from dag.graphs.graph import Graph
from dag.trace import trace
from examples.d_liq_engine import ASSETS, d_liq_engine
from lanes import engine_presets
from lanes.batch import day_table
from lanes.engine import Engine
from lanes.enums import ExitReason, McStatus, Posture, Side
from lanes.signal import STABLECOINS, StablecoinFilter, check_stablecoins, stablecoins_of
from lanes.slots import LongEntry
from lanes.units import ConvictionLeverage, Price
from tests.examples.test_d_liq_engine import Rows, bound, seeded
from tests.support.backends import backend_or_skip
from tests.support.systems import batch_of_rows

GOLD = engine_presets.D_LIQ_GOLD_ENGINE
#: Every mode that the backtest reports: its absolute cap, its stop where it has a guard, and whether it boosts.
MODES = {
    "BRONZE_ENGINE": (6.0, None, False),
    "SCALE_BOOST_ENGINE": (6.0, None, True),
    "ADAPTIVE_BETA_ENGINE": (6.0, None, True),
    "D_LIQ_GOLD_ENGINE": (9.0, 0.1055555, True),
    "E_ENGINE": (10.0, None, True),
    "E_LIQ_ENGINE": (10.0, 0.095, True),
}


@cache
def compiled() -> tuple[Graph, Runner]:
    graph = prepare(trace(d_liq_engine))
    backend = backend_or_skip("c")
    return graph, backend.load(graph, backend.lower(graph))


def run(rows: Rows, engine: Engine, on: tuple[Graph, Runner] | None = None) -> list[dict[str, Any]]:
    graph, runner = compiled() if on is None else on
    own = {param.name: param.default for param in graph.params if param.default is not None}
    tuned = own | bound(engine)
    nodes = {output.name: output.node for output in graph.outputs}
    result = runner.run(batch_of_rows(graph, rows, tuned), list(nodes.values()))
    return [
        {name: known(result.nodes[node][bar, 0].item()) for name, node in nodes.items()} for bar in range(len(rows))
    ]


def known(value: Any) -> Any:
    """A value, or None for NaN, so that rows of it can be compared."""
    return value if value == value else None


@cache
def market() -> Rows:
    return seeded()


@cache
def said(name: str) -> list[dict[str, Any]]:
    return run(market(), getattr(engine_presets, name))


def changed(rows: Rows, columns: Mapping[str, Any], where: Any) -> Rows:
    """The rows with other values in some columns, on the bars that `where` chooses."""
    rng = random.Random(3)
    return [
        row | {name: draw(rng) for name, draw in columns.items()} if where(bar) else row for bar, row in enumerate(rows)
    ]


def first_of_day(bar: int) -> bool:
    return bar == 0 or market()[bar]["day"] != market()[bar - 1]["day"]


@pytest.mark.parametrize("name", MODES)
def test_the_return_of_a_position_is_that_of_its_own_asset(name: str) -> None:
    paid, asset, side, trades = 0.0, -1, 0, 0
    for row, out in zip(market(), said(name), strict=True):
        if asset >= 0:
            assert out["held_asset"] == asset
            assert out["ret"] == (row[f"prices.{asset}"] - paid) / paid * side
            if out["closed"]:
                asset, trades = -1, trades + 1
        else:
            assert out["ret"] == 0.0
        if out["enter"]:
            asset, side = out["asset"], out["held"]
            paid = row[f"prices.{asset}"]
    assert trades > 20
    assert len({out["asset"] for out in said(name) if out["enter"]}) > 1


def test_another_assets_price_does_not_move_a_position() -> None:
    """Every other asset's price doubles for one bar in the middle of a trade: the trade does not notice."""
    noticed = 0
    for bar in [bar for bar, out in enumerate(said("D_LIQ_GOLD_ENGINE")) if out["bars"] == 2 and not out["closed"]][:5]:
        held = said("D_LIQ_GOLD_ENGINE")[bar]["held_asset"]
        row = market()[bar]
        jumped = row | {f"prices.{each}": 2.0 * row[f"prices.{each}"] for each in range(ASSETS) if each != held}
        out = run([*market()[:bar], jumped], GOLD)[-1]
        assert (out["ret"], out["eq"], out["closed"]) == tuple(
            said("D_LIQ_GOLD_ENGINE")[bar][name] for name in ("ret", "eq", "closed")
        )
        noticed += 1
    assert noticed == 5


@pytest.mark.parametrize("boosted", [True, False])
def test_what_is_decided_by_the_day_holds_all_day(boosted: bool) -> None:
    """Signals, slow velocity, forewarner and posture of later bars are of no consequence.

    The slow velocity also counts into the rank of stress, bar by bar: it is left alone where the rank boosts.
    """
    columns: dict[str, Any] = {
        "signals": lambda rng: rng.uniform(0.0, 9.0),
        "mc_status": lambda rng: rng.choice(list(McStatus)).value,
        "posture": lambda rng: rng.choice(list(Posture)).value,
    }
    if not boosted:
        columns["v750"] = lambda rng: rng.gauss(0.0, 1.0)
    stalking = replace(GOLD.compose, stalker_on=True)
    engine = replace(GOLD, boost_on=boosted, compose=stalking, acb=replace(GOLD.acb, beta_in_boost=True))
    same = run(market(), engine)
    assert run(changed(market(), columns, lambda bar: not first_of_day(bar)), engine) == same
    assert run(changed(market(), columns, first_of_day), engine) != same


def test_no_pegged_asset_is_ever_traded() -> None:
    pegged = [place for place, symbol in enumerate(engine_presets.UNIVERSE) if symbol in STABLECOINS]
    assert pegged
    for name in MODES:
        assert getattr(engine_presets, name).stable == stablecoins_of(engine_presets.UNIVERSE)
        assert not {out["asset"] for out in said(name)} & set(pegged)
    unfiltered = run(market(), replace(GOLD, stable=StablecoinFilter(excluded=0)))
    assert {out["asset"] for out in unfiltered} & set(pegged), "the filter is what keeps them out"


def test_the_excluded_bits_are_exactly_the_pegged_assets() -> None:
    rng = random.Random(5)
    assert len(set(STABLECOINS)) == 10
    for _ in range(200):
        universe = rng.sample([*STABLECOINS, *(each.lower() for each in STABLECOINS), "BTC", "ETH", "XRP", "DOT"], 9)
        right = stablecoins_of(universe)
        check_stablecoins(universe, right)
        place = rng.randrange(9)
        assert bool(right.excluded >> place & 1) is (universe[place].upper() in STABLECOINS)
        with pytest.raises(ParamError, match=universe[place]):
            check_stablecoins(universe, StablecoinFilter(excluded=right.excluded ^ (1 << place)))
        with pytest.raises(ParamError, match="beyond its end"):
            check_stablecoins(universe, StablecoinFilter(excluded=right.excluded | 1 << 9))


@pytest.mark.parametrize("name", MODES)
def test_every_mode_has_its_caps_its_stop_and_its_boost(name: str) -> None:
    cap, stop, boosts = MODES[name]
    outs = said(name)
    assert max(out["lev"] for out in outs) == cap
    assert {out["mc_ref"] for out in outs} == {5.0}, "what the forewarner sees, whatever the caps"
    stops = [out for out in outs if out["closed"] and out["reason"] == ExitReason.STOP_LOSS]
    assert bool(stops) is (stop is not None)
    assert all(-out["ret"] > (stop or 0.0) for out in stops)
    engine = getattr(engine_presets, name)
    plain = run(market(), replace(engine, boost_on=False))
    assert (outs != plain) is boosts
    if name == "SCALE_BOOST_ENGINE":
        flat = replace(engine.acb, beta_hi=0.0, beta_lo=0.0)
        assert run(market(), replace(engine, acb=flat)) == outs, "experiment 7 knows no beta"


@pytest.mark.parametrize("hazard", [0.0, 0.25, 1.0])
def test_the_hazards_ceiling_respects_the_soft_cap(hazard: float) -> None:
    for name, soft in (("D_LIQ_GOLD_ENGINE", 8.0), ("E_LIQ_ENGINE", 9.0), ("BRONZE_ENGINE", 6.0)):
        calm = [row | {"hazard": hazard, "vel_div": -605.0, "signals": 0.0, "mc_status": 0} for row in market()[:400]]
        calm = [row | {"meta": 1.0, "imbalance": 0.0} for row in calm]
        engine = replace(getattr(engine_presets, name), boost_on=False)
        levs = {out["lev"] for out in run(calm, engine)}
        assert max(levs) == soft - hazard * (soft - 3.0)


@pytest.mark.parametrize("name", MODES)
def test_counters_and_the_end_of_day_table_are_what_happened(name: str) -> None:
    outs, last = said(name), said(name)[-1]
    reasons = [out["reason"] for out in outs if out["closed"]]
    counted = ("take_profits", "max_holds", "stops", "hibernations", "ob_tails")
    assert [last[f"counters.{each}"] for each in counted] == [reasons.count(code) for code in range(1, 6)]
    entries = [out["lev"] for out in outs if out["enter"]]
    assert last["counters.entries"] == len(entries)
    total = 0.0
    for lev in entries:  # one after the other: from Python 3.12 on `sum` compensates
        total = total + lev
    assert last["counters.mean_lev"] == total / len(entries)
    days = [row["mc_status"] for bar, row in enumerate(market()) if first_of_day(bar)]
    assert last["counters.days"] == len(days)
    assert (last["counters.orange_days"], last["counters.red_days"]) == (days.count(1), days.count(2))
    table = list(day_table({"day": row["day"], **out} for row, out in zip(market(), outs, strict=True)))
    assert [row["day"] for row in table] == sorted({row["day"] for row in market()})
    for day in table:
        of_day = [out for row, out in zip(market(), outs, strict=True) if row["day"] == day["day"]]
        assert day["today.bars"] == len(of_day)
        assert day["today.trades"] == sum(out["closed"] for out in of_day)
        assert day["today.entries"] == sum(out["enter"] for out in of_day)
        total = 0.0
        for out in of_day:
            total += out["pnl"]
        assert day["today.pnl"] == total
    assert sum(day["today.trades"] for day in table) == last["trades"]


@params
class Rebound:
    fall: Annotated[float, domain(0.0, 1.0)] = 0.0002
    lev: Annotated[ConvictionLeverage, domain(0.0, 99.0)] = 2.5


@lane
def rebound(btc: Price, p: Rebound) -> LongEntry:
    """Buys after a fall of the reference asset: a lane of this test, which the engine's file knows nothing of."""
    high = carry(initial=btc)
    high = max(high * 0.9999, btc)
    return LongEntry(enter=btc < high * (1.0 - p.fall), lev=p.lev, side=Side.LONG)


def test_a_long_lane_is_plugged_in_and_the_empty_slot_changes_nothing() -> None:
    """SHORT engine: without the lane no long trade; with it long ones beside the same short ones' rules, at the lane's leverage."""
    engine = replace(GOLD, gate=replace(GOLD.gate, side=Side.SHORT))
    alone = run(market(), engine)
    assert {out["held"] for out in alone if out["enter"]} == {Side.SHORT}
    graph = prepare(trace(with_slots(d_liq_engine, efsm_long=rebound)))
    assert {param.name for param in graph.params} - {param.name for param in compiled()[0].params} == {
        "efsm_long.fall", "efsm_long.lev",
    }  # fmt: skip
    backend = backend_or_skip("c")
    both = run(market(), engine, (graph, backend.load(graph, backend.lower(graph))))
    longs = [out for out in both if out["enter"] and out["held"] == Side.LONG]
    assert longs
    assert {out["lev"] for out in longs} == {2.5}
    assert any(out["enter"] and out["held"] == Side.SHORT for out in both)
    first = next(bar for bar, out in enumerate(both) if out["enter"] and out["held"] == Side.LONG)
    assert both[:first] == alone[:first]
    for bar, (row, out) in enumerate(zip(market(), both, strict=True)):
        assert not (out["enter"] and row["mc_status"] == McStatus.RED and first_of_day(bar))
