"""Expressions of 32-bit integers."""

from __future__ import annotations

from collections.abc import Callable

from compile.campaign.fuzz.programs import sequences, windows
from compile.campaign.fuzz.programs.kinds import Narrow
from compile.campaign.fuzz.programs.leaves import formed, modest
from compile.campaign.fuzz.programs.pen import Pen

_LITERALS = ("0", "1", "2", "3", "7", "100", "255", "1000")


def narrow(pen: Pen, depth: int) -> str:
    """An int32."""
    return formed(pen, depth, _SWEPT if pen.sweeping else _FORMS, _leaf)


def _leaf(pen: Pen) -> str:
    found = pen.readable(Narrow())
    return pen.dice.pick(found)[0] if found and pen.dice.chance(0.8) else f"int32({pen.dice.pick(_LITERALS)})"


def _tame(pen: Pen, depth: int) -> str:
    """One whose products fit 32 bits."""
    lo, hi = pen.dice.pick((("-1000", "1000"), ("0", "63"), ("-7", "7")))
    return f"min(max({narrow(pen, depth)}, {lo}), {hi})"


def _sum(pen: Pen, depth: int) -> str:
    beside = pen.dice.pick(_LITERALS) if pen.dice.chance(0.4) else _tame(pen, depth)
    return f"({_tame(pen, depth)} {pen.dice.pick(('+', '-', '*'))} {beside})"


def _wrapping(pen: Pen, depth: int) -> str | None:
    name = pen.dice.pick(("wrapping_add", "wrapping_sub", "wrapping_mul"))
    return f"{name}({narrow(pen, depth)}, {narrow(pen, depth)})" if name in pen.known else None


def _bits(pen: Pen, depth: int) -> str:
    beside = pen.dice.pick(_LITERALS) if pen.dice.chance(0.4) else narrow(pen, depth)
    return f"({narrow(pen, depth)} {pen.dice.pick(('&', '|', '^'))} {beside})"


def _quotient(pen: Pen, depth: int) -> str:
    divisor = pen.dice.pick(("2", "3", "7", f"(abs({_tame(pen, depth)}) + 1)", f"max({narrow(pen, depth)}, 1)"))
    return f"({narrow(pen, depth)} {pen.dice.pick(('//', '%'))} {divisor})"


def _sign(pen: Pen, depth: int) -> str:
    return pen.dice.pick((f"(-{_tame(pen, depth)})", f"abs({_tame(pen, depth)})", f"(~{narrow(pen, depth)})"))


def _extreme(pen: Pen, depth: int) -> str:
    return f"{pen.dice.pick(('min', 'max'))}({narrow(pen, depth)}, {narrow(pen, depth)})"


def _shifted(pen: Pen, depth: int) -> str:
    return f"({narrow(pen, depth)} >> {pen.dice.below(32)})"


def _from_whole(pen: Pen, depth: int) -> str:
    return f"int32({modest(pen, depth).text})"


def _choice(pen: Pen, depth: int) -> str:
    test = pen.truth(depth)
    with pen.under_a_condition():
        return f"({narrow(pen, depth)} if {test} else {narrow(pen, depth)})"


def _element(pen: Pen, depth: int) -> str | None:
    return sequences.element(pen, Narrow(), depth) or windows.newest(pen, Narrow(), depth)


def _fold(pen: Pen, depth: int) -> str | None:
    return windows.fold(pen, Narrow(), depth)


_Form = Callable[[Pen, int], str | None]
#: What an expression over a window is made of.
_SWEPT: tuple[_Form, ...] = (_sum, _sum, _wrapping, _bits, _quotient, _sign, _extreme, _shifted, _choice)
_FORMS: tuple[_Form, ...] = (*_SWEPT, _from_whole, _from_whole, _element, _element, _fold, _fold)
