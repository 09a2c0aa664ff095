"""What a lane on numbers keeps from bar to bar, as the states of its graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from compile.lane.arguments import Row
from compile.lane.numbers import value_as
from dag.graphs.call_path import at_place
from dag.graphs.graph import Graph, State
from dag.graphs.state_places import CarriedPart, Ring, RingCount, RingPlace, StartedFlag, StatePlace, Updates, Variable
from dag.numbers.running import Kept, updates_of
from dag.values.types import Type, Value

#: What a state holds, given what the lane keeps and the row of its instance.
Reader = Callable[[Kept, Row], Any]
#: What the name of a number of updates begins with.
_UPDATES = updates_of("")


@dataclass(frozen=True, slots=True)
class States:
    """How every state of a graph is read, arrays apart; `variables` are the names that they stand for, and `unknown` the states
    that stand for none."""

    singles: Mapping[str, Reader]
    arrays: Mapping[str, Reader]
    variables: frozenset[Variable]
    unknown: tuple[str, ...]

    @classmethod
    def of(cls, graph: Graph, places: Mapping[str, StatePlace]) -> States:
        """The states of `graph` at these places."""
        singles: dict[str, Reader] = {}
        arrays: dict[str, Reader] = {}
        for state in graph.states:
            if state.name in places:
                type_ = graph.types[state.node]
                readers = arrays if type_.is_memory else singles
                readers[state.name] = _reader(state, type_, places[state.name])
        carried = (place.variable for place in places.values() if isinstance(place, CarriedPart | Ring))
        variables = frozenset(each for variable in carried for each in _all_places(variable))
        unknown = tuple(state.name for state in graph.states if state.name not in places)
        return cls(singles, arrays, variables, unknown)

    def lost(self, kept: Kept) -> list[str]:
        """The names that the lane carries and no state of the graph stands for."""
        return [
            name
            for path, values in kept.items()
            for name in values
            if not name.startswith(_UPDATES) and Variable(path, name) not in self.variables
        ]


def _all_places(variable: Variable) -> list[Variable]:
    """The names that one stands for which was traced once for all places of an axis: one for each place."""
    sizes = [len(step) for _, _, step in variable.path if isinstance(step, range)]
    return [_at(variable, k) for k in range(max(sizes, default=1))]


def _at(variable: Variable, place: int) -> Variable:
    return Variable(at_place(variable.path, place), variable.name)


def _reader(state: State, type_: Type, place: StatePlace) -> Reader:
    """Of an array along an axis, a name at each place, or one name that holds a value along it."""
    if type_.axis is None:
        return _single_reader(state, type_, _of_place(place, 0))
    if isinstance(place, CarriedPart) and len(_all_places(place.variable)) == 1:
        return _vector_reader(state, type_, place)
    each = [_single_reader(state, type_.element, _of_place(place, k)) for k in range(type_.size)]
    return lambda kept, row: tuple(read(kept, row) for read in each)


def _vector_reader(state: State, type_: Type, place: CarriedPart) -> Reader:
    def read(kept: Kept, row: Row) -> Any:
        value = _value(kept, place.variable, None)
        if value is None:
            return (state.initial,) * type_.size
        return tuple(value_as(_part(each, place.suffix), type_.element) for each in value)

    return read


def _of_place(place: StatePlace, k: int) -> StatePlace:
    """What a state that stands for a name at each place is at one of them."""
    if isinstance(place, StartedFlag | Updates):
        return replace(place, variables=tuple(_at(each, k) for each in place.variables))
    return replace(place, variable=_at(place.variable, k))


def _single_reader(state: State, type_: Type, place: StatePlace) -> Reader:
    match place:
        case CarriedPart(variable, suffix) if type_.is_array:
            return lambda kept, row: tuple(
                value_as(each, type_.element)
                for each in _part(_value(kept, variable, (state.initial,) * (type_.length or 0)), suffix)
            )
        case CarriedPart(variable, suffix):
            absent = object()

            def part(kept: Kept, row: Row) -> Any:
                value = _value(kept, variable, absent)
                return state.initial if value is absent else value_as(_part(value, suffix), type_)

            return part
        case StartedFlag(variables):
            return lambda kept, row: any(_updates(kept, each) for each in variables)
        case Updates(variables, enough):
            return lambda kept, row: min(
                max(_updates(kept, each) for each in variables),
                max(int(row[enough]) if isinstance(enough, str) else enough, 0),
            )
        case Ring(variable):
            return lambda kept, row: _ring(kept, variable, state, type_)
        case RingPlace(variable, length):
            return lambda kept, row: _updates(kept, variable) % length
        case RingCount(variable, length):
            return lambda kept, row: min(_updates(kept, variable), length)


def _value(kept: Kept, variable: Variable, absent: Any) -> Any:
    return kept.get(variable.path, {}).get(variable.name, absent)


def _updates(kept: Kept, variable: Variable) -> int:
    values = kept.get(variable.path, {})
    return int(values.get(updates_of(variable.name), variable.name in values))


def _ring(kept: Kept, variable: Variable, state: State, type_: Type) -> tuple[Any, ...]:
    """The array of a window: its values at the places where they were written, the fill elsewhere."""
    assert type_.length is not None
    past = _value(kept, variable, ())
    first = _updates(kept, variable) - len(past)
    ring: list[Value] = [state.initial] * type_.length
    for k, value in enumerate(past):
        ring[(first + k) % type_.length] = value_as(value, type_.element)
    return tuple(ring)


def _part(value: Any, suffix: str) -> Any:
    for step in suffix.split(".")[1:]:
        value = value[int(step)] if isinstance(value, tuple) else getattr(value, step)
    return value
