import random

from dag import lane


@lane
def listed(x: float, n: int) -> float:
    items = [x, x]
    doubled = [2.0 * v for v in (x, x)]
    table = {"a": x}
    chosen = (lambda v: v)(x)
    text = f"{x}"
    root = x**0.5
    half = n // 2
    rest = x % 2.0
    if (y := x) > 0.0:
        x = y
    return items[0] + doubled[0] + table["a"] + chosen + text + root + half + rest + x  # type: ignore[operator]


@lane
def compared(x: float, y: float, n: int) -> float:
    near = x in (0.0, 1.0)
    same = x is y
    mixed = x & n  # type: ignore[operator]
    return round(x, 13) if near and same else mixed @ x  # type: ignore[operator]


@lane
def drawn(x: float) -> float:
    return x + random.random()
