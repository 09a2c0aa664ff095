from dag import lane


@lane
def limited(x: float, hot: bool) -> float:
    if hot:
        limit = 0.5
    return min(x, limit)


@lane
def early(x: float) -> float:
    y = x * scale
    scale = 2.0
    return y * scale
