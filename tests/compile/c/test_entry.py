"""The entry points give the same bits whatever floating-point environment the host has set, and give it back."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from compile.backend import Batch
from compile.c.backend import C, shared_object
from compile.c.compiler import Compiler, find_compiler
from compile.c.library import Library, WrongLibrary
from compile.c.runner import Entry
from compile.c.target import host_target
from compile.campaign.drawing.random_graph import random_graph
from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, DIV, MUL
from dag.values.domain import whole_domain
from dag.values.types import F64
from dagc.live.kernel import kernel_from_graph
from tests.support.meaning import assert_same_words, evaluate

DEFAULT = 0x1F80
#: What hosts do to MXCSR: XLA's threads flush subnormals, others round upwards, or trap invalid operations.
ENVIRONMENTS = {"flush to zero": 0x9FC0, "round up": 0x5F80, "trap division and invalid": 0x1D00, "default": DEFAULT}
x86_only = pytest.mark.skipif(not host_target().startswith("x86-64"), reason="missing: an x86-64 machine (MXCSR)")


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """Reads and writes MXCSR of the calling thread."""
    folder = tmp_path_factory.mktemp("mxcsr")
    (folder / "mxcsr.c").write_text(
        "#include <xmmintrin.h>\nunsigned get(void) { return _mm_getcsr(); }\nvoid set(unsigned v) { _mm_setcsr(v); }\n"
    )
    compiler = find_compiler()
    assert isinstance(compiler, Compiler)
    subprocess.run([*compiler.command, "-shared", "-fPIC", "mxcsr.c", "-o", "mxcsr.so"], cwd=folder, check=True)
    return ctypes.CDLL(str(Path(folder) / "mxcsr.so"))


@pytest.fixture
def host(register: ctypes.CDLL) -> Iterator[ctypes.CDLL]:
    """The register, put back after the test."""
    yield register
    register.set(DEFAULT)


def subnormal_graph() -> Graph:
    builder = GraphBuilder("subnormal")
    x = builder.input("x", F64, "1", whole_domain(F64))
    k = builder.param("k", F64, "1", whole_domain(F64), 0.5)
    product = builder.op(MUL, (x, k))
    builder.tap("quotient", builder.op(DIV, (product, builder.const(0.0, F64, "1"))))
    builder.output("y", builder.op(ADD, (product, builder.op(DIV, (x, builder.const(3.0, F64, "1"))))), 0.0)
    return prepare(builder.freeze())


@x86_only
@pytest.mark.parametrize("name", ENVIRONMENTS)
@pytest.mark.parametrize("entry", list(Entry))
def test_replays_do_not_see_the_hosts_environment(entry: Entry, name: str, host: ctypes.CDLL) -> None:
    graph = subnormal_graph()
    runner = C(entry).load(graph, C().lower(graph))
    x = np.array([[2.3e-308, 5e-324, 1e-320, -3e-310, 0.1, 1e300, 0.0, np.nan, 1.0 / 3.0]])
    batch = Batch({"x": x}, {"k": np.full(9, 0.5)}, bars=1, instances=9)
    nodes = graph.single_values()
    expected = evaluate(graph, batch, nodes)
    host.set(ENVIRONMENTS[name])
    got = runner.run(batch, nodes)
    left = host.get()
    host.set(DEFAULT)
    assert_same_words(graph, got, expected)
    assert left & ~0x3F == ENVIRONMENTS[name], "the host's environment is given back"


@x86_only
def test_a_live_step_does_not_see_it(host: ctypes.CDLL) -> None:
    kernel = kernel_from_graph(subnormal_graph())
    instance = kernel.bind()
    instance.inputs["x"] = 2.3e-308
    host.set(ENVIRONMENTS["flush to zero"])
    instance.tick()
    host.set(DEFAULT)
    assert float(instance.outputs["y"]) == 2.3e-308 * 0.5 + 2.3e-308 / 3.0


@x86_only
def test_this_machine_does_flush_when_told_to(host: ctypes.CDLL) -> None:
    """Otherwise the two tests above could not fail."""
    half = np.array([2.3e-308])
    host.set(ENVIRONMENTS["flush to zero"])
    flushed = half * 0.5
    host.set(DEFAULT)
    assert flushed.view(np.uint64)[0] == 0


def test_a_library_says_what_it_is() -> None:
    graph = subnormal_graph()
    library = Library(shared_object(C().lower(graph)))
    calls = library.calls
    assert library.target == host_target()
    assert library.runs_here()
    counts = (
        calls.dagc_input_count(), calls.dagc_param_count(), calls.dagc_state_count(), calls.dagc_output_count(),
        calls.dagc_node_count(), calls.dagc_state_size(), calls.dagc_abi_version(),
    )  # fmt: skip
    assert counts == (1, 1, 0, 2, len(graph), 0, 1)
    assert calls.dagc_batch_lanes() in (2, 4, 8)
    with pytest.raises(WrongLibrary, match=r"the library was compiled from graph \w{12}, not from `random_graph`"):
        library.verify(random_graph(1))


@x86_only
def test_a_library_that_changes_its_host_as_it_is_loaded_is_refused(host: ctypes.CDLL) -> None:
    compiler = find_compiler()
    assert isinstance(compiler, Compiler)
    files = C().lower(subnormal_graph())
    first = b"\n__attribute__((constructor)) static void dagc_first(void)\n{\n    _mm_setcsr(0x9fc0);\n}\n"
    with pytest.raises(WrongLibrary, match="changes the floating-point environment of its host"):
        Library(shared_object({**files, "entry.c": files["entry.c"] + first}))
    assert host.get() & ~0x3F == DEFAULT
