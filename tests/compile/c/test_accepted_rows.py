"""What batch.c computes of rows that are not rejected."""

from __future__ import annotations

import numpy as np

from compile.backend import Batch
from compile.c.backend import C
from compile.c.runner import Entry
from compile.c.text.accepted import accepted_row
from compile.pipeline import prepare
from compile.proof.core.prove import prove
from compile.proof.core.verdict import Proved
from dag import lane
from dag.trace import trace
from tests.support.backends import backend_or_skip


@lane
def all_hold(first: bool, second: bool) -> bool:
    """A mask that is compared with the 0 that the status is too, since no row of bools is rejected."""
    mask = (0 if first else 1) | (0 if second else 2)
    return mask == 0


def test_a_comparison_with_the_constant_that_the_status_is_asks_nothing_of_the_status() -> None:
    graph = prepare(trace(all_hold))
    assert graph.status is not None
    assert graph.constants[graph.status] == 0, "the lane is about nothing rejected"
    output = next(each.node for each in graph.outputs if each.name == "all_hold")
    row = accepted_row(graph)
    assert row.constant(row.of(output)) is None
    backend_or_skip("c")
    backend = C(Entry.BATCH)
    files = backend.lower(graph)
    assert all(isinstance(verdict, Proved) for verdict in prove(graph, files))
    pairs = np.array([[False, False, True, True] * 5, [False, True, False, True] * 5])
    batch = Batch({"first": pairs[:1], "second": pairs[1:]}, {}, None, 1, 20)
    assert (backend.load(graph, files).run(batch, [output]).nodes[output] == pairs.all(axis=0)).all()
