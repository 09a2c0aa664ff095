"""How far the CLOB stands from the AMM, its slow baseline, and what is left: the control signal of the quoting engine."""

from lanes.anchor.anchor import Anchor, AnchorSystem, ResidualAnchor
from lanes.anchor.anchor_summary import AnchorSummary, Summary, anchor_summary, summary_of
from lanes.anchor.anchor_warmup import AnchorWarmup, anchor_warmup
from lanes.anchor.baseline_restore import BaselineRestore, Restored, Stored, baseline_restore
from lanes.anchor.basis_baseline import Baseline, BasisBaseline, basis_baseline
from lanes.anchor.quote_anchor_cap import QuoteAnchor, QuoteAnchorCap, quote_anchor_cap
from lanes.anchor.residual_anchor import Distortion, residual_anchor
from lanes.anchor.residual_distortion_bps import residual_distortion_bps
from lanes.anchor.residual_guard import Guard, ResidualGuard, residual_guard
from lanes.anchor.saturation_guard_legacy import saturation_guard_legacy
from lanes.anchor.session_start import session_start
from lanes.anchor.session_summary import SessionSummary, session_summary
from lanes.anchor.structural_basis_bps import StructuralBasis, structural_basis_bps

__all__ = [
    "Anchor",
    "AnchorSummary",
    "AnchorSystem",
    "AnchorWarmup",
    "Baseline",
    "BaselineRestore",
    "BasisBaseline",
    "Distortion",
    "Guard",
    "QuoteAnchor",
    "QuoteAnchorCap",
    "ResidualAnchor",
    "ResidualGuard",
    "Restored",
    "SessionSummary",
    "Stored",
    "StructuralBasis",
    "Summary",
    "anchor_summary",
    "anchor_warmup",
    "baseline_restore",
    "basis_baseline",
    "quote_anchor_cap",
    "residual_anchor",
    "residual_distortion_bps",
    "residual_guard",
    "saturation_guard_legacy",
    "session_start",
    "session_summary",
    "structural_basis_bps",
    "summary_of",
]
