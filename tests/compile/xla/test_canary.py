"""The canaries pass on what we emit, and notice every remedy that is taken away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compile.xla.emit import emit
from compile.xla.program import FUSED_RESULTS, Program
from compile.xla.selftest import canary
from compile.xla.selftest.canary import Hazard, arithmetic, check_hazards, differences_in, formats
from dag.graphs.graph import Graph
from dag.operators.table import (
    ADD,
    BITS_F32,
    F64_TO_F32,
    F64_TO_I64,
    FLUSH,
    FMA,
    I64_TO_I32,
    IADD,
    IDIV,
    MIN_F32,
    MUL,
    SELECT,
)
from tests.support.arithmetic_graphs import arithmetic_graph
from tests.support.hlo_edits import NAIVE


@pytest.mark.parametrize("graph", [arithmetic(), formats()], ids=["arithmetic", "formats"])
def test_no_hazard_survives(graph: Graph) -> None:
    differences_in(graph, Program.from_files(emit(graph)))
    assert len(graph.taps) <= FUSED_RESULTS


@pytest.mark.parametrize(
    ("of", "edit", "hazard"),
    [
        (arithmetic, "without_fences", "fused multiply"),
        (arithmetic, "without_barriers", "quotient|reciprocal|square"),
        (arithmetic, "with_native_minimum", "minimum|clamp"),
        (arithmetic, "with_literals", "constant|zero|quotient|reciprocal|square"),
        (arithmetic, "without_guard", "XLA changes bits"),
        (formats, "without_barriers", "binary32"),
        (formats, "without_guard", "fused multiply-add"),
    ],
)
def test_a_remedy_taken_away_is_noticed_and_named(of: Callable[[], Graph], edit: str, hazard: str) -> None:
    graph = of()
    with pytest.raises(Hazard, match=hazard):
        differences_in(graph, NAIVE[edit](Program.from_files(emit(graph))))


def test_only_what_a_graph_may_meet_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    monkeypatch.setattr(canary, "_check", lambda each: checked.append(each.__name__))
    check_hazards(arithmetic_graph(3, 30))
    assert checked == ["arithmetic"]
    checked.clear()
    check_hazards(formats())
    assert checked == ["arithmetic", "formats"]
    assert {FMA, IDIV, FLUSH, F64_TO_F32, MIN_F32, BITS_F32, I64_TO_I32} <= canary._FORMATS
    assert canary._FORMATS.isdisjoint({ADD, MUL, SELECT, IADD, F64_TO_I64})
