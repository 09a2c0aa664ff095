"""The machine code that XLA made of a kernel: no fused multiply-add, no reciprocal estimate, and a scan that can tell."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from compile.xla.canary import arithmetic, formats
from compile.xla.emit import emit
from compile.xla.program import Program
from dag.graph import Graph
from tests.support.arithmetic_graphs import arithmetic_graph
from tests.support.hlo_edits import without_fences
from tests.support.kernel_comparison import sinks
from tests.support.object_code import FORBIDDEN, PRODUCT, disassembled, needs_objdump
from tests.support.optimised_hlo import compiled_for

pytestmark = needs_objdump


def is_x86_with_fma() -> bool:
    cpu = Path("/proc/cpuinfo")
    return platform.machine() == "x86_64" and cpu.exists() and " fma " in cpu.read_text()


@pytest.mark.parametrize(
    "graph",
    [arithmetic(), formats(), arithmetic_graph(4, 30), arithmetic_graph(11, 30, stateful=True)],
    ids=["arithmetic", "formats", "rows", "state"],
)
def test_no_contraction_and_no_estimate(graph: Graph, tmp_path: Path) -> None:
    program = Program.from_files(emit(graph))
    text = disassembled(compiled_for(graph, program, tuple(sinks(graph))), tmp_path)
    assert PRODUCT.search(text), "no product was found: the scan sees nothing"
    assert not FORBIDDEN.findall(text)


@pytest.mark.skipif(not is_x86_with_fma(), reason="this processor has no x86 fused multiply-add to contract to")
def test_the_scan_sees_a_contraction(tmp_path: Path) -> None:
    graph = arithmetic()
    program = without_fences(Program.from_files(emit(graph)))
    text = disassembled(compiled_for(graph, program, tuple(sinks(graph))), tmp_path)
    assert FORBIDDEN.search(text)
