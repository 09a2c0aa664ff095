from dag import lane


@lane
def spread(bid: float, ask: float) -> float
    return ask - bid
