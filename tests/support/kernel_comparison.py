"""An XLA kernel, without the interpreter behind it, against the meaning of its graph."""

from __future__ import annotations

import numpy as np

from compile.backend import Batch, initial_state
from compile.xla.program import FUSED_RESULTS, Program
from dag.graphs.graph import Graph
from dag.values.words import words_of_column
from tests.support.meaning import evaluate


def compared(graph: Graph, program: Program, batch: Batch, nodes: list[int]) -> tuple[int, int, int]:
    """Values on rows that nothing flagged, how many of those are wrong, and how many are wrong on flagged rows."""
    names = [graph.identifiers[node] for node in nodes]
    state = initial_state(graph, batch.instances)
    got = program.replay(batch.inputs, batch.params, state, np.ones(batch.bars, np.bool_), batch.instances, names)
    expected = evaluate(graph, batch, nodes)
    # A flag makes the following bars of its instance doubtful too, where there is state.
    doubtful = np.logical_or.accumulate(got.flagged, axis=0) if graph.states else got.flagged
    judged = wrong = hidden = 0
    for node, name in zip(nodes, names, strict=True):
        type_ = graph.types[node]
        differs = words_of_column(got.values[name], type_) != words_of_column(expected.nodes[node], type_)
        judged += int(np.count_nonzero(~doubtful))
        wrong += int(np.count_nonzero(differs & ~doubtful))
        hidden += int(np.count_nonzero(differs & doubtful))
    return judged, wrong, hidden


def sinks(graph: Graph) -> list[int]:
    """The results that XLA fuses towards: outputs and a few nodes that nothing reads."""
    unread = [node for node in graph.operators() if not graph.users()[node]]
    return list(dict.fromkeys([*(output.node for output in graph.outputs), *unread]))[:FUSED_RESULTS]
