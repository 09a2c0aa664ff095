"""The kernel itself, without the interpreter behind it: exact wherever the guard is not raised, fused and unfused."""

from __future__ import annotations

import pytest

from compile.xla.emit import INTERFACE, KERNEL, emit
from compile.xla.program import FUSED_RESULTS, Program
from tests.support.arithmetic_graphs import arithmetic_batch, arithmetic_graph
from tests.support.hlo_edits import NAIVE
from tests.support.kernel_comparison import compared, sinks
from tests.support.tiers import few

#: Graphs on which a kernel without fences or without barriers is wrong, so being exact on them says something.
FRAGILE = (3, 4, 8, 11)


@pytest.mark.parametrize("stateful", [False, True], ids=["rows", "state"])
@pytest.mark.parametrize("seed", few(FRAGILE, 3))
def test_fused_results_are_exact_where_unflagged(seed: int, stateful: bool) -> None:
    graph = arithmetic_graph(seed, 30, stateful)
    batch = arithmetic_batch(graph, seed, bars=4, instances=250)
    judged, wrong, _ = compared(graph, Program.from_files(emit(graph)), batch, sinks(graph))
    assert wrong == 0
    assert judged > 0.7 * batch.bars * batch.instances * len(sinks(graph)), "flagged too often to judge anything"


@pytest.mark.parametrize("stateful", [False, True], ids=["rows", "state"])
def test_all_nodes_at_once_are_exact_where_unflagged(stateful: bool) -> None:
    graph = arithmetic_graph(2, 60, stateful)
    nodes = graph.single_values()
    assert len(nodes) > FUSED_RESULTS
    batch = arithmetic_batch(graph, 2, bars=4, instances=250)
    judged, wrong, _ = compared(graph, Program.from_files(emit(graph)), batch, nodes)
    assert wrong == 0
    assert judged > 0.6 * batch.bars * batch.instances * len(nodes)


def test_every_remedy_is_needed_on_random_graphs() -> None:
    """Each naive kernel is wrong on some graph, so the test above can fail."""
    seen: set[str] = set()
    for seed in FRAGILE:
        graph = arithmetic_graph(seed, 30)
        batch = arithmetic_batch(graph, seed, bars=1, instances=1000)
        program = Program.from_files(emit(graph))
        for name in NAIVE.keys() - seen:
            naive = NAIVE[name](program)
            if naive != program and compared(graph, naive, batch, sinks(graph))[1]:
                seen.add(name)
    assert seen == set(NAIVE)


def test_flushing_is_real_and_flagged() -> None:
    """On XLA:CPU a flagged row really differs; where the hardware keeps subnormals this would have nothing to show."""
    import jax

    if jax.default_backend() != "cpu":
        pytest.skip("only XLA:CPU flushes subnormals")
    graph = arithmetic_graph(2, 30)
    batch = arithmetic_batch(graph, 2, bars=2, instances=300, subnormal=0.2)
    judged, wrong, hidden = compared(graph, Program.from_files(emit(graph)), batch, list(graph.operators()))
    assert judged
    assert wrong == 0
    assert hidden > 0


def test_what_runs_is_what_is_in_the_files() -> None:
    graph = arithmetic_graph(3, 30)
    batch = arithmetic_batch(graph, 3, bars=1, instances=300)
    files = emit(graph)
    nodes = list(graph.operators())
    swapped = {**files, KERNEL: files[KERNEL].replace(b"stablehlo.subtract %a, %b", b"stablehlo.subtract %b, %a")}
    assert swapped != files
    assert compared(graph, Program.from_files(swapped), batch, nodes)[1] > 0
    program = Program.from_files(files)
    constant = next(
        a
        for a in program.interface.arguments
        if a.source == "constant" and f"%{a.identifier}," in program.text.split(") -> (")[1]
    )
    word = f'"word": "{constant.word:016x}"'.encode()
    nudged = {**files, INTERFACE: files[INTERFACE].replace(word, f'"word": "{constant.word ^ 1:016x}"'.encode())}
    assert nudged != files
    assert compared(graph, Program.from_files(nudged), batch, nodes)[1] > 0


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (KERNEL, None, "there is no kernel.stablehlo"),
        (INTERFACE, None, "there is no xla_kernel.json"),
        (INTERFACE, b"{}", "xla_kernel.json is damaged"),
        (INTERFACE, b"\xff", "xla_kernel.json is damaged"),
        (KERNEL, b"\xff", "kernel.stablehlo is damaged"),
        (KERNEL, b"module {", "kernel.stablehlo is damaged"),
    ],
)
def test_damaged_files_are_named(name: str, content: bytes | None, message: str) -> None:
    graph = arithmetic_graph(0, 5)
    files = emit(graph)
    if content is None:
        del files[name]
    else:
        files[name] = content
    batch = arithmetic_batch(graph, 0, bars=1, instances=2)
    with pytest.raises(ValueError, match=message):
        compared(graph, Program.from_files(files), batch, [graph.outputs[0].node])
