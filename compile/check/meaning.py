"""What every backend must equal: a graph evaluated by the meanings of its operators, a row at a time, in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from compile.backend import Batch, Result, column_shape, initial_state
from dag.graphs.graph import Graph
from dag.operators.op import Op, Source
from dag.values.floating_point import in_standard_environment
from dag.values.types import Kind, Type, Value
from dag.values.words import column_dtype


@in_standard_environment
def evaluate(graph: Graph, batch: Batch, nodes: Sequence[int]) -> Result:
    """What a perfect backend returns for `batch`."""
    shape = (batch.bars, batch.instances)
    columns = {
        node: np.empty(column_shape(type_, *shape), column_dtype(type_))
        for node in nodes
        for type_ in [graph.types[node]]
    }
    state = initial_state(graph, batch.instances) | dict(batch.state or {})
    after = {name: column.copy() for name, column in state.items()}
    for instance in range(batch.instances):
        carried = {s.name: _carried(state[s.name][instance], graph.types[s.node]) for s in graph.states}
        for bar in range(batch.bars):
            values = _row(graph, batch, carried, bar, instance)
            for node in nodes:
                columns[node][bar, instance] = values[node]
            carried = {s.name: values[s.next] for s in graph.states}
        for name, value in carried.items():
            after[name][instance] = value
    return Result(columns, after)


def _row(graph: Graph, batch: Batch, carried: dict[str, Value], bar: int, instance: int) -> list[Value]:
    ports: dict[int, Value] = {}
    for p in graph.inputs:
        ports[p.node] = _carried(batch.inputs[p.name][bar, instance], graph.types[p.node])
    for param in graph.params:
        ports[param.node] = _carried(batch.params[param.name][instance], graph.types[param.node])
    for s in graph.states:
        ports[s.node] = carried[s.name]
    values: list[Value] = []
    for node, op in enumerate(graph.ops):
        constant = graph.constants[node]
        if isinstance(op, Op):
            values.append(op.compute(*(values[arg] for arg in graph.args[node])))
        elif op is Source.CONST:
            assert constant is not None
            values.append(constant)
        else:
            values.append(ports[node])
    return values


def _carried(value: Any, type_: Type) -> Any:
    return tuple(_python(each, type_) for each in value) if type_.is_array else _python(value, type_)


def _python(scalar: np.generic, type_: Type) -> Value:
    match type_.kind:
        case Kind.F64 | Kind.F32:
            return float(scalar)
        case Kind.BOOL:
            return bool(scalar)
        case Kind.I64 | Kind.I32 | Kind.ENUM:
            return int(scalar)
