"""A run handed from backend to backend, as the bytes of a snapshot and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from compile.backend import Batch, Result, Runner, initial_state
from compile.check.run import bars_of
from dag.graphs.graph import Graph
from dag.values.words import words_of_column
from dagc.live.state import pack_state, unpack_state

#: Who runs, and for how many bars; the last goes on to the end.
Legs = Sequence[tuple[str, int]]


def run_relay(graph: Graph, batch: Batch, whole: Result, legs: Legs, runner: Callable[[str], Runner]) -> int:
    """Run `batch` leg by leg, and hold every node of `whole`, the run that never stopped, against it; how many words.

    Raises AssertionError with the node, the backend and the bars where a word differs, in a value or in the last snapshot.
    """
    instances = batch.instances
    snapshot = pack_state(graph, initial_state(graph, instances), instances)
    start = words = 0
    for index, (backend, bars) in enumerate(legs):
        if start == batch.bars:
            break
        stop = batch.bars if index == len(legs) - 1 else min(start + bars, batch.bars)
        part = bars_of(batch, start, stop, unpack_state(graph, snapshot, instances))
        result = runner(backend).run(part, list(whole.nodes))
        for node, column in result.nodes.items():
            got, wanted = (words_of_column(each, graph.types[node]) for each in (column, whole.nodes[node][start:stop]))
            if not np.array_equal(got, wanted):
                raise AssertionError(f"{graph.names[node]} differs in {backend}, bars {start} to {stop} of {legs}")
            words += got.size
        snapshot = pack_state(graph, result.state, instances)
        start = stop
    if snapshot != pack_state(graph, whole.state, instances):
        raise AssertionError(f"the last snapshot differs after {legs}")
    return words
