"""A market maker's cycle up to its quotes: how much, how averse to risk, leaning which way, within which limits.

    dagc build examples/market_maker_quote.py:market_maker_quote -o build/market_maker_quote
    python examples/market_maker_cycles.py -o build/market_maker_cycles.csv
    dagc check examples/market_maker_quote.py:market_maker_quote --data build/market_maker_cycles.csv

What is quoted from gamma, skew and envelope is the venue's formula and not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import as_unit, carry, domain, lane, safe, sink, unit
from lanes.enums import KillReason, Regime, SwingTier
from lanes.independence import scarcity_premium
from lanes.market_maker import (
    Beliefs,
    BestQuotes,
    Capacities,
    Envelope,
    Limits,
    MarketMaker,
    Prices,
    Signals,
    Sizes,
    calibrated_gamma,
    cap_prop_max_position,
    depth_asymmetry,
    depth_momentum,
    effective_signals,
    envelope_monitor,
    funding_skew,
    generation_envelope,
    kappa_asymmetry,
    kappa_fit,
    kill_limits,
    kill_switch,
    margin_utilisation,
    oi_momentum,
    position_swing_5m,
    pre_eff_max_position,
    quote_gamma,
    quoting_gate,
    regime_gamma_blend,
    regime_label,
    regime_severity,
    risk_features,
    skew_sum,
    swing_tier,
)
from lanes.market_maker.generation_envelope import Count, Tick
from lanes.market_maker.kill_switch import Pnl
from lanes.market_maker.position_swing_5m import Clock
from lanes.market_maker.risk_features import Sigma
from lanes.presets import MM_PROPOSED
from lanes.slots import cross_venue, lead_lag
from lanes.units import Bps, Contracts, Frac, Gamma, Price, Size, Ticks, Usd


@dataclass(frozen=True)
class Account:
    """What the market maker has and may."""

    capital: Usd
    pos: Contracts  # long is positive
    pnl: Pnl  # of the day so far
    full_margin: Size  # what all of the margin would carry
    configured_max: Size  # the largest position by configuration
    bid_exch: Contracts  # what the exchange still takes on each side
    ask_exch: Contracts


@dataclass(frozen=True)
class Market:
    """What the market shows in this cycle."""

    t: Clock
    mark: Price
    mid: Price
    bid_px: Prices  # five levels a side, best first
    bid_sz: Sizes
    ask_px: Prices
    ask_sz: Sizes
    touch_bid_t: Tick  # the best bid and ask in whole ticks
    touch_ask_t: Tick
    stale_t: Ticks  # how many ticks it may have moved meanwhile
    sigma: Sigma  # realised volatility, and the usual one
    sigma0: Sigma
    toxicity: Annotated[float, unit("frac")]  # of the flow
    activity: Frac  # the percentile of trading
    rate: Annotated[float, unit("frac")]  # of funding
    d_oi: Annotated[float, unit("frac")]  # change of open interest, and of the price
    d_px: Bps


@dataclass(frozen=True)
class Leads:
    """Signals from elsewhere, used only where the mask says that they have a source."""

    lead_lag: Bps
    cross_venue: Bps


@dataclass(frozen=True)
class Orders:
    """What may be ordered, and what was."""

    levels: Count  # a side, by configuration
    quota: Count  # what the rate limit leaves
    min_size: Annotated[Contracts, domain(above=0.0)]
    min_notional: Usd
    generated: Annotated[int, domain(0, 1 << 31)]
    placed: Annotated[int, domain(0, 1 << 31)]


@dataclass(frozen=True)
class Quote:
    """What to quote within, and why."""

    max_pos: Size  # the smallest of three ceilings
    swing: Annotated[float, unit("frac")]
    tier: SwingTier
    kill: KillReason
    label: Regime  # for reports
    gamma_mult: float  # follows the beliefs
    gamma: Gamma  # what is quoted with
    skew: Bps  # of the signals that have a source
    signals: int
    effective: float  # how many of them are independent
    premium: Bps  # how much wider to quote because there are so few
    asymmetry: float  # of the two sides' decay, in nats
    momentum: Annotated[float, unit("1 / s")]
    interest: float  # +1 new longs, -1 new shorts: for reports
    widen: bool
    envelope: Envelope
    bid_orders: Annotated[int, safe(0), sink(key=None, gate="quoting_gate")]  # how many to place on each side
    ask_orders: Annotated[int, safe(0), sink(key=None, gate="quoting_gate")]
    placed_share: Annotated[float, unit("frac")]
    beyond: int  # how often an order was beyond the envelope


@lane
def market_maker_quote(
    account: Account,
    market: Market,
    beliefs: Beliefs,
    leads: Leads,
    best: BestQuotes,
    orders: Orders,
    p: MarketMaker = MM_PROPOSED,
) -> Quote:
    """One cycle: limits, risk aversion, lean, envelope.

    Source   the market maker's redesign
    [chosen] how the lanes meet: utilisation scales the margin's capacity; each side may grow to the largest position; a tier of
             REDUCE_ONLY keeps the side that reduces; a nat of depth asymmetry is `book_gain` of skew; a tier of WIDEN
             or longs being liquidated widen
    """
    # How much: three ceilings, the smallest counts.
    severity = regime_severity(beliefs, p.severity)
    usable = margin_utilisation(severity, p.margin)
    by_capital = cap_prop_max_position(account.capital, market.sigma, market.mark, p.position)
    max_pos = pre_eff_max_position(account.full_margin * usable, account.configured_max, by_capital)

    # When to stop.
    swing = position_swing_5m(account.pos, market.t, max_pos, p.swing)
    tier = swing_tier(swing, p.tiers)
    # The kill switch watches the configured position: `max_pos` shrinks with every burst of volatility, which is a reason to
    # reduce (the side that would grow has no room left in the envelope) and none to stop for good. Its limits are shares of the
    # capital that the session began with: they do not shrink while it loses.
    began_with = carry(initial=account.capital)
    configured = as_unit(account.configured_max * market.mark, "usd")
    limits = kill_limits(began_with, configured, p.kill)
    limits = Limits(
        loss=p.kill_fixed_usd if p.kill_fixed else limits.loss, dd=limits.dd, pos=limits.pos, min_peak=limits.min_peak
    )
    kill = kill_switch(account.pnl, as_unit(abs(account.pos) * market.mark, "usd"), limits)

    # How averse to risk: the blend of beliefs is read, not only computed.
    blend = regime_gamma_blend(beliefs, p.blend)
    label = regime_label(beliefs, market.t, p.label)
    features = risk_features(market.sigma, market.sigma0, market.toxicity, account.pos, max_pos, market.activity)
    gamma = quote_gamma(calibrated_gamma(features, severity, p.gamma), blend.gamma_mult, p.quoted)

    # Leaning which way: only signals that have a source.
    depth = depth_asymmetry(market.bid_sz, market.ask_sz)
    momentum = depth_momentum(depth.log_ratio, market.t)
    kappa_bid = kappa_fit(market.bid_px, market.bid_sz, market.mid, p.kappa)
    kappa_ask = kappa_fit(market.ask_px, market.ask_sz, market.mid, p.kappa)
    funding = funding_skew(market.rate, p.funding)
    interest = oi_momentum(market.d_oi, market.d_px, p.oi)
    signals = Signals(
        lead_lag=leads.lead_lag + lead_lag(),
        cross_venue=leads.cross_venue + cross_venue(),
        book_shape=depth.log_ratio * p.book_gain,
        funding_alpha=funding,
    )
    lean = skew_sum(signals, p.mask)
    known = effective_signals(signals, p.mask, p.correlation)
    # Until they have been compared for long enough, all signals count as one.
    effective = known.effective if known.warm else min(float(known.nominal), 1.0)
    premium = scarcity_premium(effective, max(float(known.nominal), 1.0), p.premium)

    # Within which limits, before any order is made.
    flat = as_unit(0.0, "contracts")
    quoting = quoting_gate(kill) and tier != SwingTier.PULL
    growing = tier != SwingTier.REDUCE_ONLY
    envelope = generation_envelope(
        market.touch_bid_t,
        market.touch_ask_t,
        market.stale_t,
        Capacities(
            bid_pos=max_pos - account.pos,
            bid_exch=account.bid_exch,
            bid_margin=account.full_margin * usable - account.pos,
            ask_pos=max_pos + account.pos,
            ask_exch=account.ask_exch,
            ask_margin=account.full_margin * usable + account.pos,
        ),
        orders.levels,
        orders.quota,
        quoting and (growing or account.pos < flat),
        quoting and (growing or account.pos > flat),
        orders.min_size,
        orders.min_notional,
        market.mid,
    )
    over = orders.placed > envelope.bid_levels + envelope.ask_levels
    monitor = envelope_monitor(best, envelope.bid_ceil_t, envelope.ask_floor_t, orders.generated, orders.placed, over)
    return Quote(
        max_pos=max_pos,
        swing=swing,
        tier=tier,
        kill=kill,
        label=label,
        gamma_mult=blend.gamma_mult,
        gamma=gamma,
        skew=lean.skew,
        signals=lean.count,
        effective=effective,
        premium=premium,
        asymmetry=kappa_asymmetry(kappa_bid, kappa_ask),
        momentum=momentum,
        interest=interest.direction,
        widen=tier == SwingTier.WIDEN or interest.widen,
        envelope=envelope,
        bid_orders=envelope.bid_levels,
        ask_orders=envelope.ask_levels,
        placed_share=monitor.ratio,
        beyond=monitor.bbo_violations + monitor.cap_violations,
    )
