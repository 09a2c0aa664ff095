"""How the form of a result is made from those of its operands: a rule for each operator, or family of operators."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from compile.analysis.forms import (
    ALL_BITS,
    BOTH,
    IS_POSITIVE,
    IS_ZERO,
    ONE,
    ZERO,
    Form,
    Number,
    added,
    constant,
    is_whole_number,
    negated,
    scaled,
)
from dag.operators import table as ops
from dag.operators.op import Family, Op

if TYPE_CHECKING:
    from compile.analysis.normal_form import NormalForms


def _difference(forms: NormalForms, a: Form, b: Form) -> Form:
    return added(a, b, -1)


def _product(forms: NormalForms, a: Form, b: Form) -> Form:
    for factor, other in ((a, b), (b, a)):
        if factor.is_constant:
            return scaled(other, factor.constant)
    if forms.is_truth(a) and forms.is_truth(b):
        return _both(forms, a, b)
    return forms.atom(Family.PRODUCT, frozenset({a, b}))


def _quotient(forms: NormalForms, a: Form, b: Form) -> Form:
    if b.is_constant and b.constant:
        return scaled(a, 1 / Fraction(b.constant))
    return ZERO if a == ZERO else forms.atom(Family.QUOTIENT, (a, b))


def _least(forms: NormalForms, a: Form, b: Form) -> Form:
    low, high = forms.ends(added(a, b, -1))
    if high <= 0 or low >= 0:
        return a if high <= 0 else b
    return forms.atom(Family.MINIMUM, frozenset({a, b}))


def _greatest(forms: NormalForms, a: Form, b: Form) -> Form:
    low, high = forms.ends(added(a, b, -1))
    if high <= 0 or low >= 0:
        return b if high <= 0 else a
    return forms.atom(Family.MAXIMUM, frozenset({a, b}))


def _magnitude(forms: NormalForms, x: Form) -> Form:
    low, high = forms.ends(x)
    if low >= 0 or high <= 0:
        return x if low >= 0 else scaled(x, -1)
    unit, factor = _unit(x)
    return scaled(forms.atom(Family.MAGNITUDE, (unit,)), factor if factor > 0 else -factor)


def _root(forms: NormalForms, x: Form) -> Form:
    """The root of a square is a magnitude."""
    for atom, by in x.terms if not x.constant and len(x.terms) == 1 else ():
        tag, parts = forms.keys.get(atom, (None, ()))
        if tag is Family.PRODUCT and len(parts) == 1 and by == 1:
            return _magnitude(forms, next(iter(parts)))
    return x if x in (ZERO, ONE) else forms.atom(Family.ROOT, (x,))


def _unit(x: Form) -> tuple[Form, Number]:
    """x as a form whose last atom counts once, and the factor."""
    factors = dict(x.terms)
    factor = factors[max(factors)]
    return scaled(x, 1 / Fraction(factor)), factor


def _positive(forms: NormalForms, x: Form) -> Form:
    """Whether x > 0."""
    if x.is_constant:
        return constant(int(x.constant > 0))
    if forms.cases(x):
        return forms.by_cases(x, lambda value: int(value > 0))
    unit, factor = _unit(x)
    return forms.atom(IS_POSITIVE, (unit if factor > 0 else scaled(unit, -1),), is_switch=True)


def _zero(forms: NormalForms, x: Form) -> Form:
    """Whether x == 0."""
    if x.is_constant:
        return constant(int(x.constant == 0))
    if forms.cases(x):
        return forms.by_cases(x, lambda value: int(value == 0))
    return forms.atom(IS_ZERO, (_unit(x)[0],), is_switch=True)


def _both(forms: NormalForms, a: Form, b: Form) -> Form:
    for one, other in ((a, b), (b, a)):
        if one.is_constant:
            return other if one.constant else ZERO
    if a == b:
        return a
    return ZERO if a == negated(b) else forms.atom(BOTH, frozenset({a, b}), is_switch=True)


def _either(forms: NormalForms, a: Form, b: Form) -> Form:
    return negated(_both(forms, negated(a), negated(b)))


def _choice(forms: NormalForms, condition: Form, a: Form, b: Form) -> Form:
    if a == b or condition.is_constant:
        return a if a == b or condition.constant else b
    if a.is_constant and b.is_constant:
        return added(b, condition, a.constant - b.constant)
    if condition.constant:
        condition, a, b = negated(condition), b, a
    return forms.atom(Family.CHOICE, (condition, a, b))


def _bit_and(forms: NormalForms, a: Form, b: Form) -> Form:
    for one, other in ((a, b), (b, a)):
        if one in (ZERO, ALL_BITS) or one == other:
            return ZERO if one == ZERO else other
        if one == ONE and forms.is_truth(other):
            return other
    if forms.is_truth(a) and forms.is_truth(b):
        return _both(forms, a, b)
    return _of_bits(forms, ops.IAND, a, b)


def _bit_or(forms: NormalForms, a: Form, b: Form) -> Form:
    for one, other in ((a, b), (b, a)):
        if one in (ZERO, ALL_BITS) or one == other:
            return ALL_BITS if one == ALL_BITS else other
    if forms.is_truth(a) and forms.is_truth(b):
        return _either(forms, a, b)
    return _of_bits(forms, ops.IOR, a, b)


def _exclusive(forms: NormalForms, *operands: Form) -> Form:
    """The exclusive or: what stands twice in it is gone."""
    left, number = frozenset[Form](), 0
    for each in operands:
        left ^= _members(forms, each)
    for each in left:
        number ^= int(each.constant) if each.is_constant and is_whole_number(each) else 0
    left = frozenset(each for each in left if not (each.is_constant and is_whole_number(each)))
    if number == -1:
        return added(ALL_BITS, _exclusive(forms, *left), -1)
    if len(left) == 1:
        (only,) = left
        if not number or (number == 1 and forms.is_truth(only)):
            return negated(only) if number else only
    if not left:
        return constant(number)
    return forms.atom(ops.IXOR, left | {constant(number)} if number else left)


def _members(forms: NormalForms, form: Form) -> frozenset[Form]:
    tag, parts = forms.single(form) or (None, ())
    return frozenset(parts) if tag is ops.IXOR else frozenset({form})


def _of_bits(forms: NormalForms, op: Op, a: Form, b: Form) -> Form:
    if a.is_constant and b.is_constant and is_whole_number(a) and is_whole_number(b):
        return constant(int(op.compute(int(a.constant), int(b.constant))))
    return forms.atom(op, frozenset({a, b}))


#: The place of an integer's sign: shifted down from there it is a mask.
_SIGN = 63


def _shift_up(forms: NormalForms, a: Form, count: Form) -> Form:
    if a == ZERO or not count.is_constant:
        return a if a == ZERO else forms.atom(ops.SHL, (a, count))
    return scaled(a, 1 << int(count.constant) % (_SIGN + 1))


def _shift_down(forms: NormalForms, a: Form, count: Form) -> Form:
    if ZERO in (a, count):
        return a
    if a.is_constant and count.is_constant:
        return constant(int(ops.SHR.compute(int(a.constant), int(count.constant))))
    if count == constant(_SIGN):
        return scaled(_positive(forms, scaled(a, -1)), -1)
    return forms.atom(ops.SHR, (a, count))


def _floor_quotient(forms: NormalForms, a: Form, b: Form) -> Form:
    if a == ZERO or b == ONE:
        return a
    if a.is_constant and b.is_constant:
        return constant(int(ops.IDIV.compute(int(a.constant), int(b.constant))))
    return forms.atom(ops.IDIV, (a, b))


_ORDER: Mapping[str, Callable[[NormalForms, Form, Form], Form]] = {
    "<": lambda forms, a, b: _positive(forms, added(b, a, -1)),
    "<=": lambda forms, a, b: negated(_positive(forms, added(a, b, -1))),
    ">": lambda forms, a, b: _positive(forms, added(a, b, -1)),
    ">=": lambda forms, a, b: negated(_positive(forms, added(b, a, -1))),
    "==": lambda forms, a, b: _zero(forms, added(a, b, -1)),
    "!=": lambda forms, a, b: negated(_zero(forms, added(a, b, -1))),
}

#: How the form of a result is made from those of the operands.
MADE: dict[Hashable, Callable[..., Form]] = {
    Family.SUM: lambda forms, a, b: added(a, b),
    Family.DIFFERENCE: _difference,
    Family.PRODUCT: _product,
    Family.QUOTIENT: _quotient,
    ops.IDIV: _floor_quotient,
    Family.NEGATION: lambda forms, x: scaled(x, -1),
    Family.MAGNITUDE: _magnitude,
    Family.ROOT: _root,
    Family.FUSED: lambda forms, a, b, c: added(_product(forms, a, b), c),
    Family.MINIMUM: _least,
    Family.MAXIMUM: _greatest,
    **{op: _ORDER[op.symbol] for family in (Family.ORDER, Family.EQUALITY) for op in ops.FAMILIES[family]},
    ops.NOT: lambda forms, x: negated(x),
    ops.AND: _both,
    ops.OR: _either,
    Family.CHOICE: _choice,
    ops.IAND: _bit_and,
    ops.IOR: _bit_or,
    ops.IXOR: _exclusive,
    ops.SHL: _shift_up,
    ops.SHR: _shift_down,
    IS_POSITIVE: _positive,
    IS_ZERO: _zero,
    BOTH: _both,
}
