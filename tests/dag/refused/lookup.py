"""Tables that no lookup has."""

from dag import lane, lookup

THREE = (1, 2, 3)
FLOATS = (1.0, 2.0)


@lane
def of_three(n: int) -> int:
    return lookup(THREE, n)


@lane
def of_floats(n: int) -> int:
    return lookup(FLOATS, n)


@lane
def of_values(n: int) -> int:
    return lookup((n, 2), n)


@lane
def at_a_float(x: float) -> int:
    return lookup((1, 2), x)
