"""A signal that stays on is one episode, not a decision a scan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import as_unit, carry, domain, lane
from lanes.units import Bars


@dataclass(frozen=True)
class Episode:
    """Whether one begins here, its number from 1 on, and how long it lasts so far (0 outside)."""

    is_new: bool
    episode: int
    length: Bars


@lane
def sticky_episode(enter: bool, asset: Annotated[int, domain(lo=0)]) -> Episode:
    """Number the stretches of bars on which one asset is entered again and again.

    State    whether the bar before was an entry, of which asset; the number of episodes; the length of this one
    Edges    a bar without entry ends an episode, so does another asset; the number stays between episodes
    Source   the VIOLET V3 shadow soak: 14.5 decisions an episode at one a scan. The end of an episode is [chosen].
    """
    was_entered = carry(initial=False)
    last_asset = carry(initial=-1)
    episode = carry(initial=0)
    length = carry(initial=0)
    is_new = enter and not (was_entered and last_asset == asset)
    episode = episode + 1 if is_new else episode
    grown = 1 if is_new else length + 1
    length = grown if enter else 0
    was_entered = enter
    last_asset = asset if enter else -1
    return Episode(is_new=is_new, episode=episode, length=as_unit(length, "bars"))
