"""What would have made a decision another one: for each input, the nearest value that does, found by running the kernel."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch
from dag.graphs.graph import Graph, Input
from dag.operators.op import Family
from dag.values.types import Kind, Type, Value
from dag.values.words import column_dtype, round_f32, show, words_of_column
from dagc.debugging.why.moment import Moment

_SIGN = 1 << 63
#: Probes a side: the powers of two up to the far end of the doubles.
_DOUBLINGS = 64


@dataclass(frozen=True, slots=True)
class Flip:
    """What one input would have had to be. `becomes` is the value then, or the arm; `value` is None where nothing does it.

    Both neighbours were run: at `value` it flips, one step nearer to what it was it does not. Another flip may lie between those
    that were probed: doubling steps away, the constants of the graph and both ends of the domain.
    """

    input: str
    was: str
    value: str | None
    becomes: str
    #: `value - was`, of numbers; of members and bools None.
    distance: float | None

    def __str__(self) -> str:
        if self.value is None:
            return f"{self.input} = {self.was}: nothing that was tried changes it"
        far = "" if self.distance is None else f" ({self.distance:+g})"
        return f"{self.input} = {self.was} -> {self.value}{far}: {self.becomes}"


def flips(moment: Moment, node: int) -> list[Flip]:
    """One for each input, the nearest first where they are numbers. Raises ValueError where `node` decides nothing, or nothing was decided."""
    decision = _Decision(moment, node)
    found = [_nearest(moment, decision, place) for place in range(len(moment.graph.inputs))]
    return sorted(found, key=lambda each: each.value is None)


class _Decision:
    """What is watched: the word of a bool, an enum or an integer; of a number, the operand that it came from."""

    def __init__(self, moment: Moment, node: int) -> None:
        graph = moment.graph
        if moment.offender is not None:
            raise ValueError(
                f"bar {moment.bar} was rejected: `{moment.offender}` was outside its domain, and nothing was decided"
            )
        self._name = moment.names.spelling(node)
        node = moment.unguarded(node)
        self._moment, self._node = moment, node
        self._operands: tuple[int, ...] = ()
        if graph.types[node].is_float:
            if graph.family(node) not in (Family.CHOICE, Family.MINIMUM, Family.MAXIMUM):
                raise ValueError(
                    f"`{self._name}` is a number that nothing chooses or caps: ask of a bool, an enum, an integer or a min"
                )
            self._operands = graph.args[node]
        self.now = self.of(_repeated(moment.row, 1))[0]

    def of(self, row: Batch) -> NDArray[np.int64]:
        """The decision of each instance of `row`; -1 where the row is rejected."""
        graph = self._moment.graph
        assert graph.status is not None
        wanted = [self._node, *self._operands, graph.status]
        nodes = [each for each in dict.fromkeys(wanted) if graph.constants[each] is None]
        result = self._moment.runner.run(row, nodes).nodes

        def words(node: int) -> NDArray[np.int64]:
            if (constant := graph.constants[node]) is not None:
                column = np.full(row.instances, constant, column_dtype(graph.types[node]))
            else:
                column = result[node][0]
            return words_of_column(column, graph.types[node]).view(np.int64)

        if graph.family(self._node) is Family.CHOICE and self._operands:
            found = words(self._operands[0])
        elif self._operands:
            found = (words(self._operands[0]) != words(self._node)).astype(np.int64)
        else:
            found = words(self._node)
        return np.where(words(graph.status) == 0, found, np.int64(-_SIGN))

    def told(self, word: int) -> str:
        """What the decision is called."""
        graph = self._moment.graph
        type_ = graph.types[self._node]
        if not self._operands:
            return f"{self._name} = {show(_value(word, type_), type_)}"
        place = (2 - word) if graph.family(self._node) is Family.CHOICE else word
        operand = self._operands[place]
        constant = graph.constants[operand]
        name = self._moment.names.spelling(operand) if constant is None else show(constant, graph.types[operand])
        return f"through {name}"


def _nearest(moment: Moment, decision: _Decision, place: int) -> Flip:
    graph, port = moment.graph, moment.graph.inputs[place]
    type_ = graph.types[port.node]
    was = moment.value(port.node)
    line = _Line(type_)
    start = line.index(was)

    def run(indices: Sequence[int]) -> list[int]:
        row = _repeated(moment.row, len(indices))
        column = np.array([line.value(each) for each in indices], column_dtype(type_))[np.newaxis]
        changed = Batch({**row.inputs, port.name: column}, row.params, row.state, 1, len(indices))
        return [int(each) for each in decision.of(changed)]

    found: tuple[int, int] | None = None
    for side in (-1, 1) if port.domain.codes is None else (0,):
        candidate = _on_side(run, decision.now, start, _probes(graph, port, line, start, side))
        if candidate is not None and (found is None or abs(candidate[0] - start) < abs(found[0] - start)):
            found = candidate
    shown = show(was, type_)
    if found is None:
        return Flip(port.name, shown, None, "", None)
    value = line.value(found[0])
    is_number = port.domain.codes is None
    distance = float(value) - float(was) if is_number else None
    return Flip(port.name, shown, show(value, type_), decision.told(found[1]), distance)


def _on_side(
    run: Callable[[Sequence[int]], list[int]], now: int, start: int, probes: list[int]
) -> tuple[int, int] | None:
    """The first index on the way along `probes` at which the decision is another, as near as bisection finds it, and what it is."""
    if not probes:
        return None
    answers = run(probes)
    hit = next((k for k, each in enumerate(answers) if each not in (now, -_SIGN)), None)
    if hit is None:
        return None
    same, other, answer = (probes[hit - 1] if hit else start), probes[hit], answers[hit]
    while abs(other - same) > 1 and abs(probes[hit] - start) > 1:
        middle = (same + other) // 2
        (found,) = run([middle])
        if found in (now, -_SIGN):
            same = middle
        else:
            other, answer = middle, found
    return other, answer


def _probes(graph: Graph, port: Input, line: _Line, start: int, side: int) -> list[int]:
    """Places to look at, the nearest first: doubling steps, the graph's constants and their neighbours, the end of the domain."""
    domain = port.domain
    if domain.codes is not None:
        return [line.index(code) for code in domain.codes if line.index(code) != start]
    low = line.index(domain.lo) + (1 if domain.excludes_lo else 0)
    high = line.index(domain.hi) - (1 if domain.excludes_hi else 0)
    found = {start + side * (1 << k) for k in range(_DOUBLINGS)} | {low, high}
    for constant in _constants(graph, line.type):
        at = line.index(constant)
        found |= {at - 1, at, at + 1}
    return sorted(
        (each for each in found if low <= each <= high and (each - start) * side > 0), key=lambda e: abs(e - start)
    )


def _constants(graph: Graph, type_: Type) -> Iterable[Value]:
    """Values of the type that the graph or its defaults mention."""
    for node, constant in enumerate(graph.constants):
        if constant is not None and graph.types[node] == type_ and not _is_nan(constant):
            yield constant
    for param in graph.params:
        if param.default is not None and graph.types[param.node] == type_:
            yield param.default


class _Line:
    """The values of a type as whole numbers in their order: neighbours differ by 1."""

    def __init__(self, type_: Type) -> None:
        self.type = type_

    def index(self, value: Value) -> int:
        match self.type.kind:
            case Kind.F64:
                (word,) = struct.unpack("<q", struct.pack("<d", value))
            case Kind.F32:
                (word,) = struct.unpack("<i", struct.pack("<f", round_f32(float(value))))
            case _:
                return int(value)
        return int(word) if word >= 0 else -(word & (_SIGN - 1 if self.type.kind is Kind.F64 else (1 << 31) - 1))

    def value(self, index: int) -> Value:
        match self.type.kind:
            case Kind.F64:
                (found,) = struct.unpack("<d", struct.pack("<q", abs(index)))
            case Kind.F32:
                (found,) = struct.unpack("<f", struct.pack("<i", abs(index)))
            case Kind.BOOL:
                return bool(index)
            case _:
                return index
        return math.copysign(found, index) if index else 0.0


def _repeated(row: Batch, count: int) -> Batch:
    """One row as `count` instances, without copying a column."""
    inputs = {name: np.broadcast_to(column, (1, count)) for name, column in row.inputs.items()}
    params = {name: np.broadcast_to(column, (count,)) for name, column in row.params.items()}
    state = row.state
    if state is not None:
        state = {name: np.broadcast_to(column, (count, *column.shape[1:])) for name, column in state.items()}
    return Batch(inputs, params, state, 1, count)


def _value(word: int, type_: Type) -> Value:
    return bool(word) if type_.kind is Kind.BOOL else word


def _is_nan(value: Value) -> bool:
    return isinstance(value, float) and math.isnan(value)
