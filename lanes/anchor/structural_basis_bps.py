"""The uncapped basis between order book and automated market maker."""

from __future__ import annotations

from typing import Annotated

from dag import as_unit, lane, oriented, params, unit
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
    above: Annotated[float, unit("px"), oriented("clob_minus_amm")] = clob_mid - amm
    below: Annotated[float, unit("px"), oriented("amm_minus_clob")] = amm - clob_mid
    is_above = p.sign == BasisSign.CLOB_ABOVE_AMM
    d = above if is_above else below  # dagc: allow E070 the parameter says which way it counts, and each arm what it is
    basis = as_unit((d / clob_mid) * 10000.0, "bps")
    return basis
