from dag import carry, lane


@lane
def twice(x: float) -> float:
    level = carry(initial=x)
    level = carry(initial=0.0)
    return level
