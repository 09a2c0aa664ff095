"""The two that are compared, and how the lane is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compile.backend import Batch, Runner
from dag.graphs.graph import Graph
from dag.values.words import Words, words_of_column
from dagc.parity.arguments import Ports
from dagc.parity.asking import Mask
from dagc.parity.oracle import Oracle


@dataclass(frozen=True)
class ParitySetup:
    """A lane's prepared graph and what runs it, the user's code, and the outputs that are compared."""

    graph: Graph
    ports: Ports
    runner: Runner
    oracle: Oracle
    names: tuple[str, ...]
    mapping: Mapping[str, str]


def run_lane(graph: Graph, runner: Runner, batch: Batch, names: Sequence[str]) -> tuple[dict[str, Words], Mask]:
    """The words of the outputs [bars, instances], and which rows the lane takes."""
    nodes = {output.name: output.node for output in graph.outputs if output.name in names}
    assert graph.status is not None
    result = runner.run(batch, [*nodes.values(), graph.status])
    words = {name: words_of_column(result.nodes[node], graph.types[node]) for name, node in nodes.items()}
    return words, result.nodes[graph.status] == 0
