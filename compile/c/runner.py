"""Running a loaded kernel over columns: through the row function, or through the vector one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, unique

import numpy as np

from compile.backend import Batch, Result, column_shape, initial_state, state_shape
from compile.c.blocks import Blocks
from compile.c.columns import Int64s, as_words, column_table, from_words, pointer_table
from compile.c.library import Library, foreign
from dag.graphs.graph import Graph
from dag.values.words import Column


@unique
class Entry(Enum):
    """Which of the two lowerings of a row is run."""

    ROW = "dagc_rows"
    BATCH = "dagc_batch"


class CRunner:
    """One loaded kernel. `run` replays a batch; it keeps nothing between calls."""

    def __init__(self, graph: Graph, library: Library, entry: Entry, blocks: Blocks | None = None) -> None:
        """`blocks` are the threads that instances are shared among; None: the caller's alone."""
        self._graph = graph
        self._blocks = blocks or Blocks(1)
        self._entry = entry
        self._library = library

    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        """Replay `batch`. Columns may be broadcast views: an axis of stride 0 is not copied.

        Raises KeyError for a missing column, ValueError for a wrong shape, TypeError for a wrong dtype.
        """
        graph = self._graph
        shape = (batch.bars, batch.instances)
        inputs = {
            p.name: as_words(p.name, batch.inputs[p.name], type_, column_shape(type_, *shape))
            for p in graph.inputs
            for type_ in [graph.types[p.node]]
        }
        params = {
            p.name: as_words(p.name, batch.params[p.name], type_, column_shape(type_, *shape[1:]))[np.newaxis, :]
            for p in graph.params
            for type_ in [graph.types[p.node]]
        }
        if not graph.states and batch.instances == 1:
            # Bars without state are independent: across them, vectors are full.
            inputs = {name: words.swapaxes(0, 1) for name, words in inputs.items()}
            params = {name: np.broadcast_to(words, (1, batch.bars, *words.shape[2:])) for name, words in params.items()}
            shape = (1, batch.bars)
        given = batch.state or {}
        state = self._state_words(given, batch.instances)
        words = {node: np.empty(column_shape(graph.types[node], *shape), np.int64) for node in dict.fromkeys(nodes)}
        outputs = {output.node for output in graph.outputs}
        # Two runs: a kernel that stores its taps is compiled differently (a product that is stored cannot be fused into
        # a sum), so outputs and state always come from the code that runs in production.
        self._call(
            shape, inputs, params, state, {node: column for node, column in words.items() if node in outputs}, {}
        )
        tapped = {node: column for node, column in words.items() if node not in outputs}
        if tapped:
            self._call(shape, inputs, params, self._state_words(given, batch.instances), {}, tapped)
        return Result(
            nodes={
                node: from_words(column.reshape(batch.bars, batch.instances, *column.shape[2:]), graph.types[node])
                for node, column in words.items()
            },
            state={
                s.name: from_words(column, graph.types[s.node]) for s, column in zip(graph.states, state, strict=True)
            },
        )

    def _state_words(self, given: Mapping[str, Column], instances: int) -> list[Int64s]:
        """Fresh columns of state words, for the kernel to update in place."""
        complete = all(state.name in given for state in self._graph.states)
        columns = given if complete else initial_state(self._graph, instances) | dict(given)
        return [
            np.array(as_words(s.name, columns[s.name], type_, state_shape(type_, instances)))
            for s in self._graph.states
            for type_ in [self._graph.types[s.node]]
        ]

    def advance(
        self,
        shape: tuple[int, int],
        inputs: Mapping[str, Int64s],
        params: Mapping[str, Int64s],
        state: Sequence[Int64s],
        outputs: Mapping[int, Int64s],
    ) -> None:
        """`shape` bars and instances on the caller's own words: updates `state` in place and fills `outputs`, which go by node.

        Inputs are [bars, instances], parameters [1, instances], states [instances], outputs [bars, instances], places last; an axis of
        stride 0 is not copied.
        """
        self._call(shape, inputs, params, state, outputs, {})

    def _call(
        self,
        shape: tuple[int, int],
        inputs: Mapping[str, Int64s],
        params: Mapping[str, Int64s],
        state: Sequence[Int64s],
        outputs: Mapping[int, Int64s],
        taps: Mapping[int, Int64s],
    ) -> None:
        """One replay: updates `state` in place and fills the columns of `outputs` and `taps`, which go by node."""
        bars, instances = shape

        def run(first: int, end: int) -> None:
            """The instances of one block; of several bars, its words are not side by side."""
            wanted = [{node: column[:, first:end] for node, column in columns.items()} for columns in (outputs, taps)]
            filled = [
                columns
                if bars == 1
                else {n: np.empty((bars, end - first, *each.shape[2:]), np.int64) for n, each in columns.items()}
                for columns in wanted
            ]
            self._call_block(
                (bars, end - first),
                {name: words[:, first:end] for name, words in inputs.items()},
                {name: words[:, first:end] for name, words in params.items()},
                [words[first:end] for words in state],
                filled[0],
                filled[1],
            )
            for columns, words in zip(wanted, filled, strict=True) if bars > 1 else ():
                for node, column in columns.items():
                    column[...] = words[node]

        blocks = self._blocks.of(instances)
        if len(blocks) > 1:
            self._blocks.run(run, blocks)
        else:
            self._call_block(shape, inputs, params, state, outputs, taps)

    def _call_block(
        self,
        shape: tuple[int, int],
        inputs: Mapping[str, Int64s],
        params: Mapping[str, Int64s],
        state: Sequence[Int64s],
        outputs: Mapping[int, Int64s],
        taps: Mapping[int, Int64s],
    ) -> None:
        """As `_call`, by the calling thread."""
        graph = self._graph
        # The tables own the pointers and the arrays own the words: both are kept in names until the call is over.
        input_table, kept_inputs = column_table(graph.inputs, inputs)
        param_table, kept_params = column_table(graph.params, params)
        state_table = pointer_table(len(graph.states), dict(enumerate(state)))
        filled = {index: outputs[o.node] for index, o in enumerate(graph.outputs) if o.node in outputs}
        output_table = pointer_table(len(graph.outputs), filled)
        *places, words = graph.word_places()
        tap_table = foreign().NULL
        if taps:
            tap_table = pointer_table(words, {places[node]: column for node, column in taps.items()})
        replay = getattr(self._library.calls, self._entry.value)
        replay(*shape, input_table, param_table, state_table, output_table, tap_table)
        del kept_inputs, kept_params
