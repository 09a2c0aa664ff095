"""The lane on numbers against its graph: every output on every bar, every state after every bar, as 64-bit words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch, Result, Runner
from compile.check.compare import LANE, Comparison, Divergence, Reading
from compile.interpreter.backend import Interpreter
from compile.interpreter.record import REFERENCE
from compile.lane.arguments import Arguments, arguments_of
from compile.lane.run import LaneFailure, LaneResult, LaneRun
from compile.lane.states import States
from compile.pipeline import prepare
from dag.graphs.graph import Graph
from dag.language.lane import FLUSH, AnyLane
from dag.operators.table import SELECT
from dag.trace import Traced, traced
from dag.values.floating_point import in_standard_environment
from dag.values.words import Column, show, value_of, words_of_column

_RAISED = (
    "Python has no number here and the graph has one: guard the operation, or say what it means (ieee_div, a cast of a value "
    "that is in range)"
)
_DIFFERS = "the graph does not compute what Python does: unless the lane does more than the language has, a defect of dagc's tracer"


Words = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class LaneCheck:
    """A lane and the graph that was made of it. `kept` is that graph before subnormals were flushed, where they are: Python
    keeps them, so it is what the lane is compared with, in an interpreter of its own."""

    lane: AnyLane
    graph: Graph
    kept: Runner | None
    arguments: Arguments
    states: States

    @classmethod
    @in_standard_environment
    def of(cls, lane: AnyLane, graph: Graph, trace: Traced | None = None) -> LaneCheck:
        """The check of `graph`, which was prepared, and perhaps pinned or simplified, from the lane."""
        trace = traced(lane) if trace is None else trace
        kept: Runner | None = None
        if lane.subnormals == FLUSH:
            graph = prepare(trace.graph)
            kept = Interpreter().load(graph, Interpreter().lower(graph))
        return cls(lane, graph, kept, arguments_of(lane, graph), States.of(graph, trace.places))

    @property
    def nodes(self) -> list[int]:
        """What the reference is asked for."""
        states = [state.node for state in self.graph.states if not self.graph.types[state.node].is_memory]
        outputs = [output.node for output in self.graph.outputs if self.graph.constants[output.node] is None]
        return list(dict.fromkeys([*states, *outputs]))

    def begin(self) -> LaneReplay:
        """A replay from the initial state."""
        return LaneReplay(self, LaneRun(self.lane, self.graph, self.arguments, self.states))

    def compare(self, batch: Batch, exact: Result) -> Comparison:
        """Run `batch`, from the initial state, on numbers; `exact` is the interpreter's result for it and holds `nodes`."""
        return self.begin().compare(batch, exact)


@dataclass(slots=True)
class LaneReplay:
    """A replay in pieces, each going on where the one before ended."""

    check: LaneCheck
    run: LaneRun
    state: Mapping[str, Column] | None = None

    def compare(self, batch: Batch, exact: Result, first_bar: int = 0) -> Comparison:
        """Run the next bars on numbers and compare them with `exact`; `first_bar` is the number of the first, for the report."""
        check = self.check
        if check.kept is not None:
            exact = check.kept.run(replace(batch, state=self.state), check.nodes)
            self.state = exact.state
        return _compared(check.graph, exact, self.run.run(batch), batch, first_bar)


def words_a_row(graph: Graph) -> int:
    """The words of one row that a lane on numbers is compared in: outputs and states. Memory is compared too, after the last bar,
    and not counted."""
    nodes = [*(output.node for output in graph.outputs), *(state.node for state in graph.states)]
    return sum(graph.types[node].size for node in nodes if not graph.types[node].is_memory)


@dataclass(frozen=True, slots=True)
class _Column:
    """One output, or one state after the bar: where the user wrote it, and its words [bars, instances] in the graph and in the
    lane, those of an array [bars, instances, length]."""

    name: str
    node: int
    role: str
    at: str | None
    graph: Words
    lane: Words

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Where they differ, [bars, instances]."""
        differs: NDArray[np.bool_] = np.not_equal(self.graph, self.lane)
        return np.asarray(differs.reshape(*differs.shape[:2], -1).any(axis=2))

    def words_at(self, bar: int, instance: int) -> tuple[int, int]:
        """The first two words that differ there."""
        pair = np.atleast_1d(self.graph[bar, instance]), np.atleast_1d(self.lane[bar, instance])
        k = int(np.argmax(pair[0] != pair[1]))
        return int(pair[0][k]), int(pair[1][k])


def _compared(graph: Graph, exact: Result, found: LaneResult, batch: Batch, first_bar: int) -> Comparison:
    ran = np.arange(batch.bars)[:, None] < found.bars[None, :]
    columns = [*_outputs(graph, exact, found), *_states(graph, exact, found)]
    differences, firsts = 0, list[tuple[int, int, int]]()
    for place, column in enumerate(columns):
        wrong = column.wrong & ran[-len(column.lane) :]
        differences += int(np.count_nonzero(wrong))
        if wrong.any():
            bar, instance = (int(i) for i in np.argwhere(wrong)[0])
            firsts.append((batch.bars - len(wrong) + bar, place, instance))
    differences += len(graph.outputs) * len(found.raised)
    firsts += [(int(found.bars[instance]), -1, instance) for instance in found.raised]
    first: Divergence | None = None
    if firsts:
        bar, place, instance = min(firsts)
        raised = found.raised.get(instance) if place < 0 else None
        column = columns[max(place, 0)]
        words = column.words_at(bar - batch.bars + len(column.lane), instance)
        first = _divergence(graph, column, words, raised, first_bar + bar, instance)
    return Comparison(LANE, int(np.count_nonzero(ran)) * words_a_row(graph), differences, first)


def _outputs(graph: Graph, exact: Result, found: LaneResult) -> Iterator[_Column]:
    for output in graph.outputs:
        type_ = graph.types[output.node]
        ours, constant = found.outputs[output.name], graph.constants[output.node]
        right = exact.nodes[output.node] if constant is None else np.full(ours.shape, constant, ours.dtype)
        words = (words_of_column(each, type_.element) for each in (right, ours))
        yield _Column(output.name, output.node, "output", _written(graph, output.node), *words)


def _states(graph: Graph, exact: Result, found: LaneResult) -> Iterator[_Column]:
    """A state after every bar is what the next one reads; of an array there is what it holds after the last."""
    for state in graph.states:
        type_, span = graph.types[state.node], graph.spans[state.node]
        after = exact.state[state.name][None]
        ours = found.states[state.name]
        if type_.is_memory:
            ours = ours[None]
        else:
            after = np.concatenate([exact.nodes[state.node][1:], after])
        words = (words_of_column(each, type_.element) for each in (after, ours))
        yield _Column(state.name, state.next, "state", None if span is None else span.at, *words)


def _written(graph: Graph, output: int) -> str | None:
    """Where the value of an output was written: the nearest span, going from the output through what chooses it."""
    node = output
    while graph.spans[node] is None and graph.ops[node] is SELECT:
        node = graph.args[node][1]
    span = graph.spans[node]
    return None if span is None else span.at


def _divergence(
    graph: Graph, column: _Column, words: tuple[int, int], raised: LaneFailure | None, bar: int, instance: int
) -> Divergence:
    type_ = graph.types[column.node].element
    said: dict[str, int] = dict(zip((REFERENCE, LANE), words, strict=True))
    values = {name: show(value_of(word, type_), type_) for name, word in said.items()}
    at, note = column.at, _DIFFERS
    if raised is not None:
        del said[LANE]
        values[LANE], at, note = raised.text, raised.at or column.at, _RAISED if raised.at else _DIFFERS
    node = Reading(column.name, graph.units[column.node], said, values)
    return Divergence(LANE, bar, instance, node, column.role, (), at, note)
