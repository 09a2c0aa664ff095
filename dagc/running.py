"""From a lane to loaded runners: what build, check and tap share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from compile.backend import Files, Missing, Runner
from compile.bundle import BundleProblem
from compile.lint import refuse_remarks
from compile.passes.simplify import simplify
from compile.pipeline import prepare
from compile.rewrites.validate import CannotBeFollowed
from dag.graph import Graph
from dag.pinning import Pins, pinned
from dag.types import Value
from dagc.backends import backend
from dagc.data_problem import DataProblem
from dagc.parameters import bound_values
from dagc.parsing import parse_value
from dagc.pins import read_pins

KERNEL_SO = "kernel.so"


def simpler_graph(graph: Graph) -> Graph:
    """`graph` simplified. Raises BundleProblem where the check of the simpler graph does not know an operator of it."""
    try:
        return simplify(graph)
    except CannotBeFollowed as problem:
        raise BundleProblem(
            f"a simpler graph could not be checked: {problem}\n  fix  build it without --simplify"
        ) from problem


def graph_of(target: str, simpler: bool = False, plugged: Sequence[str] = ()) -> Graph:
    """The prepared graph of `FILE.py:LANE`, simplified if asked for; `plugged` are lanes in its slots, `NAME=FILE.py:LANE`.

    Raises CompileError, for hazards and broken claims too, and DataProblem.
    """
    graph, _ = _prepared(target, (), plugged)
    return simpler_graph(graph) if simpler else graph


def deployed_graph(target: str, writers: Sequence[str], plugged: Sequence[str] = ()) -> tuple[Graph, list[Pins]]:
    """As `graph_of`, with every parameter pinned by one of `writers`, and no remark left: what goes live was decided on.

    Raises CompileError and DataProblem.
    """
    return _prepared(target, writers, plugged)


def _prepared(target: str, writers: Sequence[str], plugged: Sequence[str]) -> tuple[Graph, list[Pins]]:
    from compile.front import accepted
    from dagc.slots import lane_of

    lane = lane_of(target, plugged)
    traced = accepted(lane)
    pins: list[Pins] = []
    if writers:
        pins = read_pins(traced, writers)
        traced = pinned(traced, pins)
        refuse_remarks(traced)
    return prepare(traced, lane.subnormals), pins


def runners_of(
    graph: Graph, names: Iterable[str], files: Files | None = None
) -> tuple[dict[str, Runner], dict[str, Missing]]:
    """Loaded runners by name, and the backends whose tool this machine lacks.

    The artifacts are emitted afresh, or taken from `files` where they are given. Raises BundleProblem when `files` lack one.
    """
    runners: dict[str, Runner] = {}
    missing: dict[str, Missing] = {}
    for name in names:
        each = backend(name)
        absent = each.missing()
        if absent is not None:
            missing[name] = absent
            continue
        try:
            runners[name] = each.load(graph, each.lower(graph) if files is None else files)
        except KeyError as problem:
            raise BundleProblem(f"the bundle has no {problem} for {name}: build it with --emit {name}") from problem
    return runners, missing


def loaded_runners(
    graph: Graph, names: Iterable[str], files: Files | None
) -> tuple[dict[str, Runner], dict[str, Missing]]:
    """The runners of a check: those of `names`, and with them the kernel.so among `files` where C is checked."""
    runners, missing = runners_of(graph, names, files)
    if files is not None and "c" in runners:
        runners |= shipped_library(graph, files)
    return runners, missing


def shipped_library(graph: Graph, files: Files, name: str = "c") -> dict[str, Runner]:
    """The runner of the compiled kernel.so in `files`, as KERNEL_SO; none where there is none or this CPU cannot run it.

    `name` is the backend whose lowering of a row it runs, `c` or `c_batch`.
    """
    from compile.c.library import Library
    from compile.c.runner import CRunner, Entry

    if KERNEL_SO not in files:
        return {}
    library = Library(files[KERNEL_SO])
    if not library.runs_here():
        return {}
    library.verify(graph)
    return {KERNEL_SO: CRunner(graph, library, Entry.BATCH if name == "c_batch" else Entry.ROW)}


@contextmanager
def as_on_disk(folder: Path) -> Iterator[None]:
    """Whatever the files of a bundle do when they are loaded and run, they were changed on disk: a BundleProblem, no defect."""
    try:
        yield
    except (BundleProblem, click.ClickException):
        raise
    except Exception as problem:
        raise BundleProblem(
            f"{folder} holds an artifact that cannot be run: {type(problem).__name__}: {problem}\n"
            f"  fix  `dagc verify {folder}` names the files that were changed; build it again"
        ) from problem


def parameters_of(graph: Graph, settings: Iterable[str]) -> Mapping[str, Value]:
    """Every parameter's value: the defaults, with `name=value` settings laid over them. Raises BindingProblem, DataProblem."""
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
    return bound_values(graph, given)
