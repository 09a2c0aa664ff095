"""Reading a journal: where an engine that was killed goes on, and whether its bars give the same words again."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagc.binding.parameters import BindingProblem
from dagc.engine.records import JournalProblem, Kind, Record, Segments, json_in
from dagc.engine.version import Version, bound, digest, read_params
from dagc.live.kernel import Kernel
from dagc.live.state import WrongSnapshot


@dataclass(slots=True)
class Course:
    """A journal played again: the version that is active, and how far it is. `mismatch` says where words differ first."""

    kernels: Mapping[str, Kernel]
    version: Version | None = None
    bars: int = 0
    at: int = 0
    played: int = 0
    compared: int = 0
    switches: list[str] = field(default_factory=list[str])
    #: Graphs whose kernel is not there, and how many of their bars are not played.
    missing: dict[str, int] = field(default_factory=dict[str, int])
    mismatch: str = ""
    closed: bool = False
    _graph: str = ""
    _stepped: bool = False
    #: The kind and the bar of the switch that the next state completes; "" where there is none.
    _switch: str = ""

    def take(self, record: Record) -> None:
        """Play one record. Raises JournalProblem for what no engine writes."""
        try:
            self._take(record)
        except (ValueError, KeyError, TypeError, struct.error, UnicodeDecodeError, BindingProblem) as problem:
            raise JournalProblem(
                f"{record.path}: record {record.number:,} says what no engine writes: {problem}"
            ) from problem

    def _take(self, record: Record) -> None:
        if record.kind is not Kind.SEAL:
            self.closed = record.kind is Kind.CLOSE
        match record.kind:
            case Kind.BAR:
                self._bar(record)
            case Kind.DONE:
                self._done(record)
            case Kind.STATE:
                self._state(record)
            case Kind.SWITCH:
                about, _ = json_in(record.payload)
                if not str(about["why"]).startswith("refused"):
                    self._switch = f"bar {about['bar']:,}: {about['why']} to {about['name']} {str(about['graph'])[:12]}"
            case Kind.SEAL | Kind.CLOSE:
                pass

    def _bar(self, record: Record) -> None:
        (at,) = struct.unpack_from("<q", record.payload)
        self.bars, self.at = self.bars + 1, at or self.at
        self._stepped = self.version is not None
        if self.version is None:
            self.missing[self._graph] = self.missing.get(self._graph, 0) + 1
            return
        self.version.instance.fill_bytes(record.payload[8:])
        self.version.instance.tick()
        self.played += 1

    def _done(self, record: Record) -> None:
        if not self._stepped or self.version is None:
            return
        (status,) = struct.unpack_from("<q", record.payload)
        instance = self.version.instance
        said = instance.results().dagc_status if self.version.kernel.graph.status is not None else 0
        self.compared += 1
        if not self.mismatch and (said, digest(instance.output_bytes)) != (status, record.payload[8:]):
            self.mismatch = (
                f"bar {self.bars - 1:,}: the outputs are not those that were written down ({record.path.name})"
            )

    def _state(self, record: Record) -> None:
        about, snapshot = json_in(record.payload)
        graph = str(about["graph"])
        if self._switch:
            self.switches.append(self._switch)
            self._switch = ""
        elif self.version is not None and not self.mismatch and self.version.instance.snapshot() != snapshot:
            self.mismatch = f"bar {self.bars:,}: the state is not the one that was written down ({record.path.name})"
        self.bars, self.at, self._graph = int(about["bar"]), int(about["at"]), graph
        kernel = self.kernels.get(graph)
        self.version = None
        if kernel is not None:
            self.version = bound(kernel, read_params(about["params"]) or None)
            try:
                self.version.instance.restore(snapshot)
            except WrongSnapshot as problem:
                raise JournalProblem(
                    f"{record.path}: record {record.number:,} holds no state of its graph: {problem}"
                ) from problem

    @property
    def unfinished(self) -> str:
        """A switch that was written down and not made: the process died in between, and no bar was stepped after it."""
        return self._switch


def by_graph(kernels: Kernel | Iterable[Kernel]) -> dict[str, Kernel]:
    """Kernels by the content hash of their graph."""
    return {each.graph.content_hash: each for each in ([kernels] if isinstance(kernels, Kernel) else kernels)}


def played(folder: str | Path, kernels: Kernel | Iterable[Kernel]) -> tuple[Course, Segments]:
    """A journal played again from its beginning, every bar compared. Raises JournalProblem for damage."""
    course, found = Course(by_graph(kernels)), Segments(Path(folder))
    for record in found:
        course.take(record)
    return course, found


def gone_on(folder: str | Path, kernels: Kernel | Iterable[Kernel]) -> tuple[Course, Segments]:
    """Where the engine of a journal goes on: its last state, and the bars after it played again.

    Raises JournalProblem for damage, for a kernel that is not among `kernels`, and where the bars give other words.
    """
    found = Segments(Path(folder))
    records: list[Record] = []
    for record in found:
        if record.kind is Kind.STATE:
            records.clear()
        if records or record.kind is Kind.STATE:
            records.append(record)
    if not records:
        raise JournalProblem(f"{folder} holds no state to go on from: it was cut off before its first bar")
    course = Course(by_graph(kernels))
    for record in records:
        course.take(record)
    if course.version is None:
        about: dict[str, Any] = json_in(records[0].payload)[0]
        raise JournalProblem(
            f"{folder} goes on with `{about['name']}` {str(about['graph'])[:12]}, which is not among the kernels given\n"
            "  fix  load the bundle that it was written with"
        )
    if course.mismatch:
        raise JournalProblem(
            f"{folder}: {course.mismatch}\n  fix  do not trade on it: another machine or a changed kernel"
        )
    return course, found
