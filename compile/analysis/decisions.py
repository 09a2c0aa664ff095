"""Decision diagrams: bools as functions of variables, equal functions one object, so that a proof is a comparison.

Source   R. E. Bryant, Graph-Based Algorithms for Boolean Function Manipulation, IEEE Transactions on Computers C-35 (1986)
"""

from __future__ import annotations

FALSE, TRUE = 0, 1


class TooLarge(Exception):
    """The diagrams have grown beyond what is worth proving."""


class Decisions:
    """A store of diagrams; each is an index. Variables are numbers, decided in ascending order."""

    def __init__(self, limit: int = 200_000) -> None:
        self.limit = limit
        last = 1 << 62
        self._nodes: list[tuple[int, int, int]] = [(last, 0, 0), (last, 1, 1)]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._known: dict[tuple[int, int, int], int] = {}

    def variable(self, number: int) -> int:
        """The function that is the variable itself."""
        return self._make(number, FALSE, TRUE)

    def choose(self, condition: int, a: int, b: int) -> int:
        """`a if condition else b`. Raises TooLarge."""
        if condition == TRUE or a == b:
            return a
        if condition == FALSE:
            return b
        if (a, b) == (TRUE, FALSE):
            return condition
        key = (condition, a, b)
        if key not in self._known:
            top = min(self._nodes[each][0] for each in key)
            low, high = ([self._cofactor(each, top, side) for each in key] for side in (1, 2))
            self._known[key] = self._make(top, self.choose(*low), self.choose(*high))
        return self._known[key]

    def both(self, a: int, b: int) -> int:
        """`a and b`."""
        return self.choose(a, b, FALSE)

    def either(self, a: int, b: int) -> int:
        """`a or b`."""
        return self.choose(a, TRUE, b)

    def negated(self, a: int) -> int:
        """`not a`."""
        return self.choose(a, FALSE, TRUE)

    def example(self, function: int) -> dict[int, bool] | None:
        """Values of some variables that make `function` true, whatever the others are; None where nothing does."""
        if function == FALSE:
            return None
        values: dict[int, bool] = {}
        while function != TRUE:
            variable, low, high = self._nodes[function]
            values[variable] = low == FALSE
            function = high if low == FALSE else low
        return values

    def parts(self, function: int) -> tuple[int, int, int]:
        """The first variable that `function` depends on, and what it is where that is false, and where it is true."""
        return self._nodes[function]

    def _cofactor(self, function: int, variable: int, side: int) -> int:
        node = self._nodes[function]
        return node[side] if node[0] == variable else function

    def _make(self, variable: int, low: int, high: int) -> int:
        if low == high:
            return low
        key = (variable, low, high)
        if key not in self._unique:
            if len(self._nodes) >= self.limit:
                raise TooLarge
            self._unique[key] = len(self._nodes)
            self._nodes.append(key)
        return self._unique[key]
