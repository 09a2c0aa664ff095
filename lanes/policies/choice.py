"""From scores to an arm, along any axis of arms."""

from __future__ import annotations

from typing import Any

from dag import Vector, like
from lanes.cross_section.extremes import argmax


def best_arm(scores: Vector[float], eligible: Vector[bool] | None = None) -> int:
    """The first of the arms with the greatest score among those that are eligible; -1 where none is."""
    return argmax(scores, eligible)


def is_arm(arm: int, along: Vector[Any]) -> Vector[bool]:
    """Along the axis of `along`: true at `arm` alone."""
    return like(along, (k == arm for k, _ in enumerate(along)))
