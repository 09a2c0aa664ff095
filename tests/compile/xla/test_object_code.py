"""The machine code that XLA made of a kernel: no fused multiply-add, no reciprocal estimate, and a scan that can tell."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from compile.proof.compiled.machine_code import Scan, images_of, judge_code, missing
from compile.proof.core.verdict import Unproved
from compile.xla.emit import emit
from compile.xla.program import Program
from compile.xla.selftest.canary import arithmetic, formats
from dag.graphs.graph import Graph
from tests.support.arithmetic_graphs import arithmetic_graph
from tests.support.hlo_edits import without_fences
from tests.support.kernel_comparison import sinks
from tests.support.optimised_hlo import compiled_for

pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")


def is_x86_with_fma() -> bool:
    cpu = Path("/proc/cpuinfo")
    return platform.machine() == "x86_64" and cpu.exists() and " fma " in cpu.read_text()


@pytest.mark.parametrize(
    "graph",
    [arithmetic(), formats(), arithmetic_graph(4, 30), arithmetic_graph(11, 30, stateful=True)],
    ids=["arithmetic", "formats", "rows", "state"],
)
def test_no_contraction_and_no_estimate(graph: Graph) -> None:
    program = Program.from_files(emit(graph))
    found = judge_code("machine code", images_of(compiled_for(graph, program, tuple(sinks(graph))).machine_code()))
    assert isinstance(found, Scan), found.page()
    assert found.roundings > 3, "hardly a rounding was found: the scan does not see the code"


@pytest.mark.skipif(not is_x86_with_fma(), reason="this processor has no x86 fused multiply-add to contract to")
def test_the_scan_sees_a_contraction() -> None:
    graph = arithmetic()
    program = without_fences(Program.from_files(emit(graph)))
    found = judge_code("machine code", images_of(compiled_for(graph, program, tuple(sinks(graph))).machine_code()))
    assert isinstance(found, Unproved)
    assert "vf" in found.reason
    assert "rounds a product and a sum once" in found.reason
    assert found.place.startswith("0x"), "the address is named"


def test_what_holds_no_code_is_not_taken_for_clean() -> None:
    assert isinstance(judge_code("machine code", []), Unproved)
    assert isinstance(judge_code("machine code", [b"\x7fELF\x02\x01 torn"]), Unproved)
