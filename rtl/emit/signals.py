"""Reading a value in a given cycle: its wire while it is fresh, its delay line later."""

from __future__ import annotations

from dataclasses import dataclass

from dag.graph import Graph
from dag.ops import Source
from rtl.emit.literals import literal
from rtl.emit.names import Names, Ports
from rtl.schedule import Schedule, width_of

#: Names of the module's own, besides its ports.
OWN = ("LATENCY", "INTERVAL", "accept", "valid", "valid_after", "busy_for", "unused")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a delay line: `source`, `cycles` later, is `result`."""

    source: str
    result: str
    instance: str
    cycles: int
    at: int
    width: int


class Signals:
    """The wires of one module, each with a name of its own."""

    def __init__(self, graph: Graph, plan: Schedule, ports: Ports) -> None:
        self._graph = graph
        self._plan = plan
        names = Names({*ports.names, *OWN})
        fresh = [
            ports.data_in.get(node) or (names.claim(graph.identifiers[node]) if op is not Source.CONST else "")
            for node, op in enumerate(graph.ops)
        ]
        self._at: list[dict[int, str]] = []
        self.registers = tuple(names.claim(f"{fresh[state.node]}_register") for state in graph.states)
        self.instances = tuple(names.claim(f"{name}_core") for name in fresh)
        #: For each node the pieces of its delay line, the nearest first.
        self.lines: list[tuple[Segment, ...]] = []
        for node, name in enumerate(fresh):
            self._follow(names, name, width_of(graph.types[node]), plan.ready[node], plan.delayed[node])
        self.restarts = self._restart_line(names)

    def _follow(self, names: Names, name: str, width: int, ready: int, cycles: tuple[int, ...]) -> None:
        at = {ready: name}
        line: list[Segment] = []
        before = ready
        for cycle in cycles:
            at[cycle] = names.claim(f"{name}_at_{cycle}")
            line.append(Segment(at[before], at[cycle], names.claim(f"{name}_to_{cycle}"), cycle - before, cycle, width))
            before = cycle
        self._at.append(at)
        self.lines.append(tuple(line))

    def _restart_line(self, names: Names) -> tuple[Segment, ...]:
        """How `in_restart` travels to the cycles in which states are read."""
        line: list[Segment] = []
        source, before = "in_restart", 0
        for cycle in sorted({self._plan.ready[state.node] for state in self._graph.states} - {0}):
            name = names.claim(f"restart_at_{cycle}")
            line.append(Segment(source, name, names.claim(f"restart_to_{cycle}"), cycle - before, cycle, 1))
            source, before = name, cycle
        return tuple(line)

    def restart(self, cycle: int) -> str:
        """Whether the row whose states are read in `cycle` is the first of a fresh instance."""
        return next((segment.result for segment in self.restarts if segment.at == cycle), "in_restart")

    def at(self, node: int, cycle: int) -> str:
        """The value of `node` as it is read in `cycle`; raises KeyError where the schedule knows no such reader."""
        constant = self._graph.constants[node]
        if constant is not None:
            return literal(constant, self._graph.types[node])
        return self._at[node][cycle]

    def fresh(self, node: int) -> str:
        """The wire of `node`, in the cycle in which it is ready."""
        return self._at[node][self._plan.ready[node]]
