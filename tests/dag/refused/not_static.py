from dag import lane, params


@params
class Window:
    length: int = 3


@lane
def mean(a: float, b: float, c: float, p: Window) -> float:
    values = (a, b, c)
    total = 0.0
    for i in range(p.length):
        total = total + values[i]
    last = values[p.length]
    kept = tuple(v for v in values if v > 0.0)
    return round(total + last, p.length) + kept[0]
