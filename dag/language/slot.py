"""Slots: places of a graph that another lane can be plugged into, without a change to the graph's source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from dag.language.lane import AnyLane, Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    from dag.numbers.running import Stream

P = ParamSpec("P")
R = TypeVar("R", covariant=True)

#: On numbers: the lanes that are plugged in while a lane runs, by slot.
_plugged: ContextVar[Mapping[str, AnyLane]] = ContextVar("dagc_plugged_lanes", default={})  # noqa: B039 - never changed
#: On numbers: what plugged lanes take beside what their slots hand over, by slot and argument.
_own: ContextVar[Mapping[str, Mapping[str, object]]] = ContextVar("dagc_own_arguments", default={})  # noqa: B039


class Slot(Lane[P, R]):
    """A slot. It is called as a lane is; empty, it is its own body, which says the neutral value."""

    def on_numbers(self, /, *args: Any, **kwargs: Any) -> Any:
        """The plugged lane's result, or the neutral value. What a plugged lane takes beside what the slot hands over is that of
        `own_arguments`; elsewhere its parameters have their defaults."""
        lane = _plugged.get().get(self.name)
        if lane is None:
            return super().on_numbers(*args, **kwargs)
        from dag.numbers.running import default_parameters

        own = _own.get().get(self.name)
        if own is None:
            given = default_parameters(lane.function, self.arguments)
        else:
            given = {name: each for name, each in own.items() if name not in self.arguments}
        return lane(*args, **kwargs, **given)


def slot(function: Callable[P, R], /) -> Slot[P, R]:
    """Declare a slot: arguments and result are its signature, and the body returns the neutral value.

    A lane of that signature is plugged in where the graph is made: `with_slots(root, meta_boost=my_boost)`, or `--slot
    meta_boost=my.py:my_boost` on the command line.
    """
    return Slot(function)


class PluggedLane(Lane[P, R]):
    """A lane with lanes in the slots of its graph."""

    def __init__(self, lane: AnyLane, plugged: Mapping[str, AnyLane]) -> None:
        super().__init__(lane.function, lane.taps, lane.subnormals)
        self.plugged = dict(plugged)

    def on_numbers(self, /, *args: Any, **kwargs: Any) -> Any:
        """As the lane, what is plugged in running in its slots."""
        with _running_with(self.plugged):
            return super().on_numbers(*args, **kwargs)

    def stream(self, /, *args: Any, **kwargs: Any) -> Stream[R]:
        """As the lane's stream, what is plugged in running in its slots."""
        from dag.numbers.running import Stream

        stream: Stream[R] = Stream(self, *args, **kwargs)
        stream.around = lambda: _running_with(self.plugged)
        return stream


def with_slots(lane: AnyLane, **plugged: AnyLane) -> PluggedLane[..., Any]:
    """`lane` with other lanes in the slots of its graph, by the names of the slots. The source of neither is touched.

    A lane that is plugged in takes what the slot hands over, by name, type and unit, and returns what the slot returns. What else
    it takes is its own: a `@params` object becomes parameters of the graph called `slot.field`; any other argument is the
    graph's input of that name, type and unit, or a new input called `slot.argument`. Raises TypeError for what is no lane; a wrong
    signature (E067) is reported when the graph is made.
    """
    for name, each in plugged.items():
        if not isinstance(each, Lane):
            raise TypeError(f"with_slots({name}=...): expected a lane, got {each!r}")
    already = lane.plugged if isinstance(lane, PluggedLane) else {}
    return PluggedLane(lane, {**already, **plugged})


@contextmanager
def own_arguments(own: Mapping[str, Mapping[str, object]]) -> Iterator[None]:
    """While lanes run on numbers: what plugged lanes take beside what their slots hand over, by slot and argument."""
    token = _own.set(own)
    try:
        yield
    finally:
        _own.reset(token)


@contextmanager
def _running_with(plugged: Mapping[str, AnyLane]) -> Iterator[None]:
    token = _plugged.set(plugged)
    try:
        yield
    finally:
        _plugged.reset(token)
