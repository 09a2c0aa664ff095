"""A pack through backends: who is wrong is found, and nobody else is accused."""

from __future__ import annotations

from compile.backend import Batch, Files, Missing
from compile.campaign.fuzz.graphs import PACK, RTL_PACK, GraphPack, packs, run_pack, sinks
from compile.interpreter.backend import Interpreter
from compile.interpreter.record import FILE
from compile.xla.program import FUSED_RESULTS
from dag.graphs.graph import Graph
from dag.operators import table as ops
from tests.support.faulty import Fails, Faulty

PACK_0 = GraphPack(0, 1, 0, 20, 40, False)
#: Among its rows is a sum of two zeros below zero.
WITH_ZEROS = GraphPack(2, 1, 0, 20, 40, False)


class WrongShift(Interpreter):
    def lower(self, graph: Graph) -> Files:
        return {FILE: Interpreter().lower(graph)[FILE].replace(b"& 63)", b"& 31)")}

    def missing(self) -> Missing | None:
        return None


def test_packs_hold_every_graph_once_and_the_asked_share_is_simulated() -> None:
    for graphs, share in ((1, 0.0), (100, 0.03), (1000, 0.03), (57, 1.0)):
        all_packs = list(packs(0, graphs, 100, share))
        assert [n for pack in all_packs for n in range(pack.first, pack.first + pack.graphs)] == list(range(graphs))
        assert [pack.number for pack in all_packs] == list(range(len(all_packs)))
        assert max(pack.graphs for pack in all_packs) <= PACK
        simulated = sum(pack.graphs for pack in all_packs if pack.has_rtl)
        assert share * graphs <= simulated <= share * graphs + RTL_PACK
    assert next(packs(0, 1000, 100, 0.03)).has_rtl


def test_backends_that_are_right_have_no_findings() -> None:
    for number in range(4):
        outcome = run_pack(
            GraphPack(number, 1, number * 4, 4, 40, False), {"interpreter": Interpreter(), "faulty": Faulty()}
        )
        assert outcome.findings == []
        assert outcome.rows_of == {"interpreter": 40 * 4, "faulty": 40 * 4}
        assert outcome.words > 40 * 30


def test_one_that_is_wrong_is_found() -> None:
    wrong = Faulty({ops.ADD: lambda a, b: b + a if a or b else 0.0})
    findings = run_pack(
        WITH_ZEROS, {"interpreter": Interpreter(), "faulty": wrong, "other": Faulty(name="other")}
    ).findings
    assert [finding.backend for finding in findings] == ["faulty"]
    assert findings[0].divergence is not None
    assert findings[0].divergence.op == "add"
    assert "faulty differs from the interpreter" in findings[0].explained()


def test_one_that_forgets_its_state_is_found() -> None:
    assert run_pack(PACK_0, {"interpreter": Interpreter(), "faulty": Faulty(forgets_state=True)}).findings


def test_one_that_fails_is_a_finding_and_no_end() -> None:
    findings = run_pack(PACK_0, {"interpreter": Interpreter(), "faulty": Fails()}).findings
    assert [finding.error for finding in findings] == ["ArithmeticError: no division here"]
    assert "faulty fails on" in findings[0].explained()


def test_an_interpreter_that_is_wrong_is_accused_itself() -> None:
    findings = run_pack(PACK_0, {"interpreter": WrongShift(), "faulty": Faulty()}).findings
    assert [finding.backend for finding in findings] == ["interpreter"]
    assert "interpreter.py differs from the interpreter" in findings[0].explained()


def test_rows_through_the_passes_carry_a_status() -> None:
    graph = GraphPack(1, 1, 0, 12, 60, False).graph()
    assert graph.status is not None
    assert len(sinks(graph)) <= FUSED_RESULTS
    assert not any(graph.types[node].is_array for node in sinks(graph))
    batch: Batch = GraphPack(1, 1, 0, 12, 60, False).batch(graph)
    assert (batch.bars, batch.instances) == (10, 6)
