"""`columns.py`: a line a node, each an operator's meaning applied to columns of instances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from compile.backend import Batch, Files, Missing, Result, initial_state
from dag.graphs.graph import Graph
from dag.operators.lookups import op_named
from dag.operators.op import Op, Source
from dag.operators.table import OPS
from dag.values.floating_point import in_standard_environment
from dag.values.types import Kind, Type, Value
from dag.values.words import column_dtype
from tests.fifth_backend.record import COLUMNS, FILE


class Columns:
    """`compile.backend.Backend`; every operator is lowered to its own name."""

    name = COLUMNS.name
    table: Mapping[Op, object] = {op: op.name for op in OPS.values()}

    def missing(self) -> Missing | None:
        """Nothing."""
        return None

    def lower(self, graph: Graph) -> Files:
        """The one module."""
        ports = {
            **{port.node: f'inputs["{port.name}"]' for port in graph.inputs},
            **{port.node: f'params["{port.name}"]' for port in graph.params},
            **{port.node: f'state["{port.name}"]' for port in graph.states},
        }
        lines = [f'GRAPH = "{graph.content_hash}"', "INITIAL = {"]
        lines += [f'    "{s.name}": {_literal(s.initial, graph.types[s.node])},' for s in graph.states]
        lines += ["}", "", "", "def step(inputs, params, state, op, constant):"]
        for node, op in enumerate(graph.ops):
            value, arguments = graph.constants[node], ", ".join(f"v{each}" for each in graph.args[node])
            if isinstance(op, Op):
                lines.append(f'    v{node} = op("{op.name}", {arguments})')
            elif op is Source.CONST:
                assert value is not None
                lines.append(f"    v{node} = {_literal(value, graph.types[node])}")
            else:
                lines.append(f"    v{node} = {ports[node]}")
        lines.append(f"    values = [{', '.join(f'v{node}' for node in range(len(graph)))}]")
        lines.append(f"    outputs = {_entries({each.name: each.node for each in graph.outputs})}")
        lines.append(f"    after = {_entries({each.name: each.next for each in graph.states})}")
        lines.append("    return values, outputs, after")
        return {FILE: ("\n".join(lines) + "\n").encode()}

    def load(self, graph: Graph, files: Files) -> ColumnsRunner:
        """The module, executed."""
        namespace: dict[str, Any] = {"constant": constant}
        exec(compile(files[FILE], FILE, "exec"), namespace)
        if namespace["GRAPH"] != graph.content_hash:
            raise ValueError(f"{FILE} was made from another graph; build it again")
        return ColumnsRunner(graph, namespace["step"])


class ColumnsRunner:
    """The loaded module."""

    def __init__(self, graph: Graph, step: Callable[..., tuple[list[Any], dict[str, Any], dict[str, Any]]]) -> None:
        self._graph, self._step = graph, step

    @in_standard_environment
    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        """Bar after bar."""
        graph, types = self._graph, self._graph.types
        given = initial_state(graph, batch.instances) | dict(batch.state or {})
        state = {s.name: _objects(given[s.name]) for s in graph.states}
        params = {p.name: _objects(batch.params[p.name]) for p in graph.params}
        found = {node: np.empty((batch.bars, batch.instances), column_dtype(types[node])) for node in nodes}
        for bar in range(batch.bars):
            inputs = {p.name: _objects(batch.inputs[p.name][bar]) for p in graph.inputs}
            values, _, state = self._step(inputs, params, state, _apply, constant)
            for node in nodes:
                found[node][bar] = values[node]
        after = dict(given)
        for s in graph.states if batch.bars else ():
            column = np.empty(after[s.name].shape, column_dtype(types[s.node]))
            for instance, value in enumerate(np.broadcast_to(_object(state[s.name]), (batch.instances,))):
                column[instance] = value
            after[s.name] = column
        return Result(found, after)


def _entries(nodes: Mapping[str, int]) -> str:
    return "{" + ", ".join(f'"{name}": v{node}' for name, node in nodes.items()) + "}"


@cache
def _lifted(name: str, operands: int) -> Callable[..., Any]:
    lifted: Callable[..., Any] = np.frompyfunc(op_named(name).compute, operands, 1)
    return lifted


def _apply(name: str, *columns: Any) -> Any:
    with np.errstate(all="ignore"):  # a ufunc looks at the flags that the meaning's own arithmetic raised
        return _lifted(name, len(columns))(*map(_object, columns))


def constant(kind: str, text: str, length: int | None = None) -> Any:
    """The constant, or an array filled with it: what `columns.py` writes of either."""
    value: Value = float.fromhex(text) if Kind[kind] in (Kind.F64, Kind.F32) else int(text)
    if Kind[kind] is Kind.BOOL:
        value = bool(value)
    return value if length is None else (value,) * length


def _literal(value: Value, type_: Type) -> str:
    text = value.hex() if isinstance(value, float) else str(int(value))
    length = "" if type_.length is None else f", {type_.length}"
    return f'constant("{type_.kind.name}", "{text}"{length})'


def _objects(column: Any) -> Any:
    """A column [instances] of Python values; of tuples where it is [instances, length]."""
    values = [tuple(each) if isinstance(each, list) else each for each in column.tolist()]
    found = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        found[place] = value
    return found


def _object(value: Any) -> Any:
    """A tuple in a box that NumPy does not open; anything else as it is."""
    if not isinstance(value, tuple):
        return value
    box = np.empty((), dtype=object)
    box[()] = value
    return box
