"""How far the CLOB stands from the AMM, its slow baseline, and what is left: the control signal of the quoting engine."""

from lanes.anchor.anchor import Anchor
from lanes.anchor.basis_baseline import Baseline, BasisBaseline, basis_baseline
from lanes.anchor.residual_distortion_bps import residual_distortion_bps
from lanes.anchor.structural_basis_bps import StructuralBasis, structural_basis_bps

__all__ = [
    "Anchor",
    "Baseline",
    "BasisBaseline",
    "StructuralBasis",
    "basis_baseline",
    "residual_distortion_bps",
    "structural_basis_bps",
]
