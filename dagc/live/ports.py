"""What a kernel takes, returns and remembers, as a user reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from dag.graphs.graph import Graph
from dag.values.types import Value
from dag.values.words import show
from dagc.debugging.naming_help import did_you_mean


@dataclass(frozen=True, slots=True)
class Port:
    """One input, parameter, output, state or tap. `domain` and `initial` are texts, empty where there is none."""

    name: str
    type: str
    unit: str
    domain: str = ""
    #: A parameter's default, a state's first value, an output's value on a rejected row.
    initial: str = ""

    def __str__(self) -> str:
        unit = "" if self.unit == "1" else f" [{self.unit}]"
        said = [f"{self.name}: {self.type}{unit}", *(each for each in (self.domain,) if each)]
        return ", ".join(said) + (f" = {self.initial}" if self.initial else "")


class Ports(Sequence[Port]):
    """Ports in the order of the ABI; `ports["bid"]` is the one of that name."""

    def __init__(self, ports: Iterable[Port], heading: str) -> None:
        self._ports, self._heading = tuple(ports), heading

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(port.name for port in self._ports)

    @overload
    def __getitem__(self, key: int | str) -> Port: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[Port]: ...
    def __getitem__(self, key: int | str | slice) -> Port | Sequence[Port]:
        if not isinstance(key, str):
            return self._ports[key]
        found = next((port for port in self._ports if port.name == key), None)
        if found is None:
            raise KeyError(f"there is no `{key}`: {did_you_mean(key, self.names)}")
        return found

    def __len__(self) -> int:
        return len(self._ports)

    def __iter__(self) -> Iterator[Port]:
        return iter(self._ports)

    def __repr__(self) -> str:
        return "\n".join([self._heading, *(f"  {port}" for port in self._ports)])

    def _repr_html_(self) -> str:
        from html import escape

        def row(cells: Iterable[str], tag: str) -> str:
            return (
                "<tr>" + "".join(f"<{tag} style='text-align:left'>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
            )

        head = row((self._heading, "type", "unit", "domain", "value"), "th")
        body = (row((each.name, each.type, each.unit, each.domain, each.initial), "td") for each in self._ports)
        return f"<table><thead>{head}</thead><tbody>{''.join(body)}</tbody></table>"


def _value(graph: Graph, held: Value | None, node: int) -> str:
    return "" if held is None else show(held, graph.types[node])


def inputs_of(graph: Graph) -> Ports:
    """One value of each a bar."""
    return Ports((_port(graph, p.name, p.node, str(p.domain)) for p in graph.inputs), "inputs")


def params_of(graph: Graph) -> Ports:
    """What `bind` takes; without a default, what it must be given."""
    made = (_port(graph, p.name, p.node, str(p.domain), _value(graph, p.default, p.node)) for p in graph.params)
    return Ports(made, "params")


def outputs_of(graph: Graph) -> Ports:
    """What a bar gives, the status included."""
    return Ports((_port(graph, o.name, o.node, "", _value(graph, o.safe, o.node)) for o in graph.outputs), "outputs")


def states_of(graph: Graph) -> Ports:
    """What an instance remembers from bar to bar."""
    return Ports((_port(graph, s.name, s.node, "", _value(graph, s.initial, s.node)) for s in graph.states), "states")


def taps_of(graph: Graph) -> Ports:
    """The variables of its lanes, which `run` and `tap` show by these names."""
    ours = graph.status_scopes()
    users = (tap for tap in graph.taps if graph.owners[tap.node] not in ours)
    return Ports((_port(graph, tap.name, tap.node) for tap in users), "taps")


def _port(graph: Graph, name: str, node: int, domain: str = "", initial: str = "") -> Port:
    return Port(name, str(graph.types[node]), graph.units[node], domain, initial)
