"""The order in which people read numbered names."""

from __future__ import annotations

import re


def natural_order(name: str) -> tuple[tuple[str | int, ...], str]:
    """A sort key that puts `past.2` before `past.10`: runs of digits compare as numbers."""
    parts = re.split(r"(\d+)", name)
    return tuple(int(part) if index % 2 else part for index, part in enumerate(parts)), name
