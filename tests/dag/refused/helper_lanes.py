from dag import lane


@lane
def halved(x: float) -> float:
    return x / tow  # noqa: F821
