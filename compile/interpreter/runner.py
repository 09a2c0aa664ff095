"""Replaying a batch on the emitted module, a row at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from compile.backend import Batch, Result, initial_state, state_shape
from compile.interpreter.expressions import expressions_of
from compile.interpreter.layout import layout_of
from dag.graphs.graph import Graph
from dag.operators.table import Op
from dag.values.floating_point import in_standard_environment
from dag.values.types import Type, Value
from dag.values.words import Column, column_dtype

#: What a module's functions leave behind: function -> variable -> value.
Tap = dict[str, dict[str, Any]]
#: `step(inputs, params, state, tap) -> (outputs, state)` of an emitted module.
Step = Callable[
    [Mapping[str, Value], Mapping[str, Value], Mapping[str, Value], Tap | None],
    tuple[dict[str, Value], dict[str, Value]],
]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the wanted values of a row are found, worked out once a run."""

    wanted: tuple[int, ...]
    #: (function, variable, node) for every value that has a variable; empty where the outputs are all that is wanted.
    variables: tuple[tuple[str, str, int], ...]
    #: (node, meaning, operands) for every value without a variable, each after those it reads.
    computed: tuple[tuple[int, Callable[..., Value], tuple[int, ...]], ...]


class InterpreterRunner:
    """One loaded module. Values that have a variable are read from it.

    A value that is written inside a longer expression has none: it is computed from the variables it reads, by its op's
    meaning. The expression as a whole is still the module's.
    """

    def __init__(self, graph: Graph, step: Step) -> None:
        self._graph = graph
        self._step = step
        self._layout = layout_of(graph)
        self._inlined = expressions_of(graph, self._layout).inlined.keys()
        self._outputs = tuple((output.name, output.node) for output in graph.outputs)
        sources = (graph.inputs, graph.params, graph.states)
        self._ports = tuple(tuple((port.name, port.node) for port in ports) for ports in sources)

    @in_standard_environment
    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        """Replay `batch`. Raises KeyError for a missing column, ValueError for a wrong shape or a damaged module."""
        graph, plan = self._graph, self._plan(nodes)
        shape = (batch.bars, batch.instances)
        inputs = {p.name: _lists(p.name, batch.inputs[p.name], graph.types[p.node], shape) for p in graph.inputs}
        params = {p.name: _lists(p.name, batch.params[p.name], graph.types[p.node], shape[1:]) for p in graph.params}
        given = initial_state(graph, batch.instances) | dict(batch.state or {})
        states = {s.name: _states(s.name, given[s.name], graph.types[s.node], batch.instances) for s in graph.states}
        columns = {node: np.empty(shape, column_dtype(graph.types[node])) for node in plan.wanted}
        types = {s.name: graph.types[s.node] for s in graph.states}
        last = {name: np.empty(state_shape(of, batch.instances), column_dtype(of)) for name, of in types.items()}
        for instance in range(batch.instances):
            bound = {name: column[instance] for name, column in params.items()}
            state = {name: column[instance] for name, column in states.items()}
            rows: list[list[Any]] = []
            for bar in range(batch.bars):
                row = {name: column[bar][instance] for name, column in inputs.items()}
                values, state = self._row(row, bound, state, plan)
                rows.append(values)
            for node, column in zip(plan.wanted, zip(*rows, strict=True), strict=False):  # no rows, no columns
                columns[node][:, instance] = column
            for name, value in state.items():
                last[name][instance] = value
        return Result(columns, last)

    def _plan(self, nodes: Sequence[int]) -> _Plan:
        graph, wanted = self._graph, tuple(dict.fromkeys(nodes))
        outputs = {node for _, node in self._outputs}
        pending, needed = list(wanted), set[int]()
        while pending:
            node = pending.pop()
            if node not in needed:
                needed.add(node)
                pending += graph.args[node] if node in self._inlined else ()
        variables: list[tuple[str, str, int]] = []
        computed: list[tuple[int, Callable[..., Value], tuple[int, ...]]] = []
        for node in sorted(needed - outputs):  # what the module returns is its word on an output
            op = graph.ops[node]
            if node in self._inlined:
                assert isinstance(op, Op)
                computed.append((node, op.meaning, graph.args[node]))
            elif isinstance(op, Op):
                function = self._layout.functions[graph.owners[node]]
                variables.append((function.name, function.local_names[node], node))
        return _Plan(wanted, tuple(variables), tuple(computed))

    def _row(
        self, inputs: Mapping[str, Value], params: Mapping[str, Value], state: Mapping[str, Value], plan: _Plan
    ) -> tuple[list[Any], dict[str, Value]]:
        """The wanted values of one row, and the state after it."""
        tap: Tap | None = {} if plan.variables else None
        outputs, after = self._step(inputs, params, state, tap)
        known: list[Any] = list(self._graph.constants)
        for values, ports in zip((inputs, params, state), self._ports, strict=True):
            for name, node in ports:
                known[node] = values[name]
        for name, node in self._outputs:
            known[node] = outputs[name]
        if tap is not None:
            for function, variable, node in plan.variables:
                try:
                    known[node] = tap[function][variable]
                except KeyError as missing:
                    what = f"interpreter.py has no `{variable}` in `{function}`"
                    raise ValueError(f"{what}: it was changed; build it again") from missing
        for node, meaning, operands in plan.computed:
            known[node] = meaning(*[known[operand] for operand in operands])
        return [known[node] for node in plan.wanted], after


def _states(name: str, column: Column, type_: Type, instances: int) -> list[Any]:
    """A state's column as Python values, one an instance; an array is a tuple."""
    values = _lists(name, column, type_, state_shape(type_, instances))
    return [tuple(each) for each in values] if type_.is_array else values


def _lists(name: str, column: Column, type_: Type, shape: tuple[int, ...]) -> list[Any]:
    """A column as nested lists of Python values."""
    array = np.asarray(column)
    if array.shape != shape:
        raise ValueError(f"column `{name}` has shape {array.shape}; expected {shape}")
    values: list[Any] = array.astype(column_dtype(type_)).tolist()
    return values
