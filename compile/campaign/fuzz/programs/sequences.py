"""Tuples, comprehensions, carried arrays, and the folds of what has a known length."""

from __future__ import annotations

from compile.campaign.fuzz.programs.calls import call_for
from compile.campaign.fuzz.programs.kinds import Float, Kind, Whole, same
from compile.campaign.fuzz.programs.leaves import literal
from compile.campaign.fuzz.programs.pen import Number, Pen


def element(pen: Pen, kind: Kind, depth: int) -> str | None:
    """One element of an array or of a tuple that is written out."""
    if pen.sweeping:
        return None
    arrays = [(name, length) for name, (of, length) in pen.arrays.items() if same(of, kind)]
    if arrays and pen.dice.chance(0.7):
        name, length = pen.dice.pick(arrays)
        return f"{name}[{place(pen, length, depth)}]"
    match pen.dice.below(3):
        case 0:
            items = [pen.of(kind, depth) for _ in range(2 + pen.dice.below(2))]
            index = pen.dice.below(len(items))
            return f"({', '.join(items)})[{index - len(items) if pen.dice.chance(0.3) else index}]"
        case 1:
            items = [pen.of(kind, depth) for _ in range(3)]
            return f"({', '.join(items)})[1:][{pen.dice.below(2)}]"
        case _:
            text, length = generated(pen, kind, depth)
            return f"tuple({text})[{pen.dice.below(length)}]"


def whole_element(pen: Pen, depth: int) -> Number | None:
    """An integer out of an array, or the number of items of one."""
    found = [(name, of, length) for name, (of, length) in pen.arrays.items() if isinstance(of, Whole)]
    if found and not pen.sweeping:
        name, of, length = pen.dice.pick(found)
        return Number(f"{name}[{place(pen, length, depth)}]", of.lo, of.hi)
    if pen.arrays:
        name = pen.dice.pick(list(pen.arrays))
        length = pen.arrays[name][1]
        return Number(f"len({name})", length, length)
    return None


def place(pen: Pen, length: int, depth: int) -> str:
    """An index inside an array, known or computed."""
    if pen.dice.chance(0.25):
        return str(pen.dice.below(length))
    text = pen.whole(depth).text
    if pen.dice.chance(0.5):
        return f"({text} % {length})"
    return f"min(max({text}, 0), {length - 1})"


def generated(pen: Pen, kind: Kind, depth: int) -> tuple[str, int]:
    """`f(v) for v in items`, without brackets, and how many items that is."""
    own = name_of_own(pen)
    if pen.dice.chance(0.3):
        count = 2 + pen.dice.below(3)
        with pen.with_names({own: Whole(0, count - 1)}):
            item = _item(pen, kind, depth)
        return f"{item} for {own} in range({count})", count
    if pen.dice.chance(0.3):
        return _paired(pen, kind, depth, own)
    over: Kind = kind if pen.dice.chance(0.6) else Float()
    items = [pen.of(over, depth - 1) for _ in range(2 + pen.dice.below(2))]
    with pen.with_names({own: over}):
        item = _item(pen, kind, depth)
    return f"{item} for {own} in ({', '.join(items)})", len(items)


def _item(pen: Pen, kind: Kind, depth: int) -> str:
    """What a comprehension computes of each item, at times with a function of the file."""
    called = call_for(pen, kind, max(depth, 1)) if pen.dice.chance(0.3) else None
    return called or pen.of(kind, depth)


def _paired(pen: Pen, kind: Kind, depth: int, own: str) -> tuple[str, int]:
    other = name_of_own(pen, {own})
    items = [pen.of(Float(), depth - 1) for _ in range(2 + pen.dice.below(2))]
    count = len(items)
    if pen.dice.chance(0.5):
        with pen.with_names({own: Whole(0, count - 1), other: Float()}):
            item = _item(pen, kind, depth)
        return f"{item} for {own}, {other} in enumerate(({', '.join(items)}))", count
    more = [pen.of(Float(), depth - 1) for _ in items]
    with pen.with_names({own: Float(), other: Float()}):
        item = _item(pen, kind, depth)
    return f"{item} for {own}, {other} in zip(({', '.join(items)}), ({', '.join(more)}))", count


def name_of_own(pen: Pen, apart: set[str] | frozenset[str] = frozenset()) -> str:
    """A variable of a comprehension, at times one that hides a variable of the function."""
    hidden = [name for name in pen.scope if name not in apart]
    return pen.dice.pick(hidden) if hidden and pen.dice.chance(0.25) else pen.names.fresh()


def sum_of(pen: Pen, kind: Float, depth: int) -> str | None:
    """A fold of a tuple, an array, or a comprehension."""
    if pen.sweeping:
        return None
    floats = [(name, length) for name, (of, length) in pen.arrays.items() if of == kind]
    if floats and pen.dice.chance(0.5):
        name, length = pen.dice.pick(floats)
        folds = [f"min(tuple({name}))", f"max({name}[:2])"]
        folds += [f"sum_seq(tuple({name}))"] if "sum_seq" in pen.known else []
        folds += [f"sum_pairwise({name}[1:])"] if length > 1 and "sum_pairwise" in pen.known else []
        return pen.dice.pick(folds)
    if pen.dice.chance(0.5):
        items = [pen.of(kind, depth) for _ in range(2 + pen.dice.below(4))]
        tupled = f"({', '.join(items)})"
    else:
        tupled = f"tuple({generated(pen, kind, depth)[0]})"
    fold = pen.dice.pick(("sum_seq", "sum_pairwise", "min", "max", "sum_start", "min_seq", "max_seq"))
    if fold in ("min", "max"):
        return f"{fold}({tupled})"
    if fold.split("_start")[0] not in pen.known and fold != "sum_start":
        return None
    if fold in ("sum_seq", "sum_pairwise"):
        return f"{fold}({tupled})"
    if fold == "sum_start" and "sum_seq" not in pen.known:
        return None
    start = pen.of(kind, depth) if kind.unit else literal(pen)
    return f"{'sum_seq' if fold == 'sum_start' else fold}({tupled}, {start})"
