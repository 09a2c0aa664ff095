"""A program that uses the stub of a bundle: mypy and pyright find here whether what `dagc.load` returns fits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagc

if TYPE_CHECKING:
    from tests.dagc.typed.conviction import Kernel


def leverage(folder: str, vel_div: float) -> float:
    """The leverage of one bar, from a bundle."""
    kernel: Kernel = dagc.load(folder)
    return kernel.bind({"ceiling": 6.0}).step(vel_div=vel_div, volatility=0.2).conviction
