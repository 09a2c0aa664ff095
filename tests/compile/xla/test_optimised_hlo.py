"""What XLA made of the flagship: every rounding the graph asks for, once, and none of XLA's own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from compile.pipeline import prepare
from compile.proof.compiled.machine_code import Scan, images_of, judge_code, missing
from compile.proof.compiled.text import Instruction
from compile.xla.emit import emit
from compile.xla.operators import tensor_of
from compile.xla.program import FUSED_NODES, Program
from compile.xla.selftest.canary import arithmetic
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.types import BOOL
from tests.support.hlo_edits import naive, without_fences
from tests.support.optimised_hlo import HLO_SORT, compiled_for, instructions, written

FLAGSHIP = Path(__file__).parents[3] / "examples" / "five_factor.py"
#: Operations whose result is rounded: each must stand in the program as often as in the graph.
ROUNDED = ("add", "subtract", "multiply", "divide", "sqrt", "convert")
#: Operations that move values, and those of the loop over the bars.
MOVES = {
    "parameter", "constant", "fusion", "call", "while", "tuple", "get-tuple-element", "broadcast", "bitcast", "copy", "slice",
    "dynamic-slice", "dynamic-update-slice", "reshape", "conditional",
}  # fmt: skip
#: Operations that look at bits or choose; XLA may drop one that says what another says, never a rounding.
EXACT = {
    "abs", "and", "bitcast-convert", "ceil", "compare", "floor", "maximum", "minimum", "negate", "not", "or",
    "round-nearest-even", "select", "shift-left", "shift-right-arithmetic", "shift-right-logical", "xor",
    "count-leading-zeros",
}  # fmt: skip


@pytest.fixture(scope="module")
def flagship() -> tuple[Graph, Program, tuple[int, ...]]:
    graph = prepare(trace(load_lane(f"{FLAGSHIP}:five_factor")))
    return graph, Program.from_files(emit(graph)), tuple(output.node for output in graph.outputs)


@pytest.fixture(scope="module")
def optimised(flagship: tuple[Graph, Program, tuple[int, ...]]) -> list[Instruction]:
    return instructions(compiled_for(*flagship).as_text())


def rounded(found: list[Instruction]) -> Counter[tuple[str, str]]:
    return Counter((each.opcode, each.element) for each in found if each.opcode in ROUNDED and each.element == "f64")


def contractible(found: list[Instruction]) -> list[str]:
    """Products that a following operation reads as a float inside its own loop, where it could be fused with them."""
    products = {(each.computation, each.name) for each in found if each.opcode == "multiply" and each.element == "f64"}
    return [
        each.name
        for each in found
        if each.opcode not in ("bitcast-convert", "bitcast", "tuple")
        and any((each.computation, operand) in products for operand in each.operands)
    ]


def test_every_rounding_of_the_graph_and_no_other(
    flagship: tuple[Graph, Program, tuple[int, ...]], optimised: list[Instruction]
) -> None:
    graph, program, _ = flagship
    assert len(graph) > FUSED_NODES, "the flagship is not fused, so that nothing is computed twice"
    asked = written(program)
    assert rounded(optimised) == Counter({key: n for key, n in asked.items() if key[0] in ROUNDED and key[1] == "f64"})
    named = Counter(str(graph.ops[node]) for node in graph.operators())
    pairs = (("add", "add"), ("sub", "subtract"), ("mul", "multiply"), ("div", "divide"), ("i64_to_f64", "convert"))
    for op, opcode in pairs:
        assert rounded(optimised)[opcode, "f64"] == named[op] > 0, op


def test_no_operation_that_is_not_in_the_kernel(
    flagship: tuple[Graph, Program, tuple[int, ...]], optimised: list[Instruction]
) -> None:
    graph, program, _ = flagship
    asked = written(program)
    # Of the loop over the bars: its counter, its end, and of each state whether the bar is live.
    loop = Counter({("add", "s64"): 1, ("compare", "pred"): 1})
    loop.update(("select", HLO_SORT[tensor_of(graph.types[state.node])]) for state in graph.states)
    # A constant bool is kept as an integer.
    loop["compare", "pred"] += sum(
        constant is not None and graph.types[n] == BOOL for n, constant in enumerate(graph.constants)
    )
    for (opcode, sort), count in Counter((each.opcode, each.element) for each in optimised).items():
        if opcode not in MOVES:
            assert opcode in EXACT or opcode in ROUNDED, f"XLA brought in {count} `{opcode}`"
            assert count <= asked[opcode, sort] + loop[opcode, sort], (opcode, sort)


def test_no_float_is_written_down(optimised: list[Instruction]) -> None:
    literals = {each.literal for each in optimised if each.opcode == "constant" and each.element == "f64"}
    assert literals <= {"0"}, "the zero that the guard compares with, and that fills a buffer"


def test_no_product_can_be_contracted(optimised: list[Instruction]) -> None:
    assert contractible(optimised) == []
    graph = arithmetic()
    taps = tuple(tap.node for tap in graph.taps)
    program = Program.from_files(emit(graph))
    assert contractible(instructions(compiled_for(graph, program, taps).as_text())) == []
    assert contractible(instructions(compiled_for(graph, without_fences(program), taps).as_text()))


def test_the_count_sees_what_a_naive_kernel_becomes() -> None:
    graph = arithmetic()
    taps = tuple(tap.node for tap in graph.taps)
    program = Program.from_files(emit(graph))
    found = instructions(compiled_for(graph, naive(program), taps).as_text())
    assert rounded(found)["divide", "f64"] < written(program)["divide", "f64"]
    literals = [each for each in found if each.opcode == "constant" and each.element == "f64"]
    assert any(each.literal != "0" for each in literals)


@pytest.mark.skipif(missing() is not None, reason=missing() or "")
def test_machine_code_without_contraction_or_estimate(flagship: tuple[Graph, Program, tuple[int, ...]]) -> None:
    found = judge_code("machine code", images_of(compiled_for(*flagship).machine_code()))
    assert isinstance(found, Scan), found.page()
    # Fewer than the graph has: equal loops are compiled once.
    assert found.roundings > 10, "hardly a rounding was found: the scan does not see the code"
