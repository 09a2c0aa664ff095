"""The values of a graph that a person would look at, each by its name: ports, what users named, and states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dag.graphs.graph import Graph
from dagc.debugging.tap_names import TapNames

#: Named values of one lane that lie along an axis are listed place by place, up to so many places.
MOST_PLACES = 64


@dataclass(frozen=True, slots=True)
class Place:
    """A single value: a node, and which of its places where it lies along an axis."""

    node: int
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A value by one of its names: a node may have several, each in a call of a lane (`scope`).

    `name` is what `dagc tap --lane` takes, `own` the name in the graph; `kind` is `output`, `input`, `parameter`, `variable` or `state`.
    """

    name: str
    own: str
    kind: str
    place: Place
    scope: int


def listed(graph: Graph, names: TapNames) -> Iterator[Listed]:
    """Ports, then what users named, then states; a value along an axis place by place. Constants are left out."""
    ours, seen = graph.status_scopes(), set[str]()
    by_path = {scope.path: index for index, scope in enumerate(graph.scopes)}
    outputs, inputs, params = graph.outputs, graph.inputs, graph.params
    found: list[tuple[str, str, str, int, int]] = [
        *(("output", names.spelling(o.node), o.name, o.node, graph.owners[graph.passed_on(o.node)]) for o in outputs),
        *(("input", names.spelling(port.node), port.name, port.node, 0) for port in inputs),
        *(("parameter", names.spelling(port.node), port.name, port.node, 0) for port in params),
        *(
            ("variable", names.variable(tap.name), tap.name, tap.node, _scope_of(tap.name, by_path))
            for tap in graph.taps
            if graph.owners[tap.node] not in ours
        ),
        *(("state", names.spelling(s.node), s.name, s.node, _scope_of(s.name, by_path)) for s in graph.states),
    ]
    for kind, name, own, node, scope in found:
        axis = graph.types[node].axis
        if name in seen or graph.types[node].is_memory or graph.constants[node] is not None:
            continue
        seen.add(name)
        if axis is None:
            yield Listed(name, own, kind, Place(node), scope)
        else:
            for place, label in enumerate(axis.labels[:MOST_PLACES]):
                yield Listed(f"{name}[{label}]", f"{own}[{label}]", kind, Place(node, place), scope)


def _scope_of(name: str, by_path: Mapping[str, int]) -> int:
    """The call that a name of a value begins with."""
    while name:
        name = name.rpartition(".")[0]
        if name in by_path:
            return by_path[name]
    return 0
