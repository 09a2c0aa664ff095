"""The statements of a body: assignments, choices, loops, early returns."""

from __future__ import annotations

from collections.abc import Mapping

from compile.campaign.fuzz.programs.kinds import Float, Kind, Member, Narrow, Record, Single, Truth, Tuple, Whole
from compile.campaign.fuzz.programs.leaves import FLOATS, UNITS
from compile.campaign.fuzz.programs.pen import Pen
from compile.campaign.fuzz.programs.states import write_put

#: The ranges that integers of variables and of signatures are drawn from.
RANGES = (Whole(-1000, 1000), Whole(0, 63), Whole(-7, 7), Whole(0, 100000))


def write_statements(pen: Pen, count: int, result: Kind, depth: int = 2) -> bool:
    """Up to `count` statements; whether the last of them returned."""
    for _ in range(count):
        form = pen.dice.pick(_FORMS if depth > 0 else _SIMPLE)
        if form(pen, result, depth):
            return True
    return False


def drawn_kind(pen: Pen) -> Kind:
    """The kind of a new variable."""
    kinds: list[Kind] = [
        Float(),
        Float(),
        Float(),
        Float(pen.dice.pick(UNITS)),
        pen.dice.pick(RANGES),
        Whole(),
        Truth(),
        Truth(),
        Single(),
        Narrow(),
    ]
    kinds += [Tuple((Float(), Float())), Tuple((Float(), pen.dice.pick(RANGES), Truth()))]
    kinds += [each for each in pen.members if isinstance(each, Member) and each.cls in pen.known]
    kinds += [each for each in pen.records if isinstance(each, Record) and each.cls in pen.known]
    return pen.dice.pick(kinds)


def _assignable(pen: Pen) -> list[str]:
    return [name for name in pen.scope if name not in pen.fixed]


def _assign(pen: Pen, result: Kind, depth: int) -> bool:
    old = _assignable(pen)
    if old and pen.dice.chance(0.35):
        name = pen.dice.pick(old)
        pen.line(f"{name} = {pen.of(pen.scope[name], 3)}")  # in the range that it has: a loop may come by here again
        return False
    kind = drawn_kind(pen)
    if isinstance(kind, Whole) and not pen.loops and pen.dice.chance(0.5):
        number = pen.whole(3)
        kind, text = Whole(number.lo, number.hi), number.text
    else:
        text = pen.of(kind, 3)
    name = pen.names.fresh()
    declared = {Float(): "float", Truth(): "bool", Single(): "float32", Narrow(): "int32"}.get(kind)
    said = f": {declared}" if declared and declared in ("float", "bool", *pen.known) and pen.dice.chance(0.15) else ""
    pen.line(f"{name}{said} = {text}")
    pen.scope[name] = kind
    return False


def _augmented(pen: Pen, result: Kind, depth: int) -> bool:
    found = [name for name in _assignable(pen) if isinstance(pen.scope[name], Float | Single | Truth)]
    if not found:
        return False
    name = pen.dice.pick(found)
    match pen.scope[name]:
        case Float(unit):
            op = pen.dice.pick(("+=", "-=", "*=", "/=", "**="))
            value = {"*=": pen.float("", 2), "/=": pen.dice.pick(FLOATS[1:]), "**=": "2"}.get(op) or pen.float(unit, 2)
            if op == "**=" and unit:
                return False
        case Single():
            op, value = pen.dice.pick(("+=", "-=", "*=")), pen.of(Single(), 2)
        case _:
            op, value = pen.dice.pick(("&=", "|=", "^=")), pen.truth(2)
    pen.line(f"{name} {op} {value}")
    return False


def _counted(pen: Pen, result: Kind, depth: int) -> bool:
    """`n += 1`, where it is executed once a bar and `n` is not carried, so that it stays bounded."""
    found = [
        name for name in _assignable(pen)
        if not pen.loops and name not in pen.carried and isinstance(kind := pen.scope[name], Whole) and max(-kind.lo, kind.hi) < 1 << 20
    ]  # fmt: skip
    if not found:
        return False
    name = pen.dice.pick(found)
    kind = pen.scope[name]
    assert isinstance(kind, Whole)
    step = pen.dice.below(9) + 1
    if pen.dice.chance(0.5):
        pen.line(f"{name} += {step}")
        pen.scope[name] = Whole(kind.lo + step, kind.hi + step)
    else:
        pen.line(f"{name} -= {step}")
        pen.scope[name] = Whole(kind.lo - step, kind.hi - step)
    return False


def _unpacked(pen: Pen, result: Kind, depth: int) -> bool:
    kinds = [drawn_kind(pen) for _ in range(2)]
    texts = [pen.of(kind, 2) for kind in kinds]
    names = [pen.names.fresh() for _ in kinds]
    if pen.dice.chance(0.3):
        pen.line(f"{names[0]} = {names[1]} = {texts[0]}")
        kinds[1] = kinds[0]
    else:
        pen.line(f"{names[0]}, {names[1]} = {texts[0]}, {texts[1]}")
    pen.scope |= dict(zip(names, kinds, strict=True))
    return False


def _if(pen: Pen, result: Kind, depth: int) -> bool:
    arms: list[dict[str, Kind]] = []
    before = dict(pen.scope)
    shared = pen.names.fresh() if pen.dice.chance(0.5) else None
    kind = drawn_kind(pen)
    branches = ["if", *["elif"] * pen.dice.below(3)]
    has_else = shared is not None or pen.dice.chance(0.4)
    for keyword in branches:
        pen.conditional += keyword == "elif"  # asked only where what stands above was false
        test = pen.truth(2)
        pen.conditional -= keyword == "elif"
        pen.line(f"{keyword} {test}:")
        _arm(pen, result, depth, shared, kind, arms)
    if has_else:
        pen.line("else:")
        _arm(pen, result, depth, shared, kind, arms)
    else:
        arms.append(before)
    if arms:
        pen.join(arms)
        return False
    return True  # every arm returned


def _arm(pen: Pen, result: Kind, depth: int, shared: str | None, kind: Kind, arms: list[dict[str, Kind]]) -> None:
    with pen.under_a_condition(), pen.block() as inside:
        if shared is not None:
            pen.line(f"{shared} = {pen.of(kind, 2)}")
            pen.scope[shared] = kind
        returned = write_statements(pen, 1 + pen.dice.below(2), result, depth - 1)
        if not returned and not pen.no_return and not pen.owed and pen.dice.chance(0.08):
            pen.line(f"return {pen.of(result, 2)}")
            pen.is_head, returned = False, True
    if not returned:
        arms.append(inside)


def _return(pen: Pen, result: Kind, depth: int) -> bool:
    if pen.no_return or pen.dice.chance(0.5):
        return False
    pen.line(f"if {pen.truth(2)}:")
    with pen.under_a_condition(), pen.block():
        pen.line(f"return {pen.of(result, 2)}")
    pen.is_head = False
    return False


def _for(pen: Pen, result: Kind, depth: int) -> bool:
    name = pen.names.fresh()
    own: Mapping[str, Kind]
    arrays = [(array, kind) for array, (kind, _) in pen.arrays.items()]
    enums = [each for each in pen.members if isinstance(each, Member) and each.cls in pen.known]
    match pen.dice.below(7):
        case 6 if enums:
            enum = pen.dice.pick(enums)
            head, own = f"for {name} in {enum.cls}:", {name: enum}
        case 0:
            begin, end, step = pen.dice.pick(((0, 3, 1), (1, 4, 1), (3, 0, -1), (0, 5, 2)))
            head, own = f"for {name} in range({begin}, {end}, {step}):", {name: Whole(0, 5)}
        case 1:
            kind = drawn_kind(pen)
            head, own = f"for {name} in ({pen.of(kind, 1)}, {pen.of(kind, 1)}):", {name: kind}
        case 2:
            other = pen.names.fresh()
            head = f"for {name}, {other} in enumerate(({pen.float('', 1)}, {pen.float('', 1)}), {pen.dice.below(3)}):"
            own = {name: Whole(0, 5), other: Float()}
        case 3:
            other = pen.names.fresh()
            a, b = (f"({pen.float('', 1)}, {pen.float('', 1)})" for _ in range(2))
            head, own = f"for {name}, {other} in zip({a}, reversed({b})):", {name: Float(), other: Float()}
        case 4 if arrays:
            array, kind = pen.dice.pick(arrays)
            head, own = f"for {name} in {array}:", {name: kind}
        case _:
            count = 2 + pen.dice.below(2)
            head, own = f"for {name} in range({count}):", {name: Whole(0, count - 1)}
    pen.line(head)
    before = dict(pen.scope)
    carries = pen.may_carry() and pen.dice.chance(0.5)
    pen.loops += 1
    pen.no_return += carries
    pen.conditional += not carries
    with pen.block():
        pen.scope |= own
        pen.fixed |= set(own)
        write_statements(pen, 1 + pen.dice.below(3), result, depth - 1)
        pen.fixed -= set(own)
    pen.conditional -= not carries
    pen.no_return -= carries
    pen.loops -= 1
    pen.scope = before
    if pen.dice.chance(0.1):
        pen.line("else:")
        with pen.block() as after:
            _assign(pen, result, depth)
        pen.scope = after  # nothing leaves a loop early, so this is always reached
    return False


def _put(pen: Pen, result: Kind, depth: int) -> bool:
    write_put(pen)
    return False


_SIMPLE = (_assign, _assign, _assign, _augmented, _counted, _unpacked, _put)
_FORMS = (*_SIMPLE, _assign, _if, _if, _if, _for, _for, _return, _put)
