"""The XLA backend: emitted StableHLO, compiled through jax, with the same bits as every other backend.

jax is imported when the first kernel is loaded; importing this module, or `lower`, does not touch it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass

from compile.backend import Files, Missing, refuse_unsupported
from compile.interpreter.backend import Interpreter
from compile.jax_modules import load_jax
from compile.xla.emit import INTERFACE, emit, interface_of
from compile.xla.operators import TABLE
from compile.xla.program import Program
from compile.xla.record import XLA
from compile.xla.runner import XlaRunner
from dag.graphs.graph import Graph
from dag.operators.op import Op


@dataclass(frozen=True, slots=True)
class Xla:
    """`compile.backend.Backend` over XLA, on jax's default device."""

    name: str = XLA.name

    @property
    def table(self) -> Mapping[Op, object]:
        """A StableHLO function for each op."""
        return TABLE

    def missing(self) -> Missing | None:
        """jax, where it is not installed."""
        for module in ("jax", "jaxlib"):
            if importlib.util.find_spec(module) is None:
                return Missing(module, f"python -m pip install {module}")
        return None

    def lower(self, graph: Graph) -> Files:
        """`kernel.stablehlo` and `xla_kernel.json`; neither jax nor XLA is involved."""
        refuse_unsupported(graph, self)
        return emit(graph)

    def load(self, graph: Graph, files: Files) -> XlaRunner:
        """The kernel in `files`, after this process's XLA has passed the canary.

        Rows that flushed subnormals may have changed are computed by the interpreter of `graph`. Raises ValueError when
        the files are damaged or belong to another graph, `canary.Hazard` when XLA changes bits here.
        """
        load_jax()
        from compile.xla.selftest.canary import check_hazards

        program = Program.from_files(files)
        if program.interface.ports() != interface_of(graph).ports():
            raise ValueError(f"{INTERFACE} belongs to another graph than `{graph.name}`; build the bundle again")
        check_hazards(graph)
        interpreter = Interpreter()
        return XlaRunner(graph, program, interpreter.load(graph, interpreter.lower(graph)))
