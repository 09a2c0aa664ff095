"""Many lanes as one Verilog module: a simulator takes seconds to build, whatever it holds, and moments to run."""

from __future__ import annotations

from collections.abc import Mapping

from compile.backend import Batch
from dag.graphs.builder import GraphBuilder
from dag.graphs.copying import copy_into
from dag.graphs.graph import Graph


def packed(graphs: Mapping[str, Graph]) -> Graph:
    """The graphs side by side: what `lev` is in the graph called `a` is `a.lev`. Each rejects its own rows by itself."""
    builder = GraphBuilder("pack")
    builder.open_scope("", "pack", "Lanes that are simulated together.")
    for name, graph in graphs.items():
        node_of = copy_into(builder, graph, prefix=name)
        for output in graph.outputs:
            builder.output(f"{name}.{output.name}", node_of[output.node], output.safe)
        builder.close_scope()
    return builder.freeze()


def packed_rows(batches: Mapping[str, Batch]) -> Batch:
    """The rows of the graphs side by side; all have the same number of bars and instances."""
    (bars, instances), *others = {(batch.bars, batch.instances) for batch in batches.values()}
    assert not others
    return Batch(
        {f"{name}.{port}": column for name, batch in batches.items() for port, column in batch.inputs.items()},
        {f"{name}.{port}": column for name, batch in batches.items() for port, column in batch.params.items()},
        None,
        bars,
        instances,
    )
