"""Verilog as the rest of dagc knows it: one pipeline, and one that instances share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from compile.backend import Backend, Files
from compile.backend_record import BackendRecord, Pace
from compile.certificate.trusted import Trusted

if TYPE_CHECKING:
    from compile.proof.core.verdict import Reader
    from dag.graphs.graph import Graph
    from dag.operators.op import Op

#: Instances of the pipeline that a check interleaves.
INTERLEAVED = 64


def _single(instances: int | None) -> Backend:
    from rtl.backend import Verilog

    return Verilog(instances=instances)


def _interleaved(instances: int | None) -> Backend:
    from rtl.backend import Verilog

    return Verilog(instances=instances or INTERLEAVED)


def _readers(files: Files) -> Sequence[Reader]:
    from rtl.emit.project import FOLDER
    from rtl.netlist.reader import VerilogReader

    return (VerilogReader.of(files),) if any(name.startswith(f"{FOLDER}/") for name in files) else ()


def _vectors(graph: Graph, files: Files) -> Files:
    """What the test bench among `files` reads."""
    from rtl.backend import lowered_design
    from rtl.bench.vectors import vectors_of
    from rtl.emit.bench import vectors_file
    from rtl.emit.project import FOLDER

    design = lowered_design(graph, files)
    return {f"{FOLDER}/{vectors_file(design)}": vectors_of(design).encode()}


def _tools() -> str:
    from rtl.simulate import verilator

    return f"verilator {verilator.version()}"


def _text_of_op(op: Op) -> Files:
    """The row of the op's core, and the sources of the core."""
    from rtl.core_table import TABLE, core_sources
    from rtl.plan.lowering import Core

    row = TABLE[op]
    sources = core_sources(row.module) if isinstance(row, Core) else {}
    return {"row": repr(row).encode(), **{file: text.encode() for file, text in sources.items()}}


RTL = BackendRecord(
    name="rtl",
    make=_single,
    file="rtl/pipeline.json",
    interleaves=True,
    pace=Pace.SIMULATED,
    rests_on=(Trusted.SIMULATOR,),
    reader_needs=("pyslang",),
    readers=_readers,
    test_vectors=_vectors,
    tools=_tools,
    text_of_op=_text_of_op,
)
RTL_INTERLEAVED = BackendRecord(
    name="rtl_interleaved",
    make=_interleaved,
    runs=RTL.name,
    by_default=False,  # it doubles the time of a check
    pace=Pace.SIMULATED,
    rests_on=RTL.rests_on,
    reader_needs=RTL.reader_needs,
    tools=_tools,
    evidence_of=RTL.name,
    text_of_op=_text_of_op,
)
RECORDS = (RTL, RTL_INTERLEAVED)
