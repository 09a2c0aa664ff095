"""Keeping a halt's artefacts out of a study."""

from __future__ import annotations

from typing import Annotated

from dag import domain, lane
from lanes.enums import ExitReason
from lanes.units import Bars


@lane
def artifact_filter(reason: ExitReason, bars_held: Annotated[Bars, domain(lo=0)]) -> bool:
    """Whether a trade is kept: not closed by hibernation, and held for at least one bar.

    Source   the VIOLET data study
    """
    return reason != ExitReason.HIBERNATE and bars_held != 0
