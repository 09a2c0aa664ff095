from dag import carry, lane


@lane
def sometimes(x: float, trading: bool) -> float:
    if trading:
        level = carry(initial=x)
    else:
        level = x
    if x > 0.0:
        return level
    late = carry(initial=0.0)
    late = late + 1.0
    for i in range(2):
        each = carry(initial=0.0)
    return late + (carry(initial=x) + each)


@lane
def average(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.1 * (x - level)
    return level


@lane
def held(x: float, trading: bool) -> float:
    return average(x) if trading else 0.0


@lane
def warm(x: float, trading: bool) -> bool:
    return trading and other_average(x) > 0.0


@lane
def other_average(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.1 * (x - level)
    return level


@lane
def behind_a_comparison(x: float, y: float) -> bool:
    return 0.0 < x < y_average(y)


@lane
def y_average(x: float) -> float:
    level = carry(initial=x)
    level = level + 0.1 * (x - level)
    return level
