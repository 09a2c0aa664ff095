"""The control path of the anchor: from two prices to a guard."""

from __future__ import annotations

from dataclasses import dataclass

from dag import lane
from lanes.anchor.anchor import ResidualAnchor
from lanes.anchor.anchor_warmup import anchor_warmup
from lanes.anchor.basis_baseline import basis_baseline
from lanes.anchor.residual_distortion_bps import residual_distortion_bps
from lanes.anchor.residual_guard import Guard, residual_guard
from lanes.anchor.session_start import session_start
from lanes.anchor.structural_basis_bps import structural_basis_bps
from lanes.units import Bps, Price


@dataclass(frozen=True)
class Distortion:
    """The observation, its slow part, what is left, and what the guard makes of it."""

    basis: Bps
    baseline: Bps
    count: int
    residual: Bps
    warming: bool
    guard: Guard


@lane
def residual_anchor(clob_mid: Price, amm: Price, p: ResidualAnchor) -> Distortion:
    """Observe the basis uncapped, take its slow part away, and idle on what is left.

    Units    prices [px], the rest [bps]
    State    that of `basis_baseline`, which outlives the session, and of `anchor_warmup` and `residual_guard`, which do not
    Source   the dual-signal calibration of the CLOB/AMM anchor: quoting is capped, observing is not
    """
    basis = structural_basis_bps(clob_mid, amm, p.observed.basis)
    slow = basis_baseline(basis, p.observed.baseline)
    residual = residual_distortion_bps(basis, slow.baseline)
    restored = session_start(slow.count)
    warming = anchor_warmup(residual, restored, p.warmup)
    guard = residual_guard(residual, warming, p.guard)
    return Distortion(
        basis=basis, baseline=slow.baseline, count=slow.count, residual=residual, warming=warming, guard=guard
    )
