"""The ports that a pipeline has: those of its graph and of the protocol, each of its width, and no other."""

from __future__ import annotations

from collections.abc import Iterable

from compile.proof.core.verdict import Unreadable
from dag.graphs.graph import Graph
from dag.values.types import Kind, Type
from rtl.emit.names import IN_INSTANCE, OUT_INSTANCE, PLACE, Ports
from rtl.netlist.text import Module

_NARROW = {Kind.BOOL: 1, Kind.F32: 32, Kind.I32: 32}


def expect_ports(module: Module, graph: Graph, ports: Ports, instance_bits: int, has_taps: bool) -> None:
    """Raise Unreadable where a port is missing, one too many, or has another width or direction; `instance_bits` is the width
    of an instance's number, 0 where rows have none.
    """
    states = [graph.types[state.node] for state in graph.states]
    longest = max((of.length or 0 for of in states), default=0)
    inputs = {"clk": 1, "rst": 1, "in_valid": 1}
    outputs = {"in_ready": 1, "out_valid": 1}
    if states:
        inputs |= {"in_restart": 1, "load": 1}
        outputs |= {"idle": 1}
    if longest > 1:
        inputs[PLACE] = (longest - 1).bit_length()
    if instance_bits:
        inputs[IN_INSTANCE] = outputs[OUT_INSTANCE] = instance_bits
    inputs |= _widths(ports.loads, states) | {port: _width(graph.types[node]) for node, port in ports.data_in.items()}
    outputs |= _widths(ports.saves, states)
    outputs |= _widths(ports.outputs, (graph.types[each.node] for each in graph.outputs))
    if has_taps:
        outputs |= {port: _width(graph.types[node]) for node, port in ports.taps.items()}
    for direction, expected, found in (("input", inputs, module.inputs), ("output", outputs, module.outputs)):
        for name in sorted({*expected, *found}):
            if expected.get(name) != found.get(name):
                raise Unreadable(f"{direction} port `{name}`: {_bits(expected.get(name))} expected, "
                                 f"{_bits(found.get(name))} found")  # fmt: skip


def _widths(names: Iterable[str], types: Iterable[Type]) -> dict[str, int]:
    return {name: _width(of) for name, of in zip(names, types, strict=True)}


def _width(of: Type) -> int:
    return _NARROW.get(of.kind, 64)


def _bits(width: int | None) -> str:
    return "none" if width is None else f"{width} bits"
