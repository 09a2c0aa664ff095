"""Running a loaded kernel as a live engine does: `dagc_init`, then `dagc_step` and `dagc_step_taps`, one bar after the other.

The two walk side by side from the same state. What they must agree on, and what the interface forbids, is held on every bar:
the outputs, the status, the state after the bar; a rejected row leaves the state alone; nothing but the structs is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from compile.backend import Batch, Result, column_shape, initial_state, state_shape
from compile.c.columns import Int64s, abi_word, as_words, from_words
from compile.c.examining.walk import GUARD, JUNK, Layout, Records, Walk, as_hex, first_of, wrong
from compile.c.library import Calls
from dag.graphs.graph import Graph, Input, Param
from dag.values.words import Column

Where = Callable[[Sequence[int]], str]
#: Words of taps that are kept at a time.
WORDS_AT_ONCE = 1 << 21


class StepRunner:
    """One loaded kernel, stepped. `run` replays a batch; it keeps nothing between calls."""

    def __init__(self, graph: Graph, library: Calls) -> None:
        self._graph = graph
        self._library = library
        self._states, self._outputs = Layout.of(graph, graph.states), Layout.of(graph, graph.outputs)
        #: Where each node's words are among those of a row's taps; memory has none.
        places = graph.word_places()
        self._words = {node: list(range(places[node], places[node + 1])) for node in graph.shown_values()}
        nodes = [node for node, words in self._words.items() for _ in words]
        self._shown = [word for words in self._words.values() for word in words]
        self._taps = Layout([graph.types[node].element for node in nodes], [graph.names[node] for node in nodes])
        self._taps_of_outputs = [word for output in graph.outputs for word in self._words[output.node]]
        constants = {node: value for node in self._words if (value := graph.constants[node]) is not None}
        self._constants = [self._words[node][0] for node in constants]
        self._constant_words = np.array(
            [abi_word(value, graph.types[node]) for node, value in constants.items()], np.int64
        )
        self._constant_layout = Layout([graph.types[node] for node in constants], [graph.names[n] for n in constants])
        self._initial = np.array(
            [
                abi_word(state.initial, graph.types[state.node].element)
                for state in graph.states
                for _ in range(graph.types[state.node].size)
            ],
            np.int64,
        )

    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        """Replay `batch`. Raises Misbehaves where the entries disagree or do what the interface rules out, and what CRunner.run does."""
        graph, shape, wanted = self._graph, (batch.bars, batch.instances), list(dict.fromkeys(nodes))
        inputs = [self._columns_of(p, batch.inputs, shape).swapaxes(0, 1) for p in graph.inputs]
        params = [self._columns_of(p, batch.params, shape[1:]) for p in graph.params]
        rows = _stacked(inputs, shape[::-1])
        bound = _stacked(params, shape[1:])
        after = self._first_states(batch)
        wide = graph.word_places()[-1] + GUARD
        words = {node: np.empty(column_shape(graph.types[node], *shape), np.int64) for node in wanted}
        for instances in _pieces(batch.instances, batch.bars * wide):
            for bars in _pieces(batch.bars, wide):
                walk = Walk(graph, rows[instances, bars], bound[instances], after[instances])
                walk.step(self._library.calls.dagc_step, self._library.calls.dagc_step_taps)
                self._hold(walk, bars.start, instances.start)
                after[instances] = walk.states.words[:, -1]
                for node, column in words.items():
                    found = walk.taps.words[..., self._words[node]].swapaxes(0, 1)
                    column[bars, instances] = found if graph.types[node].is_array else found[..., 0]
        return Result(
            {node: from_words(column, graph.types[node]) for node, column in words.items()},
            dict(self._columns(after)),
        )

    def _columns_of(self, port: Input | Param, columns: Mapping[str, Column], shape: tuple[int, ...]) -> Int64s:
        """The words of a port, those of a place last: [bars, instances, 1] of a single value."""
        type_ = self._graph.types[port.node]
        words = as_words(port.name, columns[port.name], type_, column_shape(type_, *shape))
        return words if type_.is_array else words[..., np.newaxis]

    def first_state(self) -> Int64s:
        """The state that `dagc_init` makes. Raises Misbehaves where it is not the graph's, whatever lay there before."""
        for before in (JUNK, ~JUNK):
            record = Records((1,), len(self._initial))
            record.words[...] = before
            self._library.calls.dagc_init(record.first)
            if place := self._states.differ(record.words[0], self._initial):
                raise wrong(
                    f"dagc_init leaves {as_hex(record.words[0][place])} in state `{self._states.names[place[0]]}` (word "
                    f"{place[0]} of the state), the graph begins with {as_hex(self._initial[place])}"
                )
            if not record.intact():
                raise wrong("dagc_init writes outside the state")
        return self._initial

    def _first_states(self, batch: Batch) -> Int64s:
        """The states that the batch begins with: words [instances, words of a state]."""
        graph, instances = self._graph, batch.instances
        made = np.tile(self.first_state(), (instances, 1))
        if batch.state is None:
            return made
        columns = initial_state(graph, instances) | dict(batch.state)
        at = 0
        for state in graph.states:
            type_ = graph.types[state.node]
            words = as_words(state.name, columns[state.name], type_, state_shape(type_, instances))
            made[:, at : at + type_.size] = words.reshape(instances, type_.size)
            at += type_.size
        return made

    def _columns(self, states: Int64s) -> Iterator[tuple[str, Column]]:
        at = 0
        for state in self._graph.states:
            type_ = self._graph.types[state.node]
            words = np.ascontiguousarray(states[:, at : at + type_.size])
            yield state.name, from_words(words.reshape(state_shape(type_, len(states))), type_)
            at += type_.size

    def _hold(self, walk: Walk, first_bar: int, first_instance: int) -> None:
        """Raise Misbehaves unless both entries kept to the interface and to each other."""

        def where(place: Sequence[int]) -> str:
            return f"bar {first_bar + place[1]} of instance {first_instance + place[0]}"

        for entry, records in walk.written():
            if not records.intact():
                raise wrong(f"{entry} writes outside the memory that it is given")
        if not walk.kept_its_arguments():
            raise wrong("dagc_step or dagc_step_taps writes into the inputs or the parameters")
        status = self._graph.status
        shown = np.zeros_like(walk.statuses) if status is None else walk.taps.words[..., self._words[status][0]]
        for entry, returned in (("dagc_step", walk.statuses), ("dagc_step_taps", walk.tapped_statuses)):
            if place := first_of(returned != shown):
                raise wrong(f"{entry} returns {returned[place]} at {where(place)}, where the status is {shown[place]}")
        for entry, records in (("dagc_step", walk.states), ("dagc_step_taps", walk.tapped_states)):
            self._hold_rejected(entry, records.words, shown, where)
        for what, layout, plain, tapped in (
            ("state", self._states, walk.states.words[:, 1:], walk.tapped_states.words[:, 1:]),
            ("output", self._outputs, walk.outputs.words, walk.tapped_outputs.words),
        ):
            if place := layout.differ(plain, tapped):
                raise wrong(
                    f"dagc_step and dagc_step_taps differ at {where(place)}, {what} `{layout.names[place[2]]}`: "
                    f"{as_hex(plain[place])} and {as_hex(tapped[place])}"
                )
        self._hold_taps(walk, where)

    def _hold_rejected(self, entry: str, states: Int64s, status: Int64s, where: Where) -> None:
        bars = np.argwhere(status != 0)
        before, after = (states[bars[:, 0], bars[:, 1] + k] for k in (0, 1))
        if place := self._states.differ(before, after):
            raise wrong(
                f"{entry} rejects the row at {where(bars[place[0]])} and changes state `{self._states.names[place[1]]}` from "
                f"{as_hex(before[place])} to {as_hex(after[place])}; it has to stay as it was"
            )

    def _hold_taps(self, walk: Walk, where: Where) -> None:
        """Every output is the tap of its node, every constant's tap the constant, and every word one of its type."""
        taps = walk.taps.words[..., self._shown]
        shown = walk.taps.words[..., self._taps_of_outputs]
        if place := self._outputs.differ(walk.outputs.words, shown):
            raise wrong(
                f"dagc_step gives {as_hex(walk.outputs.words[place])} as output `{self._outputs.names[place[2]]}` at "
                f"{where(place)}, dagc_step_taps shows {as_hex(shown[place])} as its value"
            )
        constants = walk.taps.words[..., self._constants]
        if place := self._constant_layout.differ(constants, np.broadcast_to(self._constant_words, constants.shape)):
            raise wrong(
                f"dagc_step_taps shows {as_hex(constants[place])} as the constant `{self._constant_layout.names[place[2]]}` at "
                f"{where(place)}; it is {as_hex(self._constant_words[place[2]])}"
            )
        for what, layout, words in (
            ("output", self._outputs, walk.outputs.words),
            ("state", self._states, walk.states.words[:, 1:]),
            ("tap", self._taps, taps),
        ):
            if place := layout.ill_formed(words):
                raise wrong(
                    f"{what} `{layout.names[place[2]]}` is {as_hex(words[place])} at {where(place)}, which is not a valid word of type "
                    f"{layout.types[place[2]]}"
                )


def _stacked(columns: Sequence[Int64s], shape: tuple[int, ...]) -> Int64s:
    """The columns, all of `shape` and then the words of each, as members of structs: words [..., words of all]."""
    return np.concatenate(columns, axis=-1) if columns else np.empty((*shape, 0), np.int64)


def _pieces(count: int, words: int) -> Iterator[slice]:
    """`range(count)` in slices whose items, `words` words each, fit in WORDS_AT_ONCE; at least one item a slice."""
    length = max(1, WORDS_AT_ONCE // max(words, 1))
    for start in range(0, count, length):
        yield slice(start, min(start + length, count))
