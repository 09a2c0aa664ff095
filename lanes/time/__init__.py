"""When something is due."""

from lanes.time.begins_day import begins_day
from lanes.time.cadence_q import (
    ANCHOR_TICK,
    ENGINE_SCAN,
    ESOTERIC_FACTORS,
    MC_FOREWARNER,
    SHAPLEY_CYCLES,
    Cadence,
    CadenceQ,
    cadence_q,
)

__all__ = [
    "ANCHOR_TICK",
    "ENGINE_SCAN",
    "ESOTERIC_FACTORS",
    "MC_FOREWARNER",
    "SHAPLEY_CYCLES",
    "Cadence",
    "CadenceQ",
    "begins_day",
    "cadence_q",
]
