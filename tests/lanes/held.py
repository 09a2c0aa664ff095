"""Holding a backend against the oracle's words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from compile.backend import Batch, Runner
from dag.graphs.graph import STATUS, Graph
from dag.values.words import Words, words_of_column
from tests.lanes.expected import Expected

#: At least so much of a sample has an answer, or the sample says little.
ANSWERED = 0.7


def words_in(graph: Graph, runner: Runner, batch: Batch) -> dict[str, Words]:
    """The words of every output of `graph` after running `batch`."""
    nodes = {output.name: output.node for output in graph.outputs}
    result = runner.run(batch, list(nodes.values()))
    return {name: words_of_column(result.nodes[node], graph.types[node]) for name, node in nodes.items()}


def assert_words(graph: Graph, batch: Batch, wanted: Expected, got: Mapping[str, Words], which: str) -> None:
    """Fail, with the first row, where an output is not the oracle's in one bit, or a row that it answered is rejected."""
    assert wanted.answered.mean() > ANSWERED
    assert ((got[STATUS] == 0) >= wanted.answered).all(), f"{graph.name} in {which} rejects a row inside every domain"
    for output, words in wanted.words.items():
        wrong = (got[output] != words) & wanted.answered
        if not wrong.any():
            continue
        bar, instance = (int(k) for k in np.argwhere(wrong)[0])
        row = {p.name: batch.inputs[p.name][bar, instance].item() for p in graph.inputs}
        row |= {p.name: batch.params[p.name][instance].item() for p in graph.params}
        raise AssertionError(
            f"{graph.name}.{output} in {which}: {int(wrong.sum())} differ, first at bar {bar} of instance {instance}: "
            f"{int(got[output][bar, instance]):016x}, oracle {int(words[bar, instance]):016x}, row {row}"
        )
