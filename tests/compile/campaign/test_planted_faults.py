"""The fuzzer finds planted miscompilations and makes them small. All of them: `python -m tests.support.mutants`."""

from __future__ import annotations

import pytest

from compile.backends import backend
from dag.operators.op import Op
from tests.support.backends import backend_or_skip
from tests.support.mutants import MUTANTS, Mutated, hunt
from tests.support.tiers import only

#: Those that are quick to build; the others take compilers a minute together.
QUICK = (
    "the interpreter exchanges the operands of min",
    "the interpreter shifts by too few bits",
    "c rounds ties away",
    "vectors keep the NaN they find",
)


@pytest.mark.parametrize("name", only(QUICK, lambda name: "shifts" not in name))
def test_a_planted_fault_is_found_and_minimised(name: str) -> None:
    backend_or_skip(MUTANTS[name].backend)
    kill = hunt(MUTANTS[name], seconds=300.0)
    assert kill is not None
    assert kill.pack < 3
    assert kill.small.backend == MUTANTS[name].backend
    assert len([op for op in kill.small.graph.ops if isinstance(op, Op)]) <= 3
    assert (kill.small.batch.bars, kill.small.batch.instances) == (1, 1)


@pytest.mark.parametrize("name", [name for name in MUTANTS if not MUTANTS[name].flag])
def test_every_mutant_changes_what_is_emitted(name: str) -> None:
    from compile.campaign.drawing.random_graph import random_pack

    mutant = MUTANTS[name]
    healthy = backend(mutant.backend)
    graph = random_pack(0, range(20))
    assert Mutated(healthy, mutant).lower(graph) != healthy.lower(graph)
