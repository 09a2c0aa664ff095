"""An engine that trades, bar by bar: signal, gates, sizing, boost, liquidation guard, exits, position slot, profit and drawdown.

The D_LIQ backtest as one graph. Each call below is a lane of `lanes/`; this file wires them, and what it carries itself is
the position as the bar before left it. Run it over twenty years of real prices:

    python -m examples.d_liq_table -o build/d_liq.csv
    dagc build examples/d_liq_engine.py:d_liq_engine -o build/d_liq --emit interpreter,xla,c
    dagc check examples/d_liq_engine.py:d_liq_engine --data build/d_liq.csv
    dagc tap build/d_liq --data build/d_liq.csv --bar 1000 --lane exit_priority.reason

Which of the backtest's published figures follow from its formulas, and which cannot: docs/d-liq.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import as_unit, carry, domain, lane, safe
from lanes.accounting import Ledger, equity, perf_summary
from lanes.engine import Engine
from lanes.engine_presets import D_LIQ_GOLD_ENGINE
from lanes.enums import ExitReason, Held, McStatus, Posture, Side
from lanes.exits import (
    exit_flags,
    exit_priority,
    liq_guard_stop,
    position_slot,
    sp_fees,
    sp_slippage,
    trade_pnl,
    trade_return,
)
from lanes.signal import (
    direction_confirm,
    dvol50,
    entry_gate,
    irp_alignment,
    irp_gate,
    ob_edge_gate,
    prank500,
    proxy_b,
    row_guard,
    stablecoin_filter,
    sticky_episode,
    vel_div_gate,
    vol_regime_gate,
)
from lanes.signal.stablecoin_filter import AssetBit
from lanes.signal.vol_regime_gate import BarNumber
from lanes.size import (
    acb_boost,
    adaptive_boost,
    base_cubic_sizer,
    dc_lev_mult,
    esof_mult,
    exch_lev_linear,
    hazard_base_max,
    lev_compose,
    market_ob_mult,
    mc_ref_view,
    mc_scale,
    notional,
    regime_size_mult,
)
from lanes.units import (
    Bars,
    Bps,
    ConvictionLeverage,
    ExchangeLeverage,
    Frac,
    Mult,
    Percent,
    Pnl,
    Price,
    Return,
    Usd,
    VelDiv,
)


@dataclass(frozen=True)
class Scan:
    """What is known at a bar: one column of the data each."""

    vel_div: VelDiv  # divergence of the eigenvalue velocities
    instability_50: VelDiv  # of the short window
    v750: VelDiv  # the slow velocity
    price: Price  # of the asset to be traded
    btc: Price  # of the reference asset
    asset_id: AssetBit  # which asset it is
    bar: BarNumber  # of the day
    signals: Annotated[float, domain(lo=0.0)]  # the day's stress score
    meta: Annotated[Mult, domain(0.5, 1.5)]  # an outside model's boost, 1 when neutral
    mc_status: McStatus  # what the Monte-Carlo forewarner says
    imbalance: Annotated[float, domain(-1.0, 1.0)]  # the market's median order-book imbalance
    agreement: Frac  # the share of assets that lean the same way
    edge_bps: Bps  # the order book's edge ...
    confirm_rate: Frac  # ... and how often it was confirmed
    ob_cascade: bool  # the book is being eaten ...
    ob_withdrawal: bool  # ... or taken away
    score: Annotated[float, domain(-1.0, 1.0)]  # the esoteric-factor score ...
    score_present: bool  # ... whether there is one ...
    score_fresh: bool  # ... and whether it is recent
    hazard: Frac  # what the hazard model says
    posture: Posture  # of the engine


@dataclass(frozen=True)
class Outcome:
    """What the engine did at this bar, and where its account stands."""

    enter: bool  # a position is opened ...
    mask: int  # ... or which conditions fail
    episode: int  # the number of the stretch of bars on which the signal is on
    straightness: float  # of the asset's last moves, by which assets are ranked
    lev: ConvictionLeverage  # what an entry would be sized with
    notional: Usd
    exchange: Annotated[ExchangeLeverage, safe(1)]
    mc_ref: ConvictionLeverage  # the leverage that the forewarner is to be asked about
    stop: Return  # the adverse move at which a trade is stopped
    held: Held
    bars: Bars  # for how long
    ret: Return  # what the open trade has made so far
    closed: bool
    reason: ExitReason
    pnl: Pnl  # of the trade that is closed here
    eq: Pnl
    trades: int
    roi: Percent
    maxdd_pct: Percent
    calmar: float
    profit_factor: float
    win_rate: Return


@lane
def d_liq_engine(scan: Scan, engine: Engine = D_LIQ_GOLD_ENGINE) -> Outcome:
    """One bar of the engine: leave, enter, account.

    Source   the D_LIQ gold backtest, in its own order: exits are evaluated on bars after the entry bar; an exit and an entry never
             share a bar; notional compounds with equity
    """
    # The position and the account as the bar before left them.
    is_open = carry(initial=False)
    held = carry(initial=Held.NONE)
    entry = carry(initial=as_unit(1.0, "px"))
    age = carry(initial=as_unit(0, "bars"))
    capital = carry(initial=engine.account.c0)

    # Signal: where the eigenvalues part, how unusual that is, what the reference asset and the asset itself do.
    ok = row_guard(scan.vel_div, scan.price)
    signal = vel_div_gate(scan.vel_div, engine.gate)
    volatility = dvol50(scan.btc, engine.dvol)
    direction = direction_confirm(scan.price, signal.side, engine.confirm)
    alignment = irp_alignment(scan.price, signal.side)
    rank = prank500(proxy_b(scan.instability_50, scan.v750), engine.rank)

    # Sizing: five factors (the gold preset switches the haircut off) under a ceiling that is a value; then the boost.
    ceiling = hazard_base_max(scan.hazard, engine.hazard)
    base = base_cubic_sizer(scan.vel_div, ceiling, engine.sizer)
    dc = dc_lev_mult(direction.verdict, engine.dc)
    acb = acb_boost(scan.signals, scan.v750, base.c, engine.acb)
    mc = mc_scale(scan.mc_status, engine.mc)
    regime = regime_size_mult(acb.boost, scan.meta, mc.scale)
    ob = market_ob_mult(scan.imbalance, scan.agreement, signal.side, engine.ob)
    esof = esof_mult(scan.score, scan.score_present, scan.score_fresh, engine.esof)
    composed = lev_compose(base.lev, dc.mult, regime, ob.mult, esof, scan.posture, ceiling, engine.compose)
    stake = notional(capital, composed.lev, base.fraction)
    boosted = adaptive_boost(composed.lev, stake.notional, rank.prank, acb.day_beta, engine.boost)
    lev = boosted.lev if engine.boost_on else composed.lev
    dollars = boosted.notional if engine.boost_on else stake.notional
    reference = mc_ref_view(engine.reference)

    # Leave: every reason by itself, then one.
    stop = liq_guard_stop(engine.guard)
    side = Side.SHORT if held == Held.SHORT else Side.LONG
    made = trade_return(scan.price, entry, side)
    ret = made if is_open else 0.0
    older = age + 1 if is_open else 0
    flags = exit_flags(ret, older, stop, engine.guard_on, mc.halt, scan.ob_cascade, scan.ob_withdrawal, engine.exits)
    why = exit_priority(
        flags.take_profit, flags.held_long, flags.stop_loss, flags.hibernate, flags.ob_tail, engine.priority
    )
    leave = is_open and why.exit

    # Enter: the decision knows no slot, the execution does.
    wanted = entry_gate(
        ok,
        signal.entry,
        vol_regime_gate(volatility.dvol, scan.bar, engine.vol),
        not dc.skip,
        irp_gate(alignment.align, engine.irp),
        ob_edge_gate(scan.edge_bps, scan.confirm_rate, engine.ob_edge),
        stablecoin_filter(scan.asset_id, engine.stable),
        not mc.halt,
        not is_open,
    )
    decided = signal.entry and ok
    episode = sticky_episode(decided, scan.asset_id)
    slot = position_slot(wanted.enter, leave, signal.side, scan.price, dollars)

    # Account: a closed trade pays its costs on both sides and moves the ledger; no other bar does.
    pnl = trade_pnl(
        slot.notional,
        ret,
        sp_fees(engine.fee_in),
        sp_fees(engine.fee_out),
        sp_slippage(engine.slip_in),
        sp_slippage(engine.slip_out),
    )
    nothing = Ledger(
        eq=engine.account.c0,
        peak=engine.account.c0,
        maxdd=0.0,
        gross_profit=0.0,
        gross_loss=0.0,
        wins=0,
        trades=0,
    )
    ledger = equity(pnl, engine.account, when=slot.closed, initial=nothing)
    performance = perf_summary(ledger, engine.account)

    is_open = slot.opened or (is_open and not slot.closed)
    held = slot.held if is_open else Held.NONE
    entry = slot.entry if slot.entry > 0.0 else 1.0  # flat, the slot has no price to divide by
    age = slot.bars if is_open else 0
    capital = max(ledger.eq, 0.0)
    return Outcome(
        enter=slot.opened,
        mask=wanted.mask,
        episode=episode.episode,
        straightness=alignment.score,
        lev=lev,
        notional=dollars,
        exchange=exch_lev_linear(lev, engine.exchange),
        mc_ref=reference.base_max,
        stop=stop,
        held=slot.held,
        bars=slot.bars,
        ret=ret,
        closed=slot.closed,
        reason=why.reason if slot.closed else ExitReason.NONE,
        pnl=pnl if slot.closed else 0.0,
        eq=ledger.eq,
        trades=ledger.trades,
        roi=performance.roi,
        maxdd_pct=performance.maxdd_pct,
        calmar=performance.calmar,
        profit_factor=performance.profit_factor,
        win_rate=performance.win_rate,
    )
