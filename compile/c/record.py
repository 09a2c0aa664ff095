"""C as the rest of dagc knows it: row by row, in vectors, and as the compiled library that a bundle carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from compile.backend import Backend, Files, Runner
from compile.backend_record import BackendRecord, Inspection, LibraryRecord, Pace
from compile.certificate.trusted import Trusted

if TYPE_CHECKING:
    from compile.proof.core.verdict import Reader
    from dag.graphs.graph import Graph

#: The compiled library of a bundle, and how a check runs it: through `dagc_rows`, through `dagc_batch`, and as a live engine
#: does, `dagc_step` after `dagc_step`.
KERNEL_SO = "kernel.so"
SHIPPED_BATCH, SHIPPED_STEP = f"{KERNEL_SO}_batch", f"{KERNEL_SO}_step"


def _row(instances: int | None) -> Backend:
    from compile.c.backend import C

    return C()


def _batch(instances: int | None) -> Backend:
    from compile.c.backend import C
    from compile.c.runner import Entry

    return C(Entry.BATCH)


def _readers(files: Files) -> Sequence[Reader]:
    from compile.proof.c.batch_reader import BatchReader
    from compile.proof.c.entry_reader import EntryReader
    from compile.proof.c.row_reader import RowReader

    return (RowReader(), BatchReader(), EntryReader())


def _tools() -> str:
    from compile.c.compiler import FLAGS, Compiler, find_compiler
    from compile.c.target import build_target, target_flags

    compiler = find_compiler()
    version = compiler.version if isinstance(compiler, Compiler) else "no compiler"
    return f"{version}, {' '.join((*FLAGS, *target_flags(build_target())))}"


def _compiled(files: Files) -> bytes:
    from compile.c.backend import shared_object

    return shared_object(files)


def _made_by() -> tuple[str, ...]:
    from compile.c.compiler import Compiler, find_compiler

    compiler = find_compiler()
    return compiler.identity if isinstance(compiler, Compiler) else ()


def _facts() -> dict[str, Any]:
    from compile.c.compiler import Compiler, find_compiler, flags_for
    from compile.c.target import build_target

    compiler, cpu = find_compiler(), build_target()
    version = compiler.version if isinstance(compiler, Compiler) else None
    return {"cpu": cpu, "compiler": version, "flags": list(flags_for(cpu))}


def _runners(graph: Graph, files: Files) -> dict[str, Runner]:
    from compile.c.examining.shipped import shipped_runners

    return shipped_runners(graph, files)


def _examined(graph: Graph, files: Files, made_with: Mapping[str, Any]) -> list[str]:
    from compile.c.examining.shipped import examined_library

    return examined_library(graph, files, made_with.get("cpu"))


def _why_unbound(files: Files, made_with: Mapping[str, Any]) -> str | None:
    from compile.c.examining.binding import why_unbound

    return why_unbound(files, made_with)


def _inspected(files: Files) -> Inspection:
    from compile.proof.compiled.machine_code import judge_code

    return Inspection(code=((KERNEL_SO, judge_code(KERNEL_SO, [files[KERNEL_SO]])),))


C_ROW = BackendRecord(
    name="c",
    make=_row,
    file="kernel.c",
    is_quick=True,
    emits_without_tool=True,
    speed=2,
    runs_one_in=5,
    rests_on=(Trusted.CPU, Trusted.C_COMPILER),
    readers=_readers,
    tools=_tools,
    library=LibraryRecord(
        file=KERNEL_SO,
        runs_as={"c": KERNEL_SO, "c_batch": SHIPPED_BATCH},
        paces={KERNEL_SO: Pace.EVERY_ROW, SHIPPED_BATCH: Pace.EVERY_ROW, SHIPPED_STEP: Pace.STEPPED},
        rests_on=(Trusted.CPU,),
        compiled=_compiled,
        made_by=_made_by,
        facts=_facts,
        runners=_runners,
        examined=_examined,
        why_unbound=_why_unbound,
        inspected=_inspected,
    ),
)
C_BATCH = BackendRecord(
    name="c_batch",
    make=_batch,
    runs=C_ROW.name,
    speed=3,
    runs_one_in=5,
    rests_on=C_ROW.rests_on,
    tools=_tools,
)
RECORDS = (C_ROW, C_BATCH)
