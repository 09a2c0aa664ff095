"""Fair shares of a number: of L. Shapley, A value for n-person games (1953), the mean over all orders in which factors could come in.

Of up to `MOST_EXACT` factors every set is looked at, and a share is exact. Of more it is the mean over `ORDERS` seeded orders, with
its standard error; that mean too adds up, because the steps of each order do.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from fractions import Fraction

#: Up to so many factors all sets are looked at.
MOST_EXACT = 12
#: Of more factors so many orders are drawn.
ORDERS = 2_000
#: A share, and its standard error: 0 of an exact one. None where a number is not finite.
Share = tuple[float, float] | None


def sets_of(count: int) -> list[int]:
    """The sets of `count` factors, as bits, that `shares` needs: the empty one, all, and all but each factor are among them."""
    if count <= MOST_EXACT:
        return list(range(1 << count))
    every = (1 << count) - 1
    walked = (
        members for order in _orders(count) for members in itertools.accumulate((1 << k for k in order), initial=0)
    )
    return list(dict.fromkeys([0, every, *(every & ~(1 << k) for k in range(count)), *walked]))


def shares(ends: Mapping[int, float], count: int) -> list[Share]:
    """What each factor adds; `ends` is the number with the factors of a set as they are and the others neutral, for `sets_of(count)`."""
    if not all(map(math.isfinite, ends.values())):
        return [None] * count
    exact = {members: Fraction(end) for members, end in ends.items()}
    if count > MOST_EXACT:
        return list(_drawn(exact, count))
    weights = [Fraction(math.factorial(k) * math.factorial(count - k - 1), math.factorial(count)) for k in range(count)]
    added = [Fraction(0)] * count
    for place, members in itertools.product(range(count), range(1 << count)):
        if not members >> place & 1:
            added[place] += weights[members.bit_count()] * (exact[members | 1 << place] - exact[members])
    return [(float(each), 0.0) for each in added]


def _drawn(exact: Mapping[int, Fraction], count: int) -> Iterator[Share]:
    added: list[list[Fraction]] = [[] for _ in range(count)]
    for order in _orders(count):
        members = 0
        for place in order:
            added[place].append(exact[members | 1 << place] - exact[members])
            members |= 1 << place
    for each in added:
        mean = sum(each, Fraction(0)) / ORDERS
        spread = math.fsum((float(found) - float(mean)) ** 2 for found in each)
        yield float(mean), math.sqrt(spread / (ORDERS - 1) / ORDERS)


def _orders(count: int) -> Iterator[list[int]]:
    draw = random.Random(count)
    for _ in range(ORDERS):
        yield draw.sample(range(count), count)
