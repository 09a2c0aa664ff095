"""Replaying a batch on the compiled kernel, and again, exactly, where the guard was raised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch, Result, Runner, column_shape, initial_state
from compile.xla.program import Program
from dag.graphs.graph import Graph
from dag.values.floating_point import in_standard_environment
from dag.values.words import Column, column_dtype

#: Values that one call may return: bounds the memory of a replay of any length (64 MB of results).
VALUES_PER_CALL = 1 << 23
#: Rows (instances, or bars x instances of a graph without state) in one call.
ROWS_PER_CALL = 1 << 16
BARS_PER_CALL = 1 << 10

Columns = dict[str, Column]


@dataclass(slots=True)
class XlaRunner:
    """A loaded kernel. `exact` computes the rows whose bits flushing to zero may have changed.

    `recomputed_rows` is how many (bar, instance) rows of the last `run` came from `exact`.
    """

    graph: Graph
    program: Program
    exact: Runner
    recomputed_rows: int = 0
    #: What XLA compiled for the runs so far: values, bars and rows.
    shapes: set[tuple[tuple[str, ...], int, int]] = field(default_factory=set[tuple[tuple[str, ...], int, int]])

    @in_standard_environment
    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        """Replay `batch`; see `compile.backend.Runner`. Raises ValueError when a column is missing or has another shape."""
        self.recomputed_rows = 0
        wanted = tuple(dict.fromkeys(nodes))
        whole = _checked(self.graph, batch)
        shape = (batch.bars, batch.instances)
        types = self.graph.types
        columns = {node: np.empty(column_shape(types[node], *shape), column_dtype(types[node])) for node in wanted}
        if not self.graph.states:
            self._run_rows(whole, columns)
            return Result(columns, {})
        last: Columns = {name: column.copy() for name, column in whole.state.items()} if whole.state else {}
        bars, instances = self._shape(batch.bars, batch.instances, self._words(wanted))
        for chosen in _pieces(batch.instances, instances):
            state = {name: column[chosen] for name, column in last.items()}
            params = {name: column[chosen] for name, column in whole.params.items()}
            for span in _pieces(batch.bars, bars):
                inputs = {name: column[span, chosen] for name, column in whole.inputs.items()}
                here = _batch(inputs, params, state, span, chosen)
                into = {node: column[span, chosen] for node, column in columns.items()}
                state = self._replay(here, into, bars, instances)
            for name, column in state.items():
                last[name][chosen] = column
        return Result(columns, last)

    def compile_for(self, bars: int, instances: int, nodes: Sequence[int]) -> None:
        """Compile now what `run` will need for a batch of this shape; whoever runs it meanwhile waits for it."""
        names = tuple(self.graph.identifiers[node] for node in dict.fromkeys(nodes))
        bars, instances = (bars, instances) if self.graph.states else (1, bars * instances)
        self.program.compile_for(names, *self._shape(bars, instances, self._words(nodes)))

    def _run_rows(self, batch: Batch, columns: Mapping[int, Column]) -> None:
        """Without state every bar is a row of its own: fill `columns` in slices of all rows."""
        total = batch.bars * batch.instances
        _, rows = self._shape(1, total, self._words(columns))
        inputs = {name: column.reshape(total, *column.shape[2:]) for name, column in batch.inputs.items()}
        results = {node: column.reshape(total, *column.shape[2:]) for node, column in columns.items()}
        for chosen in _pieces(total, rows):
            instance = np.arange(chosen.start, chosen.stop) % batch.instances
            here = _batch(
                {name: column[np.newaxis, chosen] for name, column in inputs.items()},
                {name: column[instance] for name, column in batch.params.items()},
                {},
                slice(0, 1),
                chosen,
            )
            self._replay(here, {node: column[np.newaxis, chosen] for node, column in results.items()}, 1, rows)

    def _words(self, nodes: Iterable[int]) -> int:
        """How many values a row of these nodes has."""
        return sum(self.graph.types[node].size for node in nodes)

    def _shape(self, bars: int, instances: int, wanted: int) -> tuple[int, int]:
        """Bars and rows of a call. The rows are no size that anything else has, so that a reader of the compiled program
        knows the row of every value by its shape (`compile.proof.compiled.reader`): a single stream is computed twice.
        """
        bars, rows = _chunk(bars, instances, wanted)
        others = {1, bars, *self.program.interface.sizes()}
        while rows in others:
            rows *= 2
        return bars, rows

    def _replay(self, batch: Batch, into: Mapping[int, Column], bars: int, rows: int) -> Columns:
        """One call of the kernel, padded to `bars` x `rows`; fills `into` [bars, instances] and returns the states after it."""
        names = [self.graph.identifiers[node] for node in into]
        self.shapes.add((tuple(names), bars, rows))
        replayed = self.program.replay(
            {name: _padded(column, (bars, rows, *column.shape[2:])) for name, column in batch.inputs.items()},
            {name: _padded(column, (rows, *column.shape[1:])) for name, column in batch.params.items()},
            {name: _padded(column, (rows, *column.shape[1:])) for name, column in (batch.state or {}).items()},
            np.arange(bars) < batch.bars,
            rows,
            names,
        )
        live = (slice(0, batch.bars), slice(0, batch.instances))
        for column, name in zip(into.values(), names, strict=True):
            column[...] = replayed.values[name][live]
        state = {name: column[live[1]].copy() for name, column in replayed.state.items()}
        flagged: NDArray[np.intp] = np.flatnonzero(replayed.flagged[live].any(axis=0))
        if flagged.size:
            # A flag anywhere makes the instance's state doubtful from there on: the whole piece is computed again.
            exact = self.exact.run(_instances(batch, flagged), tuple(into))
            for node, column in into.items():
                column[:, flagged] = exact.nodes[node]
            for name, column in state.items():
                column[flagged] = exact.state[name]
            self.recomputed_rows += batch.bars * flagged.size
        return state


def _checked(graph: Graph, batch: Batch) -> Batch:
    """`batch` with every column as the graph's type, contiguous, and the state it starts from; ValueError if one is wrong."""
    per_bar, per_instance = (batch.bars, batch.instances), (batch.instances,)
    state = initial_state(graph, batch.instances) if batch.state is None else batch.state
    sorts = (
        ("input", batch.inputs, graph.inputs, per_bar),
        ("parameter", batch.params, graph.params, per_instance),
        ("state", state, graph.states, per_instance),
    )
    checked: list[Columns] = []
    for sort, given, ports, shape in sorts:
        columns: Columns = {}
        for port in ports:
            if port.name not in given:
                raise ValueError(f"{sort} `{port.name}` has no column; the batch holds {', '.join(given) or 'none'}")
            column = np.ascontiguousarray(given[port.name], dtype=column_dtype(graph.types[port.node]))
            wanted = column_shape(graph.types[port.node], *shape)
            if column.shape != wanted:
                raise ValueError(f"{sort} `{port.name}` should have shape {wanted}, it has {column.shape}")
            columns[port.name] = column
        checked.append(columns)
    return Batch(checked[0], checked[1], checked[2], batch.bars, batch.instances)


def _chunk(bars: int, instances: int, wanted: int) -> tuple[int, int]:
    """How many bars and rows one call has: powers of two, so that few shapes are ever compiled."""
    rows = min(_power_of_two(instances), ROWS_PER_CALL, _power_of_two(VALUES_PER_CALL // (2 * (wanted + 1))))
    budget = max(VALUES_PER_CALL // ((wanted + 1) * rows), 1)
    return min(_power_of_two(bars), BARS_PER_CALL, _power_of_two(budget + 1) // 2), rows


def _power_of_two(least: int) -> int:
    return 1 << max(least - 1, 0).bit_length()


def _pieces(total: int, length: int) -> Iterator[slice]:
    return (slice(start, min(start + length, total)) for start in range(0, total, length))


def _batch(inputs: Columns, params: Columns, state: Columns, bars: slice, instances: slice) -> Batch:
    return Batch(inputs, params, state, bars.stop - bars.start, instances.stop - instances.start)


def _instances(batch: Batch, chosen: NDArray[np.intp]) -> Batch:
    """`batch` restricted to some instances."""
    return Batch(
        {name: column[:, chosen] for name, column in batch.inputs.items()},
        {name: column[chosen] for name, column in batch.params.items()},
        {name: column[chosen] for name, column in (batch.state or {}).items()},
        batch.bars,
        chosen.size,
    )


def _padded(column: Column, shape: tuple[int, ...]) -> Column:
    """`column` in the corner of zeros of `shape`; itself when it has that shape."""
    if column.shape == shape:
        return column
    padded = np.zeros(shape, column.dtype)
    padded[tuple(slice(0, length) for length in column.shape)] = column
    return padded
