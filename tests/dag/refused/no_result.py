from dag import lane


@lane
def positive(x: float) -> float:
    if x > 0.0:
        return x


@lane
def nothing(x: float) -> float:
    return
