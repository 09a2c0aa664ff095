from dag import lane, params


@params
class Gate:
    threshold: float = 0.5


@lane
def pushed(x: float, p: Gate) -> float:
    history = (x, 0.0)
    history[0] = x  # type: ignore[index]
    history.append(x)  # type: ignore[attr-defined]
    p.threshold = x  # type: ignore[misc]
    p.threshold += x  # type: ignore[misc]
    first = history[0]
    return first
