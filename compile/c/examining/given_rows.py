"""Rows as hosts may hand them in: in columns that are shared or lie apart, and with numbers that an environment would change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from compile.backend import Batch
from dag.graphs.graph import Graph, Input, Param
from dag.values.types import Kind
from dag.values.words import Column

#: Of each floating-point format a subnormal; so are its first hundred multiples.
_SUBNORMAL = {Kind.F64: 2.0**-1070, Kind.F32: 2.0**-145}


def apart(batch: Batch) -> Batch:
    """The same rows, the bars of each input's column further apart than its instances are many."""
    inputs = {}
    for name, column in batch.inputs.items():
        wide = np.zeros((batch.bars, batch.instances + 5, *column.shape[2:]), column.dtype)
        wide[:, : batch.instances] = column
        inputs[name] = wide[:, : batch.instances]
    return replace(batch, inputs=inputs)


def with_subnormals(graph: Graph, batch: Batch) -> Batch:
    """The batch with subnormals in every second instance, at the ports whose domains have them: what a flush would change."""
    places = np.arange(1, batch.instances, 2)

    def column(port: Input | Param, given: Column) -> Column:
        type_ = graph.types[port.node]
        step = _SUBNORMAL.get(type_.kind)
        if step is None or not all(port.domain.contains(times * step) for times in (1, 100)):
            return given
        changed = given.copy()
        some = step * (1 + places % 100)
        if type_.is_array:
            changed[..., places, :] = some[:, np.newaxis]
        else:
            changed[..., places] = some
        return changed

    inputs = {port.name: column(port, batch.inputs[port.name]) for port in graph.inputs}
    return replace(batch, inputs=inputs, params={p.name: column(p, batch.params[p.name]) for p in graph.params})


def over_instances(batch: Batch) -> Batch:
    """Every instance sees the first one's inputs and has its parameters, without a copy."""
    inputs = {name: np.broadcast_to(column[:, :1], column.shape) for name, column in batch.inputs.items()}
    params = {name: np.broadcast_to(column[:1], column.shape) for name, column in batch.params.items()}
    return replace(batch, inputs=inputs, params=params)


def over_bars(batch: Batch) -> Batch:
    """Every bar has the first one's inputs, without a copy."""
    inputs = {name: np.broadcast_to(column[:1], column.shape) for name, column in batch.inputs.items()}
    return replace(batch, inputs=inputs)
