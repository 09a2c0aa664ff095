"""The rewards of the last so many plays, kept exactly: what enters is added, what leaves is subtracted, as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dag import array, carry, domain, lane, params, put, rint
from lanes.num.is_finite import is_finite

#: The longest window.
LONGEST = 4_096
#: Units of a reward in a window: 2^-32.
UNITS = 4_294_967_296.0
#: The greatest reward of either sign: with as many as LONGEST of them, sums stay below 2^62.
GREATEST = 262_144.0
MOST_UNITS, MOST_SUM = 1 << 50, 1 << 62


@params
class SlidingWindow:
    """How many plays are remembered."""

    tau: Annotated[int, domain(1, LONGEST)] = 429


@dataclass(frozen=True)
class Passing:
    """The reward that enters the window and the one that leaves it, in units of 2^-32, each with its arm; -1: none."""

    entering: int
    units: int
    leaving: int
    left_units: int


@lane
def reward_window(arm: Annotated[int, domain(-1, 1 << 40)], reward: float, p: SlidingWindow) -> Passing:
    """The last `tau` rewards of all arms, of which `arm` is paid one on this bar (-1: none is).

    State    two words for each of 4,096 places and one more
    Bits     a reward is rint(x 2^32) whole units, so a sum of them is exact, and a mean off by at most 2^-33
    Edges    a reward that is not finite, or beyond 2^18 of either sign, is refused: it does not enter
    Source   Garivier, Moulines (2011), On upper-confidence bound policies for switching bandit problems, ALT
    """
    arms = carry(initial=array(LONGEST, -1))
    kept = carry(initial=array(LONGEST, 0))
    at = carry(initial=0)
    enters = arm >= 0 and is_finite(reward) and abs(reward) <= GREATEST
    units = int(rint((reward if enters else 0.0) * UNITS))
    here = min(max(at, 0), LONGEST - 1)
    old_arm, old_units = arms[here], kept[here]
    arms = put(arms, here, arm if enters else old_arm)
    kept = put(kept, here, units if enters else old_units)
    following = here + 1 if here + 1 < p.tau else 0
    at = following if enters else here
    leaving = old_arm if enters else -1
    left = old_units if enters else 0
    return Passing(entering=arm if enters else -1, units=units, leaving=leaving, left_units=left)


@dataclass(frozen=True)
class WindowTotals:
    """How many rewards of one arm are in the window, and their sum in units of 2^-32."""

    paid: int
    units: int


@lane
def window_totals(
    enters: bool,
    units: Annotated[int, domain(-MOST_UNITS, MOST_UNITS)],
    leaves: bool,
    left_units: Annotated[int, domain(-MOST_UNITS, MOST_UNITS)],
) -> WindowTotals:
    """The count and the sum of one arm's rewards in the window, this bar included: see `reward_window`."""
    paid = carry(initial=0)
    total = carry(initial=0)
    paid = min(max(paid + (1 if enters else 0) - (1 if leaves else 0), 0), LONGEST)
    total = min(max(total + (units if enters else 0) - (left_units if leaves else 0), -MOST_SUM), MOST_SUM)
    return WindowTotals(paid=paid, units=total)
