"""Histories that are changed a little: also such as end before the bar that the search looks at."""

from __future__ import annotations

import numpy as np

from compile.campaign.drawing.sample import universe_of
from compile.campaign.events.mutation import mutators_of
from compile.campaign.run.histories import History
from compile.pipeline import prepare
from dag.language.lane import lane
from dag.trace import trace


@lane
def doubled(x: float) -> float:
    return x * 2.0


def test_beyond_its_end_a_history_is_changed_at_its_last_bar() -> None:
    graph = prepare(trace(doubled))
    mutator = mutators_of(universe_of(graph))[graph.outputs[0].node]
    history = History({"x": np.arange(1.0, 4.0)}, {})
    changed = set()
    for seed in range(40):
        column = mutator.mutated(history, 15, np.random.default_rng(seed), 0.0, 8.0).inputs["x"]
        assert len(column) == 3
        changed |= set(np.flatnonzero(column != history.inputs["x"]).tolist())
    assert changed == {0, 1, 2}
