"""An engine that trades, bar by bar: signal, gates, sizing, boost, liquidation guard, exits, position slot, profit and drawdown.

The D_LIQ backtest as one graph. Each call below is a lane of `lanes/`; this file wires them, and what it carries itself is
the position as the bar before left it. One slot, and a universe of assets: every bar brings a price of each, one is picked, and a
position is valued at the price of the asset that it is in, whatever is picked meanwhile. The universe has four assets here; a lane call
for each of 48 would be a graph of five thousand nodes, which C compiles in a minute.

What the engine decides by the day (boost and beta, the forewarner's status, the posture) it decides on the day's first bar, and holds.

Run it over twenty years of real prices:

    python -m examples.d_liq_table -o build/d_liq.csv
    dagc build examples/d_liq_engine.py:d_liq_engine -o build/d_liq --emit interpreter,xla,c
    dagc check examples/d_liq_engine.py:d_liq_engine --data build/d_liq.csv
    dagc tap build/d_liq --data build/d_liq.csv --bar 1000 --lane exit_priority.reason

Which of the backtest's published figures follow from its formulas, and which cannot: docs/d-liq.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias, TypeVar

from dagc import as_unit, carry, domain, lane, safe, sink
from lanes.accounting import (
    DayTotals,
    EngineCounters,
    Ledger,
    day_totals,
    engine_counters,
    equity,
    perf_summary,
)
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
    asset_pick,
    direction_confirm,
    dvol50,
    entry_gate,
    irp_alignment,
    ob_edge_gate,
    prank500,
    proxy_b,
    row_guard,
    stablecoin_filter,
    sticky_episode,
    vel_div_gate,
    vol_regime_gate,
)
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
    worse_of,
)
from lanes.size.acb_boost import AcbBoost
from lanes.slots import (
    composite_hash_regime,
    efsm_long,
    exit_v7,
    mc_forewarner,
    meta_boost,
    ob_features,
    z_leverage_gate,
)
from lanes.time import begins_day
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

#: A price of each asset of the universe, in the order of `lanes.engine_presets.UNIVERSE`.
Prices: TypeAlias = tuple[Price, Price, Price, Price]
ASSETS = 4
T = TypeVar("T")


@dataclass(frozen=True)
class Scan:
    """What is known at a bar: one column of the data each."""

    day: int  # a number that differs from one day to the next
    vel_div: VelDiv  # divergence of the eigenvalue velocities
    instability_50: VelDiv  # of the short window
    v750: VelDiv  # the slow velocity
    prices: Prices  # of the universe
    btc: Price  # of the reference asset
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
class Today:
    """What is decided at the begin of a day, and holds until the next."""

    boost: Mult  # of the circuit breaker ...
    day_beta: float  # ... and its amplitude
    status: McStatus  # of the forewarner
    posture: Posture  # of the engine


@dataclass(frozen=True)
class Outcome:
    """What the engine did at this bar, and where its account stands."""

    enter: Annotated[bool, sink(key=None, gate="row_guard")]  # a position is opened ...
    mask: int  # ... or which conditions fail
    asset: int  # the asset that is picked, -1 where none qualifies
    episode: int  # the number of the stretch of bars on which the signal is on
    straightness: float  # of the asset's last moves, by which assets are ranked
    lev: ConvictionLeverage  # what an entry would be sized with
    notional: Usd
    exchange: Annotated[ExchangeLeverage, safe(1)]
    mc_ref: ConvictionLeverage  # the leverage that the forewarner is to be asked about
    stop: Return  # the adverse move at which a trade is stopped
    held: Held
    held_asset: int  # the asset of the position, -1 without one
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
    regime_tag: int  # the sub-regime, 0 while its slot is empty
    counters: EngineCounters  # since the beginning
    today: DayTotals  # so far; on the last bar of a day, the day's row of the end-of-day table


@lane
def begin_day(
    signals: Annotated[float, domain(lo=0.0)],
    v750: VelDiv,
    c: Frac,
    status: McStatus,
    posture: Posture,
    p: AcbBoost,
) -> Today:
    """What the day's first bar decides.

    Source   the D_LIQ gold backtest
    """
    acb = acb_boost(signals, v750, c, p)
    return Today(boost=acb.boost, day_beta=acb.day_beta, status=status, posture=posture)


def of_asset(values: tuple[T, ...], asset: int) -> T:
    """The value of an asset, that of the first where there is none."""
    found = values[0]
    for place in range(1, len(values)):
        found = values[place] if asset == place else found
    return found


@lane
def d_liq_engine(scan: Scan, engine: Engine = D_LIQ_GOLD_ENGINE) -> Outcome:
    """One bar of the engine: leave, enter, account.

    Source   the D_LIQ gold backtest, in its own order: exits are evaluated on bars after the entry bar; an exit and an entry never
             share a bar; notional compounds with equity
    """
    # The position and the account as the bar before left them.
    is_open = carry(initial=False)
    held = carry(initial=Held.NONE)
    held_asset = carry(initial=-1)
    entry = carry(initial=as_unit(1.0, "px"))
    age = carry(initial=as_unit(0, "bars"))
    capital = carry(initial=engine.account.c0)

    # Signal: where the eigenvalues part, how unusual that is, what the reference asset and each asset of the universe do.
    signal = vel_div_gate(scan.vel_div, engine.gate)
    volatility = dvol50(scan.btc, engine.dvol)
    directions = tuple(direction_confirm(price, signal.side, engine.confirm) for price in scan.prices)
    alignments = tuple(irp_alignment(price, signal.side, engine.alignment) for price in scan.prices)
    rank = prank500(proxy_b(scan.instability_50, scan.v750), engine.rank)

    # One asset: the straightest of those that are aligned enough, pegged ones left out.
    kept = tuple(stablecoin_filter(place, engine.stable) for place in range(ASSETS))
    scores = tuple(each.score for each in alignments)
    asset = asset_pick(scores, tuple(each.align for each in alignments), kept, engine.irp.min_alignment)
    price = of_asset(scan.prices, asset)
    direction = of_asset(directions, asset)
    ok = row_guard(scan.vel_div, price)

    # Sizing: five factors (the gold preset switches the haircut off) under a ceiling that is a value; then the boost.
    ceiling = hazard_base_max(scan.hazard, engine.hazard)
    base = base_cubic_sizer(scan.vel_div, ceiling, engine.sizer)
    dc = dc_lev_mult(direction.verdict, engine.dc)
    reference = mc_ref_view(engine.reference)
    told = worse_of(scan.mc_status, mc_forewarner(reference))
    new_day = begins_day(scan.day)
    quiet = Today(boost=1.0, day_beta=0.0, status=McStatus.OK, posture=Posture.APEX)
    day = begin_day(scan.signals, scan.v750, base.c, told, scan.posture, engine.acb, when=new_day, initial=quiet)
    mc = mc_scale(day.status, engine.mc)
    hashed = composite_hash_regime()
    regime = regime_size_mult(day.boost, scan.meta * meta_boost(), mc.scale) * (z_leverage_gate() * hashed.mult)
    books = ob_features()
    reads = books.agree > 0.0
    imbalance = books.imb if reads else scan.imbalance
    ob = market_ob_mult(imbalance, books.agree if reads else scan.agreement, signal.side, engine.ob)
    esof = esof_mult(scan.score, scan.score_present, scan.score_fresh, engine.esof)
    composed = lev_compose(base.lev, dc.mult, regime, ob.mult, esof, day.posture, ceiling, engine.compose)
    stake = notional(capital, composed.lev, base.fraction)
    boosted = adaptive_boost(composed.lev, stake.notional, rank.prank, day.day_beta, engine.boost)
    lev = boosted.lev if engine.boost_on else composed.lev
    dollars = boosted.notional if engine.boost_on else stake.notional

    # Leave: every reason by itself, then one. The position is valued at the price of its own asset.
    stop = liq_guard_stop(engine.guard)
    side = Side.SHORT if held == Held.SHORT else Side.LONG
    made = trade_return(of_asset(scan.prices, held_asset), entry, side)
    ret = made if is_open else 0.0
    older = age + 1 if is_open else 0
    cascade = scan.ob_cascade or books.cascade
    withdrawal = scan.ob_withdrawal or books.withdrawal
    flags = exit_flags(ret, older, stop, engine.guard_on, mc.halt, cascade, withdrawal, engine.exits)
    why = exit_priority(
        flags.take_profit, flags.held_long, flags.stop_loss, flags.hibernate, flags.ob_tail, engine.priority
    )
    asked = exit_v7()
    reason = why.reason if why.exit else asked
    leave = is_open and (why.exit or asked != ExitReason.NONE)

    # Enter: the decision knows no slot, the execution does.
    wanted = entry_gate(
        ok,
        signal.entry,
        vol_regime_gate(volatility.dvol, scan.bar, engine.vol),
        not dc.skip,
        asset >= 0,
        ob_edge_gate(
            books.edge_bps if reads else scan.edge_bps,
            books.confirm_rate if reads else scan.confirm_rate,
            engine.ob_edge,
        ),
        any(kept),
        not mc.halt,
        not is_open,
    )
    episode = sticky_episode(signal.entry and ok, max(asset, 0))

    # The long side is one more lane beside the core, which comes first; it is sized by its own leverage.
    long = efsm_long()
    reversal = long.enter and ok and asset >= 0 and not mc.halt and not is_open and not wanted.enter
    long_lev = min(long.lev, engine.compose.abs_max) if reversal else lev
    staked = notional(capital, long_lev, base.fraction).notional if reversal else dollars
    slot = position_slot(
        ok and (wanted.enter or reversal), leave, long.side if reversal else signal.side, price, staked
    )

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
    of_position = asset if slot.opened else held_asset
    held_asset = of_position if is_open else -1
    entry = slot.entry if slot.entry > 0.0 else 1.0  # flat, the slot has no price to divide by
    age = slot.bars if is_open else 0
    capital = max(ledger.eq, 0.0)
    return Outcome(
        enter=slot.opened,
        mask=wanted.mask,
        asset=asset,
        episode=episode.episode,
        straightness=of_asset(scores, asset),
        lev=long_lev,
        notional=staked,
        exchange=exch_lev_linear(long_lev, engine.exchange),
        mc_ref=reference.base_max,
        stop=stop,
        held=slot.held,
        held_asset=of_position,
        bars=slot.bars,
        ret=ret,
        closed=slot.closed,
        reason=reason if slot.closed else ExitReason.NONE,
        pnl=pnl if slot.closed else 0.0,
        eq=ledger.eq,
        trades=ledger.trades,
        roi=performance.roi,
        maxdd_pct=performance.maxdd_pct,
        calmar=performance.calmar,
        profit_factor=performance.profit_factor,
        win_rate=performance.win_rate,
        regime_tag=hashed.tag,
        counters=engine_counters(slot.closed, reason, slot.opened, long_lev, new_day, day.status),
        today=day_totals(new_day, slot.opened, slot.closed, pnl),
    )
