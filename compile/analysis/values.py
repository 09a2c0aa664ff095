"""What a node is, whatever its spelling: every lint and analysis asks here.

`value_of` looks through what leaves a value as it is: another format, another unit, a wrap that never happens. `choice_of` reads a
choice, be it written as `a if c else b` or with a mask, `m * a + (1 - m) * b`. `extremum_of` reads a minimum or a maximum, be it
written as `min(a, b)`, as `b if b < a else a` or with `abs`. What is not written as what it is, its normal form tells.
"""

from __future__ import annotations

from dataclasses import dataclass

from compile.analysis.forms import ZERO, Form, added, ratio
from compile.analysis.normal_form import NormalForms, normal_forms
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Family, Law, Op, Source
from dag.values.types import Kind

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

    Written with a condition, `a if c else b`, or with anything that comes to one of two values as a bool says, or an integer that is
    0 or 1, 0 or -1: `m * a + (1 - m) * b`, `b + m * (a - b)`, `(a & -m) | (b & ~-m)`. Of such an integer the condition is that it is
    not zero.
    """
    node = value_of(graph, node)
    if graph.family(node) is Family.CHOICE:
        condition, chosen, otherwise = graph.args[node]
        return _told(condition_of(graph, condition), chosen, otherwise)
    return _by_arithmetic(graph, node) if _may_be_masked(graph, node) else None


def _told(condition: Condition, chosen: int | None, otherwise: int | None) -> Choice:
    return Choice(condition.node, *((chosen, otherwise) if condition.truth else (otherwise, chosen)))


#: What a choice or a clamp may be written with.
_ARITHMETIC = (
    *(Family.SUM, Family.DIFFERENCE, Family.PRODUCT, Family.QUOTIENT, Family.FUSED, Family.NEGATION),
    *(Family.MINIMUM, Family.MAXIMUM, Family.BITWISE, Family.PATTERN),
)


def _may_be_masked(graph: Graph, node: int) -> bool:
    return graph.family(node) in _ARITHMETIC and not graph.types[node].is_array


def _by_arithmetic(graph: Graph, node: int) -> Choice | None:
    forms = normal_forms(graph)
    form = forms.inside(node)
    switches = forms.switches(form)
    near = sorted(_near(graph, node)) if switches else []
    masks = {switch for each in near for switch in _masked_by(graph, forms, each)}
    for switch in filter(masks.__contains__, switches):
        condition = forms.condition_of(switch, node)
        arms = [_arm(forms, form, node, near, switch, on) for on in (True, False)] if condition else []
        if condition is not None and None not in arms and arms[0] != arms[1]:
            return _told(Condition(*condition), *(None if arm == _NOTHING else arm for arm in arms))
    return None


#: The arm of a choice that is zero.
_NOTHING = -1
#: How far above a node its alternatives stand.
_STEPS = 5


def _near(graph: Graph, node: int) -> set[int]:
    """The numbers that `node` is computed from in a few steps of arithmetic."""
    found: set[int] = set()
    last = [node]
    for _ in range(_STEPS):
        args = {arg for each in last for arg in graph.args[each] if graph.types[arg].kind not in (Kind.BOOL, Kind.ENUM)}
        last = [
            each for each in args - found if graph.family(each) in (*_ARITHMETIC, Family.CONVERSION, Family.RELABELLING)
        ]
        found |= args
    return found


def _masked_by(graph: Graph, forms: NormalForms, node: int) -> list[int]:
    """The switch that a number is the mask of, 1 or 0, or -1 or 0; of a choice between a value and zero, its condition."""
    form = forms.of(node)
    cases = forms.cases(form)
    if cases is not None and 0 in cases and abs(sum(cases)) == 1:
        return forms.switches(form)[-1:]
    arms = [forms.of(each) for each in graph.args[node][1:]] if graph.family(node) is Family.CHOICE else []
    if ZERO in arms and not all(each.is_constant for each in arms):
        found = forms.switch_of(graph.args[node][0])
        return [found[0]] if found else []
    return []


def _arm(forms: NormalForms, form: Form, node: int, near: list[int], switch: int, on: bool) -> int | None:
    """What `node` is where the switch is on, or off: one of the values near it, or else the first that there is."""
    wanted = forms.where(form, switch, on)
    if wanted == ZERO:
        return _NOTHING
    alike = (each for each in near if forms.where(forms.of(each), switch, on) == wanted)
    return next(alike, forms.node_of(wanted, node))


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
    """`node` as the smaller or larger of two values, however it is written; None where it is neither.

    A choice by the comparison of what it chooses from is one, and so is `(a + b - abs(a - b)) / 2`.
    """
    node = value_of(graph, node)
    family, args = graph.family(node), graph.args[node]
    if family in (Family.MINIMUM, Family.MAXIMUM):
        return None if is_same(graph, *args) else Extremum(family is Family.MAXIMUM, *args)
    choice = choice_of(graph, node)
    if choice is not None:
        return _compared(graph, node, choice)
    return _by_forks(graph, node) if _may_be_masked(graph, node) else None


def _compared(graph: Graph, node: int, choice: Choice) -> Extremum | None:
    """A choice by the comparison of its two values."""
    forms = normal_forms(graph)
    zero = forms.node_of(ZERO, node) if None in (choice.chosen, choice.otherwise) else None
    chosen, otherwise = (zero if arm is None else arm for arm in (choice.chosen, choice.otherwise))
    if chosen is None or otherwise is None:
        return None
    forms.of(node)
    above = forms.compared(choice.condition)
    apart = _difference(forms.of(chosen), forms.of(otherwise))
    factor = above and apart and ratio(apart, above)
    return Extremum(factor > 0, otherwise, chosen) if factor else None


def _difference(a: Form, b: Form) -> Form | None:
    """a - b; None where both are sums with a term in common: `total + x if x > 0.0 else total` bounds x and not the total."""
    atoms = [{atom for atom, _ in each.terms} for each in (a, b)]
    return None if a == b or atoms[0] & atoms[1] else added(a, b, -1)


def _by_forks(graph: Graph, node: int) -> Extremum | None:
    """What is one value where a difference is positive and another where it is negative, and these differ as it does."""
    forms = normal_forms(graph)
    for fork in forms.forks(forms.inside(node)):
        above, below = (forms.node_of(each, node) for each in (fork.above, fork.below))
        apart = _difference(fork.above, fork.below)
        factor = apart and ratio(apart, fork.difference)
        if above is not None and below is not None and factor:
            return Extremum(factor > 0, above, below)
    return None


def is_given(graph: Graph, node: int) -> bool:
    """Whether a value is a constant or a parameter, known before any bar."""
    return graph.ops[value_of(graph, node)] in (Source.CONST, Source.PARAM)
