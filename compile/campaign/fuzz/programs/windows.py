"""Reading windows: folds over expressions of their values, the newest value, how many there are."""

from __future__ import annotations

from compile.campaign.fuzz.programs.kinds import Float, Folded, Kind, Narrow, Single, Whole
from compile.campaign.fuzz.programs.leaves import literal
from compile.campaign.fuzz.programs.pen import Number, Pen
from compile.campaign.fuzz.programs.sequences import name_of_own

#: The folds of integers, and those of floats.
_OF_INTEGERS = ("sum_seq", "min_seq", "max_seq")
_FOLDS = (*_OF_INTEGERS, "sum_numpy")


def newest(pen: Pen, kind: Kind, depth: int) -> str | None:
    """One value of a window, where it is there."""
    found = [name for name, each in pen.windows.items() if each.kind == kind]
    if not found or pen.sweeping:
        return None
    name = pen.dice.pick(found)
    back = 1 + pen.dice.below(pen.windows[name].length)
    with pen.under_a_condition():
        other = pen.of(kind, depth)
    if pen.dice.chance(0.5):
        return f"({name}[-{back}] if len({name}) >= {back} else {other})"
    return f"({name}[{back - 1}] if len({name}) > {back - 1} else {other})"


def whole_from_window(pen: Pen, depth: int) -> Number | None:
    """How many values a window has, or a fold of whole ones."""
    if not pen.windows or pen.sweeping:
        return None
    name = pen.dice.pick(list(pen.windows))
    each = pen.windows[name]
    if not isinstance(each.kind, Whole) or pen.dice.chance(0.3) or "sum_seq" not in pen.known:
        return Number(f"len({name})", 0, each.length)
    own = name_of_own(pen)
    lo, hi = min(each.kind.lo, 0) * each.length, max(each.kind.hi, 0) * each.length
    if pen.dice.chance(0.5):
        return Number(f"sum_seq({name}, 0)", lo, hi)
    return Number(f"sum_seq((1 if {own} > {pen.dice.below(5)} else 0 for {own} in {name}), 0)", 0, each.length)


def fold(pen: Pen, kind: Folded, depth: int, window: str | None = None) -> str | None:
    """A fold over an expression of each value of `window` (None: of any), or of its neighbours, or of two windows."""
    found = [name for name, each in pen.windows.items() if _gives(each.kind, kind) and window in (None, name)]
    folds = [name for name in (_OF_INTEGERS if kind == Narrow() else _FOLDS) if name in pen.known]
    if not found or not folds or pen.sweeping:
        return None
    name = pen.dice.pick(found)
    read, own = pen.windows[name].kind, name_of_own(pen)
    chosen = pen.dice.pick(folds)
    is_bounded = kind == Narrow() and chosen == "sum_seq"  # of 32-bit integers, sums have to stay in 32 bits
    start = _bounded(_start(pen, kind)) if is_bounded else _start(pen, kind)
    if read == kind and not is_bounded and pen.dice.chance(0.2):
        return f"{chosen}({name}, {start})"

    def item(names: dict[str, Kind]) -> str:
        text = _swept(pen, kind, names)
        return _bounded(text) if is_bounded else text

    match pen.dice.below(3):
        case 0 if "pairwise" in pen.known:
            other = name_of_own(pen, {own})
            return f"{chosen}(({item({own: read, other: read})} for {own}, {other} in pairwise({name})), {start})"
        case 1 if beside := _beside(pen, name):
            other = name_of_own(pen, {own})
            text = item({own: read, other: pen.windows[beside].kind})
            return f"{chosen}(({text} for {own}, {other} in zip({name}, {beside})), {start})"
        case _:
            return f"{chosen}(({item({own: read})} for {own} in {name}), {start})"


def _gives(read: Kind, kind: Folded) -> bool:
    """Whether values of `read` fold to `kind`: narrow ones also to a float."""
    return read == kind or (kind == Float() and isinstance(read, Single | Narrow))


def _start(pen: Pen, kind: Folded) -> str:
    return literal(pen) if kind == Float() else pen.of(kind, 0)


def _bounded(text: str) -> str:
    return f"min(max({text}, -1000), 1000)"


def _beside(pen: Pen, name: str) -> str | None:
    like = [
        other for other, each in pen.windows.items()
        if other != name and isinstance(each.kind, Float | Single | Narrow)
        and (each.length, each.when) == (pen.windows[name].length, pen.windows[name].when)
    ]  # fmt: skip
    return pen.dice.pick(like) if like else None


def _swept(pen: Pen, kind: Folded, own: dict[str, Kind]) -> str:
    """An expression over the loop variables of the window: the language refuses one that does not use them."""
    first, read = next(iter(own.items()))
    with pen.with_names(own):
        pen.sweeping = True
        text = pen.of(kind, 2)
        pen.sweeping = False
    ops = ("^", "&", "|") if kind == Narrow() else ("+", "-")
    return f"({first if read == kind else f'float({first})'} {pen.dice.pick(ops)} {text})"
