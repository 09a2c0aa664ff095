"""Who is called what in the emitted module: ports by what they carry, signals by their node, nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from dag.graph import Graph
from dag.identifiers import identifier
from dag.ops import Op, Source

#: Ports that every module has, and those of one with state.
FLOW_PORTS = ("clk", "rst", "in_valid", "in_ready", "out_valid")
STATE_PORTS = ("in_restart", "idle", "load", "state_place")
#: Ports that name an instance, where many share the pipeline.
IN_INSTANCE, OUT_INSTANCE = "in_instance", "out_instance"
#: The port that says which element of the arrays is loaded or saved.
PLACE = "state_place"


@dataclass(slots=True)
class Names:
    """Names in use. The first to claim one has it; later ones get `_` appended."""

    taken: set[str] = field(default_factory=set[str])

    def claim(self, wanted: str) -> str:
        """`wanted`, made distinct."""
        while wanted in self.taken:
            wanted += "_"
        self.taken.add(wanted)
        return wanted


@dataclass(frozen=True, slots=True)
class Ports:
    """Port names: of inputs, parameters and taps by node, of state loads, saves and outputs in the graph's order."""

    inputs: dict[int, str]
    params: dict[int, str]
    loads: tuple[str, ...]
    saves: tuple[str, ...]
    outputs: tuple[str, ...]
    taps: dict[int, str]
    #: All of the above.
    names: frozenset[str]

    @property
    def data_in(self) -> dict[int, str]:
        """Ports that are sampled with a row."""
        return {**self.inputs, **self.params}


def ports_of(graph: Graph, is_interleaved: bool = False) -> Ports:
    """The ports of the module of `graph`."""
    names = Names({*FLOW_PORTS, *STATE_PORTS, *((IN_INSTANCE, OUT_INSTANCE) if is_interleaved else ())})
    by_node = graph.identifiers
    ports = Ports(
        inputs={port.node: names.claim(f"in_{by_node[port.node]}") for port in graph.inputs},
        params={port.node: names.claim(f"param_{by_node[port.node]}") for port in graph.params},
        loads=_claimed(names, "load", (state.name for state in graph.states)),
        saves=_claimed(names, "save", (state.name for state in graph.states)),
        outputs=_claimed(names, "out", (output.name for output in graph.outputs)),
        taps={node: names.claim(f"tap_{by_node[node]}") for node in tapped(graph)},
        names=frozenset(),
    )
    return replace(ports, names=frozenset(names.taken))


def _claimed(names: Names, prefix: str, wanted: Iterable[str]) -> tuple[str, ...]:
    return tuple(names.claim(f"{prefix}_{identifier(name)}") for name in wanted)


def tapped(graph: Graph) -> Sequence[int]:
    """The nodes that have a tap port: whatever is computed or carried."""
    return [
        node for node in graph.single_values() if isinstance(graph.ops[node], Op) or graph.ops[node] is Source.STATE
    ]
