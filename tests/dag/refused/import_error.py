from dag import lane

WEIGHTS = {"slow": 0.2}
FAST = WEIGHTS["fast"]


@lane
def weighted(x: float) -> float:
    return FAST * x
