"""The failures that each check is for, written as desks write them: a lane is called after the code that it gets."""

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
)

Share = Annotated[float, domain(0.0, 9.0)]
Binance = Annotated[float, feed("binance")]
Native = Annotated[float, feed("native")]


@params
class Bounds:
    cap: Share = 8.0
    floor: Share = 0.5


@lane
def watch(x: Annotated[float, observes("raw")]) -> float:
    return x


@lane
def e071_if(x: Share, p: Bounds) -> float:
    if x > p.cap:
        x = p.cap
    return watch(x)


@lane
def e071_not(x: Share, p: Bounds) -> float:
    return watch(x if not x >= p.cap else p.cap)


@lane
def e071_mask(x: Share, p: Bounds) -> float:
    over = 1.0 if x > p.cap else 0.0
    return watch(over * p.cap + (1.0 - over) * x)


@lane
def e071_early(x: Share, p: Bounds) -> float:
    return watch(capped(x, p))


@lane
def capped(x: Share, p: Bounds) -> float:
    if x > p.cap:
        return p.cap
    return x


@lane
def e071_elif(x: Share, p: Bounds) -> float:
    if x > p.cap:
        y = p.cap
    elif x < p.floor:
        y = p.floor
    else:
        y = x
    return watch(y)


@lane
def e074_if(b: Binance, n: Native, ok: bool) -> float:
    if ok:
        return b
    return n


@lane
def e074_gated_sum(b: Binance, n: Native, ok: bool) -> float:
    return (b if ok else 0.0) + (n if not ok else 0.0)


@lane
def e074_lerp(b: Binance, n: Native, ok: bool) -> float:
    return n + float(int(ok)) * (b - n)


@lane
def e074_opposite(b: Binance, n: Native, age: Share) -> float:
    m = 1.0 if age <= 5.0 else 0.0
    k = 1.0 if age > 5.0 else 0.0
    return b * m + n * k


@lane
def e074_three(b: Binance, n: Native, o: Annotated[float, feed("oracle")], i: Annotated[int, domain(0, 2)]) -> float:
    return b if i == 0 else n if i == 1 else o


@lane
def e074_hold(b: Binance, n: Native, ok: bool) -> float:
    last = carry(initial=0.0)
    last = b if ok else n
    return last


@lane
def e076_mul(lev: Share, score: Share) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    a = lev * cut
    return a * cut


@lane
def e076_div(lev: Share, score: Share) -> float:
    cut: Annotated[float, once()] = 1.0 + score
    return lev * cut / cut


@lane
def e076_square(lev: Share, score: Share) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    return lev * (cut * cut)


@lane
def e076_pow(lev: Share, score: Share) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    return lev * cut**2


@lane
def e076_sub(lev: Share, score: Share) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    a = lev - lev * (1.0 - cut)
    return a * cut


@lane
def e076_cond(lev: Share, score: Share, x: bool, y: bool) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    a = lev * cut if x else lev
    return a * cut if y else a


@lane
def e077_mul(raw: Share, p: Bounds, boost: Annotated[float, domain(1.0, 2.0)]) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top * boost


@lane
def e077_add(raw: Share, p: Bounds, boost: Annotated[float, domain(0.0, 1.0)]) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top + top * boost


@lane
def e077_max(raw: Share, p: Bounds) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    if top < p.floor:
        top = p.floor
    return top


@lane
def e077_div(raw: Share, p: Bounds, share: Annotated[float, domain(0.5, 1.0)]) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top / share


@lane
def e077_branch(raw: Share, p: Bounds, hot: bool) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top * 2.0 if hot else top


@lane
def e077_mask(raw: Share, p: Bounds, hot: bool) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top * (1.0 + (1.0 if hot else 0.0))


@lane
def e077_ceil(raw: Share, p: Bounds) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return float(int(top) + 1)


@lane
def e078_wrong_way(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return score if age > 5.0 else 0.0


@lane
def e078_late_mask(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return score * (1.0 if age < 8.0 else 0.0)


@lane
def e078_turned(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    if age > 8.0:
        return 0.0
    return score


@lane
def e078_or(score: Annotated[float, max_age(5.0, age="age")], age: Share, force: bool) -> float:
    return score if age <= 5.0 or force else 0.0


@lane
def e078_unasked(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return score + age


@lane
def e078_scaled(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return score if age * 0.5 <= 5.0 else 0.0


@lane
def w022_if(x: Share, p: Bounds) -> float:
    y = x
    if y > p.cap:
        y = p.cap
    if y < p.floor:
        y = p.floor
    return y


@lane
def w022_cond(x: Share, p: Bounds) -> float:
    y = x if x < p.cap else p.cap
    return y if y > p.floor else p.floor


@lane
def w022_elif(x: Share, p: Bounds) -> float:
    if x > p.cap:
        return p.cap
    if x < p.floor:
        return p.floor
    return x


@lane
def w022_elif_turned(x: Share, p: Bounds) -> float:
    if x < p.floor:
        return p.floor
    if x > p.cap:
        return p.cap
    return x


@lane
def w022_const(x: Share, p: Bounds) -> float:
    return max(0.5, min(p.cap, x))


@lane
def w023_if(a: Share, b: Share, p: Bounds) -> float:
    x = ieee_div(a, b)
    if not x >= p.floor:
        x = p.floor
    return x


@lane
def w023_min(a: Share, b: Share, p: Bounds) -> float:
    return min(p.cap, ieee_div(a, b))


@lane
def w023_cond(a: Share, b: Share, p: Bounds) -> float:
    x = ieee_div(a, b)
    return x if x < p.cap else p.cap


@dataclass(frozen=True)
class Order:
    size: Annotated[float, sink(key=None)]


@lane
def live(ok: bool) -> Annotated[bool, gate("hard")]:
    return ok


@lane
def e075_sum(ok: bool, x: Share, force: bool) -> Order:
    return Order((x if live(ok) else 0.0) + (1.0 if force else 0.0))


@lane
def e075_mask(ok: bool, x: Share, force: bool) -> Order:
    return Order(x * float(int(live(ok) or force)))


@lane
def e075_max(ok: bool, x: Share) -> Order:
    return Order(max(x if live(ok) else 0.0, 0.25))


@lane
def e075_int(ok: bool, n: Annotated[int32, domain(0, 100)]) -> Order:
    m = n if live(ok) else int32(1)
    return Order(float(m))


@lane
def w024_mask(x: Share) -> float:
    level = carry(initial=x, warm_up=20)
    level = level + 0.5 * (x - level)
    return level * (1.0 if x > 1.0 else 0.0)


@lane
def w005_f32(x: float32, y: float32) -> bool:
    return x * y == x


@lane
def e078_int_scaled(score: Annotated[float, max_age(5.0, age="age")], age: Annotated[int32, domain(0, 100)]) -> float:
    return score if age // 2 <= 5 else 0.0


@lane
def e070_neg(
    c: Annotated[float32, feed("clob")], a: Annotated[float32, feed("amm")]
) -> Annotated[float32, oriented("clob_minus_amm")]:
    return -(c - a)


@lane
def e070_int(
    c: Annotated[int32, feed("clob"), domain(0, 1000)], a: Annotated[int32, feed("amm"), domain(0, 1000)]
) -> Annotated[int32, oriented("clob_minus_amm")]:
    return a - c


@lane
def e062_int32(a: int32, b: int32) -> int32:
    return a + b


@lane
def e060_late(x: Share, y: Share) -> float:
    share = x / y
    return share if x > 0.0 else 0.0


@lane
def e060_mask(x: Share, y: Share) -> float:
    return (1.0 if y > 0.0 else 0.0) * (x / y)
