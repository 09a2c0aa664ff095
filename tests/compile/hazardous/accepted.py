"""Guards as people write them: none of these may be refused."""

import math
from typing import Annotated

from dagc import (
    array,
    carry,
    domain,
    float32,
    ieee_div,
    int32,
    lane,
    params,
    persistent,
    put,
    sqrt,
    sum_seq,
    warm,
    wrapping_add,
    wrapping_mul,
    wrapping_shl,
)

Positive = Annotated[float, domain(above=0.0)]


@params
class Ends:
    lo: Annotated[float, domain(-0.03, 0.0)] = -0.02
    far: Annotated[float, domain(-1.0, below=-0.03)] = -0.05
    parts: Annotated[int, domain(1, 50)] = 3


@lane
def chosen(x: float, d: float) -> float:
    return x / d if d != 0.0 else 0.0


@lane
def chosen_with_double(x: float, d: Annotated[float, domain(-1e3, 1e3)]) -> float:
    return x / (2.0 * d) if abs(d) > 1e-9 else 0.0


@lane
def early(x: float, d: float) -> float:
    if d <= 0.0:
        return 0.0
    ratio = x / d
    return ratio * 2.0


@lane
def either_side(x: float, d: float) -> float:
    if d < -1.0 or d > 1.0:
        return x / d
    return x


@lane
def two_tests(x: float, d: float, on: bool) -> float:
    if not on or d == 0.0:
        return x
    return x / d


@lane
def elif_chain(x: float, d: float) -> float:
    if d > 0.0:
        y = x / d
    elif d < 0.0:
        y = -x / d
    else:
        y = 0.0
    return y


@lane
def in_a_condition(x: float, d: float) -> bool:
    return d != 0.0 and x / d > 1.0


@lane
def clamped(x: float, d: float) -> float:
    return x / max(d, 1e-6)


@lane
def width(x: Annotated[float, domain(-1e3, 1e3)], lo: float, hi: float) -> float:
    return (x - lo) / (hi - lo) if hi > lo else 0.0


@lane
def disjoint(x: float, p: Ends) -> float:
    return (p.lo - x) / (p.lo - p.far)


@lane
def one_more(x: Annotated[float, domain(-1e9, 1e9)]) -> float:
    return x / (x * x + 1.0)


@lane
def assigned_guard(x: float, d: float) -> float:
    safe = d if d > 0.0 else 1.0
    return x / safe


@lane
def named_condition(x: float, d: float) -> float:
    usable = d > 0.0 and x > 0.0
    return x / d if usable else 0.0


@lane
def meant(x: float, d: float) -> float:
    return ieee_div(x, d)


@lane
def counted(x: float) -> int:
    count = carry(initial=0)
    count = count + 1
    return count


@lane
def reset(stop: bool) -> int:
    count = carry(initial=0)
    count = 0 if stop else count + 1
    return count


@lane
def mean_of_run(x: Annotated[float, domain(-1e6, 1e6)]) -> float:
    count = carry(initial=0)
    count = min(count + 1, 20)
    return x / count


@lane
def previous_price(price: Positive) -> float:
    before = carry(initial=price)
    change = price / before
    before = price
    return change


@lane
def held_price(price: Positive, fire: bool, other: bool) -> float:
    before = carry(initial=price, when=fire and other)
    since = carry(initial=price, when=fire, lifetime="tick")
    change = price / before / since
    before, since = price, before
    return change


@lane
def last_price(price: Positive) -> Positive:
    return price


@lane
def both_last(price: Positive, deep: bool) -> tuple[float, float]:
    inner = last_price(price, when=deep, initial=price)
    return 1.0 / inner, previous_price(price, when=deep, initial=1.0)


@lane
def held_calls(price: Positive, fire: bool, deep: bool) -> float:
    a, b = both_last(price, deep, when=fire, initial=(1.0, 1.0))
    return price / last_price(price, when=fire, initial=1.0) + a + b


@lane
def lasting(price: Positive) -> float:
    level = carry(initial=price, lifetime=persistent(max_age=60.0, cold=1.0))
    again = carry(initial=price, lifetime=persistent(max_age=60.0))
    seen = carry(initial=False, lifetime="tick")
    before = carry(initial=0.0, lifetime="tick")
    change = price / before if seen else price / level / again
    level, before, seen, again = price, price, True, price
    return change


@lane
def warm_mean(x: Annotated[float, domain(-1e6, 1e6)], p: Ends) -> float:
    total = carry(initial=0.0, warm_up=p.parts)
    ready = warm(total)
    total = x if ready else total + x
    return total / p.parts if ready else 0.0


@lane
def hashed(n: int) -> int:
    return wrapping_add(wrapping_mul(n, 6364136223846793005), 1442695040888963407)


@lane
def whole(x: float) -> int:
    return int(min(max(x, -100.0), 100.0))


@lane
def finite_whole(x: float, y: Annotated[float, domain(0.0, 1.0)]) -> int:
    z = x / y if y > 0.0 else x
    if not math.isfinite(z) or abs(z) > 1e6:
        return 0
    return round(z)


@lane
def deviation(mean_square: float, mean: float) -> float:
    return sqrt(max(mean_square - mean * mean, 0.0))


@lane
def length(x: float, y: float) -> float:
    return sqrt(x * x + y * y)


@lane
def floor_division(n: Annotated[int, domain(-1000, 1000)], m: Annotated[int, domain(-100, 100)], p: Ends) -> int:
    return n // p.parts + (n % m if m != 0 else 0)


@lane
def small(a: Annotated[int32, domain(0, 1000)], b: Annotated[int32, domain(0, 1000)]) -> int32:
    return a * b + a


@lane
def in_single(a: float32, b: float32) -> float32:
    return a / b if b > 0.0 else a


@lane
def ring_places(x: Annotated[float, domain(1.0, 9.0)]) -> float:
    ring = carry(initial=array(8, 1.0))
    at = carry(initial=0)
    oldest = ring[at]
    ring = put(ring, at, x)
    at = (at + 1) % 8
    return x / oldest


@lane
def guarded_places(n: int) -> int:
    counts = carry(initial=array(8, 0))
    if 0 <= n < 8:
        counts = put(counts, n, counts[n] + 1)
    return counts[min(max(n, 0), 7)]


@lane
def mean_of_last(x: float) -> float:
    """The sum reads every place: 32 thresholds in a row."""
    ring = carry(initial=array(32, 0.0))
    at = carry(initial=0)
    held = carry(initial=0)
    ring = put(ring, at, x)
    at = (at + 1) % 32
    held = min(held + 1, 32)
    return sum_seq(tuple(ring)) / float(held)


@lane
def shifts(n: Annotated[int, domain(-1000, 1000)], k: Annotated[int, domain(0, 200)], m: int) -> int:
    """What is shifted out to the right is Python's; what is shifted to the left fits, or is meant to wrap."""
    return (n >> k) + (n << min(k, 50)) // 2 + (m >> (k & 63)) // 4 + wrapping_shl(m, k) // 4
