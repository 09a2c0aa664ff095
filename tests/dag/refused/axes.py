"""Values along an axis, misused in every way that has a message."""

from dataclasses import dataclass

from dagc import T, Vector, carry, lane, like, max_seq, params, sqrt, sum_pairwise, sum_seq, window


class Assets(Vector[T], length=48):
    """The traded universe."""


class Hours(Vector[T], length=48):
    """As many, and something else."""


@dataclass(frozen=True)
class Quote:
    bid: float
    ask: float


@params
class Tuned:
    weights: Assets[float]


@lane
def two_axes(prices: Assets[float], hours: Hours[float]) -> Assets[float]:
    return prices - hours


@lane
def another_class(hours: Hours[float]) -> Assets[float]:
    return Assets(x for x in hours)


@lane
def returned(hours: Hours[float]) -> Assets[float]:
    return hours


@lane
def side_by_side(prices: Assets[float], hours: Hours[float]) -> Assets[float]:
    return Assets(p - h for p, h in zip(prices, hours, strict=True))


@lane
def compared(prices: Assets[float]) -> float:
    return 1.0 if prices > 2.0 else 0.0


@lane
def decided(traded: Assets[bool]) -> float:
    return 1.0 if traded else 0.0


@lane
def filtered(prices: Assets[float]) -> Assets[float]:
    return Assets(x for x in prices if x > 0.0)


@lane
def a_generator(prices: Assets[float]) -> Assets[float]:
    return (x for x in prices)


@lane
def one_in_another(prices: Assets[float]) -> Assets[float]:
    return Assets(sum_seq((x * y for y in prices), 0.0) for x in prices)


@lane
def times_all(prices: Assets[float]) -> Assets[float]:
    return Assets(max(x * prices) for x in prices)


@lane
def many_statements(prices: Assets[float]) -> float:
    total = 0.0
    for x in prices:
        total = total + x
    return total


@lane
def by_halves(prices: Assets[float]) -> float:
    return sum_pairwise(prices)


@lane
def of_records(quotes: Assets[Quote]) -> Assets[float]:
    return quotes * 2.0


@lane
def a_function(prices: Assets[float]) -> Assets[float]:
    return sqrt(prices)


@lane
def a_place(prices: Assets[float], i: Assets[int]) -> Assets[float]:
    return Assets(prices[k] for k in i)


@lane
def outside(prices: Assets[float]) -> float:
    return prices[48] + prices[-1]


@lane
def no_items() -> Assets[float]:
    return Assets(1.0, 2.0)


@lane
def nothing_along() -> Assets[float]:
    return Assets(fill=0.0)


@lane
def of_a_tuple(x: float) -> Assets[float]:
    return Assets((x, x))


@lane
def not_like(x: float, prices: Assets[float]) -> Assets[float]:
    return like(x, (p for p in prices))


@lane
def kept(x: float) -> float:
    past = window(x, 5)
    return x if len(past) > 4 else 0.0


@lane
def windows(prices: Assets[float]) -> Assets[float]:
    return Assets(kept(x) for x in prices)


@lane
def became_one(prices: Assets[float]) -> float:
    level = carry(initial=Assets(fill=0.0))
    level = sum_seq(prices, 0.0)
    return level


@lane
def without_start(prices: Assets[float]) -> float:
    return max_seq(prices) + sum_seq(x for x in prices if x > 0.0)


@lane
def tuned(x: float, p: Tuned) -> float:
    return x


@lane
def nested(x: Assets[Hours[float]]) -> float:
    return 0.0


@lane
def of_nothing(x: Assets) -> float:
    return 0.0
