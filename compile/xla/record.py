"""XLA as the rest of dagc knows it."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Sequence
from typing import TYPE_CHECKING

from compile.backend import Backend, Files, Runner
from compile.backend_record import BackendRecord, Inspection
from compile.certificate.trusted import Trusted
from dag.diagnostics.wording import counted

if TYPE_CHECKING:
    from compile.proof.core.verdict import Reader
    from dag.graphs.graph import Graph

#: Programs that are inspected: a check compiles one for each shape it runs.
MOST_PROGRAMS = 2


def _make(instances: int | None) -> Backend:
    from compile.xla.backend import Xla

    return Xla()


def _readers(files: Files) -> Sequence[Reader]:
    from compile.proof.stablehlo.reader import StableHloReader

    return (StableHloReader(),)


def _tools() -> str:
    from compile.c.target import host_target

    return f"jaxlib {importlib.metadata.version('jaxlib')}, {platform.machine()} {host_target()}"


def _runs_tables(graph: Graph, files: Files) -> Runner:
    from compile.xla.backend import Xla

    return Xla().load(graph, files)


def _ready_for(runner: Runner, bars: int, instances: int, nodes: Sequence[int]) -> None:
    from compile.xla.runner import XlaRunner

    assert isinstance(runner, XlaRunner)
    runner.compile_for(bars, instances, nodes)


def _inspected(runner: Runner) -> Inspection:
    from compile.xla.runner import XlaRunner
    from compile.xla.validation import CODE, validate

    assert isinstance(runner, XlaRunner)
    programs, code = [], []
    for wanted, bars, rows in sorted(runner.shapes, key=lambda shape: -len(shape[0]))[:MOST_PROGRAMS]:
        found = validate(runner.program, wanted, bars, rows)
        shape = f"{counted(len(wanted), 'value')} of {counted(bars, 'bar')} of {counted(rows, 'row')}"
        programs.append((f"XLA, {shape}", found.hlo))
        code.append((f"{CODE}, {shape}", found.code))
    return Inspection(tuple(programs), tuple(code))


XLA = BackendRecord(
    name="xla",
    make=_make,
    file="kernel.stablehlo",
    speed=1,
    fuses_what_is_asked=True,
    runs_one_in=25,
    rests_on=(Trusted.CPU, Trusted.XLA, Trusted.FLUSHING),
    reader_needs=("jaxlib",),
    readers=_readers,
    tools=_tools,
    ready_for=_ready_for,
    inspected=_inspected,
    runs_tables=_runs_tables,
)
RECORDS = (XLA,)
