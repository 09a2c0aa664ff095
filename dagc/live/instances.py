"""Many instances of one graph: a table of parameter rows with a state each, stepped in one call."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from compile.backend import Batch, Runner, initial_state
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph
from dag.values.words import Column
from dagc.data.frames import is_frame, table_in_memory
from dagc.debugging.tap_names import TapNames
from dagc.live.inputs import InputProblem, as_one, fitted, input_column, spread_inputs
from dagc.live.outputs import Outputs, outputs_class
from dagc.live.restoring import Restored, Session, restore_state
from dagc.live.state import pack_state


class Instances:
    """Independent instances, one a parameter row, bit for bit what each would compute alone, in C as through XLA.

    Results are the caller's own: what a later step does never changes them.
    """

    #: Whether a step in C first copies the state, so that `tap` can show any value of that bar: set it before the step. Without
    #: state there is nothing to copy, and `run` and XLA keep the state they began with anyway.
    taps = False

    def __init__(self, graph: Graph, runner: Runner, params: Mapping[str, Column], rows: int) -> None:
        """`params` holds a checked column [rows] for every parameter (see `dagc.binding.parameters.bound_columns`).

        They are copied and cannot be written: what a caller does to its own columns later changes nothing that was checked.
        """
        self.graph = graph
        self._runner = runner
        self._params = {name: _owned(column) for name, column in params.items()}
        self._rows = rows
        #: How many dimensions of each input's column are its places.
        self._places = {port.name: int(graph.types[port.node].is_array) for port in graph.inputs}
        self._result = outputs_class(graph)
        self._last: Batch | None = None
        self.reset()

    def __len__(self) -> int:
        return self._rows

    @property
    def params(self) -> dict[str, Column]:
        """The bound columns [instances], by dotted name; they cannot be written."""
        return dict(self._params)

    def step(self, inputs: object = None, /, *more: Any, **named: Any) -> Outputs:
        """One bar of every instance, given as to `Instance.step`. An input is a column [instances], or one value that all of them see.

        Returns a column [instances] for each output. Raises InputProblem for wrong names, types and shapes.
        """
        columns = self._columns(as_one(inputs, more, named), "a single value or [instances]", (0, 1))
        return self._result.of(column[0] for column in self._replay(columns, 1))

    def run(self, columns: Any) -> Outputs:
        """Many bars of every instance, from the present state on. An input is a column [bars] that all instances see, or
        [bars, instances]; `columns` may be a table that `Instance.run` takes. Returns a column [bars, instances] for each output.
        Raises InputProblem, DataProblem.
        """
        if is_frame(columns):
            columns = table_in_memory(columns, self.graph).columns
        given = {
            name: column[:, np.newaxis] if column.ndim - self._places[name] == 1 else column
            for name, column in self._columns(columns, "[bars] or [bars, instances]", (1, 2)).items()
        }
        lengths = {column.shape[0] for column in given.values()}
        if len(lengths) != 1:
            raise InputProblem(f"the input columns differ in length, or there are none: {sorted(lengths)}")
        return self._result.of(self._replay(given, lengths.pop()))

    def tap(self, name: str) -> Column:
        """The values [instances] that any named node had in the last bar. It costs one more replay of the last call.

        Names and errors are those of `Instance.tap`; LookupError also where the last step did not keep its state (see `taps`).
        """
        node, place = self._tap_names.place(name)
        last = self._last_call()
        if last is None:
            raise LookupError(f"`{name}` has no value yet: step a bar first")
        column: Column = self._runner.run(last, [node]).nodes[node][-1]
        return column if place is None else column[..., place]

    def reset(self) -> None:
        """Every instance back to before its first bar."""
        self._carry_on(initial_state(self.graph, self._rows))

    def snapshot(self, at: float | None = None) -> bytes:
        """The state of all instances, to `restore` in this process or another, and the time `at` in seconds.

        Parameters are not in it.
        """
        return pack_state(self.graph, self._carried(), self._rows, at)

    def restore(self, snapshot: bytes, at: float | None = None, session: Session | None = None) -> Restored:
        """Continue from a snapshot: with the very next bar, or at another time, in the same session or a new one.

        Returns which states begin again, and why; see `dagc.live.restoring`. Raises WrongSnapshot where it is damaged, another
        graph's, of another size, or holds a time and nobody says how to take it.
        """
        state, restored = restore_state(self.graph, snapshot, self._rows, at, session)
        self._carry_on(state)
        return restored

    @cached_property
    def _tap_names(self) -> TapNames:
        return TapNames(self.graph)

    def __repr__(self) -> str:
        return f"<{counted(self._rows, 'instance')} of {self.graph.name}>"

    def _carried(self) -> dict[str, Column]:
        """The state as columns [instances]."""
        return self._state

    def _carry_on(self, columns: Mapping[str, Column]) -> None:
        """Continue from a state, whose columns nobody else has; no bar was stepped since."""
        self._state = dict(columns)
        self._last = None

    def _last_call(self) -> Batch | None:
        """What the last `step` or `run` replayed; None where there is none. Raises LookupError where it was not kept."""
        return self._last

    def _replay(self, columns: Mapping[str, Column], bars: int) -> list[Column]:
        shape = (bars, self._rows)
        inputs = {name: fitted(name, column, shape, self._places[name]) for name, column in columns.items()}
        batch = Batch(inputs, self._params, self._carried(), bars, self._rows)
        self._last = None  # frees the state before last: a million instances have room for two
        result = self._runner.run(batch, [output.node for output in self.graph.outputs])
        self._carry_on(result.state)
        self._last = batch
        return [result.nodes[output.node] for output in self.graph.outputs]

    def _columns(self, given: object, shapes: str, dimensions: tuple[int, ...]) -> dict[str, Column]:
        spread = spread_inputs(self.graph, given, columns=True)
        return {p.name: input_column(self.graph, p, spread[p.name], shapes, dimensions) for p in self.graph.inputs}


def _owned(column: Column) -> Column:
    """A copy of `column` that cannot be written; one value that stands for all rows is kept once."""
    is_shared = column.size > 0 and column.strides == (0,)
    kept: Column = np.broadcast_to(column[:1].copy(), column.shape) if is_shared else column.copy()
    kept.flags.writeable = False
    return kept
