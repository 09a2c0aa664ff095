"""Fixing a file, round by round, and leaving it as it was where a round does not do what it should."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from dag.diagnostics.diagnostic import CompileError, Diagnostic
from dag.diagnostics.span import display_path
from dag.files.regular_file import read_short
from dagc.fixing.edits import Edit, Source, apart, edited, line_start, placed
from dagc.fixing.remedies import remedy
from dagc.reporting.lint import LintReport, lint

#: Rounds after which a file is left alone: each puts at least one mistake right.
MOST_ROUNDS = 100
#: After an import a line is read on, and after one hazard the next is seen: that others come is no harm.
_IMPORTS, _HAZARDS = ("E002", "E020"), "E06"
_Mistake: TypeAlias = tuple[str, str, str, tuple[str, ...]]


@dataclass(slots=True)
class Fixed:
    """What was put right, a line for each, and what was not, with the reason."""

    said: list[str] = field(default_factory=list[str])
    refused: dict[_Mistake, str] = field(default_factory=dict["_Mistake", str])


def fix(target: str) -> Fixed:
    """Fix what can be fixed of `FILE.py` or `FILE.py:LANE`. Raises OSError."""
    file = Path(target if Path(target).exists() else target.rpartition(":")[0])
    done = Fixed()
    for _ in range(MOST_ROUNDS):
        errors = _of(file, _linted(target).errors)
        source = _source(file)
        if source is None:
            return done
        found = {
            each: edit
            for each in errors
            if _mistake(each) not in done.refused and (edit := remedy(each, source)) is not None
        }
        edits = apart([*found.values()])
        if not edits:
            return done
        for together in (edits, *([edit] for edit in edits)):
            made = {each: edit for each, edit in found.items() if edit in together}
            why = _try(target, file, source, made, errors)
            if why is None:
                done.said += [f"{each.span}: {each.code} {_shown(source, edit)}" for each, edit in made.items()]
                break
            if len(edits) == 1 or together is not edits:
                done.refused |= {_mistake(each): f"{each.span}: {each.code} stays, {why}" for each in made}
    return done


def _try(
    target: str, file: Path, source: Source, made: Mapping[Diagnostic, Edit], before: Sequence[Diagnostic]
) -> str | None:
    """Make edits; where they do not do what they should, the file has its old bytes again, and this is why."""
    with _restored_unless_good(file) as good:
        text = edited(source.text, apart([*made.values()]))
        file.write_bytes(text.encode())
        why = _why_not(made, _of(file, _linted(target).errors), before, text)
        if why is None:
            good.append(True)
    return why


def _linted(target: str) -> LintReport:
    try:
        return lint(target)
    except CompileError as problem:
        return LintReport(0, problem.diagnostics, ())


def _source(file: Path) -> Source | None:
    """The file, if it is Python in UTF-8 whose lines end plainly; nothing else is changed."""
    try:
        text = read_short(file).decode()
        return None if "\r" in text or text.startswith("\ufeff") else Source.of(text)
    except (UnicodeDecodeError, SyntaxError, ValueError):
        return None


def _of(file: Path, errors: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The errors that stand in `file`."""
    shown = display_path(str(file))
    return [each for each in errors if each.span is not None and each.span.shown == shown]


def _why_not(
    made: Mapping[Diagnostic, Edit], after: Sequence[Diagnostic], before: Sequence[Diagnostic], text: str
) -> str | None:
    """Why edits, with which the file has become `text`, are no success: what they are to put right is still there, or something
    worse is new where they are."""
    hazards = {each: edit for each, edit in made.items() if each.code.startswith(_HAZARDS)}
    places = placed(apart([*made.values()]))
    replaced = [places[edit] for edit in hazards.values()]
    inside = [each for each in after if each.code in {e.code for e in hazards} and _is_inside(each, replaced, text)]
    others = {_mistake(each) for each in made if each not in hazards}
    if inside or any(_mistake(each) in others for each in after):
        return "because it would not go away"
    lines = {each.span.line for each in made if each.span is not None and each.code not in _IMPORTS}
    known = {each.code for each in before}
    new = [e for e in after if e.span is not None and e.span.line in lines and e.code not in known]
    return next((f"because {each.code} would come instead" for each in new if not each.code.startswith(_HAZARDS)), None)


def _is_inside(error: Diagnostic, pieces: Sequence[tuple[int, int]], text: str) -> bool:
    """Whether what `error` shows lies in one of these pieces of `text`."""
    if error.span is None:
        return False
    line = line_start(text, error.span.line)
    first, last = line + error.span.column - 1, line + error.span.end_column - 1
    return any(start <= first and last <= end for start, end in pieces)


def _mistake(diagnostic: Diagnostic) -> _Mistake:
    """What makes two diagnostics of one file the same, wherever its lines have moved to."""
    return diagnostic.code, diagnostic.node, diagnostic.expected, diagnostic.got


@contextmanager
def _restored_unless_good(file: Path) -> Iterator[list[bool]]:
    """Whatever happens, `file` has its old bytes afterwards unless something was put into the list."""
    before, good = file.read_bytes(), list[bool]()
    try:
        yield good
    finally:
        if not good:
            file.write_bytes(before)


def _shown(source: Source, edit: Edit) -> str:
    before, after = source.text[edit.start : edit.end], edit.text.strip("\n")
    return f"`{before}` is now `{after}`" if before else f"added `{after}`"
