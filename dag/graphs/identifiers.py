"""The escape: from the name of a value, a call or a lane to one identifier for Python, C, C++, StableHLO and SystemVerilog.

    lev_compose.lev.2    lev_compose__lev__2     a dot is `__`; letters, digits and single underscores stay
    large, EOF           large_, EOF_            a word of some language, or a macro, gets a `_`
    fast_, a__b, größe   fast___u, a___u_u___b, gr___xf6_xdf___e
    _tb, dagc_x, 2x      u____u___tb, u____x64___agc_x, u____x32___x

Anything else is written between `___` and `___` as one code a character: `u` for an underscore, `p` for a point, `x` and the
hexadecimal code point for others; where that begins the name, `u____` stands before the codes. Two names never have the same
identifier, whatever other names there are, and `name_of` gives the name back.

The escape never makes two kinds of text, which are ours for what emitted text needs beside the user's values: what begins with
`dagc`, in small letters or capitals, and an identifier followed by `____` and a word that is no code (`apart`).
"""

from __future__ import annotations

import re
from collections.abc import Container

from dag.graphs.reserved_words import is_reserved

#: What no identifier may begin with: no letter, or the beginning of our own names.
_LEADING = re.compile(r"[^A-Za-z]+|[dD](?=[aA][gG][cC])")
_RUN = re.compile(r"([^A-Za-z0-9]+)")
_CODE = r"(?:u|p|x[0-9a-f]+)"
_WRITTEN = re.compile(rf"(?:^u____|___)({_CODE}(?:_{_CODE})*)(?:___|$)|(__)")
_CODES = {"_": "u", ".": "p"}
_CHARACTERS = {code: character for character, code in _CODES.items()}


def identifier(name: str, also_reserved: Container[str] = ()) -> str:
    """The identifier of `name`, which is not empty; `also_reserved` are words that the target has for itself."""
    leading = _LEADING.match(name)
    rest = name[leading.end() :] if leading else name
    plain, *runs_and_plain = _RUN.split(rest)
    text = plain
    for run, after in zip(runs_and_plain[::2], runs_and_plain[1::2], strict=True):
        text += {"_": "_", ".": "__"}.get(run, f"___{_codes(run)}___") + after if after else f"___{_codes(run)}"
    if leading:
        text = f"u____{_codes(leading[0])}{'___' if rest else ''}{text}"
    return f"{text}_" if is_reserved(text) or text in also_reserved else text


def name_of(text: str) -> str:
    """The name that `identifier` made `text` of."""
    return _WRITTEN.sub(_written, text.removesuffix("_"))


def apart(text: str, word: str = "user") -> str:
    """The identifier `text` with `____<word>` behind it: no identifier, and no other one's."""
    return f"{text}____{word}"


def _codes(run: str) -> str:
    return "_".join(_CODES.get(character, f"x{ord(character):x}") for character in run)


def _written(found: re.Match[str]) -> str:
    codes = found[1]
    if codes is None:
        return "."
    return "".join(_CHARACTERS.get(code) or chr(int(code[1:], 16)) for code in codes.split("_"))
