"""State: a value carried from one bar to the next."""

from __future__ import annotations

from typing import Literal, TypeVar

from dag.language.lifetime import Persistent

T = TypeVar("T")


def carry(
    initial: T,
    when: bool = True,
    lifetime: Literal["tick", "session"] | Persistent = "session",
    warm_up: int = 0,
) -> T:
    """What the name it is assigned to held at the end of the last bar that updated it; `initial` before there was one.

    Written `x = carry(initial=e)`, at the top of a lane's body. What `x` holds where the lane returns is carried on. Tuples
    and frozen dataclasses may be carried, each part as a state of its own. A literal `initial` takes the unit it meets.

    when       the bars that update it; on all others it keeps its value, whatever the name holds where the lane returns
    lifetime   what a restored snapshot keeps of it: "tick", "session" or `persistent(max_age=...)`; see docs/state.md
    warm_up    the number of updates after which `warm(x)` is true: an int, or an int parameter

    Called outside a stream there is no previous bar, so this is `initial` itself.
    """
    return initial


def window(x: T, length: int, when: bool = True, longest: int | None = None) -> tuple[T, ...]:
    """The last values of `x`, from before this bar: oldest first, `length` of them at most, fewer at the beginning.

    Written `past = window(x, 50)`, or `past = window(x, p.n, longest=500)` for a length that is tuned or computed, at the top of a lane's body. `len(past)` counts them, `past[-1]` is the newest, and what goes
    over all of them is a fold: `sum_seq((v * v for v in past), 0.0)`, `min_seq`, `max_seq`, `sum_numpy`. `itertools.pairwise(past)`
    and `zip(past, other)` go over neighbours and over windows side by side.

    length     a whole number that is known when the graph is built; with `longest` any int from 1 to `longest`, on each bar its own
    longest    how many values are kept, whatever the length: a length that grows finds the values that it then takes in
    when       the bars whose value is kept; on all others the window stays as it is

    Called outside a stream there is no previous bar, so this is empty. Raises ValueError for a length outside 1 to `longest`.
    """
    check_lookback(length, longest)
    return ()


def check_lookback(length: int, longest: int | None) -> None:
    """Raise ValueError, on numbers, for a length that a window with `longest` cannot have."""
    if longest is not None and not 1 <= length <= longest:
        raise ValueError(f"window: a length of {length}; it has to be from 1 to longest={longest}")


def warm(carried: object) -> bool:
    """Whether a carried name had its `warm_up` updates before this bar. Written `warm(x)`, in the lane that carries `x`.

    Raises TypeError outside a lane: a number does not know how it was carried.
    """
    raise TypeError("warm(x) is read in the lane that says `x = carry(initial=..., warm_up=...)`")
