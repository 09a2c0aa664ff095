"""Expressions of binary32: they meet their like and literals only."""

from __future__ import annotations

from collections.abc import Callable

from compile.campaign.fuzz.programs import sequences, windows
from compile.campaign.fuzz.programs.kinds import Single
from compile.campaign.fuzz.programs.leaves import formed, literal
from compile.campaign.fuzz.programs.pen import Pen


def single(pen: Pen, depth: int) -> str:
    """A float32."""
    return formed(pen, depth, _SWEPT if pen.sweeping else _FORMS, _leaf)


def _leaf(pen: Pen) -> str:
    found = pen.readable(Single())
    return pen.dice.pick(found)[0] if found and pen.dice.chance(0.8) else f"float32({literal(pen)})"


def _beside(pen: Pen, depth: int) -> str:
    """What may stand beside one: another, or a literal."""
    return literal(pen) if pen.dice.chance(0.25) else single(pen, depth)


def _sum(pen: Pen, depth: int) -> str:
    return f"({single(pen, depth)} {pen.dice.pick(('+', '-', '*'))} {_beside(pen, depth)})"


def _reversed(pen: Pen, depth: int) -> str:
    return f"({_beside(pen, depth)} {pen.dice.pick(('+', '-', '*'))} {single(pen, depth)})"


def _quotient(pen: Pen, depth: int) -> str:
    return f"({single(pen, depth)} / (abs({single(pen, depth)}) + 0.5))"


def _ieee(pen: Pen, depth: int) -> str | None:
    return f"ieee_div({single(pen, depth)}, {_beside(pen, depth)})" if "ieee_div" in pen.known else None


def _sign(pen: Pen, depth: int) -> str:
    return pen.dice.pick((f"(-{single(pen, depth)})", f"abs({single(pen, depth)})"))


def _extreme(pen: Pen, depth: int) -> str:
    return f"{pen.dice.pick(('min', 'max'))}({single(pen, depth)}, {_beside(pen, depth)})"


def _rounded(pen: Pen, depth: int) -> str | None:
    name = pen.dice.pick(("rint", "floor", "ceil", "trunc"))
    return f"{name}({single(pen, depth)})" if name in pen.known else None


def _root(pen: Pen, depth: int) -> str | None:
    return f"sqrt(abs({single(pen, depth)}))" if "sqrt" in pen.known else None


def _fused(pen: Pen, depth: int) -> str | None:
    return f"fma({single(pen, depth)}, {single(pen, depth)}, {_beside(pen, depth)})" if "fma" in pen.known else None


def _power(pen: Pen, depth: int) -> str | None:
    found = pen.readable(Single())
    return f"{pen.dice.pick(found)[0]} ** {pen.dice.pick(('2', '3'))}" if found else None


def _from_float(pen: Pen, depth: int) -> str:
    return f"float32({pen.float('', depth)})"


def _from_whole(pen: Pen, depth: int) -> str:
    return f"float32({pen.whole(depth).text})"


def _choice(pen: Pen, depth: int) -> str:
    test = pen.truth(depth)
    with pen.under_a_condition():
        return f"({single(pen, depth)} if {test} else {single(pen, depth)})"


def _element(pen: Pen, depth: int) -> str | None:
    return sequences.element(pen, Single(), depth) or windows.newest(pen, Single(), depth)


def _fold(pen: Pen, depth: int) -> str | None:
    return windows.fold(pen, Single(), depth)


_Form = Callable[[Pen, int], str | None]
#: What an expression over a window is made of.
_SWEPT: tuple[_Form, ...] = (
    _sum, _sum, _reversed, _quotient, _ieee, _sign, _extreme, _rounded, _root, _fused, _power, _from_float, _choice,
)  # fmt: skip
_FORMS: tuple[_Form, ...] = (*_SWEPT, _from_float, _from_whole, _element, _element, _fold, _fold)
