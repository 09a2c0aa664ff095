"""Forms and what is done with them: a sum of terms, each a number times an atom. What atoms are is `compile.analysis.normal_form`'s."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

Number = int | Fraction


class Form(NamedTuple):
    """`constant` plus each atom times its factor."""

    constant: Number
    terms: frozenset[tuple[int, Number]]

    @property
    def is_constant(self) -> bool:
        """Whether no atom is left."""
        return not self.terms


def constant(value: Number) -> Form:
    """The form that is a number."""
    return Form(value, frozenset())


ZERO, ONE, ALL_BITS = constant(0), constant(1), constant(-1)


def scaled(form: Form, factor: Number) -> Form:
    """`factor * form`."""
    if factor == 1:
        return form
    if factor == 0:
        return ZERO
    return Form(plain(form.constant * factor), frozenset((atom, plain(by * factor)) for atom, by in form.terms))


def added(a: Form, b: Form, factor: Number = 1) -> Form:
    """`a + factor * b`."""
    if not b.terms:
        return Form(plain(a.constant + factor * b.constant), a.terms)
    terms = dict(a.terms)
    for atom, by in b.terms:
        total = plain(terms.pop(atom, 0) + by * factor)
        if total:
            terms[atom] = total
    return Form(plain(a.constant + factor * b.constant), frozenset(terms.items()))


def negated(truth: Form) -> Form:
    """`not` of a bool, which is 0 or 1."""
    return added(ONE, truth, -1)


def ratio(a: Form, b: Form) -> Number | None:
    """k where a = k * b, of forms that are not zero; None where there is no such number."""
    if a.terms:
        factors, others = dict(a.terms), dict(b.terms)
        atom = max(factors)
        factor = plain(Fraction(factors[atom]) / others[atom]) if atom in others else 0
    else:
        factor = plain(Fraction(a.constant) / b.constant) if b.constant else 0
    return factor if factor and a == scaled(b, factor) else None


def plain(value: Number) -> Number:
    """The same number, an int where it is whole."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


class Tag(NamedTuple):
    """What an atom is that no operator makes."""

    name: str


IS_POSITIVE, IS_ZERO, BOTH, DIFFERENCE = map(Tag, ("positive", "zero", "both", "difference"))


def is_whole_number(form: Form) -> bool:
    """Whether the number of the form is a whole one."""
    return isinstance(form.constant, int)
