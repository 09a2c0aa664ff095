"""The port list of the top module."""

from __future__ import annotations

from compile.c.text.comments import port_described
from dag.values.types import Type
from rtl.emit.comments import comment
from rtl.emit.design import Design
from rtl.emit.names import IN_INSTANCE, OUT_INSTANCE, PLACE
from rtl.plan.schedule import width_of

#: With this macro defined, the module has a port for every value of the graph.
TAPS = "DAGC_TAPS"


def port_list(design: Design) -> str:
    """The ports, one a line, each with its meaning."""
    graph, ports, plan = design.graph, design.ports, design.plan
    port = _declared
    what = "the state of every instance" if design.instances else "the state"
    lines = [
        "    input  wire        clk,",
        port("input", 1, "rst", f"synchronous; forgets the rows in flight, and {what}"),
        port("input", 1, "in_valid", "a row is offered"),
        port("output", 1, "in_ready", "it is accepted, if offered"),
    ]
    if design.instances:
        lines.append(
            port("input", design.instance_bits, IN_INSTANCE, "whose bar it is, or whose state is loaded or saved")
        )
    if graph.states:
        lines += [
            port("input", 1, "in_restart", "it is the first bar of a fresh instance"),
            port("output", 1, "idle", "no row is in flight"),
            port("input", 1, "load", "while idle: set every state"),
        ]
    if design.place_bits:
        lines.append(port("input", design.place_bits, PLACE, "which element of the arrays is loaded or saved"))
    for direction, names in (("input", ports.loads), ("output", ports.saves)):
        for state, name in zip(graph.states, names, strict=True):
            lines.append(
                _typed(direction, graph.types[state.node], name, port_described(graph, state.node, state.name))
            )
    for each in graph.ports():
        described = port_described(graph, each.node, each.name, each.domain)
        lines.append(_typed("input", graph.types[each.node], ports.data_in[each.node], described))
    if ports.taps:
        lines.append(f"`ifdef {TAPS}")
        for node, name in ports.taps.items():
            lines.append(_typed("output", graph.types[node], name, f"cycle {plan.latency_of(node)}"))
        lines.append("`endif")
    for output, name in zip(graph.outputs, ports.outputs, strict=True):
        lines.append(_typed("output", graph.types[output.node], name, port_described(graph, output.node, output.name)))
    if design.instances:
        lines.append(port("output", design.instance_bits, OUT_INSTANCE, "whose results they are"))
    lines.append(port("output", 1, "out_valid", "the outputs are a row's results").replace("out_valid,", "out_valid "))
    return "\n".join(lines)


def _typed(direction: str, type_: Type, name: str, meaning: str) -> str:
    return _declared(direction, width_of(type_), name, meaning)


def _declared(direction: str, width: int, name: str, meaning: str) -> str:
    size = f"[{width - 1}:0]" if width > 1 else "      "
    return f"    {direction:<6} wire {size:<6} {name},  {comment(meaning)}"
