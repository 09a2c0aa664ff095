"""A population in a folder: begun, resumed after a kill, and replayed from its record."""

from __future__ import annotations

import hashlib
import io
import tomllib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dag.files.regular_file import read_short, sha256_of
from dag.graphs.graph import Graph
from dag.values.words import Column
from dagc.binding.parameters import bound_columns
from dagc.data.tables import read_table
from dagc.live.kernel import Kernel, kernel_from_graph
from dagc.sweeping.drawing import drawn_bindings
from dagc.sweeping.space import Space, space_of
from dagc.vibriss.births import Nursery
from dagc.vibriss.checkpoint import last_checkpoint, read_checkpoint, write_checkpoint
from dagc.vibriss.policy.catalogue import policy_called
from dagc.vibriss.population import Period, Population
from dagc.vibriss.problem import PopulationProblem
from dagc.vibriss.record import RECORD, Writer, read_record
from dagc.vibriss.rows import Rows
from dagc.vibriss.settings import Settings, settings_of

_FORMAT = 1
_TABLES = ("lane", "space", "run")


@dataclass(frozen=True)
class Plan:
    """What a population is made of: the text of its space file, where lane and data are, and what a command lays over the file."""

    document: str
    lane: str
    data: str
    overrides: Mapping[str, Any]

    def parsed(self) -> dict[str, Any]:
        """The file's tables. Raises PopulationProblem."""
        try:
            found = tomllib.loads(self.document)
        except tomllib.TOMLDecodeError as problem:
            raise PopulationProblem(f"the space file is no TOML: {problem}") from None
        if unknown := [key for key in found if key not in _TABLES]:
            raise PopulationProblem(f"the space file says {', '.join(unknown)}; there are {', '.join(_TABLES)}")
        return found


def plan_of(space_file: Path, data: Path, lane: str | None, overrides: Mapping[str, Any]) -> Plan:
    """The plan of a space file. Raises PopulationProblem and OSError."""
    text = read_short(space_file).decode()
    plan = Plan(text, "", str(data.resolve()), overrides)
    named = lane or plan.parsed().get("lane")
    if not isinstance(named, str):
        raise PopulationProblem(
            f'{space_file}: which lane?\n  fix  write  lane = "FILE.py:LANE"  first, or give --lane'
        )
    path, colon, name = named.rpartition(":")
    base = Path() if lane else space_file.parent  # absolute: it is resumed from any working directory
    named = f"{base.joinpath(path).resolve()}:{name}" if colon else str(base.joinpath(named).resolve())
    return replace(plan, lane=named)


class Run:
    """One population over its data, with a record in `folder`; None: only compared with lines that are expected."""

    def __init__(self, plan: Plan, threads: int = 1, folder: Path | None = None, kernel: Kernel | None = None) -> None:
        document = plan.parsed()
        self.plan, self.folder = plan, folder
        self.kernel = kernel or _kernel_of(plan.lane)
        graph = self.graph = self.kernel.graph
        self.settings: Settings = settings_of({**document.get("run", {}), **plan.overrides})
        instances = self.settings.instances
        self.space: Space = space_of(document.get("space", {}), graph, "[space]")
        self.columns = _bars_of(graph, Path(plan.data), self.settings.feedback)
        self.bars = len(next(iter(self.columns.values())))
        inside = int(self.bars * (1.0 - self.settings.out_of_sample))
        self.period = Period(inside, min(inside + self.settings.embargo, self.bars), self.bars)
        self.nursery = Nursery(graph, self.space, self.settings.seed)
        settings = self.settings
        policy = policy_called(settings.policy, settings.policy_settings, settings.seed, threads)
        self.population = Population(
            graph, self.kernel._library, settings, policy, Rows(graph, self.kernel._library, threads)
        )
        self._instances = instances

    def header(self) -> dict[str, Any]:
        """What the whole course is a function of."""
        return {
            "format": _FORMAT,
            "graph": self.graph.content_hash,
            "lane": self.plan.lane,
            "data": self.plan.data,
            "data_sha256": sha256_of(Path(self.plan.data)),
            "document": self.plan.document,
            "overrides": dict(self.plan.overrides),
        }

    def begin(self, writer: Writer) -> None:
        """The first births."""
        writer.write("header", **self.header())
        drawn = drawn_bindings(self.graph, self.space, self._instances)
        columns, count = bound_columns(self.graph, {**self.space.fixed, **drawn})
        self.population.born(columns, "space")
        digest = hashlib.sha256()
        for name in self.space.varies:
            digest.update(np.ascontiguousarray(columns[name]).tobytes())
        writer.write("births", bar=0, count=count, digest=digest.hexdigest())

    def advance(self, writer: Writer, progress: Callable[[int], None] = lambda bars: None) -> None:
        """From where the population is to the last bar, and the end's line."""
        population = self.population
        while population.bar < self.bars:
            first = population.bar
            end = self.period.end_of_round(first, self.settings.every)
            population.round({n: c[first:end] for n, c in self.columns.items()}, self.period, writer.write)
            population.boundary(self.nursery, writer.write)
            if end == self.bars or end // self.settings.checkpoint > first // self.settings.checkpoint:
                arrays = population.arrays()
                if self.folder is not None:
                    writer.sync()
                    hashes = write_checkpoint(self.folder, end, arrays)
                else:
                    hashes = {name: _digest(column) for name, column in arrays.items()}
                writer.write("checkpoint", bar=end, files=hashes)
                writer.sync()
            progress(end)
        writer.write("end", bar=self.bars, clipped=population.clipped)
        writer.sync()


def start(plan: Plan, folder: Path, threads: int, progress: Callable[[int], None], run: Run | None = None) -> Run:
    """A new population with its record in `folder`. Raises PopulationProblem where there is one already."""
    record = folder / RECORD
    if record.exists() and b"\n" in record.read_bytes():  # else it was killed before its first line
        raise PopulationProblem(
            f"{folder} holds a population\n  fix  go on with  dagc vibriss resume {folder}  or choose another folder"
        )
    run = run or Run(plan, threads, folder)
    folder.mkdir(parents=True, exist_ok=True)
    with closing(Writer(folder / RECORD, [], [])) as writer:
        run.begin(writer)
        writer.sync()
        run.advance(writer, progress)
    return run


def opened(
    folder: Path, threads: int = 1, data: Path | None = None, lane: str | None = None
) -> tuple[Run, list[dict[str, Any]]]:
    """The run of a record, at its beginning, and the lines there are. Raises PopulationProblem where lane or data are others."""
    lines = read_record(folder / RECORD)
    head = lines[0]
    if head.get("format") != _FORMAT:
        raise PopulationProblem(f"{folder} has format {head.get('format')}, this dagc reads {_FORMAT}")
    plan = Plan(head["document"], lane or head["lane"], str(data or head["data"]), head["overrides"])
    run = Run(plan, threads, folder)
    for what, found, wanted in (
        ("graph", run.graph.content_hash, head["graph"]),
        ("data", sha256_of(Path(plan.data)), head["data_sha256"]),
    ):
        if found != wanted:
            raise PopulationProblem(f"{folder} was run with another {what}: {wanted[:16]}, now {found[:16]}")
    run.plan = replace(plan, lane=head["lane"], data=head["data"])
    return run, lines


def resume(folder: Path, threads: int, progress: Callable[[int], None]) -> Run:
    """Go on where a run was stopped, by a kill too; what was written after the last checkpoint is computed again and must agree."""
    run, lines = opened(folder, threads)
    at = last_checkpoint(folder, lines)
    kept = [] if at is None else lines[: at + 1]
    with closing(Writer(folder / RECORD, kept, lines[len(kept) :])) as writer:
        if at is None:
            run.begin(writer)
        else:
            run.population.restore(read_checkpoint(folder, lines[at]["bar"], lines[at]["files"]))
        if lines[-1]["kind"] != "end":
            run.advance(writer, progress)
    return run


def replayed(folder: Path, threads: int, data: Path | None, lane: str | None, progress: Callable[[int], None]) -> int:
    """Compute a whole record again and compare every line; returns how many. Raises PopulationProblem for the first that differs."""
    run, lines = opened(folder, threads, data, lane)
    run.folder = None
    header = lines[0]
    writer = Writer(None, [], lines)
    run.header = lambda: {k: v for k, v in header.items() if k != "kind"}  # type: ignore[method-assign]  # compared when opened
    run.begin(writer)
    run.advance(writer, progress)
    return len(lines)


def restored(folder: Path) -> Run:
    """The population as its last checkpoint has it."""
    run, lines = opened(folder)
    at = last_checkpoint(folder, lines)
    if at is None:
        raise PopulationProblem(f"{folder} has no checkpoint yet\n  fix  dagc vibriss resume {folder}")
    run.population.restore(read_checkpoint(folder, lines[at]["bar"], lines[at]["files"]))
    return run


def _kernel_of(lane: str) -> Kernel:
    from dagc.commands.bundle_or_lane import opened as opened_target

    graph, files = opened_target(lane)
    return kernel_from_graph(graph) if files is None else Kernel(graph, files)


def _bars_of(graph: Graph, data: Path, feedback: str) -> dict[str, Column]:
    if feedback and feedback not in [port.name for port in graph.inputs]:
        raise PopulationProblem(f"feedback = {feedback!r}: `{graph.name}` has no such input")
    read = replace(graph, inputs=tuple(port for port in graph.inputs if port.name != feedback)) if feedback else graph
    columns = dict(read_table(data, read).columns)
    if not columns or not len(next(iter(columns.values()))):
        raise PopulationProblem(f"{data} holds no bars")
    return columns


def _digest(column: Column) -> str:
    written = io.BytesIO()
    np.save(written, np.ascontiguousarray(column), allow_pickle=False)
    return hashlib.sha256(written.getvalue()).hexdigest()
