"""Families of markets that are never traded, by the text of their names."""

from __future__ import annotations

from collections.abc import Iterable

#: Denver's residuals were twice those of any other family.
BLOCKED = ("KXHIGHDEN",)


class BlockList:
    """The block list. Upper and lower case are the same, and nothing takes a family off it: it is made once."""

    def __init__(self, families: Iterable[str] = BLOCKED) -> None:
        self._families = frozenset(family.strip().casefold() for family in families)

    def blocks(self, family: str) -> bool:
        """Whether a family may not be traded: the input `blocked` of `family_live`."""
        return family.strip().casefold() in self._families

    def armed(self, family: str, wanted: bool) -> bool:
        """What the job that arms switches every day writes for a family: no for a blocked one, whatever is wanted."""
        return wanted and not self.blocks(family)
