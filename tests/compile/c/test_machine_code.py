"""What the compiler made of the text: packed arithmetic, nothing fused, nothing from libm; and a planted fusion is caught."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from compile.backend import Batch, Files
from compile.c.backend import C
from compile.c.compiler import Compiler, compile_shared, find_compiler
from compile.c.library import Library
from compile.c.runner import CRunner, Entry
from compile.c.target import host_target, runs_here
from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.pipeline import prepare
from compile.proof.compiled.machine_code import Scan, judge_code
from compile.proof.core.verdict import Unproved
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, DIV, LT, MAX, MUL, SELECT, SQRT, SUB
from dag.values.domain import whole_domain
from dag.values.types import F64
from tests.support.meaning import assert_same_words, evaluate
from tests.support.tiers import count, few

X86 = host_target().startswith("x86-64")
pytestmark = pytest.mark.skipif(shutil.which("objdump") is None, reason="missing: objdump (apt-get install binutils)")


def arithmetic_graph() -> Graph:
    """Products into sums, the shapes that compilers fuse, with the other arithmetic around them."""
    builder = GraphBuilder("arithmetic")
    a, b, c = (builder.input(name, F64, "1", whole_domain(F64)) for name in "abc")
    total = builder.op(ADD, (builder.op(MUL, (a, b)), c))
    builder.tap("total", total)
    less = builder.op(SUB, (builder.op(MUL, (a, total)), builder.op(MUL, (b, c))))
    ratio = builder.op(DIV, (less, builder.op(MAX, (builder.op(SQRT, (c,)), b))))
    builder.output("ratio", builder.op(SELECT, (builder.op(LT, (a, b)), ratio, total)), 0.0)
    return prepare(builder.freeze())


def compiler() -> Compiler:
    found = find_compiler()
    assert isinstance(found, Compiler)
    return found


def disassembly(library: bytes, folder: Path) -> str:
    path = folder / "kernel.so"
    path.write_bytes(library)
    return subprocess.run(
        ["objdump", "-d", "--no-show-raw-insn", path], capture_output=True, text=True, check=True
    ).stdout


def function(text: str, name: str) -> str:
    found = re.search(rf"<{name}>:\n(.*?)\n\n", text + "\n\n", re.DOTALL)
    assert found, name
    return found.group(1)


@pytest.mark.skipif(not X86, reason="missing: an x86-64 machine; the instructions looked for are its")
@pytest.mark.parametrize(("target", "register"), [("x86-64-v4", "zmm"), ("x86-64-v3", "ymm"), ("x86-64", "xmm")])
def test_the_batch_computes_on_whole_vectors(target: str, register: str, tmp_path: Path) -> None:
    library = compile_shared(C().lower(arithmetic_graph()), target, compiler())
    batch = function(disassembly(library, tmp_path), "dagc_vectors")
    assert not re.search(r"\bvfn?m(add|sub)", batch)
    for operation in ("add", "sub", "mul", "div", "sqrt"):
        assert re.search(rf"v?{operation}pd .*%{register}\d", batch), f"no packed {operation}"
        assert not re.search(rf"v?{operation}sd ", batch), f"a {operation} of single lanes"


@pytest.mark.skipif(not X86, reason="missing: an x86-64 machine")
@pytest.mark.parametrize("target", [name for name in ("x86-64", "x86-64-v3", "x86-64-v4") if runs_here(name)])
def test_every_width_of_vectors_has_the_same_words(target: str) -> None:
    graph = random_graph(6, operators=count(40, 90), arrays=True, folds=True)
    library = Library(compile_shared(C().lower(graph), target, compiler()))
    assert library.target == target
    batch = random_batch(graph, 6, bars=5, instances=21)
    nodes = graph.single_values()
    got = CRunner(graph, library, Entry.BATCH).run(batch, nodes)
    assert_same_words(graph, got, evaluate(graph, batch, nodes))


@pytest.mark.parametrize("seed", few([0, 1], 2))
def test_nothing_is_fused_and_nothing_is_called(seed: int, tmp_path: Path) -> None:
    library = C().shared_object(C().lower(random_graph(seed, operators=count(50, 90), arrays=True, folds=True)))
    found = judge_code("kernel.so", [library])
    assert isinstance(found, Scan), found.page()
    assert found.roundings > 10
    text = disassembly(library, tmp_path)
    called = set(re.findall(r"<(\w+)@plt>", text))
    assert called <= {"memcpy", "memset", "__cxa_finalize", "__stack_chk_fail"}, called
    dynamic = subprocess.run(
        ["objdump", "-p", tmp_path / "kernel.so"], capture_output=True, text=True, check=True
    ).stdout
    assert set(re.findall(r"NEEDED +(\S+)", dynamic)) <= {"libc.so.6"}


def fused(files: Files) -> bytes:
    """The same text, compiled by somebody who lets the compiler contract a * b + c, which GCC does not look for at -O1."""
    return compile_shared(
        files, host_target(), compiler(), ("-ffp-contract=fast", "-mfma", "-fexpensive-optimizations")
    )


@pytest.mark.skipif(host_target() not in ("x86-64-v3", "x86-64-v4"), reason="missing: a CPU with fused multiply-add")
@pytest.mark.parametrize("entry", list(Entry))
def test_a_planted_fusion_is_seen_in_the_code_and_in_the_bits(entry: Entry) -> None:
    graph = arithmetic_graph()
    files = C().lower(graph)
    found = judge_code("kernel.so", [fused(files)])
    assert isinstance(found, Unproved)
    assert "rounds a product and a sum once" in found.reason
    rng = np.random.default_rng(1)
    batch = Batch({name: rng.normal(size=(50, 40)) for name in "abc"}, {}, bars=50, instances=40)
    nodes = graph.single_values()
    expected = evaluate(graph, batch, nodes)
    assert_same_words(graph, C(entry).load(graph, files).run(batch, nodes), expected)
    with pytest.raises(AssertionError, match=r"output\.ratio at"):
        assert_same_words(graph, CRunner(graph, Library(fused(files)), entry).run(batch, nodes), expected)


@pytest.mark.parametrize(("file", "entry"), [("kernel.c", Entry.ROW), ("batch.c", Entry.BATCH)])
def test_a_changed_text_is_what_runs(file: str, entry: Entry) -> None:
    graph = arithmetic_graph()
    files = C().lower(graph)
    changed = files | {file: files[file].replace(b"= a * b;", b"= a * c;", 1)}
    assert changed[file] != files[file]
    batch = Batch(
        {name: np.full((1, 9), value) for name, value in zip("abc", (1.5, 2.5, 3.5), strict=False)}, {}, None, 1, 9
    )
    nodes = graph.single_values()
    expected = evaluate(graph, batch, nodes)
    with pytest.raises(AssertionError):
        assert_same_words(graph, C(entry).load(graph, changed).run(batch, nodes), expected)
    for other in set(Entry) - {entry}:
        assert_same_words(graph, C(other).load(graph, changed).run(batch, nodes), expected)
