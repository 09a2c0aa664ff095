"""The price that quotes are placed around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, domain, lane, params
from lanes.num.clamp import clamp
from lanes.units import Bps, Price


@params
class QuoteAnchorCap:
    """How far from the CLOB's mid quotes may be anchored."""

    cap_bps: Annotated[Bps, domain(above=0.0)] = 10.0


@dataclass(frozen=True)
class QuoteAnchor:
    """The anchor of the quotes, whether the cap holds it, and the basis as the old records have it, capped and not."""

    quote_anchor: Price
    is_capped: bool
    effective_bps: Bps
    raw_bps: Bps


@lane
def quote_anchor_cap(clob_mid: Price, amm: Price, p: QuoteAnchorCap) -> QuoteAnchor:
    """The AMM's price, held within `cap_bps` of the CLOB's mid: for placing quotes and for nothing else.

    Units    prices [px]; the two columns of the old records [bps], in their sign: AMM above CLOB is positive
    Bits     lo = mid * (1 - cap/10000), hi = mid * (1 + cap/10000); ((price - mid) / mid) * 10000
    Edges    effective_bps is computed from the capped price and is not exactly +-cap: ask is_capped whether the cap holds.
             A guard that looks at effective_bps sees the cap, not the market: observe `structural_basis_bps` instead.
    Source   the dual-signal calibration of the CLOB/AMM anchor: +-10 bps
    """
    f = as_unit(p.cap_bps / 10000.0, "1")
    lo = clob_mid * (1.0 - f)
    hi = clob_mid * (1.0 + f)
    quote_anchor = clamp(amm, lo, hi)
    is_capped = amm < lo or amm > hi
    effective_bps = as_unit(((quote_anchor - clob_mid) / clob_mid) * 10000.0, "bps")
    raw_bps = as_unit(((amm - clob_mid) / clob_mid) * 10000.0, "bps")
    return QuoteAnchor(quote_anchor=quote_anchor, is_capped=is_capped, effective_bps=effective_bps, raw_bps=raw_bps)
