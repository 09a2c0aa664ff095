"""Choices and clamps that are written as arithmetic: a lane is called after the code that it gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from dagc import (
    carry,
    ceiling,
    domain,
    feed,
    gate,
    lane,
    max_age,
    observes,
    once,
    oriented,
    params,
    sink,
    sqrt,
    wrapping_add,
    wrapping_mul,
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
    cap: Share = 8.0
    floor: Share = 0.5


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
def pick(b: float, n: float, m: float) -> float:
    return n + m * (b - n)


@lane
def e074_flag(b: Binance, n: Native, w: Flag) -> float:
    return w * b + (1 - w) * n


@lane
def e074_bits(b: BinanceLots, n: NativeLots, m: Mask) -> int:
    return (b & m) | (n & ~m)


@lane
def e074_bits_of_a_bool(b: BinanceLots, n: NativeLots, ok: bool) -> int:
    return (b & -int(ok)) + (n & (int(ok) - 1))


@lane
def e074_exclusive_or(b: BinanceLots, n: NativeLots, m: Mask) -> int:
    return n ^ ((b ^ n) & m)


@lane
def e074_wrapping(b: BinanceLots, n: NativeLots, w: Flag) -> int:
    return wrapping_add(wrapping_mul(w, b), wrapping_mul(1 - w, n))


@lane
def e074_shift(b: BinanceLots, n: NativeLots, k: Annotated[int, domain(-9, 9)]) -> int:
    m = k >> 63
    return (b & m) | (n & ~m)


@lane
def e074_int_of_not(b: Binance, n: Native, ok: bool) -> float:
    return int(ok) * b + int(not ok) * n


@lane
def e074_float_of_bool(b: Binance, n: Native, ok: bool) -> float:
    return float(ok) * b + float(not ok) * n


@lane
def e074_larger_of_masked(b: Binance, n: Native, ok: bool) -> float:
    m = float(ok)
    return max(b * m, n * (1.0 - m))


@lane
def e074_scaled(b: Binance, n: Native, ok: bool) -> float:
    m = float(ok)
    return (2.0 * m * b + 2.0 * (1.0 - m) * n) / 2.0


@lane
def e074_scaled_only(b: Binance, n: Native, w: Flag) -> float:
    return 4.0 * w * b + 4.0 * (1 - w) * n


@lane
def e074_taken_away(b: Binance, n: Native, w: Flag) -> float:
    return b - (1 - w) * (b - n)


@lane
def e074_weights(b: Binance, n: Native, ok: bool) -> float:
    w = 1.0 if ok else 0.0
    v = 1.0 - w
    return (w * b + v * n) * (w + v)


@lane
def e074_sign(b: Binance, n: Native, ok: bool) -> float:
    s = 1.0 if ok else -1.0
    return 0.5 * ((1.0 + s) * b + (1.0 - s) * n)


@lane
def e074_equal(b: Binance, n: Native, i: Flag) -> float:
    return float(i == 0) * b + float(i == 1) * n


@lane
def e074_not_equal(b: Binance, n: Native, i: Annotated[int, domain(0, 5)]) -> float:
    return float(i == 0) * b + float(i != 0) * n


@lane
def e074_three_masks(
    b: Binance, n: Native, o: Annotated[float, feed("oracle")], i: Annotated[int, domain(0, 2)]
) -> float:
    return float(i == 0) * b + float(i == 1) * n + float(i == 2) * o


@lane
def e074_bands(b: Binance, n: Native, o: Annotated[float, feed("oracle")], age: Share) -> float:
    near = float(age < 1.0)
    far = float(age >= 2.0)
    middle = float(age >= 1.0 and age < 2.0)
    return near * b + middle * n + far * o


@lane
def e074_chain(b: Binance, n: Native, w: Flag, k: bool) -> float:
    y = 0.0
    if w == 1:
        y = b if k else b + 1.0
    if w == 0:
        y = n
    return y


@lane
def e074_both(b: Binance, n: Native, ok: bool, up: bool) -> float:
    m = float(ok and up)
    return m * b + (1.0 - m) * n


@lane
def e074_product_of_flags(b: Binance, n: Native, u: Flag, v: Flag) -> float:
    m = u * v
    return m * b + (1 - m) * n


@lane
def e074_rounded(b: Binance, n: Native, w: Share) -> float:
    m = float(round(min(w, 1.0)))
    return m * b + (1.0 - m) * n


@lane
def e074_divided(b: Binance, n: Native, w: Flag) -> float:
    return (w * b + (1 - w) * n) / 2.0


@lane
def e074_through_a_lane(b: Binance, n: Native, w: Flag) -> float:
    return pick(b, n, float(w))


@lane
def e071_abs(x: Share, p: Bounds) -> float:
    return watch((x + p.cap - abs(x - p.cap)) * 0.5)


@lane
def e071_half(x: Share, p: Bounds) -> float:
    return watch((x + p.floor + abs(p.floor - x)) / 2.0)


@lane
def e071_middle(x: Share, p: Bounds) -> float:
    middle = (x + p.cap) / 2.0
    half = abs(x - p.cap) / 2.0
    return watch(middle - half)


@lane
def e071_root_of_square(x: Share, p: Bounds) -> float:
    return watch(0.5 * (x + p.cap - sqrt((x - p.cap) ** 2)))


@lane
def e071_excess(x: Share, p: Bounds) -> float:
    return watch(x - max(x - p.cap, 0.0))


@lane
def e071_shortfall(x: Share, p: Bounds) -> float:
    return watch(p.cap - max(p.cap - x, 0.0))


@lane
def e071_masked_excess(x: Share, p: Bounds) -> float:
    return watch(x - (x - p.cap) * float(x > p.cap))


@lane
def e071_condition_as_difference(x: Share, p: Bounds) -> float:
    return watch(p.cap if x - p.cap > 0.0 else x)


@lane
def e071_condition_scaled(x: Share, p: Bounds) -> float:
    return watch(p.cap if 2.0 * x > 2.0 * p.cap else x)


@lane
def e071_positive_part(x: Annotated[float, domain(-9.0, 9.0)]) -> float:
    return watch(x * float(x > 0.0))


@lane
def e071_positive_part_by_abs(x: Annotated[float, domain(-9.0, 9.0)]) -> float:
    return watch(0.5 * (x + abs(x)))


@lane
def e071_both_ends(x: Share, lo: Annotated[float, domain(0.0, 1.0)], hi: Annotated[float, domain(2.0, 9.0)]) -> float:
    return watch((abs(x - lo) - abs(x - hi) + lo + hi) / 2.0)


@lane
def e071_bits(n: Count, cap: Count) -> int:
    return watch_lots(n ^ ((n ^ cap) & -int(cap < n)))


@lane
def e071_sign_bit(n: Count, cap: Count) -> int:
    d = cap - n
    return watch_lots(n + (d & (d >> 63)))


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
    return a * cut


@lane
def e076_two_flags(lev: Share, score: Share, w: Flag, v: Flag) -> float:
    cut: Annotated[float, once()] = 1.0 / (1.0 + score)
    a = lev * cut if w == 1 else lev
    return (a * cut) * v + a * (1 - v)


@lane
def e077_flag(raw: Share, p: Bounds, w: Flag) -> float:
    top: Annotated[float, ceiling()] = min(raw, p.cap)
    return top * (1 + w)


@lane
def e077_bits(raw: Count, cap: Count, ok: bool) -> int:
    top: Annotated[int, ceiling()] = min(raw, cap)
    return top + (-int(ok) & raw)


@lane
def e078_flag(score: Annotated[float, max_age(5.0, age="age")], age: Share, w: Flag) -> float:
    return score * w


@lane
def e078_late_flag(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return score * int(age < 8.0)


@lane
def e078_lerp(score: Annotated[float, max_age(5.0, age="age")], age: Share) -> float:
    return 0.5 + float(age < 8.0) * (score - 0.5)


@lane
def e075_flag(ok: bool, x: Share, w: Flag) -> Order:
    return Order(x * int(live(ok)) + x * w)


@lane
def e075_bits(ok: bool, force: bool, n: Count) -> Lots:
    return Lots(n & -int(live(ok) or force))


@lane
def w024_flag(x: Share, w: Flag) -> float:
    level = carry(initial=x, warm_up=20)
    level = level + 0.5 * (x - level)
    return level * w


@lane
def e070_flag(
    c: Annotated[float, feed("clob")], a: Annotated[float, feed("amm")], w: Flag
) -> Annotated[float, oriented("clob_minus_amm")]:
    return w * (a - c)


@lane
def e070_bits(
    c: Annotated[int, feed("clob"), domain(0, 9)], a: Annotated[int, feed("amm"), domain(0, 9)], m: Mask
) -> Annotated[int, oriented("clob_minus_amm")]:
    return (a - c) & m
