"""Complete parameter sets of known systems, every value pinned.

    BRONZE            the base engine before its soft cap
    D_LIQ_GOLD        the D_LIQ gold backtest: soft cap 8, absolute cap 9, no haircut, no stalker cap, no floor
    D_LIQ_E           the same with both caps higher by one, a study that drew down too far
    VIOLET_SHADOW     the VIOLET shadow engine, V3a to V3.2: the base cubic up to 9, then the haircut, and nothing else
    FIVE_FACTOR_8B    the five-factor composition: haircut inside, stalker cap, floor
    BLUE_PARITY       a drifted copy of BLUE, kept to test against: the base cubic up to 8 alone
    ANCHOR_FLAG048    the calibrated anchor; ANCHOR_FLAG048_RESTORE how old its stored baseline may be
    MM_PROPOSED       the market maker as redesigned
    MM_CURRENT        and as it was: a narrower gamma, a fixed loss limit of 50 dollars, no limit of the position by capital, no
                      answer to a swing, copies of the book's signal in place of those without a source
    WX_LIVE           the weather cross-bracket bot as it trades
    WX_SHADOW         the same with the running maximum as its only observation; once that trades, the families' floors can go

Where no source gives a value it is [chosen]: the velocity split (0: rising or falling), the venue's cap of 3 (a flat 3x
was recommended), the boost of a confirmed direction in FIVE_FACTOR_8B (1), the `hi` of BRONZE and the `abs_max` of BLUE_PARITY.
"""

from __future__ import annotations

from dataclasses import replace

from lanes.anchor.presets import ANCHOR_FLAG048, ANCHOR_FLAG048_RESTORE
from lanes.enums import Side
from lanes.market_maker.presets import MM_CURRENT, MM_PROPOSED
from lanes.signal import DirectionConfirm, VelDivGate
from lanes.size import (
    AcbBoost,
    DcLevMult,
    ExchLevLinear,
    HazardBaseMax,
    LevCompose,
    MarketObMult,
    McScale,
    Sizing,
)
from lanes.weather import BracketProb, CombineGaussian, ConvictionGate, CrossBracket, MetarChannel, SigmaFloor

__all__ = [
    "ANCHOR_FLAG048",
    "ANCHOR_FLAG048_RESTORE",
    "BLUE_PARITY",
    "BRONZE",
    "D_LIQ_E",
    "D_LIQ_GOLD",
    "FIVE_FACTOR_8B",
    "MM_CURRENT",
    "MM_PROPOSED",
    "VIOLET_SHADOW",
    "WX_LIVE",
    "WX_SHADOW",
]

_ACB = AcbBoost(w750_split=0.0)
_EXCHANGE = ExchLevLinear(cap=3.0)
_NO_DIRECTION_CHECK = DirectionConfirm(on=False)
_GOLD_DC = DcLevMult(boost=1.0, reduce=0.5, skip_contradicts=True, use_reduce=True)


def _gold_form(abs_max: float) -> LevCompose:
    """The composition without its later terms."""
    return LevCompose(abs_max=abs_max, esof_in=False, stalker_on=False, floor_on=False)


#: Every factor but the base and the haircut at 1: what the shadow engines had, and nothing else.
_BASE_ALONE = Sizing(
    hi=9.0,
    base_max=9.0,
    acb=AcbBoost(w750_split=0.0, gain=0.0),
    compose=_gold_form(abs_max=9.0),
    exchange=_EXCHANGE,
    gate=VelDivGate(side=Side.SHORT),
    confirm=_NO_DIRECTION_CHECK,
    dc=DcLevMult(boost=1.0, reduce=1.0, skip_contradicts=False, use_reduce=False),
    mc=McScale(ok=1.0, orange=1.0, red=1.0),
    ob=MarketObMult(up=1.0, down=1.0),
    meta_on=False,
)

BRONZE = Sizing(
    hi=6.0,
    base_max=6.0,
    acb=_ACB,
    compose=_gold_form(abs_max=6.0),
    exchange=_EXCHANGE,
    gate=VelDivGate(side=Side.LONG),
    dc=_GOLD_DC,
    hazard=HazardBaseMax(has_soft_cap=False),
    hazard_ceiling=True,
)


def _capped(soft: float, absolute: float) -> Sizing:
    """The sizing of the D_LIQ family under a soft cap, which is the hazard's ceiling, and an absolute one."""
    return Sizing(
        hi=soft,
        base_max=soft,
        acb=_ACB,
        compose=_gold_form(abs_max=absolute),
        exchange=_EXCHANGE,
        gate=VelDivGate(side=Side.LONG),
        dc=_GOLD_DC,
        hazard=HazardBaseMax(soft_cap=soft, has_soft_cap=True),
        hazard_ceiling=True,
    )


D_LIQ_GOLD = _capped(8.0, 9.0)
D_LIQ_E = _capped(9.0, 10.0)

VIOLET_SHADOW = replace(_BASE_ALONE, haircut_post=True)

FIVE_FACTOR_8B = Sizing(
    hi=8.0,
    base_max=8.0,
    acb=_ACB,
    compose=LevCompose(abs_max=9.0, stalker_cap=2.0, lo=0.5, esof_in=True, stalker_on=True, floor_on=True),
    exchange=_EXCHANGE,
    gate=VelDivGate(side=Side.SHORT),
    dc=DcLevMult(boost=1.0, skip_contradicts=True, use_reduce=False),
    hazard=HazardBaseMax(soft_cap=8.0, has_soft_cap=True),
    hazard_ceiling=True,
)

BLUE_PARITY = replace(_BASE_ALONE, hi=8.0, base_max=8.0, compose=_gold_form(abs_max=8.0))

_CONVICTION = ConvictionGate(thr=0.65, min_edge=-100.0)
_FLOORS = SigmaFloor(lax=1.34, mia=1.73, ny=1.86, aus=1.95, chi=2.39, den=0.0, physical=0.3)


def _cross_bracket(only_running: bool) -> CrossBracket:
    return CrossBracket(
        metar=MetarChannel(only_running=only_running, fallback=2.0),
        floors=_FLOORS,
        combine=CombineGaussian(dispersion=True),
        bracket=BracketProb(p_floor=0.005),
        gate=_CONVICTION,
    )


WX_LIVE = _cross_bracket(only_running=False)
WX_SHADOW = _cross_bracket(only_running=True)
