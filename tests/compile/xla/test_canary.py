"""The canary passes on what we emit, and notices every remedy that is taken away."""

from __future__ import annotations

import pytest

from compile.xla.canary import Hazard, differences_in, hazards
from compile.xla.emit import emit
from compile.xla.program import Program
from tests.support.hlo_edits import NAIVE


def test_no_hazard_survives() -> None:
    graph = hazards()
    differences_in(graph, Program.from_files(emit(graph)))


@pytest.mark.parametrize(
    ("edit", "hazard"),
    [
        ("without_fences", "fused multiply"),
        ("without_barriers", "quotient|reciprocal|square"),
        ("with_native_minimum", "minimum|clamp"),
        ("with_literals", "constant|zero|quotient|reciprocal|square"),
        ("without_guard", "XLA changes bits"),
    ],
)
def test_a_remedy_taken_away_is_noticed_and_named(edit: str, hazard: str) -> None:
    graph = hazards()
    with pytest.raises(Hazard, match=hazard):
        differences_in(graph, NAIVE[edit](Program.from_files(emit(graph))))
