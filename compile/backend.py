"""What a backend is: a total mapping of the op table to its own text, and a way to run that text over columns.

`lower` only writes files; `load` only reads them. The checker therefore runs what was emitted, or what somebody changed
on disk, and never a private in-memory form of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import INDEXES
from dag.values.types import Type
from dag.values.words import Column, column_dtype

#: Emitted files: path inside the bundle -> contents.
Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Batch:
    """Bars of many independent instances, replayed from the initial state or from `state`.

    Shapes: each input column is [bars, instances], along an axis [bars, instances, places]; each parameter and state column is
    [instances], an array's [instances, length].
    """

    inputs: Mapping[str, Column]
    params: Mapping[str, Column]
    state: Mapping[str, Column] | None = None
    bars: int = 1
    instances: int = 1


@dataclass(frozen=True, slots=True)
class Result:
    """What a run saw: for each node asked for a column [bars, instances], along an axis [bars, instances, places], and every state
    after the last bar [instances], an array's [instances, length]."""

    nodes: Mapping[int, Column]
    state: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Missing:
    """A tool that a backend needs and this machine lacks, and the command that gets it."""

    tool: str
    fix: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A stated gap in a backend's table: why the op has no lowering there, and what to do instead."""

    reason: str


class Runner(Protocol):
    """A loaded artifact."""

    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        """Replay `batch` and return the values of `nodes`, all bits as computed (NaNs may be any NaN)."""
        ...


class Backend(Protocol):
    """One lowering. `table` has a row for every op of `dag.operators.table.OPS`: a lowering of the backend's own kind, or a Refusal."""

    @property
    def name(self) -> str: ...

    @property
    def table(self) -> Mapping[Op, object]: ...

    def missing(self) -> Missing | None:
        """The tool without which `load` cannot run here, or None."""
        ...

    def lower(self, graph: Graph) -> Files:
        """Emit the artifact's files; the same graph gives the same bytes. Raises `Refused` for an op it does not lower."""
        ...

    def load(self, graph: Graph, files: Files) -> Runner:
        """Build and load the artifact from its files alone; `graph` only names and types the ports and nodes."""
        ...


class Misbehaves(Exception):
    """An artifact that was run does what its interface rules out; the message names the entry, the place and the words."""


class Refused(Exception):
    """A graph holds an op that this backend refuses; the message names the node, its source line and the way out."""


def refuse_unsupported(graph: Graph, backend: Backend) -> None:
    """Raise `Refused` for the first node of `graph` that `backend` does not lower."""
    along = next((node for node, type_ in enumerate(graph.types) if type_.axis is not None), None)
    if along is not None and (refusal := _of_axes(backend)) is not None:
        span = graph.spans[along]
        at = f" ({span.at})" if span else ""
        raise Refused(
            f"{backend.name} takes no value along an axis, such as `{graph.names[along]}`{at}: {refusal.reason}"
        )
    for node in graph.operators():
        op = graph.ops[node]
        assert isinstance(op, Op)
        row = backend.table[op.row]
        if isinstance(row, Refusal):
            span = graph.spans[node]
            at = f" ({span.at})" if span else ""
            raise Refused(f"{backend.name} has no lowering of `{op}` for node `{graph.names[node]}`{at}: {row.reason}")


def _of_axes(backend: Backend) -> Refusal | None:
    """Why a backend takes no values along an axis; None of one that does. A backend says so by refusing `indexes`."""
    row = backend.table[INDEXES]
    return row if isinstance(row, Refusal) else None


def lowers(backend: Backend, graph: Graph) -> bool:
    """Whether `backend` lowers every op of `graph`."""
    if _of_axes(backend) is not None and any(type_.axis for type_ in graph.types):
        return False
    return not any(isinstance(op, Op) and isinstance(backend.table[op.row], Refusal) for op in graph.ops)


def initial_state(graph: Graph, instances: int) -> dict[str, Column]:
    """Every state's initial value as columns [instances]."""
    return {
        state.name: np.full(
            state_shape(graph.types[state.node], instances), state.initial, column_dtype(graph.types[state.node])
        )
        for state in graph.states
    }


#: Places of an axis up to which as many rows are run as of a graph without one.
NARROW = 64


def fewer_rows(graph: Graph, rows: int, least: int) -> int:
    """So many rows of a graph, or as many fewer as it has more places: a row along a long axis says as much as many of one place."""
    return min(rows, max(least, rows * NARROW // max(graph.breadth(), NARROW)))


def state_shape(type_: Type, instances: int) -> tuple[int, ...]:
    """The shape of a state's column: [instances], or [instances, length] of an array."""
    return column_shape(type_, instances)


def column_shape(type_: Type, *counts: int) -> tuple[int, ...]:
    """The shape of a column over bars and instances, or over instances alone: its elements last, where the values are arrays."""
    return counts if type_.length is None else (*counts, type_.length)
