"""Expressions of binary64. What raises in Python, a zero divisor or the root of a negative number, is guarded in some usual way."""

from __future__ import annotations

from collections.abc import Callable

from compile.campaign.fuzz.programs import sequences, windows
from compile.campaign.fuzz.programs.kinds import Float, Kind, Single, Truth
from compile.campaign.fuzz.programs.leaves import FLOATS, UNITS, formed, literal, modest, variable
from compile.campaign.fuzz.programs.pen import Pen


def float_(pen: Pen, unit: str, depth: int) -> str:
    """A float in this unit."""
    forms = _ANY_UNIT if unit else (*_ANY_UNIT, *_PLAIN)
    if pen.sweeping:
        forms = _SWEPT
    return formed(pen, depth, forms, _leaf, unit)


def _leaf(pen: Pen, unit: str) -> str:
    text = variable(pen, unit) if pen.dice.chance(0.8) else None
    if text is not None:
        return text
    return literal(pen) if not unit else f'as_unit({_settled(pen)}, "{unit}")'


def _settled(pen: Pen) -> str:
    """A plain float that is known to be one: a carried literal is still of the unit that it meets."""
    text = variable(pen, "") or literal(pen)
    return f"1.0 * {text}" if text.split("[")[0] in pen.unsettled else text


def _beside(pen: Pen, unit: str, depth: int) -> str:
    """What may stand beside a float of this unit: another, or a literal, which takes the unit of what it meets."""
    return literal(pen) if pen.dice.chance(0.15) else pen.float(unit, depth)


def _sum(pen: Pen, unit: str, depth: int) -> str:
    op = pen.dice.pick(("+", "-"))
    a, b = pen.float(unit, depth), _beside(pen, unit, depth)
    return f"({a} {op} {b})" if pen.dice.chance(0.7) else f"({b} {op} {a})"


def _product(pen: Pen, unit: str, depth: int) -> str:
    factor, value = pen.float("", depth), pen.float(unit, depth)
    if pen.dice.chance(0.15):
        factor = modest(pen, depth).text
    return f"({factor} * {value})" if pen.dice.chance(0.5) else f"({value} * {factor})"


def _quotient(pen: Pen, unit: str, depth: int) -> str:
    over, under = unit, ""
    if not unit and pen.dice.chance(0.3):
        over = under = pen.dice.pick(UNITS)
    a = pen.float(over, depth)
    name = variable(pen, under)
    match pen.dice.below(6):
        case 0:
            return (
                f"({a} / {pen.dice.pick(FLOATS[1:])})" if not under else f"({a} / max({pen.float(under, depth)}, 0.5))"
            )
        case 1:
            return f"({a} / (abs({pen.float(under, depth)}) + 1.0))"
        case 2 if name is not None:
            return f"({a} / {name} if {name} != 0.0 else {pen.float(unit, depth)})"
        case 3 if name is not None:
            guard = pen.dice.pick(
                (f"{name} > 0.0", f"0.0 < {name}", f"{name} > 0.25", f"not {name} <= 0.0 and {name} == {name}")
            )
            return f"({a} / {name} if {guard} else {pen.float(unit, depth)})"
        case 4 if "ieee_div" in pen.known:
            return f"ieee_div({a}, {pen.float(under, depth)})"
        case _:
            return f"({a} / max({pen.float(under, depth)}, {pen.dice.pick(('0.5', '1e-3', '1.0'))}))"


def _sign(pen: Pen, unit: str, depth: int) -> str:
    text = pen.float(unit, depth)
    forms = [f"(-{text})", f"abs({text})", f"(+{text})"]
    return pen.dice.pick([*forms, f"math.fabs({text})"] if "math" in pen.known else forms)


def _extreme(pen: Pen, unit: str, depth: int) -> str:
    name = pen.dice.pick(("min", "max"))
    first, *more = (pen.float(unit, depth), *(_beside(pen, unit, depth) for _ in range(1 + pen.dice.below(2))))
    items = ", ".join(pen.dice.shuffled([first, *more]))
    return f"{name}(({items}))" if pen.dice.chance(0.2) else f"{name}({items})"


def _clamped(pen: Pen, unit: str, depth: int) -> str:
    low, high = pen.dice.pick((("0.0", "1.0"), ("-1.0", "1.0"), ("-10.0", "2.5")))
    text = pen.float(unit, depth)
    return pen.dice.pick(
        (f"min(max({text}, {low}), {high})", f"max(min({text}, {high}), {low})", f"min({high}, max({low}, {text}))")
    )


def _choice(pen: Pen, unit: str, depth: int) -> str:
    test = pen.truth(depth)
    with pen.under_a_condition():
        # No literal beside a unit: of a condition that is known, Python and the graph take one arm only.
        a, b = pen.float(unit, depth), pen.float(unit, depth)
        if pen.dice.chance(0.1) and not unit:
            b = pen.dice.pick(("0", "1", "2", "-1"))
    return f"({a} if {test} else {b})"


def _power(pen: Pen, unit: str, depth: int) -> str | None:
    name = variable(pen, unit)
    return None if name is None else f"{name} ** {pen.dice.pick(('0', '1', '2', '3', '5'))}"


def _function(pen: Pen, unit: str, depth: int) -> str | None:
    name = pen.dice.pick(("rint", "floor", "ceil", "trunc"))
    return f"{name}({pen.float(unit, depth)})" if name in pen.known else None


def _digits(pen: Pen, unit: str, depth: int) -> str:
    return f"round({pen.float(unit, depth)}, {pen.dice.below(6)})"


def _root(pen: Pen, unit: str, depth: int) -> str | None:
    inner = pen.float("", depth)
    root = pen.dice.pick(("sqrt", "math.sqrt"))
    if root.split(".")[0] not in pen.known:
        return None
    return f"{root}({pen.dice.pick((f'abs({inner})', f'max({inner}, 0.0)', f'min(abs({inner}), 4.0)'))})"


def _fused(pen: Pen, unit: str, depth: int) -> str | None:
    if "fma" not in pen.known:
        return None
    return f"fma({pen.float('', depth)}, {pen.float(unit, depth)}, {pen.float(unit, depth)})"


def _whole(pen: Pen, unit: str, depth: int) -> str:
    number = modest(pen, depth).text
    return pen.dice.pick(
        (
            f"float({number})",
            f"({number} * {pen.float('', depth)})",
            f"({pen.float('', depth)} + {number})",
            f"({number} / {pen.dice.pick(('2', '3', '7.0'))})",
        )
    )


def _flag(pen: Pen, unit: str, depth: int) -> str:
    return f"float({pen.of(Truth(), depth)})"


def _single(pen: Pen, unit: str, depth: int) -> str:
    return f"float({pen.of(Single(), depth)})"


def _bits(pen: Pen, unit: str, depth: int) -> str | None:
    if not {"bits_float", "float_bits"} <= pen.known:
        return None
    return f"bits_float(float_bits({pen.float('', depth)}) {pen.dice.pick(('^ 1', '& ~1', '| 4', '& ~7'))})"


def _converted(pen: Pen, unit: str, depth: int) -> str | None:
    if "as_unit" not in pen.known:
        return None
    other = pen.dice.pick(tuple(each for each in ("", *UNITS) if each != unit))
    text = pen.float(other, depth)
    return f'as_unit({text if other or not pen.unsettled else f"1.0 * ({text})"}, "{unit or "1"}")'


def _ratio(pen: Pen, unit: str, depth: int) -> str:
    other = pen.dice.pick(UNITS)
    return f"({pen.float(other, depth)} / max({pen.float(other, depth)}, 0.5))"


def _constant(pen: Pen, unit: str, depth: int) -> str | None:
    if "math" not in pen.known:
        return None
    return pen.dice.pick(("math.pi", "math.inf", "-math.inf", 'float("inf")', "math.e", 'float("nan")'))


def _element(pen: Pen, unit: str, depth: int) -> str | None:
    kind: Kind = Float(unit)
    return sequences.element(pen, kind, depth) or windows.newest(pen, kind, depth)


def _fold(pen: Pen, unit: str, depth: int) -> str | None:
    window = windows.fold(pen, Float(unit), depth) if pen.dice.chance(0.7) else None
    return window or sequences.sum_of(pen, Float(unit), depth)


#: One way to write a float of a unit, its operands this deep; None where it does not fit here.
_Form = Callable[[Pen, str, int], str | None]
_ANY_UNIT: tuple[_Form, ...] = (
    _sum, _sum, _sum, _product, _product, _quotient, _sign, _extreme, _clamped, _choice, _choice, _converted, _element, _element, _fold,
    _fold, _fused,
)  # fmt: skip
_PLAIN: tuple[_Form, ...] = (
    _power,
    _power,
    _function,
    _digits,
    _root,
    _whole,
    _whole,
    _flag,
    _single,
    _bits,
    _ratio,
    _constant,
)
_SWEPT: tuple[_Form, ...] = (_sum, _sum, _product, _quotient, _sign, _extreme, _clamped, _choice)
