"""Nominal units. The arithmetic is pint's; which units exist, and that ratios stay apart, is ours.

Two quantities connect only when their units are the same. `frac`, `mult` and `prob` are spellings of a plain ratio ("1"):
they document, and multiply away. Every other unit is a dimension of its own, so conviction leverage (`x_conv`) and exchange
leverage (`x_exch`) do not mix although both are ratios; `as_unit` makes a change of unit explicit.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from dag.operators.op import Op, UnitRule
from dag.operators.table import MUL

if TYPE_CHECKING:
    import pint
    from pint.facets.plain import PlainUnit

#: name -> what it measures. `unit("...")` accepts products, quotients and powers of these.
UNITS: dict[str, str] = {
    "usd": "dollars",
    "px": "price, dollars per unit",
    "bps": "fraction x 10 000",
    "pct": "fraction x 100",
    "cents": "1/100 dollar",
    "x_conv": "conviction leverage: it sizes the quantity",
    "x_exch": "exchange leverage: it is set at the venue",
    "contracts": "position size",
    "shares": "shares of a stock",
    "lots": "exchange lots",
    "ticks": "price ticks",
    "degF": "degrees Fahrenheit",
    "s": "seconds",
    "ns": "nanoseconds",
    "bars": "bars of the clock",
    "ticks_t": "engine cycles",
    "vd": "eigenvalue velocity divergence",
    "nat": "natural-log units",
    "gamma": "risk aversion",
    "kappa": "1/fraction decay rate",
}
PLAIN_RATIOS = ("frac", "mult", "prob")
DIMENSIONLESS = "1"


class UnitProblem(Exception):
    """Units do not fit. The tracer turns this into a diagnostic at the user's line."""


@cache
def _registry() -> pint.UnitRegistry[float]:
    # Imported here: it takes a third of a second, and most programs only use names of units and plain numbers.
    import pint

    registry: pint.UnitRegistry[float] = pint.UnitRegistry(None, cache_folder=None)  # pyright: ignore[reportArgumentType]  # None: no units but ours
    for name in UNITS:
        registry.define(f"{name} = [{name}]")
    return registry


def define_unit(name: str, doc: str) -> str:
    """Declare a new nominal unit; returns `name` so that it can be used at once in `unit(name)`.

    To declare it again in the same words changes nothing: a cell may run twice. Raises UnitProblem for another meaning of the name.
    """
    if UNITS.get(name) == doc:
        return name
    if name in UNITS or name in PLAIN_RATIOS:
        raise UnitProblem(f"unit {name!r} is already defined ({UNITS.get(name, 'a plain ratio')})")
    UNITS[name] = doc
    _registry.cache_clear()
    return name


@cache
def canonical_unit(text: str) -> str:
    """`text` in its one canonical spelling; raises UnitProblem for a unit that is not defined."""
    cleaned = text.strip()
    if cleaned in (DIMENSIONLESS, "", *PLAIN_RATIOS):
        return DIMENSIONLESS
    if cleaned in UNITS:
        return cleaned
    try:
        parsed = _registry().parse_units(cleaned)
    except Exception as problem:
        raise UnitProblem(f"unknown unit {text!r}") from problem
    return _spelled(parsed)


def _spelled(unit: PlainUnit) -> str:
    return "1" if unit.dimensionless else f"{unit:D}"


@cache
def result_unit(op: Op, units: tuple[str, ...]) -> str:
    """The unit of `op` applied to operands with these canonical units; raises UnitProblem when they do not fit."""
    match op.units:
        case UnitRule.SAME | UnitRule.COMPARED:
            if len(set(units)) != 1:
                raise UnitProblem(f"all operands of `{op}` in one unit")
            return units[0] if op.units is UnitRule.SAME else DIMENSIONLESS
        case UnitRule.CHOSEN:
            if units[1] != units[2]:
                raise UnitProblem("both alternatives in one unit")
            return units[1]
        case UnitRule.PLAIN:
            if set(units) != {DIMENSIONLESS}:
                raise UnitProblem(f"operands of `{op}` without a unit")
            return DIMENSIONLESS
        case UnitRule.DROPPED:
            return DIMENSIONLESS
        case UnitRule.RELABELLED:
            raise UnitProblem("as_unit carries its own unit")
        case UnitRule.FIRST:
            return units[0]
        case UnitRule.FOLDED:
            if units[1:3] != (DIMENSIONLESS, DIMENSIONLESS) or units[3] != units[0]:
                raise UnitProblem("places without a unit, and a beginning in the unit of the array")
            return units[0]
        case UnitRule.ELEMENT | UnitRule.WRITTEN:
            if units[1] != DIMENSIONLESS:
                raise UnitProblem("an index without a unit")
            if op.units is UnitRule.WRITTEN and units[2] != units[0]:
                raise UnitProblem("the value in the unit of the array")
            return units[0]
        case UnitRule.PRODUCT_SUM:
            product = result_unit(MUL, units[:2])
            if product != units[2]:
                raise UnitProblem(f"the third operand of `{op}` in the unit of the product, {product}")
            return product
        case UnitRule.PRODUCT | UnitRule.QUOTIENT | UnitRule.ROOT:
            return _without_arithmetic(op.units, units) or _worked_out(op.units, units)


def _without_arithmetic(rule: UnitRule, units: tuple[str, ...]) -> str | None:
    """The unit of a result that needs no arithmetic with units; None for others."""
    if set(units) == {DIMENSIONLESS}:
        return DIMENSIONLESS
    if rule is UnitRule.QUOTIENT and units[0] == units[1]:
        return DIMENSIONLESS
    if rule is not UnitRule.ROOT and units[1] == DIMENSIONLESS:
        return units[0]
    return units[1] if rule is UnitRule.PRODUCT and units[0] == DIMENSIONLESS else None


def _worked_out(rule: UnitRule, units: tuple[str, ...]) -> str:
    parsed = [_registry().parse_units("" if unit == DIMENSIONLESS else unit) for unit in units]
    if rule is UnitRule.ROOT:
        return _spelled(parsed[0] ** 0.5)
    return _spelled(parsed[0] * parsed[1] if rule is UnitRule.PRODUCT else parsed[0] / parsed[1])
