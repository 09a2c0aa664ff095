"""Reference functions of the lanes of time, on Python's integers, which do not end."""

from __future__ import annotations

#: How many worked examples this file holds, so that a lost one is noticed.
EXAMPLES = 6

#: The slot of the last action, None before there was one.
Last = int | None


def cadence_q(last: Last, t: int, q: int, phase: int) -> tuple[Last, tuple[bool, int]]:
    """The new last slot; whether the action is due, and how many whole slots were passed over.

    >>> last, seen = None, []
    >>> for t in (0, 1, 4999999999, 5000000000, 14000000000, 21000000000, 20000000000, 25000000001):
    ...     last, out = cadence_q(last, t, 5000000000, 0)
    ...     seen.append(out)
    >>> seen
    [(True, 0), (False, 0), (False, 0), (True, 0), (True, 0), (True, 1), (False, 0), (True, 0)]
    >>> cadence_q(None, 3, 10, 4), cadence_q(-1, 4, 10, 4), cadence_q(7, 3, 0, 0)
    ((-1, (True, 0)), (0, (True, 0)), (7, (True, 0)))
    """
    if q == 0:
        return last, (True, 0)
    elapsed = t - phase
    slot = elapsed // q if elapsed >= 0 else -((-elapsed + q - 1) // q)  # the floor, on naturals alone
    assert slot * q <= elapsed < (slot + 1) * q
    if last is None:
        return slot, (True, 0)
    passed = slot - last
    return (slot, (True, passed - 1)) if passed > 0 else (last, (False, 0))


def begins_day(last: Last, day: int) -> tuple[Last, bool]:
    """The day, and whether it is another than that of the bar before.

    >>> last, seen = None, []
    >>> [(last := begins_day(last, day)[0], seen.append(begins_day(None, day)[1]))[0] for day in (3, 3)], begins_day(3, 3), begins_day(3, 2)
    ([3, 3], (3, False), (2, True))
    """
    return day, last is None or day != last
