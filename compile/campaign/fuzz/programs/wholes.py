"""Expressions of 64-bit integers, each with the range it is in: what might leave 64 bits is clamped before."""

from __future__ import annotations

from collections.abc import Callable

from compile.campaign.fuzz.programs import sequences, windows
from compile.campaign.fuzz.programs.kinds import SMALL, WIDE, Float, Member, Narrow, Truth, Whole
from compile.campaign.fuzz.programs.leaves import WHOLES, clamped, formed, modest, variable
from compile.campaign.fuzz.programs.pen import Number, Pen


def whole(pen: Pen, depth: int) -> Number:
    """A whole number, of whatever range."""
    return formed(pen, depth, _FORMS, _leaf)


def within(pen: Pen, kind: Whole, depth: int) -> str:
    """A whole number in the range of `kind`, clamped where it need be."""
    found = pen.whole(depth)
    return found.text if kind.lo <= found.lo and found.hi <= kind.hi else clamped(pen, found, kind.lo, kind.hi).text


def _leaf(pen: Pen) -> Number:
    found = pen.readable(Whole())
    if found and pen.dice.chance(0.75):
        text, kind = pen.dice.pick(found)
        assert isinstance(kind, Whole)
        return Number(text, kind.lo, kind.hi)
    value = pen.dice.pick(WHOLES)
    return Number(f"(-{value})", -value, -value) if value and pen.dice.chance(0.2) else Number(str(value), value, value)


def _sum(pen: Pen, depth: int) -> Number:
    a, b = modest(pen, depth), modest(pen, depth)
    if pen.dice.chance(0.5):
        return Number(f"({a.text} + {b.text})", a.lo + b.lo, a.hi + b.hi)
    return Number(f"({a.text} - {b.text})", a.lo - b.hi, a.hi - b.lo)


def _product(pen: Pen, depth: int) -> Number:
    a, b = modest(pen, depth), modest(pen, depth)
    ends = [x * y for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
    return Number(f"({a.text} * {b.text})", min(ends), max(ends))


def _sign(pen: Pen, depth: int) -> Number:
    a = modest(pen, depth)
    match pen.dice.below(3):
        case 0:
            return Number(f"(-{a.text})", -a.hi, -a.lo)
        case 1:
            low = 0 if a.lo <= 0 <= a.hi else min(abs(a.lo), abs(a.hi))
            return Number(f"abs({a.text})", low, max(abs(a.lo), abs(a.hi)))
        case _:
            return Number(f"(~{a.text})", -a.hi - 1, -a.lo - 1)


def _quotient(pen: Pen, depth: int) -> Number:
    a, b = modest(pen, depth), modest(pen, depth)
    size = max(abs(a.lo), abs(a.hi))
    op = pen.dice.pick(("//", "%"))
    if pen.dice.chance(0.4):
        k = pen.dice.pick((1, 2, 3, 5, 7, 10, 64, -3))
        if op == "%":
            return Number(f"({a.text} % {k})", min(0, k + 1), max(0, k - 1))
        return Number(f"({a.text} // {k})", -size - 1, size + 1)
    most = max(abs(b.lo), abs(b.hi)) + 1
    divisor = pen.dice.pick((f"(abs({b.text}) + 1)", f"max({b.text}, 1)"))
    return Number(f"({a.text} {op} {divisor})", -size - 1 if op == "//" else 0, size + 1 if op == "//" else most)


def _guarded_quotient(pen: Pen, depth: int) -> Number | None:
    found = [
        (text, of) for text, of in pen.readable(Whole()) if isinstance(of, Whole) and of.lo >= -SMALL and of.hi <= SMALL
    ]
    if not found:
        return None
    name, of = pen.dice.pick(found)
    a = modest(pen, depth)
    size = max(abs(a.lo), abs(a.hi))
    test = pen.dice.pick((f"{name} != 0", f"{name} > 0", f"0 < {name}"))
    op = pen.dice.pick(("//", "%"))
    most = size + 1 if op == "//" else max(abs(of.lo), abs(of.hi)) + 1
    return Number(f"({a.text} {op} {name} if {test} else 0)", -most, most)


def _masked(pen: Pen, depth: int) -> Number:
    mask = pen.dice.pick((1, 3, 7, 15, 63, 255, 1023))
    text = pen.whole(depth).text
    return Number(pen.dice.pick((f"({text} & {mask})", f"({mask} & {text})")), 0, mask)


def _bits(pen: Pen, depth: int) -> Number:
    op = pen.dice.pick(("|", "^", "&"))
    return Number(f"({pen.whole(depth).text} {op} {pen.whole(depth).text})", -WIDE, WIDE - 1)


def _shifted(pen: Pen, depth: int) -> Number:
    if pen.dice.chance(0.5):
        by = pen.dice.pick((str(pen.dice.below(64)), f"({pen.whole(depth).text} & 63)"))
        return Number(f"({pen.whole(depth).text} >> {by})", -WIDE, WIDE - 1)
    by = pen.dice.pick((str(pen.dice.below(8)), f"({pen.whole(depth).text} & 7)"))
    return Number(f"(({pen.whole(depth).text} & 255) << {by})", 0, 255 << 7)


def _extreme(pen: Pen, depth: int) -> Number:
    a, b = pen.whole(depth), pen.whole(depth)
    if pen.dice.chance(0.5):
        return Number(f"min({a.text}, {b.text})", min(a.lo, b.lo), min(a.hi, b.hi))
    return Number(f"max({a.text}, {b.text})", max(a.lo, b.lo), max(a.hi, b.hi))


def _choice(pen: Pen, depth: int) -> Number:
    test = pen.truth(depth)
    with pen.under_a_condition():
        a, b = pen.whole(depth), pen.whole(depth)
    return Number(f"({a.text} if {test} else {b.text})", min(a.lo, b.lo), max(a.hi, b.hi))


def _from_float(pen: Pen, depth: int) -> Number | None:
    calls = ["int", "round", *(("math.floor", "math.ceil", "math.trunc") if "math" in pen.known else ())]
    name = variable(pen, "")
    if name is None:
        return None
    call = pen.dice.pick(calls)
    test = pen.dice.pick(
        (f"-1e6 < {name} < 1e6", f"abs({name}) < 1e6", f"{name} > -1e6 and {name} < 1e6", f"abs({name}) <= 999999.5")
    )
    return Number(f"({call}({name}) if {test} else {pen.dice.pick(WHOLES)})", -(10**6), 10**6)


def _from_truth(pen: Pen, depth: int) -> Number:
    return Number(f"int({pen.of(Truth(), depth)})", 0, 1)


def _from_narrow(pen: Pen, depth: int) -> Number:
    return Number(f"int({pen.of(Narrow(), depth)})", -(1 << 31), (1 << 31) - 1)


def _pattern(pen: Pen, depth: int) -> Number | None:
    if "float_bits" not in pen.known:
        return None
    return Number(f"float_bits({pen.of(Float(), depth)})", -WIDE, WIDE - 1)


def _wrapping(pen: Pen, depth: int) -> Number | None:
    name = pen.dice.pick(("wrapping_add", "wrapping_sub", "wrapping_mul"))
    if name not in pen.known:
        return None
    return Number(f"{name}({pen.whole(depth).text}, {pen.whole(depth).text})", -WIDE, WIDE - 1)


def _power(pen: Pen, depth: int) -> Number:
    return Number(f"({pen.whole(depth).text} & 15) ** {pen.dice.pick(('2', '3', '1'))}", 0, 15**3)


def _same(pen: Pen, depth: int) -> Number:
    a = pen.whole(depth)
    return Number(f"{pen.dice.pick(('int', 'round'))}({a.text})", a.lo, a.hi)


def _from_member(pen: Pen, depth: int) -> Number | None:
    found = [name for name, kind in pen.scope.items() if isinstance(kind, Member) and kind.is_number]
    if not found:
        return None
    name = pen.dice.pick(found)
    return Number(pen.dice.pick((f"int({name})", f"{name}.value", f"({name} + 0)")), -10, 10)


def _element(pen: Pen, depth: int) -> Number | None:
    return sequences.whole_element(pen, depth) or windows.whole_from_window(pen, depth)


#: One way to write a whole number, its operands this deep; None where it does not fit here.
_Form = Callable[[Pen, int], Number | None]
_FORMS: tuple[_Form, ...] = (
    _sum, _sum, _product, _sign, _quotient, _guarded_quotient, _masked, _bits, _shifted, _extreme, _choice, _from_float, _from_truth,
    _from_narrow, _pattern, _wrapping, _power, _same, _from_member, _element, _element,
)  # fmt: skip
