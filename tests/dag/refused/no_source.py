from dag import lane

scale = lambda x: 2.0 * x  # noqa: E731


@lane
def scaled(x: float) -> float:
    return scale(x)
