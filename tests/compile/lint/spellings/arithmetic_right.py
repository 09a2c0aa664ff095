"""Right programs that look like the failures of `arithmetic_wrong.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import (
    carry,
    ceiling,
    domain,
    feed,
    gate,
    ieee_div,
    lane,
    max_age,
    observes,
    once,
    oriented,
    params,
    sink,
    sqrt,
    substitute,
    warm,
)

Share = Annotated[float, domain(0.0, 9.0)]
Count = Annotated[int, domain(0, 1000)]
Flag = Annotated[int, domain(0, 1)]
Mask = Annotated[int, domain(-1, 0)]
Binance = Annotated[float, feed("binance")]
Native = Annotated[float, feed("native")]
BinanceLots = Annotated[int, feed("binance"), domain(0, 1000)]
NativeLots = Annotated[int, feed("native"), domain(0, 1000)]


@params
class Bounds:
    cap: Annotated[float, domain(2.0, 9.0)] = 8.0
    floor: Annotated[float, domain(0.0, 1.0)] = 0.5


@lane
def watch(x: Annotated[float, observes("raw")]) -> float:
    return x


@lane
def watch_lots(n: Annotated[int, observes("raw")]) -> int:
    return n


@dataclass(frozen=True)
class Order:
    size: Annotated[float, sink(key=None)]


@dataclass(frozen=True)
class Lots:
    lots: Annotated[int, sink(key=None)]


@lane
def live(ok: bool) -> Annotated[bool, gate("hard")]:
    return ok


@lane
def e074_blend(b: Binance, n: Native, w: Annotated[int, domain(0, 100)]) -> float:
    return 0.01 * (w * b + (100 - w) * n)


@lane
def e074_basis(b: Binance, n: Native, w: Flag) -> float:
    return w * (b - n)


@lane
def e074_optional_basis(b: Binance, n: Native, w: Flag) -> float:
    return n + 0.5 * w * (b - n)


@lane
def e074_two_flags(b: Binance, n: Native, u: Flag, v: Flag) -> float:
    return u * b + v * n


@lane
def e074_both_or_one(b: Binance, n: Native, w: Flag) -> float:
    return b + w * n


@lane
def e074_said(b: Binance, n: Native, w: Flag) -> float:
    mid: Annotated[float, substitute()] = w * b + (1 - w) * n
    return 2.0 * mid


@lane
def e074_said_of_bits(b: BinanceLots, n: NativeLots, m: Mask) -> int:
    lots: Annotated[int, substitute()] = (b & m) | (n & ~m)
    return lots + 1


@lane
def e074_said_and_scaled(b: Binance, n: Native, w: Flag) -> float:
    mid: Annotated[float, substitute()] = w * b + (1 - w) * n
    return mid * (2.0 if w == 1 else 1.0)


@lane
def e074_best_by_abs(b: Binance, n: Native) -> float:
    return 0.5 * (b + n + abs(b - n))


@lane
def e074_best_by_mask(b: Binance, n: Native) -> float:
    m = float(b > n)
    return 3.0 * (m * b + (1.0 - m) * n)


@lane
def e074_spread(b: Binance, n: Native) -> float:
    return abs(b - n)


@lane
def e074_set_bits(b: BinanceLots, n: NativeLots) -> int:
    return (b & 255) | (n & ~255)


@lane
def e074_parity(b: BinanceLots, n: NativeLots, m: Mask) -> int:
    return (b ^ n) & m


@lane
def e074_turned(b: Binance, n: Native, ok: bool) -> float:
    s = 1.0 if ok else -1.0
    return s * (b - n)


@lane
def e074_larger(b: Binance, n: Native, ok: bool) -> float:
    return max(b * float(ok), n)


@lane
def e071_spread(x: Share, y: Share) -> float:
    return watch(abs(x - y) * 0.5)


@lane
def e071_middle(x: Share, y: Share) -> float:
    return watch((x + y) / 2.0)


@lane
def e071_other_difference(x: Share, y: Share, z: Share) -> float:
    return watch((x + y - abs(x - z)) * 0.5)


@lane
def e071_third(x: Share, y: Share) -> float:
    return watch((x + y - abs(x - y)) / 3.0)


@lane
def e071_flag(x: Share, y: Share, w: Flag) -> float:
    return watch(w * x + (1 - w) * y)


@lane
def e071_other_mask(x: Share, y: Share, z: Share) -> float:
    m = float(x > z)
    return watch(m * x + (1.0 - m) * y)


@lane
def e071_bits(n: Count, k: Count, m: Mask) -> int:
    return watch_lots((n & m) | (k & ~m))


@lane
def e071_root(x: Share, y: Share) -> float:
    return watch(sqrt((x - y) ** 2))


@lane
def e071_deviation(x: Share, y: Share) -> float:
    return watch(x + abs(y))


@lane
def w022_abs(x: Share, p: Bounds) -> float:
    y = (x + p.cap - abs(x - p.cap)) * 0.5
    return max(p.floor, y)


@lane
def w022_excess(x: Share, p: Bounds) -> float:
    y = x - max(x - p.cap, 0.0)
    return p.floor + max(y - p.floor, 0.0)


@lane
def e076_flag(lev: Share, score: Share, w: Flag) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    a = lev * (w * cut + (1 - w))
    return a if w == 1 else a * cut


@lane
def e076_two_flags(lev: Share, score: Share, w: Flag) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    a = lev * cut if w == 1 else lev
    return a * w + a * cut * (1 - w)


@lane
def e077_flag(raw: Share, p: Bounds, w: Flag) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top * w


@lane
def e077_bits(raw: Count, cap: Count, ok: bool) -> int:
    top: Annotated[int, ceiling()] = min(raw, cap)
    return top & -int(ok)


@lane
def e077_flag_off(raw: Share, p: Bounds, w: Flag) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top - w * top


@lane
def e078_flag(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return score * int(age < 4.0)


@lane
def e078_lerp(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return 0.5 + float(age < 4.0) * (score - 0.5)


@lane
def e078_and(score: Annotated[float, max_age(5.0, age="age")], age: Share, ok: bool) -> float:
    return score * (float(age < 4.0) * float(ok))


@lane
def e078_late_flag(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return score * (1 - int(age > 5.0))


@lane
def e075_flag(ok: bool, x: Share, w: Flag) -> Order:
    return Order(x * (int(live(ok)) * w))


@lane
def e075_bits(ok: bool, n: Count) -> Lots:
    return Lots(n & -int(live(ok)))


@lane
def w024_flag(x: Share) -> float:
    level = carry(initial=x, warm_up=20)
    ready = warm(level)
    level = level + 0.5 * (x - level)
    return level * int(ready)


@lane
def e070_flag(
    c: Annotated[float, feed("clob")], a: Annotated[float, feed("amm")], w: Flag
) -> Annotated[float, oriented("clob_minus_amm")]:
    return w * (c - a)


@lane
def e070_bits(
    c: Annotated[int, feed("clob"), domain(0, 9)], a: Annotated[int, feed("amm"), domain(0, 9)], m: Mask
) -> Annotated[int, oriented("clob_minus_amm")]:
    return (c - a) & m


@lane
def w023_abs(a: Share, b: Share, p: Bounds) -> float:
    x = ieee_div(a, b)
    return (x + p.cap - abs(x - p.cap)) * 0.5


@lane
def w023_mask(a: Share, b: Share, p: Bounds) -> float:
    x = ieee_div(a, b)
    m = float(x < p.cap)
    return m * x + (1.0 - m) * p.cap
