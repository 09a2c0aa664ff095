"""`<name>.v`: a graph as one statically scheduled pipeline."""

from __future__ import annotations

from textwrap import indent

from rtl.emit.arrays import array_declarations, array_writes
from rtl.emit.comments import comment
from rtl.emit.dataflow import delay_lines, is_live, lanes
from rtl.emit.design import Design
from rtl.emit.flow import handshake, state_reads, state_writes
from rtl.emit.ports import TAPS, port_list

_ABOUT = f"""\
A pipeline with a static schedule. "Cycle n" is n cycles after the one in which a row is accepted, which is when in_valid
and in_ready are both 1. in_ and param_ ports are sampled with the row. Its results are on the out_ ports LATENCY cycles
later, with out_valid; there is no back pressure.

A wire `x` holds its value in the one cycle written beside it; `x_at_9` is the same value, kept until cycle 9. With {TAPS}
defined there is a port for every value of the graph: tap_x is x, in that same cycle."""

_ABOUT_STATE = """\
A row reads the state that the row before it wrote. in_restart makes a row the first bar of a fresh instance: it reads the
initial state. load, while idle, sets the state from the load_ ports; in the cycle after an idle one the save_ ports have it."""

_ABOUT_INTERVAL = """\
What a row writes can be read INTERVAL cycles after it was accepted: in_ready stays low for so long, except for a fresh
instance, which does not need it."""

_ABOUT_INSTANCES = """\
{instances} instances share it. A row is a bar of in_instance and reads the state that this instance's row before wrote; after rst,
and with in_restart, it reads the initial state. in_ready is low for an instance whose last row was accepted less than
{interval} cycles ago, and for no other: a row every cycle. load, while idle, sets the state of in_instance from the load_
ports; in the cycle after an idle one the save_ ports have the state of its in_instance."""


def emit_module(design: Design) -> str:
    """The text of the top module."""
    graph = design.graph
    head = [
        f"{design.name}.v: `{graph.name}`, made by dagc from graph {graph.content_hash}. Do not edit.",
        "",
        *_ABOUT.split("\n"),
        *_about_state(design),
    ]
    body = [
        handshake(design),
        state_reads(design),
        array_declarations(design),
        _ports_kept(design, live=True),
        lanes(design, live=True),
        state_writes(design),
        array_writes(design),
        _outputs(design),
        _unread(design),
    ]
    return "\n".join(
        [
            *(comment(line) for line in head),
            "`default_nettype none",
            f"module {design.name} (",
            port_list(design),
            ");",
            "\n\n".join(_indented(section) for section in body if section),
            "",
            *_taps(design),
            "endmodule",
            "`default_nettype wire",
            "",
        ]
    )


def _about_state(design: Design) -> list[str]:
    if design.instances is not None:
        text = _ABOUT_INSTANCES.format(instances=f"{design.instances:,}", interval=design.plan.interval)
        return ["", *text.split("\n")]
    about = ["", *_ABOUT_STATE.split("\n")] if design.graph.states else []
    return about + (_ABOUT_INTERVAL.split("\n") if design.plan.interval > 1 else [])


def _indented(text: str) -> str:
    return indent(text, "    ")


def _ports_kept(design: Design, live: bool) -> str:
    signals = design.signals
    lines = [
        line
        for node in design.ports.data_in
        for line in delay_lines(piece for piece in signals.lines[node] if is_live(design, node, piece) is live)
    ]
    return "\n".join([comment("---- inputs and parameters that are read later"), *lines]) if lines else ""


def _outputs(design: Design) -> str:
    plan, signals = design.plan, design.signals
    return "\n".join(
        [
            comment("---- results"),
            *(
                f"assign {port} = {signals.at(output.node, plan.depth)};"
                for output, port in zip(design.graph.outputs, design.ports.outputs, strict=True)
            ),
        ]
    )


def _unread(design: Design) -> str:
    """Ports and states on which no output and no state depends, gathered so that lint can tell them from a slip."""
    single = [state.node for state in design.graph.states if not design.graph.types[state.node].is_array]
    sources = [*design.ports.data_in, *single]
    names = [design.signals.fresh(node) for node in sources if not design.plan.live[node]]
    return f"wire unused = &{{1'b0, {', '.join(names)}}};  // nothing depends on these" if names else ""


def _taps(design: Design) -> list[str]:
    """What only taps read, and the taps."""
    if not design.ports.taps:
        return []
    values = [_ports_kept(design, live=False), lanes(design, live=False)]
    kept = [
        line
        for state in design.graph.states
        for line in delay_lines(
            piece for piece in design.signals.lines[state.node] if not is_live(design, state.node, piece)
        )
    ]
    taps = [f"assign {port} = {design.signals.fresh(node)};" for node, port in design.ports.taps.items()]
    sections = ["\n".join([comment("---- taps, and what only they read"), *kept]), *values, "\n".join(taps)]
    return [f"`ifdef {TAPS}", "\n\n".join(_indented(section) for section in sections if section), "`endif"]
