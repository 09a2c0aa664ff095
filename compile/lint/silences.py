"""Comments that silence a check at their line: `# dagc: allow W022 the venue wants its minimum whatever the cap`.

The comment stands on the line that the diagnostic names and says the codes (with commas between) and the reason. One without a
reason silences nothing and is reported (W020), and so is one for a code that was not found there (W021).
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import Diagnostic
from dag.diagnostics.span import Span

_COMMENT = re.compile(r"#\s*dagc:\s*allow\b[ \t]*(?P<codes>[A-Z]\d+(?:\s*,\s*[A-Z]\d+)*)?[ \t]*(?P<reason>.*)")
#: What a comment can silence: claims and remarks; an invalid program must be fixed.
_FIRST_CLAIM, _LAST_CLAIM = "E070", "E099"


@dataclass(frozen=True, slots=True)
class Silence:
    """One comment: where it stands, what it silences, and why."""

    span: Span
    codes: tuple[str, ...]
    reason: str


def can_be_silenced(code: str) -> bool:
    """Whether a comment at the line may silence this code."""
    return code.startswith("W") or _FIRST_CLAIM <= code <= _LAST_CLAIM


def silenced(diagnostic: Diagnostic) -> bool:
    """Whether a comment at its line silences `diagnostic`, with a reason."""
    return can_be_silenced(diagnostic.code) and silences_at(diagnostic.span, diagnostic.code)


def silences_at(span: Span | None, code: str) -> bool:
    """Whether the line of `span` has a comment that silences `code`, with a reason."""
    found = None if span is None else _COMMENT.search(span.text)
    return found is not None and bool(found["reason"].strip()) and code in _codes(found)


def without_silence(text: str) -> str:
    """A line of source without the comment that silences a check in it."""
    return _COMMENT.split(text)[0].rstrip()


def silences_in(text: str, file: str) -> list[Silence]:
    """Every silencing comment of a file."""
    found: list[Silence] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
        if match is not None:
            line, column = token.start
            start = column + match.start() + 1
            span = Span(file, line, start, start + len(match[0].rstrip()), token.line.rstrip("\n"))
            found.append(Silence(span, _codes(match), match["reason"].strip()))
    return found


def misplaced_silences(text: str, file: str, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """W020 and W021: comments that give no reason, and codes that are silenced where nothing was found.

    `found` is all that is known of the file, silenced or not; `file` is what messages call it.
    """
    at_line = {(each.span.line, each.code) for each in found if each.span is not None and each.span.shown == file}
    for silence in silences_in(text, file):
        shown = ", ".join(silence.codes)
        if not silence.codes or not silence.reason:
            yield _about(
                "W020", silence, "the codes and the reason for silencing them",
                f"`# dagc: allow {shown or '...'}` without {'a reason' if silence.codes else 'a code'}; it silences nothing",
                f"write why: # dagc: allow {shown or 'W004'} the exchange quotes it so",
            )  # fmt: skip
            continue
        for code in silence.codes:
            if code not in CODES or not can_be_silenced(code):
                got = f"{code}, {'an error that must be fixed' if code in CODES else 'which is not a code'}"
                yield _about("W021", silence, "codes of remarks or of claims", got, f"leave {code} out")
            elif (silence.span.line, code) not in at_line and not _is_for_callers(code):
                got = f"{code}, of which there is none"
                yield _about("W021", silence, "a remark to silence at this line", got, f"leave {code} out")


def _is_for_callers(code: str) -> bool:
    """Whether it depends on who calls the lane: if a parameter is read, what values come in, and if a claim holds of them."""
    return code in ("W001", "W022", "W023") or _FIRST_CLAIM <= code <= _LAST_CLAIM


def _codes(found: re.Match[str]) -> tuple[str, ...]:
    return tuple(each.strip() for each in (found["codes"] or "").split(",") if each.strip())


def _about(code: str, silence: Silence, expected: str, got: str, fix: str) -> Diagnostic:
    return Diagnostic(code, CODES[code][0], silence.span, "", expected, (got,), fix)
