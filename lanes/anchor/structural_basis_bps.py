"""The uncapped basis between order book and automated market maker."""

from __future__ import annotations

from dag import as_unit, lane, params
from lanes.enums import BasisSign
from lanes.units import Bps, Price


@params
class StructuralBasis:
    """Which way the basis counts."""

    sign: BasisSign = BasisSign.CLOB_ABOVE_AMM


@lane
def structural_basis_bps(clob_mid: Price, amm: Price, p: StructuralBasis) -> Bps:
    """How far apart the two prices are, in basis points of the CLOB's mid.

    Units    prices [px] in, [bps] out: the plain difference is a price, not a basis
    Bits     (difference / clob_mid) * 10000
    Source   the dual-signal calibration of the CLOB/AMM anchor, which observes the basis uncapped and apart from quoting
    """
    d = clob_mid - amm if p.sign == BasisSign.CLOB_ABOVE_AMM else amm - clob_mid
    basis = as_unit((d / clob_mid) * 10000.0, "bps")
    return basis
