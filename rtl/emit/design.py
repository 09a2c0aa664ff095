"""Everything the texts of one design are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dag.graph import Graph
from dag.identifiers import identifier
from rtl.cores import core_sources
from rtl.emit.names import Names, Ports, ports_of
from rtl.emit.signals import Signals
from rtl.lowering import Core
from rtl.schedule import Schedule, schedule

#: What values that are read later wait in.
DELAY = "dagc_delay"


@dataclass(frozen=True, slots=True)
class Design:
    """A graph, when its values are there and what they are called."""

    graph: Graph
    name: str
    plan: Schedule
    ports: Ports
    signals: Signals
    #: File name -> text of every core it is made of.
    cores: Mapping[str, str]

    @property
    def bench(self) -> str:
        """The module name of the test bench."""
        return f"{self.name}_tb"

    @property
    def last_cycle(self) -> int:
        """The last cycle in which a row does anything: the outputs, or a state's write."""
        return max(self.plan.depth, *self.plan.writes.values(), 0)


def design_of(graph: Graph, interval: int | None = None) -> Design:
    """The design of `graph`, taking a row every `interval` cycles; as often as its loops allow where that is None.

    Raises `rtl.schedule.NoSchedule`.
    """
    plan = schedule(graph, interval)
    ports = ports_of(graph)
    cores = _core_files(plan)
    # Modules have one name space: a lane called as one of our cores has to give way.
    name = Names({file.removesuffix(".v") for file in cores}).claim(identifier(graph.name))
    return Design(graph, name, plan, ports, Signals(graph, plan, ports), cores)


def _core_files(plan: Schedule) -> dict[str, str]:
    modules = {operator.row.module for operator in plan.operators if operator and isinstance(operator.row, Core)}
    files: dict[str, str] = {}
    for module in sorted({DELAY, *modules}):
        files.update(core_sources(module))
    return dict(sorted(files.items()))
