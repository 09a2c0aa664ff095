"""The D_LIQ engine from the reference functions alone, knowing nothing of its graph; its slots are empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dag.values.types import Value
from tests.oracle import accounting, boost_and_venue, exits, gates, signal, size, windows

ASSETS = 4
FLAGS = ("take_profit", "held_long", "stop_loss", "hibernate", "ob_tail")


def under(params: Mapping[str, Any], group: str) -> dict[str, Any]:
    """The parameters of one lane, by field."""
    start = f"{group}."
    return {name.removeprefix(start): value for name, value in params.items() if name.startswith(start)}


def engine(rows: Iterable[Mapping[str, Any]], params: Mapping[str, Any]) -> Iterator[dict[str, Value]]:
    """What each bar of `rows` makes of the engine's parameters, called as in its graph."""
    p = {group: under(params, group) for group in {name.split(".")[0] for name in params if "." in name}}
    c0 = p["account"]["c0"]
    past: list[windows.Window] = [()] * ASSETS
    btc: windows.Window = ()
    moves: list[windows.Window] = [()] * ASSETS
    proxies: windows.Window = ()
    episodes: gates.Episode = (False, -1, 0, 0)
    slot, account, held_asset = exits.EMPTY, accounting.account(c0), -1
    today: tuple[float, float, int, int] | None = None
    last_day: int | None = None
    bars_today: list[tuple[bool, bool, bool, float]] = []
    counts, levs = Counter[str](), 0.0
    names = ("take_profits", "max_holds", "stops", "hibernations", "ob_tails")
    fees = [exits.sp_fees(**p[name]) for name in ("fee_in", "fee_out")]
    fees += [exits.sp_slippage(**p[name]) for name in ("slip_in", "slip_out")]
    soft = p["hazard"]["soft_cap"] if p["hazard"]["has_soft_cap"] else None
    order = tuple(p["priority"][place] for place in ("first", "second", "third", "fourth", "fifth"))
    for r in rows:
        prices = [r[f"prices.{asset}"] for asset in range(ASSETS)]
        entry, _, side = signal.vel_div_gate(r["vel_div"], **p["gate"])
        btc, (dvol, _) = windows.dvol50(btc, r["btc"], **p["dvol"])
        verdicts, aligns, scores = [0] * ASSETS, [0.0] * ASSETS, [0.0] * ASSETS
        for each, price in enumerate(prices):
            past[each], (verdicts[each], _) = signal.direction_confirm(past[each], price, side, **p["confirm"])
            moves[each], (aligns[each], scores[each], _) = windows.irp_alignment(
                moves[each], price, side, **p["alignment"]
            )
        kept = [gates.stablecoin_filter(each, **p["stable"]) for each in range(ASSETS)]
        asset = gates.asset_pick(scores, aligns, kept, **p["irp"])
        price, status = prices[max(asset, 0)], verdicts[max(asset, 0)]
        ok = signal.row_guard(r["vel_div"], price)
        proxies, (prank, _) = windows.prank500(proxies, gates.proxy_b(r["instability_50"], r["v750"]), **p["rank"])

        ceiling = size.hazard_base_max(r["hazard"], soft, p["hazard"]["floor"], p["hazard"]["default_ceiling"])
        base, fraction, _, c = size.base_cubic_sizer(r["vel_div"], ceiling, **p["sizer"])
        dc, skip = size.dc_lev_mult(status, **p["dc"])
        new_day, last_day = today is None or r["day"] != last_day, r["day"]
        if today is None or new_day:
            today = (*size.acb_boost(r["signals"], r["v750"], c=c, **p["acb"]), r["mc_status"], r["posture"])
        acb, beta, mc_status, posture = today
        mc, halt = size.mc_scale(mc_status, **p["mc"])
        ob, _ = size.market_ob_mult(r["imbalance"], r["agreement"], side, **p["ob"])
        regime = size.regime_size_mult(acb, r["meta"], mc)
        es = size.esof_mult(r["score"], r["score_present"], r["score_fresh"], **p["esof"])
        lev, _, _ = size.lev_compose(base, dc, regime, ob, es, posture, ceiling, **p["compose"])
        dollars, _ = size.notional(max(account[0], 0.0), lev, fraction)
        if params["boost_on"]:
            lev, dollars, _ = boost_and_venue.adaptive_boost(lev, dollars, prank, beta, **p["boost"])

        stop = exits.liq_guard_stop(**p["guard"])
        is_open, held, paid, _, age = slot
        ret = exits.trade_return(prices[held_asset], paid, held) if is_open else 0.0
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
            asset >= 0,
            gates.ob_edge_gate(r["edge_bps"], r["confirm_rate"], **p["ob_edge"]),
            any(kept),
            not halt,
            not is_open,
        )
        episodes, (_, episode, _) = gates.sticky_episode(episodes, entry and ok, max(asset, 0))
        slot, (opened, closed, bars, sd, _, stake) = exits.position_slot(slot, enter, leave, side, price, dollars)
        of_position = asset if opened else held_asset
        held_asset = of_position if slot[0] else -1
        pnl = exits.trade_pnl(stake, ret, *fees) if closed else 0.0
        counts.update([names[reason - 1]] if closed else [])
        counts.update(["entries"] if opened else [])
        counts.update(["days", ("", "orange_days", "red_days")[mc_status]] if new_day else [])
        levs = levs + lev if opened else levs
        bars_today = [] if new_day else bars_today
        bars_today.append((new_day, opened, closed, pnl))
        of_day = accounting.day_totals(bars_today)
        account = accounting.equity(account, pnl) if closed else account
        roi, dd, calmar, factor, rate = accounting.perf_summary(account, c0)
        yield {
            "enter": opened, "mask": mask, "asset": asset, "episode": episode, "straightness": scores[max(asset, 0)], "lev": lev, "notional": dollars,
            "exchange": size.exch_lev_linear(lev, **p["exchange"]), "mc_ref": size.mc_ref_view(**p["reference"])[0],
            "stop": stop, "held": sd, "held_asset": of_position, "bars": bars, "ret": ret, "closed": closed, "reason": reason if closed else 0,
            "pnl": pnl, "eq": account[0], "trades": account[6], "roi": roi, "maxdd_pct": dd, "calmar": calmar,
            "profit_factor": factor, "win_rate": rate, "status": 0, "regime_tag": 0,
            **{f"counters.{name}": counts[name] for name in (*names, "entries", "days", "orange_days", "red_days")},
            "counters.mean_lev": levs / max(float(counts["entries"]), 1.0),
            **{f"today.{name}": value for name, value in zip(("bars", "entries", "trades", "pnl"), of_day, strict=True)},
        }  # fmt: skip
