"""From leverage to dollars."""

from __future__ import annotations

from dataclasses import dataclass

from dag import as_unit, lane
from lanes.units import ConvictionLeverage, Frac, Mult, Usd


@dataclass(frozen=True)
class Exposure:
    """What a trade stakes, in dollars and as a multiple of the wallet."""

    notional: Usd
    wallet_mult: Mult


@lane
def notional(capital: Usd, lev: ConvictionLeverage, fraction: Frac) -> Exposure:
    """The notional of a trade: a share of the capital, times conviction leverage.

    Units    capital and notional [usd], lev [x_conv]; conviction leverage multiplies dollars here and is spent
    Bits     (capital * fraction) * lev
    Source   the VIOLET V3 five-factor sizing; `fraction` is the one that `base_cubic_sizer` passes on, 0.20 in every preset,
             so that 9x conviction stakes 1.8 wallets
    """
    dollars = as_unit((capital * fraction) * lev, "usd")
    wallet_mult = as_unit(fraction * lev, "mult")
    return Exposure(notional=dollars, wallet_mult=wallet_mult)
