"""From a lane to loaded runners: what build, check and tap share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from compile.backend import Backend, Files, Misbehaves, Missing, Runner
from compile.backend_record import LibraryRecord
from compile.backends import libraries, record_of
from compile.bundle.bundle import BundleProblem
from compile.lane.check import LaneCheck
from compile.lint import refuse_remarks
from compile.pipeline import PipelineOptions, Stage, stages
from compile.rewrites.validate import CannotBeFollowed
from dag.graphs.graph import Graph
from dag.graphs.pinning import Pins, pinned, with_defaults
from dag.language.lane import AnyLane
from dag.trace import Traced
from dag.values.floating_point import in_standard_environment
from dag.values.types import Value
from dagc.binding.parameters import bound_values
from dagc.binding.parsing import parse_value
from dagc.binding.pins import read_pins
from dagc.building.proving import ReaderMissing
from dagc.building.slots import Target, lane_of
from dagc.data.problem import DataProblem


def prepared_stages(graph: Graph, wanted: PipelineOptions) -> tuple[Stage, ...]:
    """`graph` after every wanted pass. Raises BundleProblem where the check of a simpler graph does not know an operator of it."""
    try:
        return stages(graph, wanted)
    except CannotBeFollowed as problem:
        raise BundleProblem(
            f"a simpler graph could not be checked: {problem}\n  fix  build it without --simplify"
        ) from problem


@dataclass(frozen=True, slots=True)
class LaneSource:
    """Where a lane is: `FILE.py:LANE`, or in this process, and the lanes in its slots, `NAME=FILE.py:LANE`."""

    target: Target
    slots: tuple[str, ...] = ()

    def check(self, graph: Graph) -> LaneCheck:
        """The lane on numbers beside `graph`, which was made of it; in whatever process. Raises CompileError."""
        return LaneCheck.of(lane_of(self.target, self.slots), graph)

    def absolute(self) -> LaneSource:
        """The same from any working directory."""
        slots = [slot.partition("=") for slot in self.slots]
        return LaneSource(_absolute(self.target), tuple(f"{name}={_absolute(lane)}" for name, _, lane in slots))


def _absolute(target: Target) -> Target:
    if not isinstance(target, str):
        return target
    path, _, name = target.strip().rpartition(":")
    return f"{Path(path).resolve()}:{name}"


@dataclass(frozen=True, slots=True)
class PreparedLane:
    """A lane, what was traced of it, and the graph that the backends take; `pins` are what its parameters were pinned with."""

    source: LaneSource
    lane: AnyLane
    trace: Traced
    graph: Graph
    pins: Sequence[Pins] = ()

    def pinned_as(self, deployed: Graph) -> PreparedLane:
        """The same with the defaults of `deployed`, a graph of a bundle; itself where that has other parameters."""
        values = {param.name: param.default for param in deployed.params if param.default is not None}
        if {param.name for param in self.graph.params} != values.keys():
            return self
        return replace(self, graph=with_defaults(self.graph, values))

    def lane_check(self) -> LaneCheck:
        """What holds the lane on numbers against the graph."""
        return LaneCheck.of(self.lane, self.graph, self.trace)


def graph_of(target: Target, simplify: bool = False, slots: Sequence[str] = ()) -> Graph:
    """The prepared graph of `FILE.py:LANE`, simplified if asked for; `slots` are `NAME=FILE.py:LANE`.

    Raises CompileError, for hazards and broken claims too, and DataProblem.
    """
    return prepared(target, simplify, slots).graph


def prepared(
    target: Target, simplify: bool = False, slots: Sequence[str] = (), pins: Sequence[str] = ()
) -> PreparedLane:
    """As `graph_of`, with the lane. With `pins` the graph is deployed: every parameter is pinned by one of them, and a graph
    with remarks is refused.

    Raises CompileError and DataProblem.
    """
    from compile.front import accepted_trace

    lane = lane_of(target, slots)
    trace = accepted_trace(lane)
    graph = trace.graph
    read: list[Pins] = []
    if pins:
        read = read_pins(graph, pins)
        graph = pinned(graph, read)
        refuse_remarks(graph, lane)
    graph = prepared_stages(graph, PipelineOptions(lane.subnormals, simplify))[-1].graph
    return PreparedLane(LaneSource(target, tuple(slots)), lane, trace, graph, read)


def runners_of(
    graph: Graph, names: Iterable[str], files: Files | None = None
) -> tuple[dict[str, Runner], dict[str, Missing]]:
    """Loaded runners by name, and the backends whose tool this machine lacks.

    The artifacts are emitted afresh, or taken from `files` where they are given. Raises BundleProblem when `files` lack one.
    """
    chosen = {name: record_of(name).make(None) for name in names}
    missing = {name: absent for name, each in chosen.items() if (absent := each.missing()) is not None}
    # Side by side: most of it is waiting for compilers.
    with ThreadPoolExecutor() as pool:
        loading = {
            name: pool.submit(in_standard_environment(_runner_of), graph, name, each, files)
            for name, each in chosen.items()
            if name not in missing
        }
        return {name: each.result() for name, each in loading.items()}, missing


def _runner_of(graph: Graph, name: str, chosen: Backend, files: Files | None) -> Runner:
    try:
        return chosen.load(graph, chosen.lower(graph) if files is None else files)
    except KeyError as problem:
        wanted = record_of(name).runs or name
        raise BundleProblem(f"the bundle has no {problem} for {name}: build it with --emit {wanted}") from problem


def loaded_runners(
    graph: Graph, names: Iterable[str], files: Files | None
) -> tuple[dict[str, Runner], dict[str, Missing]]:
    """The runners of a check: those of `names`, and with each the compiled library among `files` that belongs to it."""
    runners, missing = runners_of(graph, names, files)
    return runners if files is None else runners | library_runners(graph, runners, files), missing


def library_runners(graph: Graph, names: Iterable[str], files: Files) -> dict[str, Runner]:
    """The runners of the compiled libraries among `files` that belong to the backends called `names`."""
    runners: dict[str, Runner] = {}
    for library in (record_of(name).library for name in names):
        if library is not None:
            runners |= library.runners(graph, files)
    return runners


def examined_libraries(graph: Graph, files: Files, made_with: Mapping[str, Any]) -> list[str]:
    """What was examined of the compiled libraries among `files`, in sentences. Raises Misbehaves."""
    return [
        line
        for library in libraries()
        if library.file in files
        for line in library.examined(graph, files, said_of(library, made_with))
    ]


def said_of(library: LibraryRecord, manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a manifest says that a library was compiled with."""
    said = manifest.get(library.file)
    return said if isinstance(said, Mapping) else {}


@contextmanager
def as_on_disk(folder: Path) -> Iterator[None]:
    """Whatever the files of a bundle do when they are loaded and run, they were changed on disk: a BundleProblem, no defect."""
    try:
        yield
    except (BundleProblem, Misbehaves, ReaderMissing, click.ClickException):
        raise
    except Exception as problem:
        raise BundleProblem(
            f"{folder} holds an artifact that cannot be run: {type(problem).__name__}: {problem}\n"
            f"  fix  `dagc verify {folder}` names the files that were changed; build it again"
        ) from problem


def parameters_of(graph: Graph, settings: Iterable[str], params: object = None) -> Mapping[str, Value]:
    """Every parameter's value: the defaults, with `params` and then `name=value` settings laid over them.

    Raises BindingProblem, DataProblem.
    """
    types = {param.name: graph.types[param.node] for param in graph.params}
    given: dict[str, object] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise DataProblem(f"--param {setting}: expected NAME=VALUE, for example {next(iter(types), 'x')}=1")
        try:
            given[name.strip()] = parse_value(text.strip(), types[name.strip()]) if name.strip() in types else text
        except ValueError:
            given[name.strip()] = text
    if params is None:
        return bound_values(graph, given)
    base = bound_values(graph, params)
    return bound_values(graph, {**base, **given}) if given else base
