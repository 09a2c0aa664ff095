"""A lane that flushes subnormals, called by one that keeps them."""

from dag import lane


@lane(subnormals="flush")
def smooth(x: float) -> float:
    return x * 0.5


@lane
def inner(x: float) -> float:
    return smooth(x) + 1.0


@lane
def sizer(x: float) -> float:
    return inner(x)


@lane(subnormals="flush")
def agrees(x: float) -> float:
    return inner(x)
