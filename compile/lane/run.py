"""Running the lane's own function over a batch, instance by instance, its state carried as a stream carries it."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from compile.backend import Batch, column_shape
from compile.lane.arguments import Arguments, Row
from compile.lane.numbers import NoValue, each_as, is_inside
from compile.lane.states import States
from dag.graphs.graph import STATUS, Graph
from dag.language.lane import AnyLane
from dag.language.slot import own_arguments
from dag.numbers.running import Stream
from dag.values.floating_point import in_standard_environment
from dag.values.words import column_dtype

#: Where the files of our own packages lie: an exception is the user's at the last line outside.
_HOME = Path(__file__).resolve().parents[2]
_OURS = tuple(str(_HOME / package) + "/" for package in ("dag", "compile", "dagc"))


@dataclass(frozen=True, slots=True)
class LaneFailure:
    """What the function did instead of answering: an exception, or a value that is none of the type declared."""

    text: str
    at: str


@dataclass(frozen=True, slots=True)
class LaneResult:
    """Columns as a backend's, of the outputs and of the states after every bar, by name; an array's after the last bar only.

    An instance whose function raised ran `bars[instance]` bars; what its columns hold from there on means nothing.
    """

    outputs: Mapping[str, Any]
    states: Mapping[str, Any]
    bars: Any
    raised: Mapping[int, LaneFailure]


class LaneRun:
    """The instances of one replay: batches are run one after another, each going on where the one before ended."""

    def __init__(self, lane: AnyLane, graph: Graph, arguments: Arguments, states: States) -> None:
        self._lane, self._graph, self._arguments, self._states = lane, graph, arguments, states
        self._instances: dict[int, _Instance] = {}

    @in_standard_environment
    def run(self, batch: Batch) -> LaneResult:
        """Run the bars of `batch`, which has the same instances each time; the state is what the batch before left."""
        graph, bars, count = self._graph, batch.bars, batch.instances
        types = {output.name: graph.types[output.node] for output in graph.outputs}
        outputs = {
            name: np.zeros(column_shape(type_, bars, count), column_dtype(type_)) for name, type_ in types.items()
        }
        of_states = {state.name: graph.types[state.node] for state in graph.states}
        states = {
            name: np.zeros(column_shape(type_, *((count,) if type_.is_memory else (bars, count))), column_dtype(type_))
            for name, type_ in of_states.items()
        }
        ran = np.full(count, bars)
        raised: dict[int, LaneFailure] = {}
        inputs = {port.name: batch.inputs[port.name].tolist() for port in graph.inputs}
        params = {port.name: batch.params[port.name].tolist() for port in graph.params}
        for i in range(count):
            bound = {name: column[i] for name, column in params.items()}
            instance = self._instances.setdefault(i, _Instance(self._lane, graph, self._arguments, self._states, bound))
            for bar in range(bars):
                row = bound | {name: column[bar][i] for name, column in inputs.items()}
                try:
                    found, kept = instance.step(row, is_last=bar == bars - 1)
                except _Stopped as stopped:
                    ran[i], raised[i] = bar, stopped.raised
                    break
                for name, value in found.items():
                    outputs[name][bar, i] = value
                for name, value in kept.items():
                    states[name][i if of_states[name].is_memory else (bar, i)] = value
        return LaneResult(outputs, states, ran, raised)


class _Stopped(Exception):
    def __init__(self, raised: LaneFailure) -> None:
        self.raised = raised


class _Instance:
    """One instance: its parameters, and the stream that carries its state."""

    def __init__(self, lane: AnyLane, graph: Graph, arguments: Arguments, states: States, bound: Row) -> None:
        self._lane, self._arguments, self._states, self._bound = lane, arguments, states, bound
        self._numbers = {port.name: k + 1 for k, port in enumerate(graph.ports())}
        self._status = graph.status_output() or STATUS
        self._stream: Stream[Any] | None = None
        self._misfit = arguments.misfit
        if not self._misfit and states.unknown:
            self._misfit = f"carries nothing that the graph's states {', '.join(states.unknown)} stand for"

    def step(self, row: Row, is_last: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        """Outputs and states of one bar, arrays after the last. A row outside its domain is not shown to the lane.
        Raises _Stopped."""
        if self._misfit:
            raise _Stopped(LaneFailure(self._misfit, ""))
        status = min(
            (self._numbers[p.name] for p in self._arguments.ports if not is_inside(p.leaf, row[p.name])), default=0
        )
        values: dict[str, Any] = {self._status: status}
        if status:
            values |= {port.name: port.leaf.safe for port in self._arguments.outputs}
        else:
            values |= self._answer(row)
        kept = {} if self._stream is None else self._stream.kept
        if is_last and (lost := self._states.lost(kept)):
            raise _Stopped(LaneFailure(f"carries {', '.join(lost)}, which no state of the graph stands for", ""))
        readers = {**self._states.singles, **self._states.arrays} if is_last else self._states.singles
        try:
            return values, {name: read(kept, row) for name, read in readers.items()}
        except NoValue as problem:
            raise _Stopped(LaneFailure(f"carries {problem}", "")) from None

    def _answer(self, row: Row) -> dict[str, Any]:
        try:
            if self._stream is None:
                self._stream = self._lane.stream(**{name: make(row) for name, make in self._arguments.params.items()})
            own = {
                slot: {name: make(row) for name, make in makers.items()} for slot, makers in self._arguments.own.items()
            }
            given = {name: make(row) for name, make in self._arguments.inputs.items()}
            with own_arguments(own):
                parts = self._arguments.parts(self._stream(**given))
        except Exception as problem:
            raise _Stopped(LaneFailure(f"raises {type(problem).__name__}: {problem}", _place(problem))) from problem
        found: dict[str, Any] = {}
        for port, part in zip(self._arguments.outputs, parts, strict=True):
            try:
                found[port.name] = each_as(part, port.leaf.type)
            except NoValue as answered:
                raise _Stopped(LaneFailure(f"answers {answered} for `{port.name}`", "")) from None
        return found


def _place(problem: Exception) -> str:
    """The user's line at which an exception was raised: the last that is none of ours."""
    lines = [f for f in traceback.extract_tb(problem.__traceback__) if not f.filename.startswith(_OURS)]
    return f"{Path(lines[-1].filename).name}:{lines[-1].lineno}" if lines else ""
