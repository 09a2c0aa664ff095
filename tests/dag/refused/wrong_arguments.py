from dag import lane


@lane
def clamp(x: float, lo: float, hi: float) -> float:
    return min(max(x, lo), hi)


@lane
def strength(x: float) -> float:
    low = clamp(x, 0.0)  # type: ignore[call-arg]
    high = clamp(x, 0.0, high=1.0)  # type: ignore[call-arg]
    ends = (0.0, 1.0)
    starred = clamp(x, *ends)
    return abs(low, high) + starred  # type: ignore[call-arg]
