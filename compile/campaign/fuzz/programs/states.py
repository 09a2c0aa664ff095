"""The head of a lane: what it carries, windows, calls that hold, calls of what carries. And what is carried on at the end."""

from __future__ import annotations

from compile.campaign.fuzz.programs.calls import call, callable_here
from compile.campaign.fuzz.programs.kinds import (
    Float,
    Kind,
    Member,
    Narrow,
    Record,
    Single,
    Truth,
    Tuple,
    Whole,
)
from compile.campaign.fuzz.programs.leaves import UNITS, literal
from compile.campaign.fuzz.programs.pen import Pen, Window
from compile.campaign.fuzz.programs.sequences import place
from compile.campaign.fuzz.programs.windows import fold, newest

#: What a carried integer is held in.
_COUNTERS = (Whole(-1000, 1000), Whole(0, 63), Whole(0, 5))
_LIFETIMES = ('"tick"', '"session"', "persistent(max_age=60.0)", "persistent(60.0)")


def write_head(pen: Pen) -> None:
    """Some statements that every bar passes once."""
    for _ in range(pen.dice.below(4)):
        pen.dice.pick((_carry, _carry, _carry, _array, _window, _window))(pen)
    for _ in range(pen.dice.below(3)):
        _call(pen)
    for name in list(pen.windows):
        _read(pen, name)


def _read(pen: Pen, window: str) -> None:
    """A variable that says what a window holds."""
    kind = pen.windows[window].kind
    if isinstance(kind, Float | Single | Narrow) and pen.dice.chance(0.8):
        text = fold(pen, kind, 1, window)
    else:
        text = newest(pen, kind, 1)
    if text is not None:
        name = pen.names.fresh()
        pen.line(f"{name} = {text}")
        pen.scope[name] = kind
        pen.owed.append(name)
        pen.fixed.add(name)


def carry_on(pen: Pen) -> None:
    """Give what is carried its value for the next bar."""
    for name in pen.dice.shuffled(list(pen.carried)):
        kind = pen.carried[name]
        if pen.dice.chance(0.25):
            pen.line(f"if {pen.truth(1)}:")
            with pen.under_a_condition(), pen.block():
                pen.line(f"{name} = {pen.of(kind, 2)}")
        elif isinstance(kind, Float) and pen.dice.chance(0.4):
            pen.line(
                f"{name} = {name} + {pen.dice.pick(('0.1', '0.5', '0.25'))} * ({pen.float(kind.unit, 2)} - {name})"
            )
        else:
            pen.line(f"{name} = {pen.of(kind, 2)}")


def write_put(pen: Pen) -> None:
    """`a = put(a, i, x)`."""
    if not pen.arrays or "put" not in pen.known:
        return
    name = pen.dice.pick(list(pen.arrays))
    kind, length = pen.arrays[name]
    pen.line(f"{name} = put({name}, {place(pen, length, 1)}, {pen.of(kind, 2)})")


def _carry(pen: Pen) -> None:
    if "carry" not in pen.known:
        return
    kind = _carried_kind(pen)
    name = pen.name_of_state()
    initial = _initial(pen, kind)
    if isinstance(kind, Float | Tuple):
        pen.unsettled.add(name)  # what it begins with may come to a literal
    options = [f"initial={initial}"]
    if pen.dice.chance(0.25):
        options.append(f"when={pen.truth(1)}")
    if pen.dice.chance(0.15) and "persistent" in pen.known:
        options.append(f"lifetime={pen.dice.pick(_LIFETIMES)}")
    if pen.dice.chance(0.2) and "warm" in pen.known:
        options.append(f"warm_up={1 + pen.dice.below(4)}")
        pen.warming.append(name)
    pen.line(f"{name} = carry({', '.join(options)})")
    pen.scope[name] = pen.carried[name] = kind
    pen.carries = True


def _carried_kind(pen: Pen) -> Kind:
    kinds: list[Kind] = [
        Float(),
        Float(),
        Float(),
        Float(pen.dice.pick(UNITS)),
        pen.dice.pick(_COUNTERS),
        pen.dice.pick(_COUNTERS),
        Truth(),
    ]
    kinds += [Single(), Narrow(), Tuple((Float(), pen.dice.pick(_COUNTERS))), Tuple((Float(), Float(), Truth()))]
    kinds += [each for each in pen.members if isinstance(each, Member) and each.cls in pen.known]
    kinds += [each for each in pen.records if each.cls in pen.known]
    return pen.dice.pick(kinds)


def _initial(pen: Pen, kind: Kind) -> str:
    """What it is before the first update: a constant of its very type, or computed."""
    if pen.dice.chance(0.4):
        return pen.of(kind, 1)
    match kind:
        case Float(unit):
            return (
                f'as_unit({literal(pen)}, "{unit}")'
                if unit and "as_unit" in pen.known
                else pen.of(kind, 0)
                if unit
                else literal(pen)
            )
        case Whole(lo, hi):
            return str(max(lo, min(hi, pen.dice.pick((0, 0, 1, 3)))))
        case Truth():
            return pen.dice.pick(("True", "False"))
        case Single():
            return f"float32({literal(pen)})"
        case Narrow():
            return f"int32({pen.dice.pick(('0', '1', '7'))})"
        case Member(cls, members, _):
            return f"{cls}.{pen.dice.pick(members)}"
        case Tuple(items):
            return f"({', '.join(_initial(pen, item) for item in items)},)"
        case Record():
            return pen.of(kind, 1)


def _array(pen: Pen) -> None:
    if not {"carry", "array", "put"} <= pen.known:
        return
    length = 1 + pen.dice.below(6)
    kind, fill = pen.dice.pick(
        (
            (Float(), literal(pen)), (Float(), "0.0"), (Whole(-1000, 1000), "0"), (Truth(), "False"), (Single(), "float32(0.5)"),
            (Narrow(), "int32(3)"), *(((Float("px"), 'as_unit(0.0, "px")'),) if "as_unit" in pen.known else ()),
        )
    )  # fmt: skip
    name = pen.name_of_state()
    held = f", when={pen.truth(1)}" if pen.dice.chance(0.2) else ""
    pen.line(f"{name} = carry(initial=array({length}, {fill}){held})")
    pen.arrays[name] = (kind, length)
    pen.carries = True


def _window(pen: Pen) -> None:
    if "window" not in pen.known:
        return
    kinds: list[Kind] = [
        Float(),
        Float(),
        Float("px"),
        Whole(-1000, 1000),
        Whole(0, 63),
        Single(),
        Single(),
        Narrow(),
        Narrow(),
    ]
    kind = pen.dice.pick(kinds)
    name = pen.name_of_state()
    like = [each for each in pen.windows.values() if each.when == ""]
    length = like[0].length if like and pen.dice.chance(0.5) else 1 + pen.dice.below(6)
    value, when = pen.of(kind, 1), pen.truth(1) if pen.dice.chance(0.4) else ""
    tuned = f"1 + ({place(pen, length, 1)})" if pen.dice.chance(0.4) else ""
    many = f"{tuned}, longest={length}" if tuned else str(length)
    pen.line(f"{name} = window({value}, {many}{f', when={when}' if when else ''})")
    pen.windows[name] = Window(kind, length, f"{name}: {when}" if when or tuned else "")
    pen.carries = True


def _call(pen: Pen) -> None:
    """A call of a lane into a variable, held at times."""
    found = callable_here(pen)
    if not found or pen.calls_left <= 0:
        return
    callee = pen.dice.pick(found)
    text = call(pen, callee, 2)
    if callee.is_lane and pen.dice.chance(0.5) and not {"when", "initial"} & {each.name for each in callee.arguments}:
        more = f"when={pen.truth(1)}, initial={_initial(pen, callee.result)}"
        text = f"{text[:-1]}{'' if text.endswith('()') else ', '}{more})"
        pen.carries = True
    name = pen.names.fresh()
    pen.line(f"{name} = {text}")
    pen.scope[name] = callee.result
    pen.owed.append(name)
    pen.fixed.add(name)
