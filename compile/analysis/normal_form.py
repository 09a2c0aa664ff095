"""What a node computes, whatever its spelling: a sum of terms, each a number times an atom, and its value where a bool is fixed.

    (a + b - abs(a - b)) / 2         a or b, as a - b is negative or positive
    m * a + (1 - m) * b              a where m is 1, b where it is 0
    (a & m) | (b & ~m)               a where m is -1, b where it is 0

An atom is a node that nothing is known of, or a function of forms that is no sum: a product, a comparison, a choice. Equal forms
are equal values, as real numbers: rounding, NaN and the signs of zeros are looked away from, so that a form decides what a lint
says and never what is computed. What annotations claim something of is an atom: it does not vanish in what is made of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator
from fractions import Fraction
from typing import NamedTuple

from compile.analysis.facts import Fact, Floats, Integers
from compile.analysis.form_rules import MADE
from compile.analysis.forms import (
    BOTH,
    DIFFERENCE,
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
    plain,
    scaled,
)
from compile.analysis.once import once
from compile.analysis.ranges import ranges_once
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Family, Law, Op
from dag.values.types import F32, F64, I32, I64, Kind

#: A form with more terms than this is taken for an atom.
TERMS = 8
#: So many switches are told apart in one atom; of more, those that stand in its own operands are kept.
SWITCHES = 12
#: How deep in one another atoms are rebuilt where a switch is fixed.
NESTED = 12
#: The most values that an integer may have and still be followed, value by value, through comparisons.
VALUES = 16
#: The values of a mask: a number, or the bits of one.
_TWO_VALUES = ((0, 1), (-1, 0))


#: An atom's function, and the forms it is a function of.
_Key = tuple[Hashable, tuple[Form, ...] | frozenset[Form]]


class Fork(NamedTuple):
    """What a form is where `difference` is positive, and where it is negative."""

    difference: Form
    above: Form
    below: Form


class NormalForms:
    """The forms of a graph's nodes, worked out as far as they are asked for."""

    def __init__(self, graph: Graph, facts: tuple[Fact, ...]) -> None:
        self.graph, self.facts = graph, facts
        self.keys: dict[int, _Key] = {}
        self._claimed = {claim.node for claim in graph.claims if claim.marks}
        self._forms: list[Form] = []
        self._inside: dict[int, Form] = {}
        self._first: dict[Form, int] = {}
        self._atoms: dict[_Key, int] = {}
        self._next = len(graph)
        #: The switches that an atom depends on, and small integers that a comparison may fix.
        self._reach: dict[int, frozenset[int]] = {}
        self._switches: dict[int, Number] = {}
        self._fixed: dict[tuple[int, bool], dict[int, Form]] = {}

    def of(self, node: int) -> Form:
        """The form of a node."""
        while len(self._forms) <= node:
            at = len(self._forms)
            form = self._form(at)
            self._forms.append(form)
            self._first.setdefault(form, at)
        return self._forms[node]

    def inside(self, node: int) -> Form:
        """The form of what a node computes, though something is claimed of it."""
        form = self.of(node)
        return self._inside.get(node, form)

    def node_of(self, form: Form, before: int) -> int | None:
        """The first node of that form, where it stands before the node `before`."""
        found = self._first.get(form)
        return found if found is not None and found < before else None

    def switches(self, form: Form) -> list[int]:
        """The atoms of two values that `form` depends on: bools, and integers that are 0 or 1, or 0 or -1."""
        return sorted(each for each in self._reach_of(form) if each in self._switches)

    def switch_of(self, condition: int) -> tuple[int, bool] | None:
        """The switch that a bool node is, and the value of the switch where the node is true."""
        form = self.of(condition)
        for each, truth in ((form, True), (scaled(form, -1), True), (negated(form), False)):
            match each.constant, tuple(each.terms):
                case 0, ((atom, 1),) if atom in self._switches:
                    return atom, truth
        return None

    def compared(self, condition: int) -> Form | None:
        """What is positive wherever the comparison `condition` holds, and not positive where it does not, zero apart."""
        found = self.switch_of(condition)
        difference = self.positive_where(found[0]) if found else None
        return difference if difference is None or (found and found[1]) else scaled(difference, -1)

    def positive_where(self, switch: int) -> Form | None:
        """What is positive where a switch is on, and not where it is off; None where the switch is no such comparison."""
        tag, parts = self.keys.get(switch, (None, ()))
        return next(iter(parts)) if tag is IS_POSITIVE else None

    def pieces(self, form: Form, depth: int = 3) -> set[Form]:
        """What `form` is on all sides of the absolute values, minima and maxima among its terms."""
        fork = next(self.forks(form), None) if depth else None
        return self.pieces(fork.above, depth - 1) | self.pieces(fork.below, depth - 1) if fork else {form}

    def is_truth(self, form: Form) -> bool:
        """Whether `form` is 0 or 1, as one switch says."""
        return self.cases(form) in ((0, 1), (1, 0))

    def cases(self, form: Form) -> tuple[Number, Number] | None:
        """What a form of one switch and nothing else is where the switch is off, and where it is on."""
        match tuple(form.terms):
            case ((atom, by),) if atom in self._switches:
                return form.constant, form.constant + by * self._switches[atom]
        return None

    def by_cases(self, form: Form, of_number: Callable[[Number], int]) -> Form:
        """The function of a form of one switch that is `of_number` of either of its values."""
        cases = self.cases(form)
        assert cases is not None
        off, on = (of_number(each) for each in cases)
        ((atom, _),) = form.terms
        return added(constant(off), Form(0, frozenset({(atom, self._switches[atom])})), on - off)

    def condition_of(self, switch: int, before: int) -> tuple[int, bool] | None:
        """The node that says whether a switch is on, and its truth where it is: a bool, or else a number; None where there is none."""
        form = Form(0, frozenset({(switch, self._switches[switch])}))
        asked = ((form, True), (negated(form), False), (scaled(form, -1), True))
        found = [(node, truth) for each, truth in asked if (node := self.node_of(each, before)) is not None]
        bools = [each for each in found if self.graph.types[each[0]].kind is Kind.BOOL]
        return next(iter((*bools, *found)), None)

    def where(self, form: Form, switch: int, on: bool) -> Form:
        """`form` where the switch is on, or off."""
        return self._where(form, switch, on, self._fixed.setdefault((switch, on), self._assigned(switch, on)), 0)

    def forks(self, form: Form) -> Iterator[Fork]:
        """The absolute values, minima and maxima among the terms of `form`, and what it is on either side of each."""
        for atom, by in form.terms:
            tag, parts = self.keys.get(atom, (None, ()))
            if tag not in (Family.MAGNITUDE, Family.MINIMUM, Family.MAXIMUM):
                continue
            first, *others = parts
            a, b = first, others[0] if others else scaled(first, -1)
            high, low = (b, a) if tag is Family.MINIMUM else (a, b)
            rest = added(form, Form(0, frozenset({(atom, by)})), -1)
            yield Fork(added(a, b, -1), added(rest, high, by), added(rest, low, by))

    def _form(self, node: int) -> Form:
        op, type_ = self.graph.ops[node], self.graph.types[node]
        value = self.graph.constants[node]
        if value is not None and not type_.is_array:
            return constant(plain(Fraction(value))) if math.isfinite(value) else self._opaque(node)
        if not isinstance(op, Op) or type_.is_array or op in ops.ON_ARRAYS or self._is_inner(op, node):
            return self._opaque(node)
        found = self._made(op, [self._forms[arg] for arg in self.graph.args[node]], node)
        self._note_values(found, node)
        if node in self._claimed:
            self._inside[node] = found
        return self._opaque(node) if node in self._claimed or len(found.terms) > TERMS else found

    def _is_inner(self, op: Op, node: int) -> bool:
        """Whether this is a step of a function that answers for itself, and not what a lane asks for: `wrapping_mul`, `ieee_div`."""
        asked = _ASKED_OF_FLOATS if op.gives in (F64, F32) else _ASKED_OF_INTEGERS
        return self.graph.total[node] and op.family not in asked

    def _wraps(self, op: Op, node: int | None) -> bool:
        """Whether a lane asks that another format cut a value off; of `wrapping_mul` in 32 bits, the product says so itself."""
        if node is None or Law.EXACT in op.laws:
            return False
        return self.graph.total[node] and not self.graph.total[self.graph.args[node][0]]

    def _note_values(self, form: Form, node: int) -> None:
        """An atom that is a whole number of two values by what is known of them is a switch: `n % 2`, `round(share)`."""
        match form.constant, tuple(form.terms):
            case 0, ((atom, 1),) if atom in self.keys and atom not in self._switches:
                match self.facts[node]:
                    case Integers(lo, hi) if (lo, hi) in _TWO_VALUES:
                        self._switches[atom] = hi or lo
                    case Floats(lo, hi, False) if (lo, hi) in _TWO_VALUES and self.graph.family(
                        node
                    ) is Family.INTEGRAL:
                        self._switches[atom] = int(hi or lo)
                    case _:
                        return
                self._reach[atom] |= {atom}

    def _opaque(self, node: int) -> Form:
        """An atom of which nothing is known but the values it can have."""
        fact = self.facts[node]
        if self.graph.types[node].kind is Kind.BOOL:
            self._switches[node] = 1
        elif isinstance(fact, Integers) and fact.hi - fact.lo < VALUES:
            if (fact.lo, fact.hi) in _TWO_VALUES:
                self._switches[node] = fact.hi or fact.lo
        else:
            self._reach[node] = frozenset()
            return Form(0, frozenset({(node, 1)}))
        self._reach[node] = frozenset({node})
        return Form(0, frozenset({(node, 1)}))

    def _made(self, op: Op, forms: list[Form], node: int | None = None) -> Form:
        """`op` of operands of these forms."""
        make = MADE.get(op) or MADE.get(op.family)
        if Law.SAME_VALUE in op.laws and not self._wraps(op, node):
            return forms[0]
        if op in (ops.BOOL_TO_I64, ops.ENUM_TO_I64):
            return forms[0]
        if make is not None:
            return make(self, *forms)
        if all(each.is_constant for each in forms) and op.gives in WHOLE and all(map(is_whole_number, forms)):
            return constant(int(op.compute(*(int(each.constant) for each in forms))))
        if (op.family is Family.INTEGRAL or Law.NOT_ABOVE in op.laws) and self._is_whole(forms[0]):
            return forms[0]
        if op.family is Family.PATTERN:
            match self.single(forms[0]):
                case Op() as inner, (form,) if (inner.takes, inner.gives) == ((op.gives,), op.takes[0]):
                    return form
                case _:
                    pass
        return self.atom(op, tuple(forms))

    def atom(self, tag: Hashable, parts: tuple[Form, ...] | frozenset[Form], is_switch: bool = False) -> Form:
        """The form that is one function of other forms."""
        key = tag, parts
        atom = self._atoms.get(key)
        if atom is None:
            atom = self._atoms[key] = self._next
            self._next += 1
            self.keys[atom] = key
            reach = frozenset[int]().union(*map(self._reach_of, parts))
            if len(reach) > SWITCHES:
                reach = frozenset(inner for part in parts for inner, _ in part.terms if inner in self._switches)
            if is_switch:
                self._switches[atom] = 1
                reach |= {atom, *self._compared(key)}
            self._reach[atom] = reach
        return Form(0, frozenset({(atom, 1)}))

    def _compared(self, key: _Key) -> Iterator[int]:
        """An atom that comparisons of the same difference, or of its opposite, have in common."""
        tag, parts = key
        if tag in (IS_POSITIVE, IS_ZERO):
            ((_, terms),) = parts
            ends = frozenset({Form(0, terms), scaled(Form(0, terms), -1)})
            ((atom, _),) = self.atom(DIFFERENCE, ends).terms
            yield atom

    def _reach_of(self, form: Form) -> frozenset[int]:
        return frozenset[int]().union(*(self._reach[atom] for atom, _ in form.terms))

    def single(self, form: Form) -> _Key | None:
        """The function that `form` is, and nothing else."""
        match form.constant, tuple(form.terms):
            case 0, ((atom, 1),):
                return self.keys.get(atom)
        return None

    def _is_whole(self, form: Form) -> bool:
        """Whether every value of `form` is a whole number."""
        return isinstance(form.constant, int) and all(
            isinstance(by, int)
            and (
                atom in self._switches
                or (atom < len(self.graph) and self.graph.types[atom].element.kind in (Kind.I64, Kind.I32, Kind.ENUM))
            )
            for atom, by in form.terms
        )

    def ends(self, form: Form) -> tuple[float, float]:
        """The least and the greatest value that `form` can have, as far as its atoms tell."""
        low = high = float(form.constant)
        for atom, by in form.terms:
            a, b = sorted(float(by) * end for end in self._ends_of_atom(atom))
            low, high = low + a, high + b
        return low, high

    def _ends_of_atom(self, atom: int) -> tuple[float, float]:
        if atom in self._switches:
            return float(min(0, self._switches[atom])), float(max(0, self._switches[atom]))
        if atom in self.keys:
            return (0.0, math.inf) if self.keys[atom][0] is Family.MAGNITUDE else (-math.inf, math.inf)
        fact = self.facts[atom]
        if isinstance(fact, Floats | Integers) and fact.lo <= fact.hi:
            return fact.lo, fact.hi
        return -math.inf, math.inf

    def _assigned(self, switch: int, on: bool) -> dict[int, Form]:
        """What fixing a switch says of atoms: of itself, and of the integer that it compares with a number."""
        known = {switch: constant(self._switches[switch] if on else 0)}
        tag, parts = self.keys.get(switch, (None, ()))
        if switch in self.keys:
            known |= {each: Form(0, frozenset({(each, 1)})) for each in self._compared(self.keys[switch])}
        if tag is IS_ZERO:
            ((offset, terms),) = parts
            match tuple(terms):
                case ((atom, 1),):
                    if on:
                        known[atom] = constant(-offset)
                    elif atom in self._switches:
                        known[atom] = constant(self._switches[atom] + offset)
        return known

    def _where(self, form: Form, switch: int, on: bool, known: dict[int, Form], depth: int) -> Form:
        found = constant(form.constant)
        for atom, by in form.terms:
            found = added(found, self._atom_where(atom, switch, on, known, depth), by)
        return found

    def _atom_where(self, atom: int, switch: int, on: bool, known: dict[int, Form], depth: int) -> Form:
        if atom in known:
            return known[atom]
        same = Form(0, frozenset({(atom, 1)}))
        if atom not in self.keys or depth > NESTED:
            return same
        tag, parts = self.keys[atom]
        implied = self._implied(tag, parts, switch, on)
        if implied is not None:
            found = implied
        elif self._reach[atom].isdisjoint(known):
            return same
        else:
            found = self._again(tag, [self._where(part, switch, on, known, depth + 1) for part in parts])
        if not depth:
            known[atom] = found
        return found

    def _again(self, tag: Hashable, parts: list[Form]) -> Form:
        if isinstance(tag, Op) and tag not in MADE and tag.family not in MADE:
            return self._made(tag, parts)
        make = MADE[tag]
        return make(self, *(parts * 2 if len(parts) == 1 and tag in _OF_TWO else parts))

    def _implied(self, tag: Hashable, parts: tuple[Form, ...] | frozenset[Form], switch: int, on: bool) -> Form | None:
        """What one comparison says of another that differs from it, or from its opposite, by a number."""
        if self.keys.get(switch, (None, ()))[0] is not IS_POSITIVE or tag not in (IS_POSITIVE, IS_ZERO):
            return None
        (asked,), (fixed,) = parts, self.keys[switch][1]
        for sign in (1, -1):
            apart = added(asked, fixed, -sign)
            if not apart.is_constant:
                continue
            # asked = sign * fixed + offset, and fixed is above zero (on), or at most zero.
            offset = apart.constant
            if (sign > 0) is on and (offset > 0 or (on and offset == 0)):
                return ONE if tag is IS_POSITIVE else ZERO
            if (sign > 0) is not on and (offset < 0 or (offset == 0 and (on or tag is IS_POSITIVE))):
                return ZERO
        return None


WHOLE = I32, I64
#: The families that a lane asks for on all operands: of floats, and of integers.
_ASKED_OF_FLOATS = (Family.QUOTIENT,)
_ASKED_OF_INTEGERS = (Family.SUM, Family.DIFFERENCE, Family.PRODUCT, Family.CONVERSION)


#: What a set of operands stands for: where both are equal, the set has one.
_OF_TWO = (Family.PRODUCT, Family.MINIMUM, Family.MAXIMUM, BOTH, ops.IAND, ops.IOR)


@once
def normal_forms(graph: Graph) -> NormalForms:
    """The forms of `graph`, worked out once for all the checks that ask."""
    return NormalForms(graph, ranges_once(graph).facts)
