"""Replaying a batch on the emitted module, a row at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from compile.backend import Batch, Result, column_shape, initial_state, state_shape
from compile.interpreter.expressions import expressions_of
from compile.interpreter.layout import layout_of
from dag.graphs.graph import Graph
from dag.operators.op import Op
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


#: `read(inputs, params, state, outputs, tap) -> values`: the wanted values of a row, in order.
Reader = Callable[[Mapping[str, Value], Mapping[str, Value], Mapping[str, Value], Mapping[str, Value], Tap | None], Any]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the wanted values of a row are found, worked out once for the nodes that are asked for."""

    wanted: tuple[int, ...]
    #: (function, variable, node) for every value that has a variable; empty where the outputs are all that is wanted.
    variables: tuple[tuple[str, str, int], ...]
    read: Reader


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
        self._plan = lru_cache(maxsize=8)(self._planned)

    @in_standard_environment
    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        """Replay `batch`. Raises KeyError for a missing column, ValueError for a wrong shape or a damaged module."""
        graph, plan = self._graph, self._plan(tuple(dict.fromkeys(nodes)))
        shape = (batch.bars, batch.instances)
        inputs = {p.name: _lists(p.name, batch.inputs[p.name], graph.types[p.node], shape) for p in graph.inputs}
        params = {p.name: _lists(p.name, batch.params[p.name], graph.types[p.node], shape[1:]) for p in graph.params}
        given = initial_state(graph, batch.instances) | dict(batch.state or {})
        states = {s.name: _states(s.name, given[s.name], graph.types[s.node], batch.instances) for s in graph.states}
        columns = {
            node: np.empty(column_shape(graph.types[node], *shape), column_dtype(graph.types[node]))
            for node in plan.wanted
        }
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

    def _planned(self, wanted: tuple[int, ...]) -> _Plan:
        graph = self._graph
        outputs = {node for _, node in self._outputs}
        pending, needed = list(wanted), set[int]()
        while pending:
            node = pending.pop()
            if node not in needed:
                needed.add(node)
                pending += graph.args[node] if node in self._inlined else ()
        functions = {
            node: self._layout.functions[graph.owners[node]]
            for node in sorted(needed - outputs)  # what the module returns is its word on an output
            if node not in self._inlined and isinstance(graph.ops[node], Op)
        }
        variables = tuple((each.name, each.local_names[node], node) for node, each in functions.items())
        return _Plan(wanted, variables, self._reader(wanted, needed, variables))

    def _reader(self, wanted: Sequence[int], needed: set[int], variables: Sequence[tuple[str, str, int]]) -> Reader:
        """A function of straight-line Python, a line a value: looking each node up in tables costs more than the row itself."""
        graph = self._graph
        names: dict[str, Any] = {}
        lines = ["def read(inputs, params, state, outputs, tap):"]
        for source, ports in zip(("inputs", "params", "state"), self._ports, strict=True):
            lines += [f" v{node} = {source}[{name!r}]" for name, node in ports if node in needed]
        lines += [f" v{node} = outputs[{name!r}]" for name, node in self._outputs if node in needed]
        places = {name: f"t{k}" for k, name in enumerate(dict.fromkeys(function for function, _, _ in variables))}
        lines += [f" {place} = tap[{name!r}]" for name, place in places.items()]
        lines += [f" v{node} = {places[function]}[{variable!r}]" for function, variable, node in variables]
        known = {node for _, node in self._outputs} | {node for _, _, node in variables}
        for node in sorted(needed - known):
            op = graph.ops[node]
            if graph.constants[node] is not None:
                names[f"v{node}"] = graph.constants[node]
            elif isinstance(op, Op):
                names[f"m{node}"] = op.meaning
                lines.append(f" v{node} = m{node}({', '.join(f'v{each}' for each in graph.args[node])})")
        lines.append(f" return [{', '.join(f'v{node}' for node in wanted)}]")
        exec("\n".join(lines), names)
        reader: Reader = names["read"]
        return reader

    def _row(
        self, inputs: Mapping[str, Value], params: Mapping[str, Value], state: Mapping[str, Value], plan: _Plan
    ) -> tuple[list[Any], dict[str, Value]]:
        """The wanted values of one row, and the state after it."""
        tap: Tap | None = {} if plan.variables else None
        outputs, after = self._step(inputs, params, state, tap)
        try:
            return plan.read(inputs, params, state, outputs, tap), after
        except KeyError as missing:
            for function, variable, _ in plan.variables:
                if variable not in (tap or {}).get(function, ()):
                    what = f"interpreter.py has no `{variable}` in `{function}`"
                    raise ValueError(f"{what}: it was changed; build it again") from missing
            raise


def _states(name: str, column: Column, type_: Type, instances: int) -> list[Any]:
    """A state's column as Python values, one an instance; an array is a tuple."""
    return _lists(name, column, type_, (instances,))


def _lists(name: str, column: Column, type_: Type, shape: tuple[int, ...]) -> list[Any]:
    """A column over bars and instances, or over instances alone, as nested lists of Python values; an array is a tuple."""
    array, expected = np.asarray(column), column_shape(type_, *shape)
    if array.shape != expected:
        raise ValueError(f"column `{name}` has shape {array.shape}; expected {expected}")
    values: list[Any] = array.astype(column_dtype(type_)).tolist()
    return _tupled(values, len(shape)) if type_.is_array else values


def _tupled(values: list[Any], depth: int) -> list[Any]:
    return [tuple(each) if depth == 1 else _tupled(each, depth - 1) for each in values]
