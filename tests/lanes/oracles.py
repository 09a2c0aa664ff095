"""Every lane of the library beside its reference function: what the tests of this folder run over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import lanes.anchor
import lanes.num
import lanes.signal
import lanes.size
import lanes.time
from dag.lane import AnyLane, Lane
from dag.types import Value
from tests.oracle import anchor, num, signal, size, time

#: Inputs and parameters of a bar by their names in the lane's graph.
Row = Mapping[str, Any]
#: From the bars of one instance to its outputs by name, bar by bar.
Oracle = Callable[[Iterator[Row]], Iterator[dict[str, Value]]]


def pure(function: Callable[[Row], Any]) -> Oracle:
    """An oracle without state: from a row of inputs and parameters by name to its outputs by name."""
    return lambda rows: map(function, rows)


def one(name: str, function: Callable[[Row], Value]) -> Oracle:
    return pure(lambda row: {name: function(row)})


def named(names: str, function: Callable[[Row], tuple[Value, ...]]) -> Oracle:
    return pure(lambda row: dict(zip(names.split(), function(row), strict=True)))


def direction(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    ring: tuple[float, ...] = ()
    for r in rows:
        # The lane always remembers the prices; its reference cuts its memory to the lookback of the moment.
        kept, out = signal.direction_confirm(
            ring[-r["lookback"] :], r["price"], r["side"], r["lookback"], r["min_bps"], r["on"]
        )
        ring = (*ring, kept[-1])[-7:]
        yield {"verdict": out[0], "move_bps": out[1]}


def baseline(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state: anchor.State = (0.0, 0, False)
    for r in rows:
        state, level = anchor.basis_baseline(state, r["basis"], r["span"], r["form"])
        yield {"baseline": level, "count": state[1]}


def cadence(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    last: time.Last = None
    for r in rows:
        last, (fire, missed) = time.cadence_q(last, r["t"], r["q"], r["phase"])
        yield {"fire": fire, "missed": missed}


ORACLES: dict[str, Oracle] = {
    "k_exp": one("k_exp", lambda r: num.k_exp(r["x"])),
    "k_log": one("k_log", lambda r: num.k_log(r["x"])),
    "powc": one("powc", lambda r: num.powc(r["s"], r["c"])),
    "row_guard": one("row_guard", lambda r: signal.row_guard(r["vel_div"], r["price"])),
    "vel_div_gate": named("entry extreme side", lambda r: signal.vel_div_gate(r["vel_div"], r["thr"], r["ext"], r["side"])),
    "direction_confirm": direction,
    "base_cubic_sizer": named(
        "lev fraction s c",
        lambda r: size.base_cubic_sizer(r["vel_div"], r["hi"], r["thr"], r["ext"], r["lo"], r["convexity"], r["fraction"]),
    ),
    "dc_lev_mult": named(
        "mult skip",
        lambda r: size.dc_lev_mult(r["status"], r["boost"], r["reduce"], r["skip_contradicts"], r["use_reduce"]),
    ),
    "acb_boost": named(
        "boost day_beta",
        lambda r: size.acb_boost(
            r["signals"], r["w750"], r["w750_split"], r["c"], r["gain"], r["beta_hi"], r["beta_lo"], r["beta_in_boost"]
        ),
    ),
    "mc_scale": named("scale halt", lambda r: size.mc_scale(r["status"], r["ok"], r["orange"], r["red"])),
    "regime_size_mult": one("regime_size_mult", lambda r: size.regime_size_mult(r["acb"], r["meta"], r["mc"])),
    "market_ob_mult": named(
        "mult eff",
        lambda r: size.market_ob_mult(
            r["imb"], r["agree"], r["side"], r["imb_thr"], r["agree_thr"], r["up"], r["down"], r["shape"]
        ),
    ),
    "esof_mult": one(
        "esof_mult",
        lambda r: size.esof_mult(
            r["score"], r["present"], r["fresh"], r["weight"], r["neutral"], r["unfav"], r["stale_fb"], r["edge"]
        ),
    ),
    "esof_haircut_post": named(
        "lev notional applied", lambda r: size.esof_haircut_post(r["lev"], r["notional"], r["mult"], r["near1"])
    ),
    "hazard_base_max": one(
        "hazard_base_max",
        lambda r: size.hazard_base_max(
            r["hazard"], r["soft_cap"] if r["has_soft_cap"] else None, r["floor"], r["default_ceiling"]
        ),
    ),
    "mc_ref_view": named("base_max sizer_max abs_max", lambda r: size.mc_ref_view(r["mc_ref"])),
    "lev_compose": named(
        "lev raw cap",
        lambda r: size.lev_compose(
            r["base"], r["dc"], r["regime"], r["ob"], r["esof"], r["posture"], r["base_max"], r["abs_max"],
            r["stalker_cap"], r["lo"], r["esof_in"], r["stalker_on"], r["floor_on"],
        ),
    ),
    "notional": named("notional wallet_mult", lambda r: size.notional(r["capital"], r["lev"], r["fraction"])),
    "exch_lev_linear": one("exch_lev_linear", lambda r: size.exch_lev_linear(r["lev"], r["cap"], r["src_lo"], r["src_hi"])),
    "structural_basis_bps": one(
        "structural_basis_bps", lambda r: anchor.structural_basis_bps(r["clob_mid"], r["amm"], r["sign"])
    ),
    "basis_baseline": baseline,
    "cadence_q": cadence,
    "residual_distortion_bps": one(
        "residual_distortion_bps", lambda r: anchor.residual_distortion_bps(r["basis"], r["baseline"])
    ),
}  # fmt: skip


def lanes_of_the_library() -> dict[str, AnyLane]:
    packages = (lanes.num, lanes.signal, lanes.size, lanes.anchor, lanes.time)
    return {name: each for package in packages for name, each in vars(package).items() if isinstance(each, Lane)}


LANES = lanes_of_the_library()
