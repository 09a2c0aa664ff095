"""Rows of a policy's lane: an instance of it for each arm, with parameters that all share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dag.language.lane import AnyLane
from dag.values.words import Column
from dagc.binding.parameters import BindingProblem, bound_values
from dagc.live.kernel import Kernel
from dagc.sweeping.drawing import kernel_of
from dagc.vibriss.problem import PopulationProblem
from dagc.vibriss.rows import Rows


class ArmRows:
    """A lane, a row an arm. `learn` is one bar of all; what it returns are the lane's outputs by name."""

    def __init__(self, lane: AnyLane, settings: Mapping[str, Any], threads: int = 1) -> None:
        """`settings` are the values of the lane's parameters, by name; raises PopulationProblem for one that does not fit."""
        self.kernel: Kernel = kernel_of(lane)
        graph = self.kernel.graph
        # A setting goes by its field alone, also where a lane of several parameter objects has the argument in front of it.
        fields = {param.name: param.name.rpartition(".")[2] for param in graph.params}
        try:
            self._values = bound_values(graph, {n: settings[field] for n, field in fields.items() if field in settings})
        except BindingProblem as problem:
            raise PopulationProblem(f"the policy's settings do not fit\n{problem}") from None
        self.rows = Rows(graph, self.kernel._library, threads)
        self._inputs = [port.name for port in graph.inputs]

    @property
    def settings(self) -> dict[str, Any]:
        """What its parameters are."""
        return dict(self._values)

    def add(self, count: int, state: Mapping[str, Column] | None = None) -> None:
        """As many arms more."""
        graph = self.kernel.graph
        columns = {
            p.name: np.broadcast_to(np.asarray(self._values[p.name], dtype_of(graph, p.node)), (count,))
            for p in graph.params
        }
        self.rows.add(columns, count, state)

    def step(self, inputs: Mapping[str, Any]) -> dict[str, Column]:
        """One bar; an input is a column [arms] or a value for all, and names that the lane does not read are left aside."""
        graph = self.kernel.graph
        count = len(self.rows)
        columns = {
            port.name: np.broadcast_to(np.asarray(inputs[port.name], dtype_of(graph, port.node)), (count,))[np.newaxis]
            for port in graph.inputs
        }
        found = self.rows.run(columns, 1, [output.name for output in graph.outputs])
        return {name: column[0] for name, column in found.items()}

    def output(self, inputs: Mapping[str, Any]) -> NDArray[np.float64]:
        """The one result of a lane that has one [arms]."""
        name = self.kernel.graph.outputs[0].name
        return np.asarray(self.step(inputs)[name], np.float64)


def dtype_of(graph: Any, node: int) -> Any:
    """numpy's type of a node's values."""
    from dag.values.words import column_dtype

    return column_dtype(graph.types[node])
