"""The calibrated anchor: flag 048, a cycle of 4 seconds."""

from __future__ import annotations

from lanes.anchor.anchor import Anchor, AnchorSystem, ResidualAnchor
from lanes.anchor.anchor_summary import AnchorSummary
from lanes.anchor.anchor_warmup import AnchorWarmup
from lanes.anchor.baseline_restore import BaselineRestore
from lanes.anchor.basis_baseline import BasisBaseline
from lanes.anchor.quote_anchor_cap import QuoteAnchorCap
from lanes.anchor.residual_guard import ResidualGuard
from lanes.anchor.structural_basis_bps import StructuralBasis
from lanes.enums import BasisSign
from lanes.num.ema_step import EmaForm

ANCHOR_FLAG048 = AnchorSystem(
    summary=AnchorSummary(floor_bps=5.0),
    cap=QuoteAnchorCap(cap_bps=10.0),
    control=ResidualAnchor(
        observed=Anchor(
            basis=StructuralBasis(sign=BasisSign.CLOB_ABOVE_AMM),
            baseline=BasisBaseline(span=150.0, form=EmaForm.DELTA),
        ),
        warmup=AnchorWarmup(warmup_ticks=50, stable_bps=1.0, stable_n=20),
        guard=ResidualGuard(lookback=20, entry_bps=6.0, sample_bps=5.0, prevalence=0.40, exit_bps=3.0, exit_hold=5),
    ),
)
ANCHOR_FLAG048_RESTORE = BaselineRestore(max_age=86_400.0)
