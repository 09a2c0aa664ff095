"""The runs that are kept under a folder: replays, journals of engines, and populations, each by what says what it is."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from compile.bundle.bundle import MANIFEST, BundleProblem, read_manifest
from dag.diagnostics.wording import counted
from dagc.engine.records import JournalProblem, Kind, Segments
from dagc.replay.checkpoint import CHECKPOINT, CheckpointProblem, read_checkpoint
from dagc.vibriss.problem import PopulationProblem
from dagc.vibriss.record import RECORD, read_record


@dataclass(frozen=True, slots=True)
class Kept:
    """One run. `standing` is `whole`, `to go on`, `not closed`, or what is wrong with it; hashes are "" where it has none.

    `lane` is the name that a bundle beside it or the run itself gives to the graph; `rejected` is None where no count is kept;
    `changed` is when it was written last, in seconds of Unix time.
    """

    kind: str
    folder: str
    lane: str
    graph: str
    data: str
    parameters: str
    bars: int
    rejected: int | None
    standing: str
    changed: float

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.standing in ("whole", "to go on", "not closed")

    def as_json(self) -> dict[str, Any]:
        """All of it."""
        return asdict(self)


def kept_runs(root: Path) -> list[Kept]:
    """Every run at or under `root`, the newest first; folders whose names begin with a dot, and links, are left out."""
    found, names = list[Kept](), dict[str, str]()
    for path, below, files in os.walk(root):
        folder = Path(path)
        below[:] = sorted(each for each in below if not each.startswith("."))
        if MANIFEST in files:
            try:
                manifest = read_manifest(folder)
                names.setdefault(manifest["graph"], manifest["name"])
            except BundleProblem:
                pass  # `dagc verify` says what is wrong with it
            else:
                below.clear()
                continue
        found += _in(folder, files)
    named = [each if each.lane else _called(each, names.get(each.graph, "")) for each in found]
    return sorted(named, key=lambda each: (-each.changed, each.folder))


def as_text(found: list[Kept], now: float | None = None) -> str:
    """A line a run."""
    titles = ("run", "lane", "graph", "data", "parameters", "bars", "rejected", "written", "standing")
    rows = [
        (
            each.folder, each.lane, each.graph[:8], each.data[:8], each.parameters[:8], f"{each.bars:,}",
            "" if each.rejected is None else f"{each.rejected:,}", _ago((now or time.time()) - each.changed),
            f"{each.kind}, {each.standing}",
        )
        for each in found
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in (titles, *rows)) for column in range(len(titles))]
    lines = []
    for row in (titles, *rows):
        cells = [c.rjust(w) if k in (5, 6) else c.ljust(w) for k, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([*lines, counted(len(found), "run")])


def _in(folder: Path, files: list[str]) -> Iterator[Kept]:
    if CHECKPOINT in files:
        yield _replay(folder)
    if any(name.endswith(".journal") for name in files):
        yield _journal(folder)
    if RECORD in files:
        yield _population(folder)


def _replay(folder: Path) -> Kept:
    when = (folder / CHECKPOINT).stat().st_mtime
    try:
        found = read_checkpoint(folder)
    except CheckpointProblem as problem:
        return _damaged("replay", folder, problem, when)
    if found is None:  # it went while we looked
        return _damaged("replay", folder, "it is gone", when)
    asked, rejected = found.request, sum(each.bars for each in found.rejections)
    standing = "whole" if found.done else "to go on"
    return Kept(
        "replay", str(folder), "", asked.graph, asked.data, asked.parameters, found.bars, rejected, standing, when
    )


def _journal(folder: Path) -> Kept:
    when = max(path.stat().st_mtime for path in folder.glob("*.journal"))
    found, bars, last = Segments(folder), 0, Kind.BAR
    try:
        for record in found:
            bars += record.kind is Kind.BAR
            last = last if record.kind is Kind.SEAL else record.kind
    except JournalProblem as problem:
        return _damaged("journal", folder, problem, when)
    standing = "whole" if last is Kind.CLOSE else "not closed"
    return Kept("journal", str(folder), found.name, found.graph, "", "", bars, None, standing, when)


def _population(folder: Path) -> Kept:
    when = (folder / RECORD).stat().st_mtime
    try:
        lines = read_record(folder / RECORD)
        head, last = lines[0], lines[-1]
        lane, standing = str(head["lane"]).rpartition(":")[2], "whole" if last["kind"] == "end" else "to go on"
        bars = max(int(line.get("bar", 0)) for line in lines)
        return Kept("population", str(folder), lane, head["graph"], head["data_sha256"], "", bars, None, standing, when)
    except (PopulationProblem, KeyError, TypeError, ValueError) as problem:
        return _damaged("population", folder, problem, when)


def _damaged(kind: str, folder: Path, problem: object, when: float) -> Kept:
    return Kept(kind, str(folder), "", "", "", "", 0, None, str(problem).split("\n")[0], when)


def _called(each: Kept, lane: str) -> Kept:
    return Kept(**{**asdict(each), "lane": lane})


def _ago(seconds: float) -> str:
    for unit, length in (("day", 86_400.0), ("hour", 3_600.0), ("minute", 60.0)):
        if seconds >= length:
            return f"{counted(int(seconds // length), unit)} ago"
    return "just now"
