"""The machine code that XLA made of a kernel: no fused multiply-add, no reciprocal estimate, and a scan that can tell."""

from __future__ import annotations

import platform
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from compile.xla.canary import hazards
from compile.xla.emit import emit
from compile.xla.program import FUSED_RESULTS, Program, compiled
from dag.graph import Graph
from tests.support.arithmetic_graphs import arithmetic_graph
from tests.support.hlo_edits import without_fences

#: x86: vfmadd231pd, vfnmsub..., vrcp14pd, vrsqrt14pd; Arm: fmadd, fmla, frecpe, frsqrte.
FORBIDDEN = re.compile(r"\s(v?fn?m(add|sub|la|ls)\w*|v?rcp\w*|v?rsqrt\w*|frecp\w*|frsqrt\w*)\s")

pytestmark = pytest.mark.skipif(shutil.which("objdump") is None, reason="objdump is not installed (package binutils)")


def assembly(graph: Graph, program: Program, folder: Path) -> str:
    """The disassembly of every object file inside the compiled program."""
    import jax

    with jax.enable_x64(True):
        unread = [node for node in graph.operators() if not graph.users()[node]]
        wanted = tuple(graph.identifiers[node] for node in unread[:FUSED_RESULTS])
        executable = compiled(program, wanted, 4, 64).runtime_executable().serialize()
    text = ""
    for start in (match.start() for match in re.finditer(b"\x7fELF\x02\x01", executable)):
        (sections,) = struct.unpack_from("<Q", executable, start + 0x28)
        size, count = struct.unpack_from("<HH", executable, start + 0x3A)
        path = folder / f"{start}.o"
        path.write_bytes(executable[start : start + sections + size * count])
        text += subprocess.run(["objdump", "-d", path], capture_output=True, text=True, check=True).stdout
    return text


def is_x86_with_fma() -> bool:
    cpu = Path("/proc/cpuinfo")
    return platform.machine() == "x86_64" and cpu.exists() and " fma " in cpu.read_text()


@pytest.mark.parametrize(
    "graph",
    [hazards(), arithmetic_graph(4, 30), arithmetic_graph(11, 30, stateful=True)],
    ids=["hazards", "rows", "state"],
)
def test_no_contraction_and_no_estimate(graph: Graph, tmp_path: Path) -> None:
    text = assembly(graph, Program.from_files(emit(graph)), tmp_path)
    assert re.search(r"\smulpd|\svmul[ps]d|\sfmul\s", text), "no product was found: the scan sees nothing"
    assert not FORBIDDEN.findall(text)


@pytest.mark.skipif(not is_x86_with_fma(), reason="this processor has no x86 fused multiply-add to contract to")
def test_the_scan_sees_a_contraction(tmp_path: Path) -> None:
    graph = hazards()
    text = assembly(graph, without_fences(Program.from_files(emit(graph))), tmp_path)
    assert FORBIDDEN.search(text)
