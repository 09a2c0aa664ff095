"""Expressions of any kind: which form is written, and the forms that all kinds share."""

from __future__ import annotations

from compile.campaign.fuzz.programs import calls, enums, floats, narrows, singles, truths, wholes
from compile.campaign.fuzz.programs.kinds import Float, Kind, Member, Narrow, Record, Single, Truth, Tuple, Whole
from compile.campaign.fuzz.programs.pen import Pen, Writers

#: How deep an expression may grow.
DEPTH = 3
SHARE_OF_CALLS = 0.12


def expression(pen: Pen, kind: Kind, depth: int = DEPTH) -> str:
    """An expression of this kind; of a whole number, one in its range."""
    called = calls.call_for(pen, kind, depth) if depth > 0 and pen.dice.chance(SHARE_OF_CALLS) else None
    if called is not None:
        return called
    if depth > 0 and isinstance(kind, Tuple | Record) and pen.dice.chance(0.25):
        return _chosen(pen, kind, depth)
    match kind:
        case Float(unit):
            return floats.float_(pen, unit, depth)
        case Whole():
            return wholes.within(pen, kind, depth)
        case Truth():
            return pen.truth(depth)
        case Single():
            return singles.single(pen, depth)
        case Narrow():
            return narrows.narrow(pen, depth)
        case Member():
            return enums.member(pen, kind, depth)
        case Tuple(items):
            known = _read(pen, kind)
            if known is not None:
                return known
            return f"({', '.join(expression(pen, item, depth - 1) for item in items)},)"
        case Record(cls, fields, is_params):
            known = _read(pen, kind)
            if known is not None:
                return known
            if is_params:
                return f"{cls}()"  # what an instance is given has to be in its domains
            arguments = [expression(pen, of, depth - 1) for _, of in fields]
            first = pen.dice.below(len(fields) + 1)
            named = [f"{name}={text}" for (name, _), text in zip(fields[first:], arguments[first:], strict=True)]
            return f"{cls}({', '.join([*arguments[:first], *pen.dice.shuffled(named)])})"


def _read(pen: Pen, kind: Kind) -> str | None:
    """A variable of this very kind: ranges of whole numbers inside are its own, so they must be no wider."""
    found = [text for text, of in pen.readable(kind) if of == kind]
    return pen.dice.pick(found) if found and pen.dice.chance(0.5) else None


def _chosen(pen: Pen, kind: Kind, depth: int) -> str:
    test = pen.truth(depth - 1)
    with pen.under_a_condition():
        return f"({expression(pen, kind, depth - 1)} if {test} else {expression(pen, kind, depth - 1)})"


WRITERS = Writers(expression, floats.float_, wholes.whole, truths.truth)
