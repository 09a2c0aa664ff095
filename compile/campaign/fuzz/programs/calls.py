"""Calls of the other functions of the file."""

from __future__ import annotations

from collections.abc import Iterator

from compile.campaign.fuzz.programs.kinds import Kind, Member, Record, Tuple, Whole, same
from compile.campaign.fuzz.programs.pen import Callee, Pen


def call_for(pen: Pen, kind: Kind, depth: int) -> str | None:
    """A call whose result, or a part of it, is of this kind; None where nothing in the file gives one."""
    if pen.sweeping or pen.calls_left <= 0:
        return None
    found = [
        (callee, path)
        for callee in callable_here(pen)
        if not callee.carries or pen.may_carry()
        for path, of in _parts("", callee.result)
        if same(of, kind) and _fits(of, kind)
    ]
    if not found:
        return None
    callee, path = pen.dice.pick(found)
    return call(pen, callee, depth) + path


def callable_here(pen: Pen) -> list[Callee]:
    """The functions of the file that this one may call: none of whose names it hides."""
    return [
        each
        for each in pen.callees
        if each.name in pen.known
        and all(_known(pen, kind) for kind in (each.result, *(a.kind for a in each.arguments)))
    ]


def call(pen: Pen, callee: Callee, depth: int) -> str:
    """A call, its arguments by place or by name, some left to their defaults."""
    pen.calls_left -= 1
    pen.carries = pen.carries or callee.carries
    given = [each for each in callee.arguments if not each.default or callee.by_place or pen.dice.chance(0.6)]
    ordered = given == list(callee.arguments[: len(given)])
    places = pen.dice.below(len(given) + 1) if ordered else 0
    if callee.by_place:
        places = max(places, 1)
    # Python evaluates arguments as they are written; nothing in the language has an effect, so the order is free.
    texts = {each.name: pen.of(each.kind, depth - 1) for each in given}
    named = pen.dice.shuffled([f"{each.name}={texts[each.name]}" for each in given[places:]])
    return f"{callee.name}({', '.join([*(texts[each.name] for each in given[:places]), *named])})"


def _known(pen: Pen, kind: Kind) -> bool:
    match kind:
        case Record(cls) | Member(cls):
            return cls in pen.known
        case Tuple(items):
            return all(_known(pen, item) for item in items)
        case _:
            return True


def _fits(given: Kind, wanted: Kind) -> bool:
    match given, wanted:
        case Whole(), Whole():
            return wanted.lo <= given.lo and given.hi <= wanted.hi
        case Tuple(a), Tuple(b):
            return all(_fits(x, y) for x, y in zip(a, b, strict=True))
        case _:
            return True


def _parts(path: str, kind: Kind) -> Iterator[tuple[str, Kind]]:
    yield path, kind
    match kind:
        case Record(_, fields):
            for name, of in fields:
                yield from _parts(f"{path}.{name}", of)
        case Tuple(items):
            for index, of in enumerate(items):
                yield from _parts(f"{path}[{index}]", of)
