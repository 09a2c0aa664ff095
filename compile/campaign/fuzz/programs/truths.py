"""Conditions."""

from __future__ import annotations

from collections.abc import Callable

from compile.campaign.fuzz.programs.kinds import Float, Kind, Member, Narrow, Single, Truth
from compile.campaign.fuzz.programs.leaves import UNITS, formed, modest
from compile.campaign.fuzz.programs.pen import Pen

_ORDERS = ("<", "<=", ">", ">=", "==", "!=")


def truth(pen: Pen, depth: int) -> str:
    """A bool."""
    forms = _SWEPT if pen.sweeping else _FORMS
    return formed(pen, depth, forms, _leaf)


def _leaf(pen: Pen) -> str:
    found = pen.readable(Truth())
    if found and pen.dice.chance(0.6):
        return pen.dice.pick(found)[0]
    if pen.dice.chance(0.05):
        return pen.dice.pick(("True", "False"))
    return _floats(pen, 0)


def _floats(pen: Pen, depth: int) -> str:
    unit = "" if pen.sweeping else pen.dice.pick(("", "", "", *UNITS))
    a, b = pen.float(unit, depth), pen.float(unit, depth)
    if pen.dice.chance(0.2):
        with pen.under_a_condition():  # asked where the first comparison holds
            return f"({a} {pen.dice.pick(_ORDERS)} {b} {pen.dice.pick(_ORDERS)} {pen.float(unit, depth)})"
    return f"({a} {pen.dice.pick(_ORDERS)} {b})"


def _wholes(pen: Pen, depth: int) -> str:
    a, b = pen.whole(depth).text, pen.whole(depth).text
    if pen.dice.chance(0.2):
        with pen.under_a_condition():
            return f"({a} {pen.dice.pick(_ORDERS)} {b} {pen.dice.pick(_ORDERS)} {pen.whole(depth).text})"
    return f"({a} {pen.dice.pick(_ORDERS)} {b})"


def _mixed(pen: Pen, depth: int) -> str:
    return f"({modest(pen, depth).text} {pen.dice.pick(_ORDERS)} {pen.float('', depth)})"


def _joined(pen: Pen, depth: int) -> str:
    first = pen.truth(depth)
    op = pen.dice.pick(("and", "or"))
    with pen.under_a_condition():
        return f"({first} {op} {pen.truth(depth)})"


def _negated(pen: Pen, depth: int) -> str:
    return f"(not {pen.truth(depth)})"


def _bitwise(pen: Pen, depth: int) -> str:
    return f"({pen.truth(depth)} {pen.dice.pick(('&', '|', '^', '==', '!='))} {pen.truth(depth)})"


def _asked(pen: Pen, depth: int) -> str | None:
    if "math" not in pen.known:
        return None
    return f"math.{pen.dice.pick(('isnan', 'isfinite', 'isinf'))}({pen.float('', depth)})"


def _of_number(pen: Pen, depth: int) -> str:
    number = pen.float("", depth) if pen.dice.chance(0.5) else pen.whole(depth).text
    return f"bool({number})"


def _member(pen: Pen, depth: int) -> str | None:
    found = [(name, kind) for name, kind in pen.scope.items() if isinstance(kind, Member)]
    if not found:
        return None
    name, kind = pen.dice.pick(found)
    if kind.cls not in pen.known:
        return None
    chosen = [f"{kind.cls}.{member}" for member in pen.dice.shuffled(kind.members)]
    if pen.dice.chance(0.3):
        return f"({name} {pen.dice.pick(('in', 'not in'))} ({', '.join(chosen[:2])},))"
    return f"({name} {pen.dice.pick(('==', '!=', 'is', 'is not'))} {chosen[0]})"


def _narrower(pen: Pen, depth: int) -> str:
    kind: Kind = Single() if pen.dice.chance(0.5) else Narrow()
    a, b = pen.of(kind, depth), pen.of(kind, depth)
    return f"({a} {pen.dice.pick(_ORDERS)} {b})"


def _choice(pen: Pen, depth: int) -> str:
    test = pen.truth(depth)
    with pen.under_a_condition():
        return f"({pen.truth(depth)} if {test} else {pen.truth(depth)})"


def _warm(pen: Pen, depth: int) -> str | None:
    return f"warm({pen.dice.pick(pen.warming)})" if pen.warming and "warm" in pen.known else None


def _unordered(pen: Pen, depth: int) -> str | None:
    name = pen.readable(Float())
    return f"({pen.dice.pick(name)[0]} != {pen.dice.pick(name)[0]})" if name else None


_Form = Callable[[Pen, int], str | None]
_FORMS: tuple[_Form, ...] = (
    _floats, _floats, _floats, _wholes, _wholes, _mixed, _joined, _joined, _negated, _bitwise, _asked, _of_number, _member, _member,
    _narrower, _choice, _warm, _unordered,
)  # fmt: skip
_SWEPT: tuple[_Form, ...] = (_floats, _floats, _narrower, _joined, _negated)
