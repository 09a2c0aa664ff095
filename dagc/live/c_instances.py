"""A table of instances stepped in C, with every address worked out when it is bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from compile.backend import Batch, state_shape
from compile.c.blocks import Blocks, columns_from, pointers_from
from compile.c.columns import Int64s, as_words, column_table, from_words, pointer_table
from compile.c.library import Library, foreign
from compile.c.runner import CRunner, Entry
from dag.graphs.graph import Graph
from dag.values.words import Column
from dagc.live.inputs import as_one, picker, spread_inputs
from dagc.live.instances import Instances
from dagc.live.outputs import Outputs
from dagc.live.step_inputs import StepInputs
from dagc.live.step_outputs import StepOutputs


class CInstances(Instances):
    """`Instances` whose `step` is one call into the kernel on memory that is kept.

    After the first few bars a step allocates nothing, touches no new page and copies nothing, but for columns that do not hold
    8-byte values one after the other, and of the state where `taps` is set. The memory of a result is used again when nobody
    holds it, or a part of it, any more.
    """

    def __init__(
        self, graph: Graph, library: Library, params: Mapping[str, Column], rows: int, threads: int = 1
    ) -> None:
        """As `Instances`; `threads` share the rows of a call."""
        #: The state's words, updated in place, with the table of their addresses; the same of the state before the last step.
        self._state_words: list[Int64s] = []
        self._state_table: Any = None
        self._before: tuple[list[Int64s], Any] | None = None
        self._has_stepped = self._has_before = False
        self._threads = Blocks(threads)
        self._blocks = self._threads.of(rows)
        super().__init__(graph, CRunner(graph, library, Entry.BATCH, self._threads), params, rows)
        self._library = library  # which would be unmapped without it
        self._batch = library.calls.dagc_batch
        self._state_sizes = [graph.types[state.node].size for state in graph.states]
        self._names = tuple(port.name for port in graph.inputs)
        self._pick = picker(self._names)
        self._inputs = StepInputs(graph, rows)
        words = {p.name: as_words(p.name, self._params[p.name], graph.types[p.node], (rows,)) for p in graph.params}
        table = column_table(graph.params, {name: column[np.newaxis] for name, column in words.items()})
        self._param_table, self._param_words = table
        self._outputs = StepOutputs(graph, rows)
        self._no_taps = foreign().NULL

    def step(self, inputs: object = None, /, *more: Any, **named: Any) -> Outputs:
        """One bar of every instance, as `Instances.step`."""
        self._inputs.take(self._in_order(as_one(inputs, more, named)))
        room = self._outputs.room()
        if self.taps:
            self._keep_state()
        tables = self._inputs.table, self._param_table, self._state_table, room.table
        if len(self._blocks) == 1:
            self._batch(1, self._rows, *tables, self._no_taps)
        else:
            self._threads.run(lambda first, end: self._step_block(first, end, *tables), self._blocks)
        self._has_stepped, self._has_before, self._last = True, self.taps, None
        return self._result.of(room.columns())

    def _step_block(self, first: int, end: int, inputs: Any, params: Any, state: Any, outputs: Any) -> None:
        """The rows [first, end) of a step."""
        self._batch(
            1,
            end - first,
            columns_from(inputs, len(self.graph.inputs), first),
            columns_from(params, len(self.graph.params), first),
            pointers_from(state, self._state_sizes, first),
            pointers_from(outputs, [1] * len(self.graph.outputs), first),
            self._no_taps,
        )

    def _in_order(self, given: object) -> Sequence[Any]:
        if (type(given) is dict or isinstance(given, Mapping)) and len(given) == len(self._names):
            try:
                return self._pick(given)
            except KeyError:  # records, or names that are wrong
                pass
        return self._pick(spread_inputs(self.graph, given, columns=True))

    def _keep_state(self) -> None:
        """Make the present state that before the step, and a copy of it the one to update."""
        if self._before is None:
            copies = [np.empty_like(words) for words in self._state_words]
            self._before = copies, pointer_table(len(copies), dict(enumerate(copies)))
        copies, table = self._before
        for copy, words in zip(copies, self._state_words, strict=True):
            np.copyto(copy, words)
        self._before = self._state_words, self._state_table
        self._state_words, self._state_table = copies, table

    def _carried(self) -> dict[str, Column]:
        return self._columns_of(self._state_words)

    def _carry_on(self, columns: Mapping[str, Column]) -> None:
        super()._carry_on({})
        types = {state.name: self.graph.types[state.node] for state in self.graph.states}
        words = [as_words(name, columns[name], type_, state_shape(type_, self._rows)) for name, type_ in types.items()]
        self._state_words = [np.require(each, requirements=["C", "W"]) for each in words]
        self._state_table = pointer_table(len(words), dict(enumerate(self._state_words)))
        self._before, self._has_stepped = None, False

    def _last_call(self) -> Batch | None:
        if not self._has_stepped:
            return self._last
        if self.graph.states and not self._has_before:
            raise LookupError(
                f"the state in which the last bar of `{self.graph.name}` began was not kept; set `taps = True` on these "
                "instances and step another bar"
            )
        before = self._before[0] if self._before else []
        return Batch(self._inputs.columns(), self._params, self._columns_of(before), 1, self._rows)

    def _columns_of(self, state: Sequence[Int64s]) -> dict[str, Column]:
        pairs = zip(self.graph.states, state, strict=True)
        return {each.name: from_words(words, self.graph.types[each.node]) for each, words in pairs}
