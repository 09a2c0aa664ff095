"""State: a value carried from one bar to the next."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def carry(initial: T) -> T:
    """What the name it is assigned to held at the end of the previous bar; `initial` on the first bar.

    Written `x = carry(initial=e)`, at the top of a lane's body. What `x` holds where the lane returns is carried on. Tuples
    and frozen dataclasses may be carried, each part as a state of its own. A literal `initial` takes the unit it meets.

    Called outside a stream there is no previous bar, so this is `initial` itself.
    """
    return initial
