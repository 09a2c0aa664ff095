"""A compiled library examined through every entry that it exports, in the ways in which hosts call them.

The bar-by-bar entries are the reference (a campaign compares them with the interpreter); `dagc_rows` and `dagc_batch` must
give the same words in one call, whatever the request: few or odd numbers of instances, more than 10,000 bars, broadcast or
strided columns, with and without taps, null output pointers, and a host that changed its floating-point environment.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from compile.backend import Batch, Result, column_shape, fewer_rows, initial_state, state_shape
from compile.c.abi import ABI_VERSION
from compile.c.columns import Int64s, as_words, canonical, column_table, from_words, pointer_table
from compile.c.environment import BENT, bendable
from compile.c.examining.bent import Bent
from compile.c.examining.given_rows import apart, over_bars, over_instances, with_subnormals
from compile.c.examining.walk import GUARD, JUNK, as_hex, first_of, wrong
from compile.c.library import Calls, Library, foreign
from compile.c.record import KERNEL_SO
from compile.c.runner import Entry
from compile.c.stepping import StepRunner
from compile.c.target import lanes_of
from compile.check.compare import comparable_nodes
from compile.check.run import bars_of, first_instances, only_instances
from dag.graphs.graph import Graph
from dag.values.types import Type

#: More than 10,000 bars in one call, for so many instances.
LONG_BARS, LONG_INSTANCES = 10_243, 3
#: And at least so many bars, where an axis has many places.
LEAST_BARS = 515
#: More instances than two blocks of the vector entry, and no whole number of vectors.
MANY_INSTANCES = 1_029
#: Instances that run under a bent environment, for so many bars.
BENT_BARS, BENT_INSTANCES = 3, 37
#: Words of taps that are asked for at a time.
WORDS_AT_ONCE = 1 << 22

#: `draw(bars, instances)` samples a batch, some of whose rows are rejected.
Draw = Callable[[int, int], Batch]


def examine(graph: Graph, library: Library, draw: Draw) -> list[str]:
    """What was examined, in sentences. Raises Misbehaves for the first thing that is not as the interface says."""
    _require_facts(graph, library)
    _Examination(graph, library).run(draw)
    environments = f", under {len(BENT)} bent floating-point environments" if bendable() else ""
    bars = fewer_rows(graph, LONG_BARS, LEAST_BARS)
    return [
        f"{KERNEL_SO}: counts, sizes and versions are the graph's; dagc_init, dagc_step, dagc_step_taps, dagc_rows and dagc_batch "
        f"agree: with and without taps, on 1 to {MANY_INSTANCES:,} instances, over {bars:,} bars in one call{environments}"
    ]


def _require_facts(graph: Graph, library: Library) -> None:
    calls = library.calls
    expected: Mapping[str, int] = {
        "dagc_state_size": 8 * sum(graph.types[state.node].size for state in graph.states),
        "dagc_input_count": len(graph.inputs),
        "dagc_param_count": len(graph.params),
        "dagc_state_count": len(graph.states),
        "dagc_output_count": len(graph.outputs),
        "dagc_node_count": graph.word_places()[-1],
        "dagc_abi_version": ABI_VERSION,
        "dagc_batch_lanes": lanes_of(library.target),
    }
    for entry, right in expected.items():
        found = int(getattr(calls, entry)())
        if found != right:
            raise wrong(f"{entry} says {found}, expected {right}")
    library.verify(graph)


class _Columns:
    """Columns of words for a kernel to fill, all JUNK, with words of JUNK around each."""

    def __init__(self, wanted: Mapping[int, tuple[int, ...]]) -> None:
        self._all: dict[int, Int64s] = {}
        self.of: dict[int, Int64s] = {}
        for key, shape in wanted.items():
            size = int(np.prod(shape))
            self._all[key] = np.full(size + 2 * GUARD, JUNK, np.int64)
            self.of[key] = self._all[key][GUARD : GUARD + size].reshape(shape)

    def touched(self) -> int | None:
        """The first column beside which something was written."""
        for key, words in self._all.items():
            if (words[:GUARD] != JUNK).any() or (words[-GUARD:] != JUNK).any():
                return key
        return None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which columns a call is to fill: outputs by number, taps by node; no taps at all where there are None."""

    outputs: Sequence[int]
    taps: Sequence[int] | None


class _Examination:
    """One library under examination."""

    def __init__(self, graph: Graph, library: Library) -> None:
        self._graph = graph
        self._library = library
        self._steps = StepRunner(graph, library)
        self._lanes = lanes_of(library.target)
        constants = [node for node, constant in enumerate(graph.constants) if constant is not None]
        #: What is asked for as taps: what a campaign compares, and every constant.
        self._taps = sorted([*comparable_nodes(graph), *constants])
        self._every = range(len(graph.outputs))
        self._output_nodes = [output.node for output in graph.outputs]
        self._status = [] if graph.status is None else [graph.status]

    def run(self, draw: Draw) -> None:
        """All of it, the cheapest first."""
        self._narrow(draw(5, 2 * self._lanes + 3))
        self._bent(with_subnormals(self._graph, draw(BENT_BARS, BENT_INSTANCES)))
        self._many(draw(2, MANY_INSTANCES))
        self._long(draw(fewer_rows(self._graph, LONG_BARS, LEAST_BARS), LONG_INSTANCES))

    def _narrow(self, batch: Batch) -> None:
        """Few rows, asked for in every way."""
        nodes = self._taps
        exact = self._steps.run(batch, nodes)
        half = self._every[::2], nodes[1::2]
        for entry in Entry:
            for asked in (
                _Asked(self._every, nodes),
                _Asked(self._every, None),
                _Asked([], None),
                _Asked(*half),
                _Asked([], nodes),
            ):
                self._hold(entry, batch, asked, exact)
            for count in sorted({0, 1, 2, self._lanes - 1, self._lanes, self._lanes + 1}):
                few = only_instances(exact, slice(0, count))
                for taps in (nodes, None):
                    self._hold(entry, first_instances(batch, count), _Asked(self._every, taps), few)
            self._resumed(entry, batch, exact)
            for taps in (nodes, None):
                self._hold(entry, apart(batch), _Asked(self._every, taps), exact)
        for shared in (over_instances(batch), over_bars(batch)):
            exact_of_shared = self._steps.run(shared, nodes)
            for entry, taps in itertools.product(Entry, (nodes, None)):
                self._hold(entry, shared, _Asked(self._every, taps), exact_of_shared)

    def _resumed(self, entry: Entry, batch: Batch, exact: Result) -> None:
        """In two calls, of which the first has no bar, then some; the second goes on from its state."""
        begun: Mapping[str, Any] = initial_state(self._graph, batch.instances)
        cuts = (0, 0, 2, batch.bars)
        for start, stop in itertools.pairwise(cuts):
            part = bars_of(batch, start, stop, begun)
            rows = Result({node: column[start:stop] for node, column in exact.nodes.items()}, {})
            begun = self._hold(entry, part, _Asked(self._every, self._taps), rows)

    def _many(self, batch: Batch) -> None:
        exact = self._steps.run(batch, [*self._output_nodes, *self._status])
        for entry in Entry:
            for count in (MANY_INSTANCES, 513, 512 + self._lanes - 1):
                few = only_instances(exact, slice(0, count))
                self._hold(entry, first_instances(batch, count), _Asked(self._every, None), few)

    def _long(self, batch: Batch) -> None:
        exact = self._steps.run(batch, [*self._output_nodes, *self._status])
        for entry in Entry:
            self._hold(entry, batch, _Asked(self._every, None), exact)
        alone = first_instances(batch, 1)
        group = max(1, WORDS_AT_ONCE // (batch.bars * self._graph.breadth()))
        for first in range(0, len(self._taps), group):
            nodes = self._taps[first : first + group]
            exact = self._steps.run(alone, [*self._output_nodes, *self._status, *nodes])
            for entry in Entry:
                self._hold(entry, alone, _Asked(self._every, nodes), exact)

    def _bent(self, batch: Batch) -> None:
        """Every entry as a host calls it that flushes subnormals or rounds otherwise: the same words, and it has that back."""
        if not bendable():
            return
        exact = self._steps.run(batch, self._taps)
        for name, mxcsr in BENT.items():
            library = Bent(self._library, name, mxcsr)
            self._same(StepRunner(self._graph, library).run(batch, self._taps), exact, f"dagc_step with {name}")
            for entry in Entry:
                for taps in (self._taps, None):
                    self._hold(entry, batch, _Asked(self._every, taps), exact, library, f" with {name}")

    def _hold(
        self,
        entry: Entry,
        batch: Batch,
        asked: _Asked,
        exact: Result,
        library: Calls | None = None,
        how: str = "",
    ) -> Mapping[str, Any]:
        """Call `entry` and hold what it fills, the state it leaves and the rows it counts as rejected against `exact`.

        Returns the state. A state that `exact` does not have is not compared.
        """
        graph, shape = self._graph, (batch.bars, batch.instances)
        what = f"{entry.value} of {batch.bars:,} bars of {batch.instances:,} instances{how}"
        outputs = _Columns({k: column_shape(graph.types[graph.outputs[k].node], *shape) for k in asked.outputs})
        taps = _Columns({node: column_shape(graph.types[node], *shape) for node in asked.taps or ()})
        given = batch.state or initial_state(graph, batch.instances)
        states = _Columns({k: state_shape(graph.types[s.node], batch.instances) for k, s in enumerate(graph.states)})
        for k, state in enumerate(graph.states):
            type_ = graph.types[state.node]
            states.of[k][...] = as_words(state.name, given[state.name], type_, state_shape(type_, batch.instances))
        rejected = self._call(library or self._library, entry, batch, asked, outputs, taps, states)
        for columns, names in (
            (outputs, [output.name for output in graph.outputs]),
            (taps, graph.names),
            (states, [state.name for state in graph.states]),
        ):
            beside = columns.touched()
            if beside is not None:
                raise wrong(f"{what} writes beside the column of `{names[beside]}`")
        for k, words in outputs.of.items():
            node = graph.outputs[k].node
            self._require(what, f"output `{graph.outputs[k].name}`", node, words, exact)
        for node, words in taps.of.items():
            self._require(what, f"tap `{graph.names[node]}`", node, words, exact)
        for k, state in enumerate(graph.states):
            if state.name in exact.state:
                type_ = graph.types[state.node]
                right = as_words(state.name, exact.state[state.name], type_, states.of[k].shape)
                self._compare(what, f"state `{state.name}`", type_, states.of[k], right)
        status = None if graph.status is None else exact.nodes.get(graph.status)
        expected = 0 if status is None else int(np.count_nonzero(status))
        if rejected != expected:
            raise wrong(f"{what} counts {rejected:,} rejected rows, there are {expected:,}")
        return {state.name: from_words(states.of[k], graph.types[state.node]) for k, state in enumerate(graph.states)}

    def _call(
        self,
        library: Calls,
        entry: Entry,
        batch: Batch,
        asked: _Asked,
        outputs: _Columns,
        taps: _Columns,
        states: _Columns,
    ) -> int:
        graph, shape = self._graph, (batch.bars, batch.instances)
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
        places = graph.word_places()
        wanted = {places[node]: column for node, column in taps.of.items()}
        before = {name: words.copy() for name, words in (inputs | params).items()}
        input_table, kept_inputs = column_table(graph.inputs, inputs)
        param_table, kept_params = column_table(graph.params, params)
        rejected = getattr(library.calls, entry.value)(
            *shape,
            input_table,
            param_table,
            pointer_table(len(graph.states), states.of),
            pointer_table(len(graph.outputs), outputs.of),
            foreign().NULL if asked.taps is None else pointer_table(places[-1], wanted),
        )
        for name, words in (inputs | params).items():
            if not np.array_equal(words, before[name]):
                raise wrong(f"{entry.value} writes into the column of `{name}`")
        del kept_inputs, kept_params
        return int(rejected)

    def _require(self, what: str, column: str, node: int, words: Int64s, exact: Result) -> None:
        type_ = self._graph.types[node]
        self._compare(what, column, type_, words, as_words(column, exact.nodes[node], type_, words.shape))

    def _compare(self, what: str, column: str, type_: Type, words: Int64s, right: Int64s) -> None:
        if np.array_equal(words, right):
            return
        is_float = np.array(type_.is_float)
        words, right = canonical(words, is_float), canonical(right, is_float)
        if at := first_of(words != right):
            raise wrong(
                f"{what} leaves {as_hex(words[at])} in {column} at {list(at)}, step by step it is {as_hex(right[at])}"
            )

    def _same(self, found: Result, exact: Result, what: str) -> None:
        for node, column in found.nodes.items():
            type_ = self._graph.types[node]
            words = as_words("", column, type_, column.shape)
            self._require(what, f"tap `{self._graph.names[node]}`", node, words, exact)
