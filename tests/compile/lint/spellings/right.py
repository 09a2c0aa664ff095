"""Right programs that look like the failures of `wrong.py`: the check that a lane is called after says nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import (
    carry,
    ceiling,
    domain,
    feed,
    float32,
    gate,
    ieee_div,
    int32,
    lane,
    max_age,
    observes,
    once,
    oriented,
    params,
    sink,
    substitute,
    warm,
)

Share = Annotated[float, domain(0.0, 9.0)]
Binance = Annotated[float, feed("binance")]
Native = Annotated[float, feed("native")]


@params
class Bounds:
    cap: Annotated[float, domain(2.0, 9.0)] = 8.0
    floor: Annotated[float, domain(0.0, 1.0)] = 0.5


@lane
def watch(x: Annotated[float, observes("raw")]) -> float:
    return x


@lane
def e071_choice_of_regime(x: Share, y: Share, hot: bool) -> float:
    return watch(x if hot else y)


@lane
def e071_other_comparison(x: Share, y: Share, z: Share) -> float:
    return watch(x if z > y else y)


@lane
def e071_abs(x: Share, y: Share) -> float:
    return watch(abs(x - y))


@lane
def e071_mask(x: Share, hot: bool) -> float:
    return watch(x * (1.0 if hot else 0.0))


@lane
def e074_blend(b: Binance, n: Native, w: Annotated[float, domain(0.0, 1.0)]) -> float:
    return w * b + (1.0 - w) * n


@lane
def e074_basis(b: Binance, n: Native, ok: bool) -> float:
    return b - n if ok else 0.0


@lane
def e074_masked_basis(b: Binance, n: Native, ok: bool) -> float:
    return (1.0 if ok else 0.0) * (b - n)


@lane
def e074_said(b: Binance, n: Native, ok: bool) -> float:
    m = 1.0 if ok else 0.0
    mid: Annotated[float, substitute()] = m * b + (1.0 - m) * n
    return mid


@lane
def e074_two_masks(b: Binance, n: Native, ok: bool, up: bool) -> float:
    return (b if ok else 0.0) + (n if up else 0.0)


@lane
def e074_best(b: Binance, n: Native) -> float:
    return b if b > n else n


@lane
def e076_exclusive(lev: Share, score: Share, inside: bool) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    a = lev * cut if inside else lev
    return a if inside else a * cut


@lane
def e076_exclusive_mask(lev: Share, score: Share, inside: bool) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    m = 1.0 if inside else 0.0
    a = lev * (m * cut + (1.0 - m))
    return a if inside else a * cut


@lane
def e076_by_comparison(lev: Share, score: Share) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    a = lev * cut if score > 5.0 else lev
    return a * cut if score < 2.0 else a


@lane
def e076_dead(lev: Share, score: Share) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    a = lev * cut
    return a * cut if score > 20.0 else a


@lane
def e077_scaled_down(raw: Share, p: Bounds, share: Annotated[float, domain(0.0, 1.0)]) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top - top * share


@lane
def e077_floor(raw: Share, p: Bounds) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return float(int(top))


@lane
def e077_guarded_boost(raw: Share, p: Bounds, boost: Annotated[float, domain(0.0, 2.0)]) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top * boost if boost <= 1.0 else top


@lane
def e077_early_boost(raw: Share, p: Bounds, boost: Annotated[float, domain(0.0, 2.0)]) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    if boost > 1.0:
        return top
    return top * boost


@lane
def e077_dead_boost(raw: Share, p: Bounds) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top * 2.0 if raw > 20.0 else top


@lane
def e077_again_if(raw: Share, p: Bounds) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    boosted = top * 2.0
    if boosted > p.cap:
        boosted = p.cap
    return boosted


@lane
def e077_mask_off(raw: Share, p: Bounds, on: bool) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top * (1.0 if on else 0.0)


@lane
def e078_two_comparisons(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    late = 1.0 if age > 8.0 else 0.0
    return (score if age <= 5.0 else 0.0) + late


@lane
def e078_early(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    if age > 5.0:
        return 0.0
    return score


@lane
def e078_mask(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return score * float(int(age < 5.0))


@lane
def e078_nested(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    if age <= 8.0:
        if age <= 4.0:
            return score
        return 1.0
    return 0.0


@lane
def e078_scaled(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return score if age * 2.0 <= 9.0 else 0.0


@lane
def w022_cap_last(x: Share, p: Bounds) -> float:
    y = x
    if y < p.floor:
        y = p.floor
    if y > p.cap:
        y = p.cap
    return y


@lane
def w022_apart(x: Share, p: Bounds) -> float:
    return max(p.floor, min(x, p.cap))


@lane
def w022_elif(x: Share, p: Bounds) -> float:
    if x > p.cap:
        return p.cap
    if x < p.floor:
        return p.floor
    return x


@lane
def w023_asked(a: Share, b: Share, p: Bounds) -> float:
    x = ieee_div(a, b)
    return max(p.floor, x) if x == x else 0.0


@lane
def w023_early(a: Share, b: Share, p: Bounds) -> float:
    x = ieee_div(a, b)
    if x != x:
        return 0.0
    return max(p.floor, x)


@lane
def w023_first(a: Share, b: Share, p: Bounds) -> float:
    x = ieee_div(a, b)
    if x < p.floor:
        x = p.floor
    return x


@lane
def w023_domain(a: Share, b: Share, p: Bounds) -> float:
    if b == 0.0:
        return 0.0
    return max(p.floor, ieee_div(a, b))


@dataclass(frozen=True)
class Order:
    size: Annotated[float, sink(key=None)]


@lane
def live(ok: bool) -> Annotated[bool, gate("hard")]:
    return ok


@lane
def e075_product(ok: bool, x: Share, y: Share) -> Order:
    return Order(x * y * float(int(live(ok))))


@lane
def e075_early(ok: bool, x: Share) -> Order:
    if not live(ok):
        return Order(0.0)
    return Order(max(x, 0.25))


@lane
def e075_int(ok: bool, n: Annotated[int32, domain(0, 100)]) -> Order:
    m = n if live(ok) else int32(0)
    return Order(float(m))


@lane
def e075_min(ok: bool, x: Share) -> Order:
    return Order(min(x, 9.0 if live(ok) else 0.0))


@lane
def w024_mask(x: Share) -> float:
    level = carry(initial=x, warm_up=20)
    ready = warm(level)
    level = level + 0.5 * (x - level)
    return level * (1.0 if ready else 0.0)


@lane
def w005_cap(x: float32, cap: float32) -> bool:
    return (x if x < cap else cap) == cap


@lane
def w005_zero(x: float32, y: float32) -> bool:
    return x * y == float32(0.0)


@lane
def e078_int_scaled(score: Annotated[float, max_age(5.0, age="age")], age: Annotated[int32, domain(0, 100)]) -> float:
    return score if age * 2 <= 10 else 0.0


@lane
def e070_neg(
    c: Annotated[float32, feed("clob")], a: Annotated[float32, feed("amm")]
) -> Annotated[float32, oriented("clob_minus_amm")]:
    return -(a - c)


@lane
def e070_int(
    c: Annotated[int32, feed("clob"), domain(0, 1000)], a: Annotated[int32, feed("amm"), domain(0, 1000)]
) -> Annotated[int32, oriented("clob_minus_amm")]:
    return c - a


@lane
def e062_guard(a: Annotated[int32, domain(0)], b: Annotated[int32, domain(0)]) -> int32:
    if a > 1000 or b > 1000:
        return int32(0)
    return a + b


@lane
def e060_f32(a: float32, b: Annotated[float32, domain(0.0, 9.0)]) -> float32:
    return a / b if b > 0.0 else float32(0.0)


@lane
def e060_int32(a: Annotated[int32, domain(0, 100)], b: Annotated[int32, domain(0, 100)]) -> int32:
    if b == 0:
        return int32(0)
    return a // b


@lane
def e060_mask(a: Share, b: Share) -> float:
    safe = b if b > 0.0 else 1.0
    return (a / safe) * (1.0 if b > 0.0 else 0.0)
