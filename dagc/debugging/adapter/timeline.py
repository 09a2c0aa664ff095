"""A replay as a line of steps: the named values of each bar in the order in which they are computed, bar after bar."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from compile.backend import Batch, Runner
from dag.graphs.graph import Graph
from dagc.debugging.search.evaluate import searched
from dagc.debugging.why.travel import Travel


@dataclass(frozen=True, slots=True)
class Stop:
    """One named value of a bar: where a debugger stops. `name` is its variable, `scope` the call of a lane that computes it."""

    node: int
    name: str
    scope: int
    path: str
    line: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stop of a bar. The one behind the last is the end of the bar, where its outputs are there."""

    bar: int
    step: int


class Timeline:
    """The steps of one instance over the bars of `batch`. Raises Refused for a graph with values along an axis."""

    def __init__(self, graph: Graph, runner: Runner, batch: Batch) -> None:
        self.graph, self.runner, self.batch = graph, runner, batch
        self.stops = _stops(graph)
        self.moment = Travel(graph, runner, batch).at

    @property
    def bars(self) -> int:
        """How many bars there are."""
        return self.batch.bars

    @property
    def first(self) -> Place:
        """The first step of all."""
        return Place(0, 0)

    @property
    def last(self) -> Place:
        """The end of the last bar."""
        return Place(self.bars - 1, len(self.stops))

    def after(self, place: Place) -> Place | None:
        """The next step; None behind the last one."""
        if place.step < len(self.stops):
            return Place(place.bar, place.step + 1)
        return Place(place.bar + 1, 0) if place.bar + 1 < self.bars else None

    def before(self, place: Place) -> Place | None:
        """The step before; None in front of the first one."""
        if place.step:
            return Place(place.bar, place.step - 1)
        return Place(place.bar - 1, len(self.stops)) if place.bar else None

    def depth(self, place: Place) -> int:
        """How many calls of lanes are open at a step; 0 at the end of a bar."""
        return 0 if place.step == len(self.stops) else len(self.calls(self.stops[place.step].scope))

    def calls(self, scope: int) -> list[int]:
        """The calls that are open in `scope`, the innermost first, the root lane last."""
        found = [scope]
        while found[-1]:
            found.append(self.graph.scopes[found[-1]].parent)
        return found

    def steps_at(self, path: str, line: int) -> list[int]:
        """The stops on a source line, and the nearest line below it that has any where it has none."""
        lines = self.lines.get(_resolved(path), {})
        at = min((each for each in lines if each >= line), default=None)
        return [] if at is None else lines[at]

    @cached_property
    def lines(self) -> dict[str, dict[int, list[int]]]:
        """The stops of each line of each file."""
        found: dict[str, dict[int, list[int]]] = {}
        for index, stop in enumerate(self.stops):
            if stop.path:
                found.setdefault(_resolved(stop.path), {}).setdefault(stop.line, []).append(index)
        return found

    def bars_where(self, condition: str) -> frozenset[int]:
        """The bars on which a condition of `dagc tap --where` is true. Raises SearchProblem."""
        return frozenset(searched(self.graph, self.runner, self.batch, condition).bars.tolist())


def _stops(graph: Graph) -> list[Stop]:
    ours = graph.status_scopes()
    found: dict[int, Stop] = {}
    for tap in graph.taps:
        scope, span = graph.owners[tap.node], graph.spans[tap.node]
        is_value = not graph.types[tap.node].is_array and graph.constants[tap.node] is None
        if scope in ours or span is None or not is_value or tap.node in found:
            continue
        path = graph.scopes[scope].path
        name = tap.name.removeprefix(f"{path}.") if path else tap.name
        found[tap.node] = Stop(tap.node, name, scope, span.path or span.file, span.line)
    return [found[node] for node in sorted(found)]


def _resolved(path: str) -> str:
    return str(Path(path).resolve())
