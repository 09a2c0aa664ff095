from typing import Annotated

from dag import carry, float32, int32, lane, unit


@lane
def chosen(x: float32, m: int32, flag: bool) -> float32:
    a = x if flag else 0.1
    b = 70000
    if flag:
        b = m
    c = m if flag else 0.5
    d = float32(0.1) if flag else 0.1
    return a + float32(b) + float32(c) + d


@lane
def carried(x: float32, m: int32) -> float32:
    level = carry(initial=0.1)
    count = carry(initial=0)
    held = float(x) * level * count
    level = x
    count = m
    return float32(held)


@lane
def constants(x: float32, m: int32, y: Annotated[float32, unit("bps")]) -> tuple[float32, float32]:
    a = float32(0.1) + int32(3)
    b = float32(1e39)
    c = round(float32(0.1), 1)
    d = fma_of(float32(0.1), int32(2))
    return float32(a) + b + c + d + x, y + x


def fma_of(a: float32, b: int32) -> float32:
    return min(a, b)
