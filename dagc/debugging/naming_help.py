"""Saying which names there are when one is wrong."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

from dag.graphs.identifiers import name_of


def did_you_mean(wrong: str, names: Iterable[str]) -> str:
    """`did you mean `bid`?`, or the first few names there are."""
    known = list(dict.fromkeys(names))
    close = nearest(wrong, known)
    if close:
        return f"did you mean `{close}`?"
    shown = ", ".join(f"`{name}`" for name in known[:8])
    return f"there are {shown}{', ...' if len(known) > 8 else ''}" if known else "there are none"


def nearest(wrong: str, known: list[str]) -> str | None:
    """The one of `known` that was most likely meant; None where none is near.

    A name may be given as emitted text spells it (`lev_compose__raw`), without its letters (`sigma` for `σ`), with a part too many or
    too few in front (`book.bid` for `bid`), or without what follows (`result` for `result.0`).
    """
    if not wrong:
        return None
    emitted = name_of(wrong)
    if emitted in known and emitted != wrong:
        return emitted
    plain = {name: _plain(name) for name in known}
    for is_near in (str.__eq__, lambda asked, name: name.startswith(f"{asked}.")):
        for name in known:
            if is_near(_plain(wrong), plain[name]):
                return name
    last = _plain(wrong).rpartition(".")[2]
    alike = [each for each in plain.values() if each.rpartition(".")[2] == last and not last.isdigit()]
    alike = [last] if last in alike else alike
    close = difflib.get_close_matches(_plain(wrong), alike or list(plain.values()), n=1, cutoff=0.0 if alike else 0.6)
    if not close and len(last) > 1:  # `pos` for `position`
        holding = [each for each in plain.values() if last in each.rpartition(".")[2]]
        close = sorted(holding, key=lambda each: (not each.rpartition(".")[2].startswith(last), len(each)))[:1]
    return next((name for name in known if [plain[name]] == close), None)


def _plain(name: str) -> str:
    """`name` in small letters, those that are not ASCII by the last word of what Unicode calls them: `σ` is `sigma`."""
    return "".join(_letter(character) for character in name).casefold()


def _letter(character: str) -> str:
    if character.isascii():
        return character
    called = unicodedata.name(character, "").partition(" WITH ")[0].rpartition(" ")[2]
    return called or character
