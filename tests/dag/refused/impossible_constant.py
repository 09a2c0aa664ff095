from dag import lane


@lane
def scaled(x: float, n: int) -> float:
    pair = (x, x)
    infinite = x * (1.0 / 0.0)
    big = n + 2**70
    return infinite + big + pair[2]
