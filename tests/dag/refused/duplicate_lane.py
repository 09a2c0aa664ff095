from dag import lane


@lane
def mid(bid: float, ask: float) -> float:
    return 0.5 * (bid + ask)


@lane
def mid(bid: float, ask: float) -> float:  # noqa: F811
    return (bid + ask) / 2.0
