"""Carried literals, and literals chosen at run time, whose unit is open where they meet their first operator.

`s = carry(initial=0.0)` takes the unit it meets. Where that is none, in `0.9 * s` or `max(s, 1.0)`, it is taken for a plain ratio and
kept in mind. A later mismatch says which unit it should have had, and the lane is traced again with that unit supposed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from dag.operators.op import Op, UnitRule
from dag.operators.table import DIV, MUL, SQRT
from dag.operators.units import DIMENSIONLESS, result_unit
from dag.trace.frame import Frame, OpenUnit, Session
from dag.trace.values import Choice, Number, Unsettled, Value


def unit_supposed(frame: Frame, operands: Sequence[tuple[ast.AST, Value]]) -> str:
    """The unit of operands that say none: the one supposed for a choice among them, else a plain ratio."""
    known = (frame.session.supposed.get(site(frame, at)) for at, value in operands if isinstance(value, Choice))
    return next((unit for unit in known if unit is not None), DIMENSIONLESS)


def site(frame: Frame, at: ast.AST) -> OpenUnit:
    """What a choice of literals that stands at `at` is called in every trace of the lane."""
    return frame.path, getattr(at, "lineno", 0), getattr(at, "col_offset", 0)


def taken_for_ratio(session: Session, node: int, key: OpenUnit) -> None:
    """Keep in mind that the unit of `node` was open."""
    session.open_units.setdefault(node, set()).add(key)


def suppose(frame: Frame, value: Value | int, unit: str | None) -> None:
    """`value` met `unit`, which it has not: suppose that of the literals that it was made of, where their units were open."""
    met = value.settled if isinstance(value, Unsettled) else value
    first = met.node if isinstance(met, Number) else met
    if not isinstance(first, int) or unit is None:
        return
    builder, session = frame.builder, frame.session
    pending, seen = [(first, unit)], set[int]()
    while pending:
        node, unit = pending.pop()
        if node in seen or builder.unit_of(node) == unit:
            continue
        seen.add(node)
        for key in session.open_units.get(node, ()):
            session.proposed.setdefault(key, unit)
        if node in session.of_one_unit:
            pending.append((session.of_one_unit[node], unit))
        op, args = builder.applied_at(node)
        if isinstance(op, Op):
            pending.extend(_needed(op, args, [builder.unit_of(arg) for arg in args], unit))


def _needed(op: Op, args: Sequence[int], units: Sequence[str], unit: str) -> Iterator[tuple[int, str]]:
    """What unit each operand needs to have, the others being as they are, for the result to have `unit`."""
    match op.units:
        case UnitRule.SAME:
            yield from ((arg, unit) for arg in args)
        case UnitRule.CHOSEN:
            yield from ((arg, unit) for arg in args[1:])
        case UnitRule.FOLDED:
            yield from ((args[0], unit), (args[3], unit))
        case UnitRule.ELEMENT | UnitRule.FIRST:
            yield args[0], unit
        case UnitRule.WRITTEN:
            yield from ((args[0], unit), (args[2], unit))
        case UnitRule.ROOT:
            yield args[0], result_unit(MUL, (unit, unit))
        case UnitRule.PRODUCT if args[0] == args[1]:
            yield args[0], result_unit(SQRT, (unit,))
        case UnitRule.PRODUCT | UnitRule.PRODUCT_SUM:
            yield args[0], result_unit(DIV, (unit, units[1]))
            yield args[1], result_unit(DIV, (unit, units[0]))
            yield from ((arg, unit) for arg in args[2:])
        case UnitRule.QUOTIENT:
            yield args[0], result_unit(MUL, (unit, units[1]))
            yield args[1], result_unit(DIV, (units[0], unit))
        case _:
            return
