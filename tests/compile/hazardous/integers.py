from typing import Annotated

from dagc import carry, domain, int32, lane, sqrt


@lane
def cost(ticks: int, lots: Annotated[int, domain(0, 1000)]) -> int:
    return ticks * lots


@lane
def narrow(a: int32, b: int32) -> int32:
    return a + b


@lane
def total(x: Annotated[int, domain(0, 1000)]) -> int:
    run = carry(initial=0)
    run = run + x
    return run


@lane
def whole(x: float) -> int:
    return int(x * 2.0)


@lane
def deviation(mean_square: float, mean: float) -> float:
    return sqrt(mean_square - mean * mean)


@lane
def negated(n: int) -> int:
    return abs(-n)


@lane
def shifted(n: Annotated[int, domain(-8, 8)], k: Annotated[int, domain(0, 63)]) -> int:
    return n << k


@lane
def shifted_back(n: int, k: Annotated[int, domain(-1, 8)]) -> int:
    return n >> k


@lane
def shifted_narrow(n: Annotated[int32, domain(0, 1 << 20)], k: Annotated[int32, domain(0, 12)]) -> int32:
    return n << k


@lane
def shifted_by_any(n: Annotated[int, domain(0, 8)], k: int) -> int:
    return (n << k) + (n << (k & 31))


@lane
def shifted_by_a_literal(n: Annotated[int, domain(0, 8)]) -> int:
    return n << 64


@lane
def only_the_count_is_at_fault(n: int, k: Annotated[int, domain(-2, 5)]) -> int:
    return (n & 255) << k
