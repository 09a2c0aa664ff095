"""What a build writes of Verilog: the text that lowering makes, and the vectors that its test bench reads."""

from __future__ import annotations

from compile.backend import Files
from dag.graphs.graph import Graph
from rtl.backend import Verilog
from rtl.record import RTL


def with_vectors(graph: Graph, instances: int | None = None) -> Files:
    """The files of `graph` with its test bench ready to run."""
    files = Verilog(instances=instances).lower(graph)
    assert RTL.test_vectors is not None
    return {**files, **RTL.test_vectors(graph, files)}
