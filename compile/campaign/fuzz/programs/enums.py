"""Expressions that are members of an Enum."""

from __future__ import annotations

from compile.campaign.fuzz.programs.kinds import Member
from compile.campaign.fuzz.programs.pen import Pen


def member(pen: Pen, kind: Member, depth: int) -> str:
    """A member of this class."""
    found = [text for text, of in pen.readable(kind) if of == kind]
    if found and pen.dice.chance(0.4):
        return pen.dice.pick(found)
    if depth > 0 and pen.dice.chance(0.5):
        test = pen.truth(depth - 1)
        with pen.under_a_condition():
            return f"({member(pen, kind, depth - 1)} if {test} else {member(pen, kind, depth - 1)})"
    if found and kind.cls not in pen.known:
        return pen.dice.pick(found)
    return f"{kind.cls}.{pen.dice.pick(kind.members)}"
