"""The five-factor graph against the wiring of its reference, bar by bar, in every backend; and its worked examples."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compile.backend import Batch, Runner
from compile.backends import backend, by_default
from compile.pipeline import prepare
from dag import as_unit, lane, with_slots
from dag.files.loading import load_lane
from dag.graphs.binding import flatten
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.types import Value
from dag.values.words import column_dtype, word_of
from examples.five_factor import five_factor
from lanes import presets
from lanes.enums import Side
from lanes.size import Sizing
from lanes.slots import LongEntry
from lanes.units import Price
from tests.oracle import anchor, signal, size

ROOT = Path(__file__).resolve().parents[2]
PRESETS = {
    "BRONZE": presets.BRONZE,
    "D_LIQ_GOLD": presets.D_LIQ_GOLD,
    "VIOLET_SHADOW": presets.VIOLET_SHADOW,
    "FIVE_FACTOR_8B": presets.FIVE_FACTOR_8B,
    "BLUE_PARITY": presets.BLUE_PARITY,
}
WORKED: dict[str, Value] = {
    "vel_div": -0.041, "price": 100.0, "signals": 2.0, "w750": 0.3, "meta": 1.05, "mc_status": 0, "imbalance": -0.09,
    "agreement": 46 / 48, "score": 0.0, "score_present": True, "score_fresh": True, "hazard": 0.0, "posture": 0,
    "capital": 25_000.0, "clob_mid": 1.4321, "amm": 1.44,
}  # fmt: skip


@cache
def graph() -> Graph:
    return prepare(trace(load_lane(str(ROOT / "examples" / "five_factor.py:five_factor"))))


@cache
def runner(which: str) -> Runner:
    each = backend(which)
    if (absent := each.missing()) is not None:
        pytest.skip(f"{which} is missing {absent.tool}: {absent.fix}")
    return each.load(graph(), each.lower(graph()))


def batch_of(rows: list[dict[str, Value]], params: dict[str, Value]) -> Batch:
    g = graph()

    def column(values: list[Value], node: int, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        return np.array(values, dtype=column_dtype(g.types[node])).reshape(shape)

    return Batch(
        {p.name: column([row[p.name] for row in rows], p.node, (len(rows), 1)) for p in g.inputs},
        {p.name: column([params[p.name]], p.node, (1,)) for p in g.params},
        None,
        len(rows),
        1,
    )


def outputs(which: str, rows: list[dict[str, Value]], params: dict[str, Value]) -> list[dict[str, Value]]:
    nodes = {o.name: o.node for o in graph().outputs}
    result = runner(which).run(batch_of(rows, params), list(nodes.values()))
    return [{name: result.nodes[node][bar, 0].item() for name, node in nodes.items()} for bar in range(len(rows))]


def bound(sizing: Sizing, **changed: Value) -> dict[str, Value]:
    values = flatten({"sizing": sizing, "anchor": presets.ANCHOR_FLAG048.control.observed})
    assert set(values) == {p.name for p in graph().params}
    return values | {name.replace("__", "."): value for name, value in changed.items()}


@pytest.mark.parametrize("which", by_default())
def test_the_worked_example(which: str) -> None:
    params = bound(presets.FIVE_FACTOR_8B, sizing__acb__w750_split=0.2)
    first, second = (
        outputs(which, [row], params)[0] for row in (WORKED, WORKED | {"vel_div": -0.08, "score": 0.5, "posture": 1})
    )
    assert (first["raw"], first["cap"], first["lev"]) == (4.687252733829899, 9.0, 4.687252733829899)
    assert (first["notional"], first["exchange"], first["skip"], first["halt"]) == (23436.263669149495, 2, False, False)
    assert (first["enter"], first["side"], first["residual"], first["status"]) == (True, -1, 0.0, 0)
    assert second["lev"] == 2.0


def reference(rows: list[dict[str, Value]], p: dict[str, Any]) -> list[dict[str, Value]]:
    """The wiring, from the reference functions alone."""
    ring: tuple[float, ...] = ()
    state: anchor.State = (0.0, 0, False)
    found: list[dict[str, Value]] = []
    for r in rows:
        row: dict[str, Any] = dict(r)
        entry, _, side = signal.vel_div_gate(
            row["vel_div"], p["sizing.gate.thr"], p["sizing.gate.ext"], p["sizing.gate.side"]
        )
        soft = p["sizing.hazard.soft_cap"] if p["sizing.hazard.has_soft_cap"] else None
        ceiling = size.hazard_base_max(
            row["hazard"], soft, p["sizing.hazard.floor"], p["sizing.hazard.default_ceiling"]
        )
        hi, base_max = (ceiling, ceiling) if p["sizing.hazard_ceiling"] else (p["sizing.hi"], p["sizing.base_max"])
        s = "sizing.sizer."
        base, fraction, _, c = size.base_cubic_sizer(
            row["vel_div"], hi, p[s + "thr"], p[s + "ext"], p[s + "lo"], p[s + "convexity"], p[s + "fraction"]
        )
        d = "sizing.confirm."
        ring, (status, _) = signal.direction_confirm(
            ring, row["price"], side, p[d + "lookback"], p[d + "min_bps"], p[d + "on"]
        )
        s = "sizing.dc."
        dc, skip = size.dc_lev_mult(
            status, p[s + "boost"], p[s + "reduce"], p[s + "skip_contradicts"], p[s + "use_reduce"]
        )
        s = "sizing.acb."
        acb, _ = size.acb_boost(
            row["signals"],
            row["w750"],
            p[s + "w750_split"],
            c,
            p[s + "gain"],
            p[s + "beta_hi"],
            p[s + "beta_lo"],
            p[s + "beta_in_boost"],
        )
        s = "sizing.mc."
        mc, halt = size.mc_scale(row["mc_status"], p[s + "ok"], p[s + "orange"], p[s + "red"])
        regime = size.regime_size_mult(acb, row["meta"] if p["sizing.meta_on"] else 1.0, mc)
        s = "sizing.ob."
        ob, _ = size.market_ob_mult(
            row["imbalance"],
            row["agreement"],
            side,
            p[s + "imb_thr"],
            p[s + "agree_thr"],
            p[s + "up"],
            p[s + "down"],
            p[s + "shape"],
        )
        s = "sizing.esof."
        esof = size.esof_mult(
            row["score"],
            row["score_present"],
            row["score_fresh"],
            p[s + "weight"],
            p[s + "neutral"],
            p[s + "unfav"],
            p[s + "stale_fb"],
            p[s + "edge"],
        )
        s = "sizing.compose."
        lev, raw, cap = size.lev_compose(
            base, dc, regime, ob, esof, row["posture"], base_max, p[s + "abs_max"], p[s + "stalker_cap"], p[s + "lo"],
            p[s + "esof_in"], p[s + "stalker_on"], p[s + "floor_on"],
        )  # fmt: skip
        dollars, wallet = size.notional(row["capital"], lev, fraction)
        if p["sizing.haircut_post"] and not p[s + "esof_in"]:
            lev, dollars, _ = size.esof_haircut_post(lev, dollars, esof, p["sizing.haircut.near1"])
        s = "sizing.exchange."
        exchange = size.exch_lev_linear(lev, p[s + "cap"], p[s + "src_lo"], p[s + "src_hi"])
        basis = anchor.structural_basis_bps(row["clob_mid"], row["amm"], p["anchor.basis.sign"])
        state, level = anchor.basis_baseline(state, basis, p["anchor.baseline.span"], p["anchor.baseline.form"])
        enter = (
            signal.row_guard(row["vel_div"], row["price"]) and entry and not skip and not halt and row["posture"] != 2
        )
        found.append(
            {
                "enter": enter, "skip": skip, "halt": halt, "side": side, "lev": lev, "notional": dollars, "wallet_mult": wallet,
                "exchange": exchange, "raw": raw, "cap": cap, "mc_ref": p["sizing.reference.mc_ref"],
                "residual": anchor.residual_distortion_bps(basis, level), "regime_tag": 0, "leave": 0, "status": 0,
            }
        )  # fmt: skip
    return found


@pytest.mark.parametrize("which", by_default())
@pytest.mark.parametrize("preset", ["VIOLET_SHADOW", "BLUE_PARITY"])
def test_the_shadow_presets_are_the_base_cubic_and_their_haircut_alone(which: str, preset: str) -> None:
    """The records say: base cubic (up to 9) times the haircut afterwards; the drifted copy is the base up to 8 alone."""
    sizing = PRESETS[preset]
    for row, said in zip(market(), outputs(which, list(market()), bound(sizing)), strict=True):
        base, *_ = size.base_cubic_sizer(float(row["vel_div"]), sizing.hi)
        esof = size.esof_mult(float(row["score"]), bool(row["score_present"]), bool(row["score_fresh"]))
        lev = size.esof_haircut_post(base, 0.0, esof)[0] if sizing.haircut_post else base
        assert said["lev"] == min(lev, sizing.hi)
        assert not said["skip"]


@cache
def market() -> tuple[dict[str, Value], ...]:
    """Some hundred bars of a seeded market that crosses every threshold."""
    rng = np.random.default_rng(4)
    price, rows = 100.0, []
    for _ in range(400):
        price *= 1.0 + float(rng.normal(0.0, 1e-4))
        rows.append(
            {
                "vel_div": float(rng.choice([-0.02, -0.05, -605.0, float(rng.normal(-0.03, 0.02))], p=[0.05, 0.05, 0.05, 0.85])),
                "price": price, "signals": float(rng.integers(0, 4)), "w750": float(rng.normal(0.0, 0.1)),
                "meta": float(rng.uniform(0.5, 1.5)), "mc_status": int(rng.integers(0, 3)), "imbalance": float(rng.uniform(-0.2, 0.2)),
                "agreement": float(rng.uniform(0.5, 1.0)), "score": float(rng.choice([0.02, -0.02, float(rng.uniform(-0.1, 0.1))])),
                "score_present": bool(rng.random() < 0.9), "score_fresh": bool(rng.random() < 0.9),
                "hazard": float(rng.choice([0.0, 1.0, float(rng.random())])), "posture": int(rng.integers(0, 3)),
                "capital": float(rng.uniform(1e3, 1e5)), "clob_mid": 1.43 * (1.0 + float(rng.normal(0.0, 1e-3))), "amm": 1.43,
            }
        )  # fmt: skip
    return tuple(rows)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("which", by_default())
def test_every_preset_is_the_reference_in_every_backend(which: str, preset: str) -> None:
    rows, params = list(market()), bound(PRESETS[preset])
    wanted = reference(rows, params)
    types = {o.name: graph().types[o.node] for o in graph().outputs}
    for bar, (got, want) in enumerate(zip(outputs(which, rows, params), wanted, strict=True)):
        differing = [
            name for name, value in got.items() if word_of(value, types[name]) != word_of(want[name], types[name])
        ]
        assert not differing, (bar, {name: (got[name], want[name]) for name in differing})
    assert len({row["lev"] for row in wanted}) > 50
    assert {row["enter"] for row in wanted} == {True, False} or preset == "VIOLET_SHADOW"


@lane
def reversal(price: Price, amm: Price) -> LongEntry:
    """Buys where the pool is below the traded price: a lane of this test, which the sizing's file knows nothing of."""
    return LongEntry(enter=amm < price, lev=as_unit(3.0 if amm < 0.5 * price else 99.0, "x_conv"), side=Side.LONG)


@pytest.mark.parametrize("preset", ["FIVE_FACTOR_8B", "VIOLET_SHADOW"])
def test_a_long_lane_is_one_more_lane_beside_the_core(preset: str) -> None:
    """Whether plugged or not, the core decides as it does alone; the long side enters only where the core does not.

    That the empty slots change no bit is what `test_every_preset_is_the_reference_in_every_backend` shows: the reference has no slots.
    """
    graph = prepare(trace(with_slots(five_factor, efsm_long=reversal)))
    nodes = {output.name: output.node for output in graph.outputs}
    rows = [row | {"amm": 1.0 + 60.0 * (bar % 3)} for bar, row in enumerate(market())]
    c = backend("c")
    result = c.load(graph, c.lower(graph)).run(batch_of(rows, bound(PRESETS[preset])), list(nodes.values()))
    cap = PRESETS[preset].compose.abs_max
    longs = 0
    for bar, (row, alone) in enumerate(zip(rows, outputs("c", rows, bound(PRESETS[preset])), strict=True)):
        both = {name: result.nodes[node][bar, 0].item() for name, node in nodes.items()}
        may = not alone["halt"] and row["posture"] != 2
        if alone["enter"] or not may or not float(row["amm"]) < float(row["price"]):
            assert both == alone
            continue
        longs += 1
        assert (both["enter"], both["side"]) == (True, 1)
        assert both["lev"] == min(3.0 if float(row["amm"]) < 0.5 * float(row["price"]) else 99.0, cap)
        assert both["notional"] == size.notional(float(row["capital"]), both["lev"], 0.20)[0]
    assert longs > 20
