"""Thirty-two places: what a t-digest at rest has room for."""

from __future__ import annotations

from typing import TypeAlias

#: 32 floats.
Slots: TypeAlias = tuple[
    float, float, float, float, float, float, float, float, float, float, float, float, float, float, float, float,
    float, float, float, float, float, float, float, float, float, float, float, float, float, float, float, float,
]  # fmt: skip
#: 32 times nothing.
NO_SLOTS: Slots = (
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
)  # fmt: skip
