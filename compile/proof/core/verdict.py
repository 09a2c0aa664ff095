"""The verdict of a proof by structure on one artifact, and the reading that it judges.

An artifact is proved when every value that it shows, every output, every state's next and initial value and the status are
the graph's own terms. That is one inductive step: where the states of artifact and graph are equal before a bar, and the
inputs and parameters are, everything shown and every state after the bar is equal; and the initial states are equal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from compile.backend import Files
from compile.proof.core.axioms import Axiom
from compile.proof.core.source import SourceTerms


@dataclass(frozen=True, slots=True)
class Read:
    """A value as an artifact computes it, and the line (from 1; 0 where it has none) on which it does."""

    term: int
    line: int


@dataclass(slots=True)
class Reading:
    """What one artifact computes. Everything in it was found in the artifact's text, nothing taken from the graph."""

    #: What the artifact shows as the value of a node, by the node's index. Arrays are not shown.
    nodes: dict[int, Read] = field(default_factory=dict[int, Read])
    outputs: dict[str, Read] = field(default_factory=dict[str, Read])
    next_states: dict[str, Read] = field(default_factory=dict[str, Read])
    initial_states: dict[str, Read] = field(default_factory=dict[str, Read])
    #: What the artifact returns beside the outputs to say that a row was rejected; None where it has no such place.
    status: Read | None = None
    #: What was shown of an artifact that computes no value itself: then nothing else is in here.
    says: str = ""
    #: What the proof takes for granted beside the axioms: "`dagc_rint` is rint, by its definition 1f0e...", for instance.
    assumed: set[str] = field(default_factory=set[str])
    #: Files that hold nothing of the graph's, and are byte for byte what this version of dagc writes for it.
    written_again: set[str] = field(default_factory=set[str])


class Unreadable(Exception):
    """An artifact holds something that its reader does not know: nothing is claimed of it."""

    def __init__(self, what: str, line: int = 0, file: str = "") -> None:
        super().__init__(what)
        #: `file` where the line is not one of the reader's own file.
        self.what, self.line, self.file = what, line, file


@contextmanager
def reading_file(name: str) -> Iterator[None]:
    """Findings inside are about lines of the file `name`, where they do not name another one."""
    try:
        yield
    except Unreadable as problem:
        problem.file = problem.file or name
        raise


class Reader(Protocol):
    """Reads one artifact back, without any code that emitted it."""

    @property
    def artifact(self) -> str:
        """What the certificate calls it: the file, and the entry where a file has several."""
        ...

    @property
    def file(self) -> str:
        """The file whose lines a finding names."""
        ...

    def answers_for(self, files: Files) -> Collection[str]:
        """The files of the bundle whose every byte this reader accounts for: where it proves the artifact, it proves all of
        them. A file that no reader answers for is not verified, and a build or `dagc verify` says so.
        """
        ...

    def required(self, source: SourceTerms, reading: Reading) -> Collection[int]:
        """The nodes that the artifact must show: all single values, or those of them that it has a place for."""
        ...

    def read(self, source: SourceTerms, files: Files) -> Reading:
        """What the files compute. `source` lends its tables and names the ports. Raises Unreadable."""
        ...


@dataclass(frozen=True, slots=True)
class Proved:
    """The artifact computes the graph, on all inputs and at every bar."""

    artifact: str
    nodes: int
    states: int
    outputs: int
    axioms: tuple[Axiom, ...]
    assumed: tuple[str, ...]
    #: What was shown of an artifact that computes no value itself.
    says: str = ""
    #: The files that its reader answers for.
    files: tuple[str, ...] = ()
    #: Those of them that were not read back but written again, and are the same.
    written_again: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unproved:
    """Nothing is claimed of the artifact; what was found first, and where."""

    artifact: str
    #: What differs or could not be read, in a line.
    reason: str
    #: The node's name and `file:line` in the user's source, where one is concerned.
    node: str = ""
    at: str = ""
    #: `interpreter.py:41: level = ...`
    place: str = ""
    #: The smallest differing cone as the graph has it and as the artifact has it.
    expected: str = ""
    found: str = ""
    #: Whether the artifact was read and is another program; otherwise it holds something that its reader does not know.
    is_refuted: bool = False
    #: The files that its reader answers for.
    files: tuple[str, ...] = ()

    def page(self) -> str:
        """The finding as a short page."""
        about = f"node `{self.node}`{f' ({self.at})' if self.at else ''}" if self.node else ""
        lines = [
            f"{self.artifact}: not proved: {self.reason}",
            *(f"  {name:<9} {text}" for name, text in (
                ("node", about), ("artifact", self.place), ("graph", self.expected), ("computes", self.found),
            ) if text),
        ]  # fmt: skip
        return "\n".join(lines)


Verdict = Proved | Unproved


def first_difference(found: bytes, expected: bytes) -> int:
    """The line of `found`, from 1, on which it first differs from `expected`: the one after its last where it only ends early."""
    lines, others = found.split(b"\n"), expected.split(b"\n")
    return 1 + next(
        (k for k, pair in enumerate(zip(lines, others, strict=False)) if pair[0] != pair[1]),
        min(len(lines), len(others)),
    )


def line_of(files: Mapping[str, bytes], file: str, line: int) -> str:
    """`kernel.c:41: const double level = ...` as a finding shows it; empty for line 0."""
    if not line:
        return ""
    lines = files[file].decode("utf-8", "replace").split("\n", line)
    text = lines[line - 1].strip() if line <= len(lines) else ""
    return f"{file}:{line}: {text[:160]}"
