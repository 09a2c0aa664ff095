"""The parameters of the anchor group, lane by lane."""

from __future__ import annotations

from dag import params
from lanes.anchor.anchor_summary import AnchorSummary
from lanes.anchor.anchor_warmup import AnchorWarmup
from lanes.anchor.basis_baseline import BasisBaseline
from lanes.anchor.quote_anchor_cap import QuoteAnchorCap
from lanes.anchor.residual_guard import ResidualGuard
from lanes.anchor.structural_basis_bps import StructuralBasis


@params
class Anchor:
    """What is observed: how the basis counts, and how slow its baseline is."""

    basis: StructuralBasis = StructuralBasis()
    baseline: BasisBaseline = BasisBaseline()


@params
class ResidualAnchor:
    """What is observed, when to trust what is left of it, and when to idle on that."""

    observed: Anchor = Anchor()
    warmup: AnchorWarmup = AnchorWarmup()
    guard: ResidualGuard = ResidualGuard()


@params
class AnchorSystem:
    """Two edges from the same prices: the capped one quotes, the uncapped one guards; and what a session is summed up by."""

    cap: QuoteAnchorCap = QuoteAnchorCap()
    control: ResidualAnchor = ResidualAnchor()
    summary: AnchorSummary = AnchorSummary()
