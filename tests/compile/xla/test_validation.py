"""What XLA compiled, compared with the kernel's text: proved as we emit it, and never proved where a bit may differ."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import pytest

from compile.campaign.drawing.random_graph import random_batch, random_graph
from compile.check.compare import comparable_nodes
from compile.pipeline import prepare
from compile.proof.compiled.machine_code import Scan, missing
from compile.proof.compiled.optimised_hlo import judge_program
from compile.proof.core.verdict import Proved, Unproved
from compile.xla.backend import Xla
from compile.xla.emit import emit
from compile.xla.program import Program, compiled
from compile.xla.selftest.canary import arithmetic
from compile.xla.validation import ValidatedProgram, kernel_of, validate
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.trace import trace
from dagc import array, carry, domain, lane, put, sum_numpy, sum_seq, window, wrapping_add
from tests.support.arithmetic_graphs import arithmetic_graph
from tests.support.hlo_edits import NAIVE
from tests.support.kernel_comparison import compared, sinks
from tests.support.tiers import few, few_rows

pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")

ROOT = Path(__file__).parents[3]
BARS, ROWS = 4, 64


def program_of(graph: Graph) -> Program:
    return Program.from_files(emit(graph))


def wanted(graph: Graph, most: int = 8) -> list[int]:
    return [node for node in sinks(graph) if not graph.types[node].is_array][:most]


def validated(graph: Graph, program: Program, bars: int = BARS) -> ValidatedProgram:
    return validate(program, [graph.identifiers[node] for node in wanted(graph)], bars, ROWS)


@pytest.fixture(scope="module")
def carrying() -> Graph:
    return prepare(trace(load_lane(f"{ROOT}/tests/compile/proof/clamped_average.py:clamped_average")))


@pytest.mark.parametrize("seed", few([2, 1, 3], 3))
def test_a_random_graph_is_proved(seed: int) -> None:
    graph = random_graph(seed, operators=40, arrays=seed == 2)
    found = validated(graph, program_of(graph))
    assert isinstance(found.hlo, Proved), found.hlo.page()
    assert isinstance(found.code, Scan), found.code.page()


def test_state_and_rings_are_proved(carrying: Graph) -> None:
    found = validated(carrying, program_of(carrying))
    assert isinstance(found.hlo, Proved), found.hlo.page()
    assert found.hlo.states == 3


def test_rows_without_bars_are_proved() -> None:
    graph = arithmetic_graph(4, 30)
    found = validated(graph, program_of(graph), bars=1)
    assert isinstance(found.hlo, Proved), found.hlo.page()


@lane
def bits(n: int, m: Annotated[int, domain(1, 100)], on: bool) -> int:
    """Integers, a remainder, and a status that XLA knows before it runs."""
    return (n & 1) + n % m if on else n // m


@lane
def gauge(x: Annotated[float, domain(-1e9, 1e9)], n: int) -> int:
    """A window that is summed, one of one element, and a counter."""
    three = window(x, 3)
    two = window(x, 2)
    one = window(x, 1)
    total = sum_seq((v for v in three), 0.0) + sum_numpy((v for v in two), 0.0)
    count = carry(initial=0)
    count = count + 1 if total > sum_seq((v for v in one), 0.0) else 0
    return wrapping_add(count, n)


@lane
def moments(x: Annotated[float, domain(-1e6, 1e6)]) -> float:
    """Elements that are multiplied by themselves, compared with a constant, and taken beside the one before."""
    past = window(x, 8)
    squares = sum_seq((v * v for v in past), 0.0)
    steps = sum_numpy(((b - a) / max(abs(a), 1.0) for a, b in pairwise(past)), 0.0)
    above = sum_seq((v if v > 0.0 else 0.5 for v in past), 0.0)
    return squares + steps * above


@lane
def portfolio(
    asset: Annotated[int, domain(0, 7)], price: Annotated[float, domain(0.01, 1e6)], buys: bool
) -> tuple[float, int]:
    """Arrays that are written at a place of the bar and read at places that the lane writes out."""
    held = carry(initial=array(8, 0))
    worth = carry(initial=array(8, 0.0))
    held = put(held, asset, (held[asset] + 1) % 100 if buys else 0)
    held = put(held, 7, 1)
    worth = put(worth, asset, float(held[asset]) * price)
    total = 0.0
    count = 0
    for k in range(8):
        total = total + worth[k]
        count = count + min(max(held[k], 0), 100)
    return total, count


@lane
def rough(x: Annotated[float, domain(-1e6, 1e6)]) -> float:
    """A window so long that XLA looks for subnormals in it block by block."""
    past = window(x, 50)
    return sum_seq((v * v for v in past), 0.0)


@pytest.mark.parametrize(
    ("of", "bars", "instances"),
    few_rows(
        [
            (rough, 4, 4),
            (portfolio, 16, 1),
            (portfolio, 4, 4),
            (moments, 4, 4),
            (moments, 1, 1),
            (bits, 3, 16),
            (bits, 1, 1),
            (gauge, 1, 1),
            (gauge, 16, 1),
            (gauge, 4, 4),
        ],
        2,
    ),
)
def test_what_a_check_runs_is_proved(of: AnyLane, bars: int, instances: int) -> None:
    """Of one row, one bar, a single stream, as many bars as rows: the very programs that a runner compiles."""
    graph = prepare(trace(of))
    files = emit(graph)
    runner = Xla().load(graph, files)
    batch = random_batch(graph, 1, bars=bars, instances=instances)
    names = comparable_nodes(graph)[-6:] if instances > 1 else comparable_nodes(graph)
    runner.run(batch, names)
    for wanted_names, program_bars, rows in runner.shapes:
        found = judge_program(
            kernel_of(runner.program),
            hlo_text(runner.program, [*wanted_names], program_bars, rows),
            wanted_names,
            program_bars,
            rows,
        )
        assert isinstance(found, Proved), found.page()


#: What is changed in the loop of a fold, and in the guard over its elements.
FOLD_EDITS: dict[str, tuple[str, str]] = {
    "arms exchanged": (r"(f64\[64\]\{0\} select\()(%\S+), (%\S+), (%\S+)\)", r"\1\2, \4, \3)"),
    "a step too few": (r"constant\(3\)", "constant(2)"),
    "subtracted": (r"f64\[64\]\{0\} add\(", "f64[64]{0} subtract("),
    "seen by all": (r"(Arg_0[.\w]*: pred.*\n.*\n.*\n  ROOT %)or(\S*) = pred\[\] or", r"\1and\2 = pred[] and"),
}


@pytest.mark.parametrize("edit", FOLD_EDITS)
def test_another_fold_is_not_proved(edit: str) -> None:
    graph = prepare(trace(gauge))
    program = program_of(graph)
    names = tuple(graph.identifiers[node] for node in comparable_nodes(graph))
    hlo = hlo_of(program, names)
    assert isinstance(judge_program(kernel_of(program), hlo, names, BARS, ROWS), Proved)
    changed, count = re.subn(*FOLD_EDITS[edit], hlo)
    assert count
    assert isinstance(judge_program(kernel_of(program), changed, names, BARS, ROWS), Unproved), "not found"


#: What is changed in a place that is written out.
PLACE_EDITS: dict[str, tuple[str, str]] = {
    "another place": (r"(s64\[1\]\S* slice\(.*slice=\{\[)1:2\]", r"\g<1>2:3]"),
    "an index in front of the row": (r"(pad\(.*padding=0_0x)0_1", r"\g<1>1_0"),
}


@pytest.mark.parametrize("edit", PLACE_EDITS)
def test_another_place_of_an_array_is_not_proved(edit: str) -> None:
    graph = prepare(trace(portfolio))
    program = program_of(graph)
    names = tuple(graph.identifiers[node] for node in comparable_nodes(graph))
    hlo = hlo_of(program, names)
    assert isinstance(judge_program(kernel_of(program), hlo, names, BARS, ROWS), Proved)
    changed, count = re.subn(*PLACE_EDITS[edit], hlo, count=1)
    assert count
    assert isinstance(judge_program(kernel_of(program), changed, names, BARS, ROWS), Unproved), "not found"


#: What is changed in XLA's words, and what the finding says.
EDITS: dict[str, tuple[str, str, str]] = {
    "operands exchanged": ("subtract(%", "subtract(%SWAP", "is not the kernel's"),
    "a sum for a difference": (" subtract(", " add(", "the kernel's"),  # jaxlib 0.8 has integers among its subtractions
    "another comparison": ("direction=LT", "direction=LE", "the loop does not end after the last bar"),
    "another constant": ("slice={[1:2]}", "slice={[2:3]}", "is not the kernel's"),
    "a reciprocal": (" divide(", " multiply(", "the kernel's"),
    "an unknown operation": (" subtract(", " atan2(", "`atan2` of f64, f64 to f64 is not known"),
    "a short loop": ("constant(4)", "constant(3)", "the loop does not end after the last bar"),
    "no instruction": ("ROOT ", "RO OT ", "is no instruction"),
}  # fmt: skip


@functools.cache
def hlo_of(program: Program, names: tuple[str, ...]) -> str:
    import jax

    with jax.enable_x64(True):
        return str(compiled(program, names, BARS, ROWS).as_text())


@pytest.mark.parametrize("edit", EDITS)
def test_another_program_is_not_proved(carrying: Graph, edit: str) -> None:
    before, after, says = EDITS[edit]
    program = program_of(carrying)
    names = tuple(carrying.identifiers[node] for node in wanted(carrying))
    hlo = hlo_of(program, names)
    assert isinstance(judge_program(kernel_of(program), hlo, names, BARS, ROWS), Proved)
    if after.endswith("SWAP"):
        start = hlo.index(before) + len("subtract(")
        a, b = hlo[start : hlo.index(")", start)].split(", ")
        changed = hlo.replace(f"subtract({a}, {b})", f"subtract({b}, {a})")
    else:
        changed = hlo.replace(before, after)
    assert changed != hlo
    found = judge_program(kernel_of(program), changed, names, BARS, ROWS)
    assert isinstance(found, Unproved), "not found"
    assert says in found.reason


#: Emission without one of the remedies, or without any: what a naive lowering would have been.
HALF_FENCED: dict[str, Callable[[Program], Program]] = {
    name: edit for name, edit in NAIVE.items() if name != "without_guard"
}


@pytest.mark.parametrize("mode", HALF_FENCED)
def test_what_is_accepted_is_right(mode: str) -> None:
    """Half-fenced kernels, run: none may be accepted, as HLO and as machine code, and give a wrong bit."""
    outcomes = {(accepted, right): 0 for accepted in (True, False) for right in (True, False)}
    for seed, graph in enumerate([arithmetic(), arithmetic_graph(4, 30), arithmetic_graph(7, 30)]):
        honest = kernel_of(program_of(graph))
        program = HALF_FENCED[mode](program_of(graph))
        nodes = wanted(graph)
        names = [graph.identifiers[node] for node in nodes]
        bars = BARS if graph.states else 1
        found = validate(program, names, bars, ROWS)
        # Against the kernel as it should have been: that the edit is in the text is the other reader's to say.
        hlo = hlo_text(program, names, bars)
        is_accepted = isinstance(judge_program(honest, hlo, names, bars, ROWS), Proved) and isinstance(found.code, Scan)
        batch = random_batch(graph, seed, bars=bars, instances=ROWS)
        _, wrong, _ = compared(graph, program, batch, nodes)
        outcomes[is_accepted, not wrong] += 1
    assert outcomes[True, False] == 0, outcomes
    assert outcomes[False, False] + outcomes[False, True] + outcomes[True, True] == 3


def hlo_text(program: Program, names: list[str], bars: int, rows: int = ROWS) -> str:
    import jax

    with jax.enable_x64(True):
        return str(compiled(program, tuple(names), bars, rows).as_text())


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [(r"size=1x32 stride", "size=1x31 stride"), (r"stride=1x32 pad=0_0x7_7", "stride=1x31 pad=0_0x6_6")],
)
def test_blocks_that_leave_an_element_out_are_not_followed(pattern: str, replacement: str) -> None:
    graph = prepare(trace(rough))
    program = program_of(graph)
    names = [graph.identifiers[node] for node in wanted(graph)]
    text = hlo_text(program, names, BARS, ROWS)
    assert isinstance(judge_program(kernel_of(program), text, names, BARS, ROWS), Proved)
    edited = re.sub(pattern, replacement, text)
    assert edited != text
    assert isinstance(judge_program(kernel_of(program), edited, names, BARS, ROWS), Unproved)
