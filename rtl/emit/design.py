"""Everything the texts of one design are written from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dag.graphs.graph import Graph, State
from rtl.core_table import core_sources
from rtl.emit.names import Ports, bench_name, module_name, ports_of
from rtl.emit.signals import Signals
from rtl.plan.lowering import Core
from rtl.plan.schedule import MEMORY, REGISTERS, Schedule, schedule, width_of

#: What values that are read later wait in.
DELAY = "dagc_delay"
#: What the states of interleaved instances wait in.
STATE_MEMORY = "dagc_memory"
#: The most instances of one pipeline. Each takes two flip-flops besides its words in the memories.
MOST_INSTANCES = 1 << 13


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
    #: How many instances share the pipeline, a power of two; None for one at a time, or where nothing is carried.
    instances: int | None = None

    @property
    def instance_bits(self) -> int:
        """The width of an instance's number; 0 where there are none."""
        return 0 if self.instances is None else (self.instances - 1).bit_length()

    @property
    def state_bits(self) -> int:
        """Bits of what one instance carries."""
        types = (self.graph.types[state.node] for state in self.graph.states)
        return sum(width_of(type_) * type_.size for type_ in types)

    @property
    def place_bits(self) -> int:
        """The width of a place in the longest array; 0 where there is none, or none of more than one element."""
        return max(longest_array(self.graph) - 1, 0).bit_length()

    def arrays(self) -> Iterator[tuple[State, str, str]]:
        """Each carried array, with the name of its memory and its save port."""
        for each in zip(self.graph.states, self.signals.registers, self.ports.saves, strict=True):
            if self.graph.types[each[0].node].is_array:
                yield each

    @property
    def bench(self) -> str:
        """The module name of the test bench."""
        return bench_name(self.name)

    @property
    def last_cycle(self) -> int:
        """The last cycle in which a row does anything: the outputs, a state's write, or the end of its instance's wait."""
        wait = 0 if self.instances is None else self.plan.interval - 1
        return max(self.plan.depth, *self.plan.writes.values(), wait)


def longest_array(graph: Graph) -> int:
    """Elements of the longest carried array, 0 where there is none."""
    return max((graph.types[state.node].length or 0 for state in graph.states), default=0)


def design_of(graph: Graph, interval: int | None = None, instances: int | None = None) -> Design:
    """The design of `graph`, taking a row of one instance every `interval` cycles; as often as its loops allow where that
    is None.

    With `instances` the pipeline is interleaved: so many of them, rounded up to a power of two, have their states in memories.
    Raises `rtl.plan.schedule.NoSchedule`; ValueError for less than 2 or more than MOST_INSTANCES instances.
    """
    if instances is not None and not 2 <= instances <= MOST_INSTANCES:
        raise ValueError(f"{instances} interleaved instances: expected 2 to {MOST_INSTANCES:,}")
    is_interleaved = instances is not None and bool(graph.states)
    plan = schedule(graph, interval, MEMORY if is_interleaved else REGISTERS)
    ports = ports_of(graph)
    cores = _core_files(plan, [STATE_MEMORY] if is_interleaved else [])
    rounded = 1 << (instances - 1).bit_length() if instances is not None and is_interleaved else None
    return Design(graph, module_name(graph, ports), plan, ports, Signals(graph, plan, ports, rounded), cores, rounded)


def _core_files(plan: Schedule, memories: list[str]) -> dict[str, str]:
    modules = {operator.row.module for operator in plan.operators if operator and isinstance(operator.row, Core)}
    files: dict[str, str] = {}
    for module in sorted({DELAY, *memories, *modules}):
        files.update(core_sources(module))
    return dict(sorted(files.items()))
