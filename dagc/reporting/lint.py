"""All that is to be said of a file of lanes, or of one lane."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from compile.front import front
from compile.lint.finding import place_of
from compile.lint.silences import misplaced_silences, silenced
from dag.diagnostics.diagnostic import CompileError, Diagnostic, render_all
from dag.diagnostics.span import Span, display_path
from dag.diagnostics.wording import counted
from dag.files.loading import lanes_in_file, load_lane
from dag.files.source_file import read_source
from dag.language.lane import AnyLane

#: What is said of a declaration that several lanes may share, such as a field of a `@params` class.
_OF_DECLARATIONS = ("W001", "W002")


@dataclass(frozen=True, slots=True, repr=False)
class LintReport:
    """The number of lanes examined, and their errors and remarks, each once and in the order of the source."""

    lanes: int
    errors: tuple[Diagnostic, ...]
    remarks: tuple[Diagnostic, ...]

    def __repr__(self) -> str:
        every = (*self.errors, *self.remarks)
        return (
            render_all(every)
            if every
            else f"{counted(self.lanes, 'lane') if self.lanes else 'no lanes'}, nothing to report"
        )


def lint(target: str) -> LintReport:
    """Lint `FILE.py`, or `FILE.py:LANE` alone. Raises CompileError where there is no such lane."""
    if _is_file(target):
        return lint_file(Path(target))
    return lint_lane(load_lane(target))


def lint_lane(lane: AnyLane) -> LintReport:
    """Lint one lane as a root."""
    judged = front(lane)
    return _linted(1, (*judged.errors, *judged.remarks))


def lanes_of(target: str) -> list[AnyLane]:
    """Every lane of `FILE.py`, or the one of `FILE.py:LANE`. Raises CompileError."""
    return [*lanes_in_file(target).values()] if _is_file(target) else [load_lane(target)]


def _is_file(target: str) -> bool:
    return ":" not in target or Path(target).exists()


def lint_file(path: Path) -> LintReport:
    """Lint every lane of a file as a root of its own; what several lanes have in common is reported once.

    A parameter or a field of an input is never used where no lane of the file uses it.
    """
    try:
        lanes = lanes_in_file(str(path))
    except CompileError as problem:
        return _linted(0, problem.diagnostics)
    judged = [front(lane) for lane in lanes.values()]
    used: set[Span | None] = set()
    for each in judged:
        if each.graph is not None:
            graph = each.graph
            unused = {(told.code, told.node) for told in each.found}
            used |= {graph.spans[p.node] for p in graph.params if ("W001", p.name) not in unused}
            used |= {graph.spans[p.node] for p in graph.inputs if ("W002", p.name) not in unused}
    is_whole = all(each.graph is not None for each in judged)
    found = [
        told
        for each in judged
        for told in each.found
        # Where a lane cannot be traced, nobody knows what it would use.
        if told.code not in _OF_DECLARATIONS or (is_whole and told.span not in used)
    ]
    said = [told for told in found if not silenced(told)]
    if lanes and is_whole:  # a lane that cannot be traced may have what a comment silences
        said += misplaced_silences(read_source(path), display_path(str(path)), found)
    return _linted(len(lanes), said)


def _linted(lanes: int, said: Iterable[Diagnostic]) -> LintReport:
    every = sorted(dict.fromkeys(said), key=place_of)
    # A lane that others call is judged in each of them; what is said of one place in equal words is one remark.
    remarks: dict[Diagnostic, Diagnostic] = {}
    for each in every:
        if each.is_warning:
            remarks.setdefault(replace(each, node=""), each)
    return LintReport(lanes, tuple(each for each in every if not each.is_warning), tuple(remarks.values()))
