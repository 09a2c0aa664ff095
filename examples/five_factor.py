"""The five-factor sizing: how much to trade, from what the market, the models and the order books say.

This file is one graph. Each call below is a lane with a file, units, domains and a source of its own in `lanes/`; this one
only wires them. Build it, check it, look into it:

    dagc build examples/five_factor.py:five_factor -o build/five_factor
    dagc check examples/five_factor.py:five_factor --data build/market.csv
    dagc tap build/five_factor --data build/market.csv --bar 1000 --lane lev_compose.lev

Factors that do not exist yet have a slot each. Empty, it changes no bit; `--slot efsm_long=mine.py:long` adds a long side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import domain, lane, once, safe, sink
from lanes.anchor import Anchor, basis_baseline, residual_distortion_bps, structural_basis_bps
from lanes.enums import ExitReason, McStatus, Posture, Side
from lanes.presets import ANCHOR_FLAG048, FIVE_FACTOR_8B
from lanes.signal import direction_confirm, row_guard, vel_div_gate
from lanes.size import (
    Sizing,
    acb_boost,
    base_cubic_sizer,
    dc_lev_mult,
    esof_haircut_post,
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
from lanes.slots import (
    composite_hash_regime,
    efsm_long,
    exit_v7,
    mc_forewarner,
    meta_boost,
    ob_features,
    z_leverage_gate,
)
from lanes.units import Bps, ConvictionLeverage, ExchangeLeverage, Frac, Mult, Price, Usd, VelDiv


@dataclass(frozen=True)
class Market:
    """What is known at a bar: one column of the data each."""

    vel_div: VelDiv  # divergence of the eigenvalue velocities
    price: Price  # of the asset to be traded
    signals: Annotated[float, domain(lo=0.0)]  # the day's stress score
    w750: VelDiv  # the day's slow velocity
    meta: Annotated[Mult, domain(0.5, 1.5)]  # an outside model's boost, 1 when neutral
    mc_status: McStatus  # what the Monte-Carlo forewarner says
    imbalance: Annotated[float, domain(-1.0, 1.0)]  # the market's median order-book imbalance
    agreement: Frac  # the share of assets that lean the same way
    score: Annotated[float, domain(-1.0, 1.0)]  # the esoteric-factor score ...
    score_present: bool  # ... whether there is one ...
    score_fresh: bool  # ... and whether it is recent
    hazard: Frac  # what the hazard model says
    posture: Posture  # of the engine
    capital: Usd  # in the account
    clob_mid: Price  # the order book's middle
    amm: Price  # the automated market maker's price


@dataclass(frozen=True)
class Decision:
    """What to do at this bar, and why."""

    enter: Annotated[bool, sink(key=None, gate="row_guard")]  # open a position
    skip: bool  # the asset already moves against the trade
    halt: bool  # the forewarner is red
    side: Side
    lev: ConvictionLeverage  # it sizes the quantity ...
    notional: Usd  # ... this much of it ...
    wallet_mult: Mult  # ... which is so many wallets
    exchange: Annotated[ExchangeLeverage, safe(1)]  # what is set at the venue
    raw: ConvictionLeverage  # the product of the five factors
    cap: ConvictionLeverage  # and what limits it
    mc_ref: ConvictionLeverage  # the leverage that the forewarner is to be asked about
    residual: Bps  # the CLOB-AMM basis beyond its baseline
    regime_tag: int  # the sub-regime, 0 while its slot is empty
    leave: ExitReason  # what the exit engine asks for, NONE while its slot is empty


@lane
def five_factor(
    market: Market, sizing: Sizing = FIVE_FACTOR_8B, anchor: Anchor = ANCHOR_FLAG048.control.observed
) -> Decision:
    """Size one bar: gate, five factors, composition, haircut, notional, venue leverage; and the anchor's residual beside it.

    Source   the wiring of the VIOLET V3 five-factor sizing; the anchor of a CLOB/AMM quoting engine
    """
    # Is this a row to trade on, and which way?
    ok = row_guard(market.vel_div, market.price)
    signal = vel_div_gate(market.vel_div, sizing.gate)

    # The ceiling of conviction is a value that flows through the graph, never a cap that someone overwrites.
    ceiling = hazard_base_max(market.hazard, sizing.hazard)
    hi = ceiling if sizing.hazard_ceiling else sizing.hi
    base_max = ceiling if sizing.hazard_ceiling else sizing.base_max

    # Factor 1: conviction, from how far the divergence reaches.
    base = base_cubic_sizer(market.vel_div, hi, sizing.sizer)

    # Factor 2: does the asset itself already move the trade's way?
    direction = direction_confirm(market.price, signal.side, sizing.confirm)
    dc = dc_lev_mult(direction.verdict, sizing.dc)

    # Factor 3: the regime. The forewarner is asked about a reference leverage, whatever the real caps are.
    acb = acb_boost(market.signals, market.w750, base.c, sizing.acb)
    reference = mc_ref_view(sizing.reference)
    mc = mc_scale(worse_of(market.mc_status, mc_forewarner(reference)), sizing.mc)
    meta = market.meta * meta_boost() if sizing.meta_on else 1.0
    hashed = composite_hash_regime()
    regime = regime_size_mult(acb.boost, meta, mc.scale) * (z_leverage_gate() * hashed.mult)

    # Factor 4: the order books of the whole market, as the slot's engine sees them where there is one. Factor 5: the esoteric score.
    books = ob_features()
    reads = books.agree > 0.0
    imbalance = books.imb if reads else market.imbalance
    ob = market_ob_mult(imbalance, books.agree if reads else market.agreement, signal.side, sizing.ob)
    esof: Annotated[Mult, once()] = esof_mult(market.score, market.score_present, market.score_fresh, sizing.esof)

    # The one place where they meet.
    composed = lev_compose(base.lev, dc.mult, regime, ob.mult, esof, market.posture, base_max, sizing.compose)

    # Only gates stop a trade: a leverage never falls to zero, so size cannot. The long side stands beside the core, which comes first.
    may = ok and not mc.halt and market.posture != Posture.HIBERNATE
    core = may and signal.entry and not dc.skip
    long = efsm_long()
    reversal = may and long.enter and not core
    sized = min(long.lev, sizing.compose.abs_max) if reversal else composed.lev
    stake = notional(market.capital, sized, base.fraction)

    # The haircut's other place. Inside wins: it is never applied twice, and never to a long reversal.
    cut = esof_haircut_post(sized, stake.notional, esof, sizing.haircut)
    post = sizing.haircut_post and not sizing.compose.esof_in and not reversal
    lev = cut.lev if post else sized
    dollars = cut.notional if post else stake.notional

    # Conviction leverage becomes exchange leverage here and nowhere else.
    exchange = exch_lev_linear(lev, sizing.exchange)

    # Beside all this, the anchor: what the basis says beyond its slow baseline.
    basis = structural_basis_bps(market.clob_mid, market.amm, anchor.basis)
    baseline = basis_baseline(basis, anchor.baseline)
    residual = residual_distortion_bps(basis, baseline.baseline)

    enter = core or reversal
    return Decision(
        enter=enter,
        skip=dc.skip,
        halt=mc.halt,
        side=long.side if reversal else signal.side,
        lev=lev,
        notional=dollars,
        wallet_mult=stake.wallet_mult,
        exchange=exchange,
        raw=composed.raw,
        cap=composed.cap,
        mc_ref=reference.base_max,
        residual=residual,
        regime_tag=hashed.tag,
        leave=exit_v7(),
    )
