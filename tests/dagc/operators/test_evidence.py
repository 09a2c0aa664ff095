"""What a certificate may say of operators: what was tried is what is emitted, and a wrong operator is not among it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from compile.backend import Backend, Files, Missing, Refusal, Runner
from compile.backends import backend, with_evidence
from compile.interpreter.backend import Interpreter
from compile.passes.simplify import simplify
from compile.pipeline import prepare
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Op
from dag.operators.table import ON_ARRAYS, OPS
from dag.trace import trace
from dagc.operators import evidence as module
from dagc.operators.evidence import Evidence, operator_evidence, read_evidence, summary
from dagc.operators.keys import text_key
from dagc.operators.software import WrongRow, try_software
from tests.support.backends import backend_or_skip


@pytest.mark.parametrize("name", with_evidence())
def test_the_file_knows_every_operator_of_every_backend(name: str) -> None:
    known = read_evidence()[name]
    table = backend(name).table
    assert set(known) == {op.name for op in OPS.values() if op not in ON_ARRAYS and not isinstance(table[op], Refusal)}
    for tried in known.values():
        assert tried.rows >= 100_000
        assert tried.against["meaning"] == tried.rows
    assert known["add"].against.keys() >= {"meaning", "host"}


def test_cores_are_exhaustive_at_tiny_formats_and_some_are_proved() -> None:
    known = read_evidence()["rtl"]
    for name in ("add", "sub", "mul", "div", "sqrt", "rint", "min", "lt", "add_f32"):
        assert known[name].exhaustive == ("3+2 bits", "4+3 bits"), name
    assert {name for name, each in known.items() if each.proved} == {"lt", "gt", "eq", "min", "max", "trunc", "clz"}


def test_a_graph_is_told_what_stands_and_what_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = prepare(trace(load_lane("examples/first_lane.py:conviction")))
    healthy = backend("rtl")
    if isinstance(healthy.missing(), Missing):
        pytest.skip("hardware needs a simulator")
    monkeypatch.setattr(module, "tools_of", lambda each: read_evidence()["rtl"]["add"].tools)
    found = operator_evidence(graph, healthy)
    assert set(found) == {op.name for op in graph.ops if isinstance(op, Op)}
    assert all(each.stands for each in found.values()), summary(found.values())
    assert "operators" in summary(found.values())
    monkeypatch.setattr(module, "text_key", lambda each, op: "another" if op is ops.SELECT else text_key(each, op))
    changed = operator_evidence(graph, healthy)["select"]
    assert (changed.status, changed.stands) == ("changed since it was tried", False)
    monkeypatch.setattr(module, "tools_of", lambda each: "verilator 6")
    assert not any(each.stands for each in operator_evidence(graph, healthy).values())


def test_the_key_is_of_the_text_that_is_emitted() -> None:
    @dataclass(frozen=True)
    class Edited:
        healthy: Backend
        name: str = "interpreter"

        @property
        def table(self) -> Mapping[Op, object]:
            return self.healthy.table

        def missing(self) -> Missing | None:
            return None

        def lower(self, graph: Graph) -> Files:
            return {path: data.replace(b"b < a", b"b <= a") for path, data in self.healthy.lower(graph).items()}

        def load(self, graph: Graph, files: Files) -> Runner:
            return self.healthy.load(graph, files)

    healthy, edited = Interpreter(), Edited(Interpreter())
    assert text_key(healthy, ops.MIN) == text_key(Interpreter(), ops.MIN)
    assert text_key(healthy, ops.ADD) == text_key(edited, ops.ADD)


def test_a_wrong_operator_is_found_and_is_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    table = dict(Interpreter().table)
    assert table
    tried, wrong = try_software(Interpreter(), (ops.MIN, ops.ADD, ops.F64_TO_I64), 400, 5)
    assert set(tried) == {"min", "add", "f64_to_i64"}
    assert not wrong
    healthy = Interpreter()
    lower = type(healthy).lower

    def mistaken(self: Interpreter, graph: Graph) -> Files:
        return {path: data.replace(b"x0 + x1", b"x1 - -x0 + 0.0") for path, data in lower(self, graph).items()}

    monkeypatch.setattr(Interpreter, "lower", mistaken)
    tried, wrong = try_software(Interpreter(), (ops.ADD,), 205_000, 5)
    assert not tried
    assert isinstance(wrong[0], WrongRow)
    assert "interpreter: add(0x" in str(wrong[0])


def test_simplified_graphs_use_operators_that_were_tried() -> None:
    graph = simplify(prepare(trace(load_lane("examples/first_lane.py:conviction"))))
    found = operator_evidence(graph, backend_or_skip("interpreter"))
    assert found
    assert all(isinstance(each, Evidence) for each in found.values())
