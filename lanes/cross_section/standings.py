"""The order of the members. Standings are whole numbers, so every way to count them has the same bits.

Each place is compared with every other, one after the other: an axis of up to 16 places.
"""

from __future__ import annotations

from dag import V, like
from lanes.cross_section.members import Mask, count, members

_INF = float("inf")


def below(x: V, mask: Mask = None) -> V:
    """How many members are less."""
    found = like(x, (0.0 for _ in x))
    for other, is_in in zip(x, members(x, mask), strict=True):
        found = like(x, (n + 1.0 if is_in and other < v else n for v, n in zip(x, found, strict=True)))
    return found


def place(x: V, descending: bool = False, mask: Mask = None, outside: float = _INF) -> V:
    """How many members stand before it: those that are less (greater where `descending`), and equals at earlier places.

    Who is no member has `outside`.
    """
    held = members(x, mask)
    found = like(x, (0.0 for _ in x))
    for j, (other, is_in) in enumerate(zip(x, held, strict=True)):
        pairs = enumerate(zip(x, found, strict=True))
        if descending:
            found = like(x, (n + 1.0 if is_in and (other > v or (other == v and j < i)) else n for i, (v, n) in pairs))
        else:
            found = like(x, (n + 1.0 if is_in and (other < v or (other == v and j < i)) else n for i, (v, n) in pairs))
    return like(x, (n if is_in else outside for n, is_in in zip(found, held, strict=True)))


def rank(x: V, mask: Mask = None, outside: float = float("nan")) -> V:
    """The share of the members that stand no higher, in (0, 1], equals sharing the average. Who is no member has `outside`."""
    m = count(x, mask)
    each = zip(below(x, mask), below(-x, mask), members(x, mask), strict=True)
    return like(x, ((less + m - more + 1.0) / (2.0 * max(m, 1.0)) if is_in else outside for less, more, is_in in each))


def sort(x: V) -> V:
    """Ascending; equals stay in their order, and NaN comes last."""
    held = members(x)
    m = count(x)
    places = place(x, outside=0.0)
    found = like(x, (0.0 for _ in x))
    rest = 0.0
    for v, is_in, at in zip(x, held, places, strict=True):
        to = at if is_in else m + rest
        rest = rest if is_in else rest + 1.0
        found = like(x, (v if float(i) == to else old for i, old in enumerate(found)))
    return found
