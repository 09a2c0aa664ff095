"""Reading a value in a given cycle: its wire while it is fresh, its delay line later."""

from __future__ import annotations

from dataclasses import dataclass

from dag.graphs.graph import Graph
from dag.operators.table import PLACES
from rtl.emit.literals import literal
from rtl.emit.names import IN_INSTANCE, INSTANCE, RESTART, Ports, wires_of
from rtl.plan.schedule import Schedule, width_of


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

    def __init__(self, graph: Graph, plan: Schedule, ports: Ports, instances: int | None = None) -> None:
        self._graph = graph
        self._plan = plan
        fresh = wires_of(graph, ports)
        self._at: list[dict[int, str]] = []
        kind = "memory" if instances else "register"
        #: What each state is kept in; a memory's output is `<name>_word`.
        self.registers = tuple(f"{fresh[state.node]}_{kind}" for state in graph.states)
        self.words = tuple(f"{fresh[state.node]}_word" for state in graph.states) if instances else ()
        self.instances = tuple(f"{name}_core" for name in fresh)
        #: For each node the pieces of its delay line, the nearest first.
        self.lines: list[tuple[Segment, ...]] = []
        for node, name in enumerate(fresh):
            self._follow(name, width_of(graph.types[node]), plan.ready[node], plan.delayed[node])
        single = [state for state in graph.states if not graph.types[state.node].is_array]
        reads = {plan.ready[state.node] for state in single}
        #: How the need for initial values travels to the cycles in which states are read.
        accesses = {plan.start[node] for node, op in enumerate(graph.ops) if op in PLACES}
        self.restarts = _line("fresh" if instances else "in_restart", RESTART, 1, reads | accesses)
        #: How the number of a row's instance travels to where its states are read and written and its results come out.
        self.numbers: tuple[Segment, ...] = ()
        if instances:
            cycles = {*(cycle - 1 for cycle in reads), *plan.writes.values(), plan.interval - 1, plan.depth}
            self.numbers = _line(IN_INSTANCE, INSTANCE, (instances - 1).bit_length(), cycles)

    def _follow(self, name: str, width: int, ready: int, cycles: tuple[int, ...]) -> None:
        at = {ready: name}
        line: list[Segment] = []
        before = ready
        for cycle in cycles:
            at[cycle] = f"{name}_at_{cycle}"
            line.append(Segment(at[before], at[cycle], f"{name}_to_{cycle}", cycle - before, cycle, width))
            before = cycle
        self._at.append(at)
        self.lines.append(tuple(line))

    def restart(self, cycle: int) -> str:
        """Whether the row whose states are read in `cycle` is the first of a fresh instance."""
        return next((segment.result for segment in self.restarts if segment.at == cycle), "in_restart")

    def number(self, cycle: int) -> str:
        """The number of the instance whose row is in `cycle`."""
        return next((segment.result for segment in self.numbers if segment.at == cycle), IN_INSTANCE)

    def at(self, node: int, cycle: int) -> str:
        """The value of `node` as it is read in `cycle`; raises KeyError where the schedule knows no such reader."""
        constant = self._graph.constants[node]
        if constant is not None:
            return literal(constant, self._graph.types[node])
        return self._at[node][cycle]

    def fresh(self, node: int) -> str:
        """The wire of `node`, in the cycle in which it is ready."""
        return self._at[node][self._plan.ready[node]]


def _line(source: str, label: str, width: int, cycles: set[int]) -> tuple[Segment, ...]:
    """How `source`, there in cycle 0, travels to each of `cycles`."""
    line: list[Segment] = []
    before = 0
    for cycle in sorted(cycles - {0}):
        name = f"{label}_at_{cycle}"
        line.append(Segment(source, name, f"{label}_to_{cycle}", cycle - before, cycle, width))
        source, before = name, cycle
    return tuple(line)
