from dag import lane


@lane
def total(n: int) -> int:
    return n + rest(n - 1)


@lane
def rest(n: int) -> int:
    return total(n)
