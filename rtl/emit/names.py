"""What everything in the emitted module is called. Emitter, test bench, simulation and reader share this page.

A port has what it carries in front: `in_bid`, `param_k`, `load_level`, `save_level`, `out_size`, `tap_mid`. The wire of a node is
called as the node; what belongs to it has an ending: `mid_at_9`, `mid_to_9`, `mid_core`, `level__before_register`. A value
that the user called like a port that the module has, or with such an ending, stands apart as `in_bid____user`. What is too long
for tools is cut, with a digest behind it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from dag.graphs.graph import Graph
from dag.graphs.identifiers import apart, identifier
from dag.operators.op import Op, Source

#: Ports that every module has, and those of one with state.
FLOW_PORTS = ("clk", "rst", "in_valid", "in_ready", "out_valid")
STATE_PORTS = ("in_restart", "idle", "load", "state_place")
#: Ports that name an instance, where many share the pipeline.
IN_INSTANCE, OUT_INSTANCE = "in_instance", "out_instance"
#: The port that says which element of the arrays is loaded or saved.
PLACE = "state_place"
#: How rows' restarts and numbers are called on their way through the pipeline.
RESTART, INSTANCE = "restart", "instance"
#: Names of the module's own, besides its ports; and those of one that many instances share.
OWN = ("LATENCY", "INTERVAL", "accept", "valid", "valid_after", "busy_for", "unused", "saved_place", RESTART)
INTERLEAVED = ("INSTANCES", "busy", "started", "fresh", "settled", "loading", "saved_fresh", INSTANCE)
_ROLES = ("in", "param", "load", "save", "out", "tap")
_WORDS = frozenset((*FLOW_PORTS, *STATE_PORTS, IN_INSTANCE, OUT_INSTANCE, *OWN, *INTERLEAVED, *_ROLES))
#: What `in_` and `out_` may not stand before.
_FLOW_ROLES = frozenset(port.partition("_")[2] for port in (*FLOW_PORTS, *STATE_PORTS, IN_INSTANCE, OUT_INSTANCE))
_LIKE_A_DELAY = re.compile(r"_(?:at|to)_\d+$")
_LIKE_A_PART = re.compile(r"_(?:core|register|memory|word|written)$")
_BENCH = "_tb"
#: The most characters of a module's name, whose files have endings (file systems take 255); of a wire's, whose parts have
#: endings (IEEE 1800 asks tools for 1,024); and of a port's, for which Verilator's C++ puts a digest of its own beyond that,
#: two underscores counted as six.
LONGEST_FILE, LONGEST_WIRE, LONGEST_PORT = 200, 900, 127


@dataclass(frozen=True, slots=True)
class Ports:
    """Port names: of inputs, parameters and taps by node, of state loads, saves and outputs in the graph's order."""

    inputs: dict[int, str]
    params: dict[int, str]
    loads: tuple[str, ...]
    saves: tuple[str, ...]
    outputs: tuple[str, ...]
    taps: dict[int, str]

    @property
    def data_in(self) -> dict[int, str]:
        """Ports that are sampled with a row."""
        return {**self.inputs, **self.params}

    @property
    def names(self) -> frozenset[str]:
        """All of them."""
        return frozenset((*self.data_in.values(), *self.loads, *self.saves, *self.outputs, *self.taps.values()))


def module_name(graph: Graph, ports: Ports) -> str:
    """The module, and the name of its files; no core's, none that it has inside, and not that of a test bench."""
    text = identifier(graph.name, _cores() | _WORDS)
    if len(text) > LONGEST_FILE:
        return _cut(text)
    return apart(text, "top") if text in ports.names or _is_like_a_piece(text) or text.endswith(_BENCH) else text


def bench_name(module: str) -> str:
    """The test bench of a module."""
    return f"{module}{_BENCH}"


def ports_of(graph: Graph) -> Ports:
    """The ports of the module of `graph`."""
    return Ports(
        inputs={port.node: _port("in", port.name) for port in graph.inputs},
        params={port.node: _port("param", port.name) for port in graph.params},
        loads=tuple(_port("load", state.name) for state in graph.states),
        saves=tuple(_port("save", state.name) for state in graph.states),
        outputs=tuple(_port("out", output.name) for output in graph.outputs),
        taps={node: _port("tap", graph.names[node]) for node in tapped(graph)},
    )


def _port(role: str, name: str) -> str:
    text = f"{role}_{identifier(name, _FLOW_ROLES)}"
    text = apart(text) if _LIKE_A_DELAY.search(text) else text
    return text if len(text.replace("__", "______")) <= LONGEST_PORT else _cut(text)


def wires_of(graph: Graph, ports: Ports) -> tuple[str, ...]:
    """The wire of each node: its port for an input or a parameter, none for a constant."""
    taken, data_in = ports.names | {module_name(graph, ports)}, ports.data_in
    return tuple(
        data_in.get(node) or ("" if op is Source.CONST else _wire(name, taken))
        for node, (op, name) in enumerate(zip(graph.ops, graph.names, strict=True))
    )


def _wire(name: str, taken: frozenset[str]) -> str:
    text = identifier(name, _WORDS)
    text = apart(text) if text in taken or _is_like_a_piece(text) else text
    return text if len(text) <= LONGEST_WIRE else _cut(text)


def _cut(text: str) -> str:
    """The beginning of a name that is too long for some tool, and a digest of the whole."""
    return apart(text[:24], f"cut_{hashlib.sha256(text.encode()).hexdigest()[:20]}")


def _is_like_a_piece(text: str) -> bool:
    return bool(_LIKE_A_DELAY.search(text) or _LIKE_A_PART.search(text))


def tapped(graph: Graph) -> Sequence[int]:
    """The nodes that have a tap port: whatever is computed or carried."""
    return [
        node for node in graph.single_values() if isinstance(graph.ops[node], Op) or graph.ops[node] is Source.STATE
    ]


def _cores() -> frozenset[str]:
    """The modules that a pipeline may be made of."""
    return frozenset(
        file.name.removesuffix(".v")
        for file in resources.files("rtl").joinpath("cores").iterdir()
        if file.name.endswith(".v")
    )
