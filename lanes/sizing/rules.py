"""Rules that say how much to hold."""

from __future__ import annotations

from typing import Annotated

from dag import domain, ieee_div, lane, params
from lanes.units import Frac, Pnl, Price, Return, Usd


@params
class Kelly:
    """What share of the optimum to take, and the most to hold either way."""

    share: Annotated[float, domain(0.0, 1.0)] = 0.5
    most: Annotated[float, domain(lo=0.0)] = 1.0


@params
class VolatilityTarget:
    """The volatility to hold, in the unit of the one that is seen, and the most leverage."""

    target: Annotated[float, domain(lo=0.0)] = 0.1
    most: Annotated[float, domain(lo=0.0)] = 2.0


@params
class DrawdownThrottle:
    """From which drawdown on to hold less, at which one to hold the least, and what that is."""

    begins: Annotated[float, domain(0.0, 1.0)] = 0.05
    ends: Annotated[float, domain(0.0, 1.0)] = 0.2
    least: Annotated[float, domain(0.0, 1.0)] = 0.0


@params
class FixedFraction:
    """The share of the equity that a trade may lose at its stop, and the most to stake, in multiples of the equity."""

    risk: Frac = 0.01
    most: Annotated[float, domain(lo=0.0)] = 1.0


@params
class FeeSchedule:
    """What a venue takes of the notional where an order rests, or gives where that is below 0, what where it does not, and the
    least fee."""

    maker: Return = 0.0002
    taker: Return = 0.0005
    least: Usd = 0.0


@lane
def kelly(mean: float, variance: Annotated[float, domain(lo=0.0)], p: Kelly) -> float:
    """The growth-optimal leverage of returns with this mean and variance, or a share of it.

    Units    a multiple of the equity; mean and variance of returns over one period
    Bits     p.share * (mean / variance), then at most p.most either way
    Edges    0 without variance; NaN is 0
    Source   J. Kelly (1956); E. Thorp, The Kelly Criterion in Blackjack, Sports Betting and the Stock Market (2006): f = m / s^2
    """
    full = p.share * ieee_div(mean, variance) if variance > 0.0 else 0.0
    limited = min(max(full, -p.most), p.most)
    return limited if limited == limited else 0.0


@lane
def volatility_target(volatility: Annotated[float, domain(lo=0.0)], p: VolatilityTarget) -> float:
    """The leverage that brings a volatility to its target.

    Units    a multiple of the equity
    Bits     target / volatility, at most p.most
    Edges    p.most without volatility
    Source   A. Moreira and T. Muir, Volatility-Managed Portfolios (2017), with a target in place of c / variance
    """
    return min(ieee_div(p.target, volatility), p.most) if volatility > 0.0 else p.most


@lane
def drawdown_throttle(drawdown: Annotated[float, domain(lo=0.0)], p: DrawdownThrottle) -> float:
    """The share of a size to keep in a drawdown: all of it at first, then less in a straight line.

    Units    a share
    Bits     1 - (1 - least) * ((drawdown - begins) / (ends - begins)) between the two
    Edges    p.least from `ends` on, which wins where it is not above `begins`
    Source   S. Grossman and Z. Zhou (1993) hold in proportion to what is left above a floor; the straight line is [chosen]
    """
    into = ieee_div(drawdown - p.begins, p.ends - p.begins)
    between = 1.0 - (1.0 - p.least) * into
    return p.least if drawdown >= p.ends else 1.0 if drawdown <= p.begins else between


@lane
def fixed_fractional(equity: Usd, entry: Price, stop: Price, p: FixedFraction) -> Usd:
    """The notional that loses a fixed share of the equity if the stop is hit.

    Units    dollars
    Bits     min(((equity * risk) / abs(entry - stop)) * entry, equity * most)
    Edges    0 where the stop is the entry, or either is no number
    Source   R. Vince, Portfolio Management Formulas (1990)
    """
    apart = abs(entry - stop)
    staked = ieee_div(equity * p.risk, apart) * entry
    return min(staked, equity * p.most) if entry > stop or entry < stop else 0.0


@lane
def trading_fee(notional: Pnl, rested: bool, p: FeeSchedule) -> Pnl:
    """What one fill costs, or brings where it is below 0.

    Units    dollars
    Bits     max(abs(notional) * rate, least)
    Edges    abs(notional) * rate alone, a rebate too, where `least` is 0; 0 where nothing is filled
    Source   the maker and taker schedules of exchanges, with the minimum commission of brokers
    """
    size = abs(notional)
    paid = size * (p.maker if rested else p.taker)
    floored = max(paid, p.least) if p.least > 0.0 else paid
    return floored if size > 0.0 else 0.0
