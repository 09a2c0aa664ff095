from dag import lane


@lane
def loops(x: float) -> float:
    while x > 1.0:
        x = x / 2.0
    for i in range(3):
        if x > i:
            break
        else:
            continue
    return x


@lane
def effects(x: float) -> float:
    global COUNT
    import math
    from os import path

    try:
        y = 1.0 / x
    except ZeroDivisionError:
        y = 0.0
    with open("log") as log:
        pass
    assert x > 0.0
    if x > 2.0:
        raise ValueError
    del log
    x + y
    return x


@lane
def nested(x: float, *rest: float) -> float:
    def inner(v: float) -> float:
        return v

    class Local:
        pass

    match x:
        case [first]:
            x = 1.0
    return inner(x)


COUNT = 0
