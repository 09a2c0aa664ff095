"""The D_LIQ engine from the reference functions alone, knowing nothing of its graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dag.values.types import Value
from tests.oracle import accounting, boost_and_venue, exits, gates, signal, size, windows

FLAGS = ("take_profit", "held_long", "stop_loss", "hibernate", "ob_tail")


def under(params: Mapping[str, Any], group: str) -> dict[str, Any]:
    """The parameters of one lane, by field."""
    start = f"{group}."
    return {name.removeprefix(start): value for name, value in params.items() if name.startswith(start)}


def engine(rows: Iterable[Mapping[str, Any]], params: Mapping[str, Any]) -> Iterator[dict[str, Value]]:
    """What each bar of `rows` makes of the engine's parameters, called as in its graph."""
    p = {group: under(params, group) for group in {name.split(".")[0] for name in params if "." in name}}
    c0 = p["account"]["c0"]
    asset: windows.Window = ()
    btc: windows.Window = ()
    moves: windows.Window = ()
    proxies: windows.Window = ()
    episodes: gates.Episode = (False, -1, 0, 0)
    slot, account = exits.EMPTY, accounting.account(c0)
    fees = [exits.sp_fees(**p[name]) for name in ("fee_in", "fee_out")]
    fees += [exits.sp_slippage(**p[name]) for name in ("slip_in", "slip_out")]
    soft = p["hazard"]["soft_cap"] if p["hazard"]["has_soft_cap"] else None
    order = tuple(p["priority"][place] for place in ("first", "second", "third", "fourth", "fifth"))
    for r in rows:
        ok = signal.row_guard(r["vel_div"], r["price"])
        entry, _, side = signal.vel_div_gate(r["vel_div"], **p["gate"])
        btc, (dvol, _) = windows.dvol50(btc, r["btc"], **p["dvol"])
        asset, (status, _) = signal.direction_confirm(asset, r["price"], side, **p["confirm"])
        moves, (align, straightness, _) = windows.irp_alignment(moves, r["price"], side)
        proxies, (prank, _) = windows.prank500(proxies, gates.proxy_b(r["instability_50"], r["v750"]), **p["rank"])

        ceiling = size.hazard_base_max(r["hazard"], soft, p["hazard"]["floor"], p["hazard"]["default_ceiling"])
        base, fraction, _, c = size.base_cubic_sizer(r["vel_div"], ceiling, **p["sizer"])
        dc, skip = size.dc_lev_mult(status, **p["dc"])
        acb, beta = size.acb_boost(r["signals"], r["v750"], c=c, **p["acb"])
        mc, halt = size.mc_scale(r["mc_status"], **p["mc"])
        ob, _ = size.market_ob_mult(r["imbalance"], r["agreement"], side, **p["ob"])
        regime = size.regime_size_mult(acb, r["meta"], mc)
        es = size.esof_mult(r["score"], r["score_present"], r["score_fresh"], **p["esof"])
        lev, _, _ = size.lev_compose(base, dc, regime, ob, es, r["posture"], ceiling, **p["compose"])
        dollars, _ = size.notional(max(account[0], 0.0), lev, fraction)
        if params["boost_on"]:
            lev, dollars, _ = boost_and_venue.adaptive_boost(lev, dollars, prank, beta, **p["boost"])

        stop = exits.liq_guard_stop(**p["guard"])
        is_open, held, paid, _, age = slot
        ret = exits.trade_return(r["price"], paid, held) if is_open else 0.0
        guard = stop if params["guard_on"] else None
        flags = exits.exit_flags(
            ret, age + 1 if is_open else 0, guard, halt, r["ob_cascade"], r["ob_withdrawal"], **p["exits"]
        )
        reason, leave = exits.exit_priority(*flags, order)
        enter, mask = gates.entry_gate(
            ok,
            entry,
            gates.vol_regime_gate(dvol, r["bar"], **p["vol"]),
            not skip,
            gates.irp_gate(align, **p["irp"]),
            gates.ob_edge_gate(r["edge_bps"], r["confirm_rate"], **p["ob_edge"]),
            gates.stablecoin_filter(r["asset_id"], **p["stable"]),
            not halt,
            not is_open,
        )
        episodes, (_, episode, _) = gates.sticky_episode(episodes, entry and ok, r["asset_id"])
        slot, (opened, closed, bars, sd, _, stake) = exits.position_slot(slot, enter, leave, side, r["price"], dollars)
        pnl = exits.trade_pnl(stake, ret, *fees) if closed else 0.0
        account = accounting.equity(account, pnl) if closed else account
        roi, dd, calmar, factor, rate = accounting.perf_summary(account, c0)
        yield {
            "enter": opened, "mask": mask, "episode": episode, "straightness": straightness, "lev": lev, "notional": dollars,
            "exchange": size.exch_lev_linear(lev, **p["exchange"]), "mc_ref": size.mc_ref_view(**p["reference"])[0],
            "stop": stop, "held": sd, "bars": bars, "ret": ret, "closed": closed, "reason": reason if closed else 0,
            "pnl": pnl, "eq": account[0], "trades": account[6], "roi": roi, "maxdd_pct": dd, "calmar": calmar,
            "profit_factor": factor, "win_rate": rate, "status": 0,
        }  # fmt: skip
