"""What a node is, whatever its spelling: every lint and analysis asks here.

`value_of` looks through what leaves a value as it is: another format, another unit, a wrap that never happens. `choice_of` reads a
choice, be it written as `a if c else b` or with a mask, `m * a + (1 - m) * b`. `extremum_of` reads a minimum or a maximum, be it
written as `min(a, b)` or as `b if b < a else a`.
"""

from __future__ import annotations

from dataclasses import dataclass

from dag import ops
from dag.graph import Graph
from dag.ops import Family, Law, Op, Source
from dag.types import BOOL

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def value_of(graph: Graph, node: int) -> int:
    """The node whose value this is, in its own format: through widening, rounding to another format, wrapping, flushing and new units.

    A wrap that the lane asks for (`wrapping_add`) changes values, so nothing is looked through there.
    """
    while True:
        op = graph.ops[node]
        if not isinstance(op, Op) or Law.SAME_VALUE not in op.laws or (graph.total[node] and Law.EXACT not in op.laws):
            return node
        (node,) = graph.args[node]


def is_same(graph: Graph, a: int, b: int) -> bool:
    """Whether two nodes are one value: one node, or equal constants, in whatever formats."""
    a, b = value_of(graph, a), value_of(graph, b)
    x, y = graph.constants[a], graph.constants[b]
    return a == b or (x is not None and x == y)


def operands_of(graph: Graph, node: int) -> tuple[int, ...]:
    """The values that `node` is computed from."""
    return tuple(value_of(graph, arg) for arg in graph.args[node])


@dataclass(frozen=True, slots=True)
class Condition:
    """A bool node, and which of its values is meant."""

    node: int
    truth: bool


def condition_of(graph: Graph, node: int, truth: bool = True) -> Condition:
    """A condition without its `not`."""
    node = value_of(graph, node)
    while graph.ops[node] is ops.NOT:
        node, truth = value_of(graph, graph.args[node][0]), not truth
    return Condition(node, truth)


def are_opposite(graph: Graph, one: Condition, other: Condition) -> bool:
    """Whether exactly one of two tests holds, a NaN in a comparison apart."""
    if one.node == other.node:
        return one.truth is not other.truth
    first, second = comparison_of(graph, one), comparison_of(graph, other)
    if first is None or second is None:
        return False
    return first.opposite in (second, second.swapped)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a < b` and the like, of values."""

    symbol: str
    a: int
    b: int

    @property
    def opposite(self) -> Comparison:
        """What holds where this one does not, a NaN apart."""
        return Comparison(_OPPOSITE[self.symbol], self.a, self.b)

    @property
    def swapped(self) -> Comparison:
        """The same, said of `b` and `a`."""
        return Comparison(self.symbol.translate(_TURNED), self.b, self.a)


_TURNED = str.maketrans("<>", "><")


def comparison_of(graph: Graph, condition: Condition) -> Comparison | None:
    """The comparison of two values that holds where `condition` does."""
    op = graph.ops[condition.node]
    if not isinstance(op, Op) or op.family not in (Family.ORDER, Family.EQUALITY):
        return None
    found = Comparison(op.symbol, *operands_of(graph, condition.node))
    return found if condition.truth else found.opposite


@dataclass(frozen=True, slots=True)
class Choice:
    """`chosen` where the bool node `condition` is true, `otherwise` where it is not. None stands for zero."""

    condition: int
    chosen: int | None
    otherwise: int | None

    @property
    def arms(self) -> tuple[int, ...]:
        """The alternatives that are nodes."""
        return tuple(arm for arm in (self.chosen, self.otherwise) if arm is not None)


def choice_of(graph: Graph, node: int) -> Choice | None:
    """`node` as a choice between two values, however it is written; None where it is none.

    Written with a condition, `a if c else b`; with masks, `m * a + (1 - m) * b` and `b + m * (a - b)`, where m is a bool as a number.
    """
    node = value_of(graph, node)
    if graph.family(node) is Family.CHOICE:
        condition, chosen, otherwise = graph.args[node]
        return _told(condition_of(graph, condition), chosen, otherwise)
    if graph.family(node) is Family.SUM:
        return _sum_of_masked(graph, node)
    masked = _masked(graph, node) if graph.family(node) is Family.PRODUCT else None
    return _told(masked.condition, masked.value, None) if masked else None


def _told(condition: Condition, chosen: int | None, otherwise: int | None) -> Choice:
    return Choice(condition.node, *((chosen, otherwise) if condition.truth else (otherwise, chosen)))


@dataclass(frozen=True, slots=True)
class _Masked:
    """`value` where `condition` holds, else zero."""

    condition: Condition
    value: int


def _sum_of_masked(graph: Graph, node: int) -> Choice | None:
    parts = [_masked(graph, arg) for arg in graph.args[node]]
    a, b = parts
    if a and b and are_opposite(graph, a.condition, b.condition):
        return _told(a.condition, a.value, b.value)
    for masked, other in ((a, graph.args[node][1]), (b, graph.args[node][0])):
        step = value_of(graph, masked.value) if masked else node
        if masked and graph.family(step) is Family.DIFFERENCE and is_same(graph, graph.args[step][1], other):
            return _told(masked.condition, graph.args[step][0], other)
    return None


def _masked(graph: Graph, node: int) -> _Masked | None:
    """A product with a bool, or a choice between a value and zero."""
    node = value_of(graph, node)
    args = graph.args[node]
    if graph.family(node) is Family.PRODUCT:
        for factor, other in (args, args[::-1]):
            condition = mask_of(graph, factor)
            if condition is not None:
                return _Masked(condition, other)
    if graph.family(node) is Family.CHOICE:
        for arm, other, truth in ((args[1], args[2], True), (args[2], args[1], False)):
            if graph.constants[value_of(graph, other)] == 0 and graph.types[node] != BOOL:
                return _Masked(condition_of(graph, args[0], truth), arm)
    return None


def mask_of(graph: Graph, node: int) -> Condition | None:
    """The test that a number is 1 for, and 0 where it does not hold; None where it is no mask."""
    node = value_of(graph, node)
    op, args = graph.ops[node], graph.args[node]
    if op is ops.BOOL_TO_I64:
        return condition_of(graph, args[0])
    if op is ops.SELECT:
        arms = tuple(graph.constants[value_of(graph, arg)] for arg in args[1:])
        if arms in ((1, 0), (0, 1)) and graph.types[node] != BOOL:
            return condition_of(graph, args[0], arms == (1, 0))
    if graph.family(node) is Family.DIFFERENCE and graph.constants[value_of(graph, args[0])] == 1:
        inner = mask_of(graph, args[1])
        return inner and Condition(inner.node, not inner.truth)
    return None


@dataclass(frozen=True, slots=True)
class Extremum:
    """The smaller or the larger of two values: `challenger` where it beats `kept`, which also stands where either is NaN."""

    is_maximum: bool
    kept: int
    challenger: int

    @property
    def operands(self) -> tuple[int, int]:
        return self.kept, self.challenger


def extremum_of(graph: Graph, node: int) -> Extremum | None:
    """`node` as the smaller or larger of two values, however it is written; None where it is neither."""
    node = value_of(graph, node)
    family, args = graph.family(node), graph.args[node]
    if family in (Family.MINIMUM, Family.MAXIMUM):
        return None if is_same(graph, *args) else Extremum(family is Family.MAXIMUM, *args)
    choice = choice_of(graph, node)
    if choice is None or choice.chosen is None or choice.otherwise is None:
        return None
    return _compared(graph, choice.condition, choice.chosen, choice.otherwise)


def _compared(graph: Graph, condition: int, chosen: int, otherwise: int) -> Extremum | None:
    found = comparison_of(graph, Condition(condition, True))
    if found is None or graph.family(condition) is not Family.ORDER or is_same(graph, chosen, otherwise):
        return None
    for each in (found, found.swapped):
        if is_same(graph, each.a, chosen) and is_same(graph, each.b, otherwise):
            return Extremum(each.symbol[0] == ">", otherwise, chosen)
    return None


def is_given(graph: Graph, node: int) -> bool:
    """Whether a value is a constant or a parameter, known before any bar."""
    return graph.ops[value_of(graph, node)] in (Source.CONST, Source.PARAM)
