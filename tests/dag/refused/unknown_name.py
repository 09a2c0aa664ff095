from dag import lane


@lane
def cubed(strength: float) -> float:
    clamped = min(strenght, 1.0)  # noqa: F821
    return clamped**3


@lane
def priced(größe: float) -> float:
    return größe * größer  # noqa: F821
