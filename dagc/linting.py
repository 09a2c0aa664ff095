"""All that is to be said of a file of lanes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from compile.lint import findings
from compile.lint.silences import misplaced_silences, silenced
from dag.diagnostics import CompileError, Diagnostic
from dag.loading import lanes_in_file
from dag.source import Span
from dag.trace import trace
from dag.trace.functions import function_source


@dataclass(frozen=True, slots=True)
class Linted:
    """The number of lanes of a file, and its errors and remarks."""

    lanes: int
    errors: tuple[Diagnostic, ...]
    remarks: tuple[Diagnostic, ...]


def lint_file(path: Path) -> Linted:
    """Lint every lane of a file as a root of its own; what lanes have in common is said once.

    A parameter is never used where no lane of the file uses it.
    """
    broken: list[Diagnostic] = []
    found: list[Diagnostic] = []
    try:
        lanes = lanes_in_file(str(path))
    except CompileError as problem:
        return Linted(0, problem.diagnostics, ())
    read: set[Span | None] = set()
    for each in lanes.values():
        try:
            graph = trace(each)
        except CompileError as problem:
            broken += problem.diagnostics
            continue
        of_lane = findings(graph)
        unread = {(told.code, told.node) for told in of_lane}
        read |= {graph.spans[port.node] for port in graph.params if ("W001", port.name) not in unread}
        found += of_lane
    # A @params class that several lanes take need not be read whole by each of them.
    found = [each for each in found if each.code != "W001" or each.span not in read]
    said = [each for each in found if not silenced(each)]
    if lanes and not broken:  # a lane that could not be compiled might have what a comment silences
        file = function_source(next(iter(lanes.values())).function).file
        said += misplaced_silences(path.read_text(encoding="utf-8"), file, found)
    every = list(dict.fromkeys([*broken, *said]))
    remarks = tuple(each for each in every if each.is_warning)
    return Linted(len(lanes), tuple(each for each in every if not each.is_warning), remarks)
