"""A disagreement becomes a handful of nodes and one row, the same backend still wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from compile.backend import Backend
from compile.campaign.findings.minimise import minimise
from compile.campaign.findings.reproducer import DamagedReproducer, from_json, to_json
from compile.campaign.fuzz.graphs import GraphPack, examine, run_pack
from compile.check.compare import comparable_nodes
from compile.interpreter.backend import Interpreter
from dag.operators import table as ops
from dag.operators.op import Op
from tests.support.faulty import Fails, Faulty

PACK = GraphPack(0, 1, 0, 20, 100, False)
WRONG: dict[str, tuple[Op, Callable[..., Any]]] = {
    "min of equals": (ops.MIN, lambda a, b: b if b <= a else a),
    "rint ties away": (ops.RINT, lambda x: math.copysign(math.floor(abs(x) + 0.5), x) if math.isfinite(x) else x),
    "reciprocal": (
        ops.DIV,
        lambda a, b: a * (1.0 / b) if b and math.isfinite(b) and math.isfinite(1 / b) else ops.DIV.meaning(a, b),
    ),
    "shift": (ops.SHR, lambda a, n: a >> (n & 31)),
    "wrap": (ops.I64_TO_I32, lambda n: max(-(1 << 31), min(n, (1 << 31) - 1))),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_operator_is_what_is_left(name: str) -> None:
    op, meaning = WRONG[name]
    backends: dict[str, Backend] = {"interpreter": Interpreter(), "faulty": Faulty({op: meaning})}
    (finding,) = run_pack(PACK, backends).findings
    small = minimise(backends, finding)
    assert [each for each in small.graph.ops if isinstance(each, Op)] == [op]
    assert (small.batch.bars, small.batch.instances) == (1, 1)
    assert small.divergence is not None
    again = from_json(to_json(small, "a test"))
    assert [each.backend for each in again.replay(backends)] == ["faulty"]
    assert again.replay({"healthy": Faulty()}) == []


def test_what_needs_two_bars_keeps_two_bars() -> None:
    backends: dict[str, Backend] = {"interpreter": Interpreter(), "faulty": Faulty(forgets_state=True)}
    (finding,) = run_pack(PACK, backends).findings
    small = minimise(backends, finding)
    assert len(small.graph.states) == 1
    assert small.batch.instances == 1
    assert 1 <= small.batch.bars <= 2
    assert len(list(small.graph.operators())) <= 2
    assert len(from_json(to_json(small, "a test")).replay(backends)) == 1


def test_a_backend_that_fails_is_left_with_what_it_fails_on() -> None:
    backends: dict[str, Backend] = {"interpreter": Interpreter(), "faulty": Fails()}
    (finding,) = run_pack(PACK, backends).findings
    small = minimise(backends, finding)
    assert [each for each in small.graph.ops if isinstance(each, Op)] == [ops.DIV]
    assert small.error == "ArithmeticError: no division here"


def test_what_is_right_alone_is_left_as_it_was_found() -> None:
    backends: dict[str, Backend] = {"interpreter": Interpreter(), "faulty": Faulty({ops.ADD: lambda a, b: a - b})}
    (finding,) = run_pack(PACK, backends).findings
    assert minimise({**backends, "faulty": Faulty()}, finding) is finding


def test_no_time_leaves_it_large() -> None:
    backends: dict[str, Backend] = {"interpreter": Interpreter(), "faulty": Faulty({ops.ADD: lambda a, b: a - b})}
    (finding,) = run_pack(PACK, backends).findings
    assert len(minimise(backends, finding, seconds=0.0).graph) == len(finding.graph)


def test_a_reproducer_is_whole_or_refused() -> None:
    graph = PACK.graph()
    batch = PACK.batch(graph)
    found = examine(Faulty({ops.ADD: lambda a, b: a - b}), graph, batch, comparable_nodes(graph))
    assert found is not None
    text = to_json(found, "a test")
    again = from_json(text)
    assert {again.graph.names[node] for node in again.nodes} == {graph.names[node] for node in found.nodes}
    assert len(again.graph) == len(graph)
    assert again.graph == graph
    assert [each.backend for each in again.replay({"faulty": Faulty({ops.ADD: lambda a, b: a - b})})] == ["faulty"]
    for damaged in (
        "",
        "[]",
        "{}",
        text[:-40],
        text.replace('"format": 2', '"format": 1'),
        text.replace('"op":"add"', '"op":"sub"', 1),
        text.replace('"op":"add"', '"op":"plus"', 1),
        text.replace('"args":[', '"args":[99,', 1),
    ):
        assert damaged != text
        with pytest.raises(DamagedReproducer):
            from_json(damaged)
