"""The parameters of the anchor group, lane by lane."""

from __future__ import annotations

from dag import params
from lanes.anchor.basis_baseline import BasisBaseline
from lanes.anchor.structural_basis_bps import StructuralBasis


@params
class Anchor:
    """How the basis counts, and how slow its baseline is."""

    basis: StructuralBasis = StructuralBasis()
    baseline: BasisBaseline = BasisBaseline()
