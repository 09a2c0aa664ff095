"""The parameters of the anchor group, lane by lane."""

from __future__ import annotations

from dag import params
from lanes.anchor.anchor_warmup import AnchorWarmup
from lanes.anchor.basis_baseline import BasisBaseline
from lanes.anchor.residual_guard import ResidualGuard
from lanes.anchor.structural_basis_bps import StructuralBasis


@params
class Anchor:
    """How the basis counts, how slow its baseline is, when to trust what is left, and when to idle on it."""

    basis: StructuralBasis = StructuralBasis()
    baseline: BasisBaseline = BasisBaseline()
    warmup: AnchorWarmup = AnchorWarmup()
    guard: ResidualGuard = ResidualGuard()
