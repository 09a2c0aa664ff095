"""Replaying a batch on the emitted module, a row at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from compile.backend import Batch, Result, initial_state
from compile.interpreter.layout import Layout, layout_of
from dag.graph import Graph
from dag.ops import Op, Source
from dag.types import Type, Value
from dag.words import Column, column_dtype

#: `step(inputs, params, state, tap) -> (outputs, state)` of an emitted module.
Step = Callable[
    [Mapping[str, Value], Mapping[str, Value], Mapping[str, Value], "dict[str, dict[str, Any]] | None"],
    tuple[dict[str, Value], dict[str, Value]],
]


class InterpreterRunner:
    """One loaded module. Values that have a variable are read from it.

    A value that is written inside a longer expression has none: it is computed from the variables it reads, by its op's
    meaning. The expression as a whole is still the module's.
    """

    def __init__(self, graph: Graph, step: Step) -> None:
        self._graph = graph
        self._step = step
        self._layout: Layout = layout_of(graph)

    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        """Replay `batch`. Raises KeyError for a missing column, ValueError for a wrong shape or a damaged module."""
        graph = self._graph
        wanted = tuple(dict.fromkeys(nodes))
        shape = (batch.bars, batch.instances)
        inputs = {p.name: _lists(p.name, batch.inputs[p.name], graph.types[p.node], shape) for p in graph.inputs}
        params = {p.name: _lists(p.name, batch.params[p.name], graph.types[p.node], shape[1:]) for p in graph.params}
        given = initial_state(graph, batch.instances) | dict(batch.state or {})
        states = {s.name: _lists(s.name, given[s.name], graph.types[s.node], shape[1:]) for s in graph.states}
        columns = {node: np.empty(shape, column_dtype(graph.types[node])) for node in wanted}
        last = {s.name: np.empty(shape[1:], column_dtype(graph.types[s.node])) for s in graph.states}
        for instance in range(batch.instances):
            bound = {name: column[instance] for name, column in params.items()}
            state = {name: column[instance] for name, column in states.items()}
            rows: list[list[Value]] = []
            for bar in range(batch.bars):
                row = {name: column[bar][instance] for name, column in inputs.items()}
                values, state = self._row(row, bound, state, wanted)
                rows.append(values)
            for node, column in zip(wanted, zip(*rows, strict=True), strict=False):
                columns[node][:, instance] = column
            for name, value in state.items():
                last[name][instance] = value
        return Result(columns, last)

    def _row(
        self,
        inputs: Mapping[str, Value],
        params: Mapping[str, Value],
        state: Mapping[str, Value],
        wanted: tuple[int, ...],
    ) -> tuple[list[Value], dict[str, Value]]:
        """The wanted values of one row, and the state after it."""
        graph = self._graph
        results = {output.node: output.name for output in graph.outputs}
        if all(node in results for node in wanted):
            outputs, after = self._step(inputs, params, state, None)
            return [outputs[results[node]] for node in wanted], after
        tap: dict[str, dict[str, Any]] = {}
        outputs, after = self._step(inputs, params, state, tap)
        known: dict[int, Value] = {node: outputs[name] for node, name in results.items()}
        known |= {p.node: inputs[p.name] for p in graph.inputs}
        known |= {p.node: params[p.name] for p in graph.params}
        known |= {s.node: state[s.name] for s in graph.states}
        return [self._value(node, known, tap) for node in wanted], after

    def _value(self, node: int, known: dict[int, Value], tap: Mapping[str, Mapping[str, Any]]) -> Value:
        if node not in known:
            known[node] = self._looked_up(node, known, tap)
        return known[node]

    def _looked_up(self, node: int, known: dict[int, Value], tap: Mapping[str, Mapping[str, Any]]) -> Value:
        graph = self._graph
        op, constant = graph.ops[node], graph.constants[node]
        if op is Source.CONST:
            assert constant is not None
            return constant
        assert isinstance(op, Op)
        function = self._layout.functions[graph.owners[node]]
        variables = tap.get(function.name, {})
        variable = function.local_names[node]
        if variable in variables:
            value: Value = variables[variable]
            return value
        if any(each.node == node for each in graph.taps):
            raise ValueError(f"interpreter.py has no `{variable}` in `{function.name}`: it was changed; build it again")
        return op.meaning(*(self._value(arg, known, tap) for arg in graph.args[node]))  # type: ignore[no-any-return]


def _lists(name: str, column: Column, type_: Type, shape: tuple[int, ...]) -> list[Any]:
    """A column as nested lists of Python values."""
    array = np.asarray(column)
    if array.shape != shape:
        raise ValueError(f"column `{name}` has shape {array.shape}; expected {shape}")
    values: list[Any] = array.astype(column_dtype(type_)).tolist()
    return values
