"""Signals and engines that are to join a graph as one more lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import slot, unit
from lanes.enums import ExitReason, McStatus, Side
from lanes.size.mc_ref_view import ReferenceView
from lanes.units import ConvictionLeverage, Frac


@dataclass(frozen=True)
class LongEntry:
    """Whether to enter, at which leverage; the side is LONG."""

    enter: bool
    lev: ConvictionLeverage
    side: Side


@dataclass(frozen=True)
class ObFeatures:
    """What the order-book engine says: consensus, edge, and the two tail warnings."""

    imb: float
    agree: Frac
    edge_bps: Annotated[float, unit("bps")]
    confirm_rate: Frac
    cascade: bool
    withdrawal: bool


@slot
def efsm_long() -> LongEntry:
    """The long reversal after a fall, as one more lane of the graph of the shorts. Neutral: no entry.

    Source   the VIOLET plan: operational elsewhere, to be attributable and exchangeable here
    """
    return LongEntry(enter=False, lev=0.0, side=Side.LONG)


@slot
def stable_irp_signal() -> float:
    """The alignment of a stablecoin as a signal, never as a traded asset. Neutral: 0.

    Source   an item of research of the VIOLET engine
    """
    return 0.0


@slot
def exit_v7() -> ExitReason:
    """The live exit engine that VIOLET wraps. Neutral: no reason to exit."""
    return ExitReason.NONE


@slot
def mc_forewarner(view: ReferenceView) -> McStatus:
    """The Monte-Carlo forewarner, whose models run outside the graph; it sees the leverage of `mc_ref_view`. Neutral: OK.

    Source   the D_LIQ gold backtest: a one-class SVM, a tree and boosting
    """
    return McStatus.OK


@slot
def ob_features() -> ObFeatures:
    """The order-book engine over 48 assets, of which only the outputs matter. Neutral: 0, 0, 0, 0, no, no."""
    return ObFeatures(imb=0.0, agree=0.0, edge_bps=0.0, confirm_rate=0.0, cascade=False, withdrawal=False)
