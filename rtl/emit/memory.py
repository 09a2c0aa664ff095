"""The state of interleaved instances: a memory for each carried value, a word in it for each instance."""

from __future__ import annotations

from rtl.emit.comments import comment
from rtl.emit.dataflow import delay_lines, is_live
from rtl.emit.design import STATE_MEMORY, Design
from rtl.emit.literals import literal, size
from rtl.emit.names import IN_INSTANCE
from rtl.plan.schedule import width_of


def memory_reads(design: Design) -> str:
    """The words of the row's instance, and the states as a row and the save ports see them."""
    graph, plan, signals = design.graph, design.plan, design.signals
    lines = [
        comment("---- state, as the instance's row before left it"),
        *delay_lines(signals.restarts),
        "reg  saved_fresh;",
        f"always @(posedge clk) saved_fresh <= ~started[{IN_INSTANCE}];",
    ]
    for state, word, save in zip(graph.states, signals.words, design.ports.saves, strict=True):
        node, type_ = state.node, graph.types[state.node]
        cycle = plan.ready[node]
        width, initial = size(width_of(type_)), literal(state.initial, type_)
        lines += [
            f"wire {width}{word};  {comment(f'its address in cycle {cycle - 1}')}",
            f"wire {width}{signals.fresh(node)} = {signals.restart(cycle)} ? {initial} : {word};"
            f"  {comment(f'{graph.names[node]}, cycle {cycle}')}",
            f"assign {save} = saved_fresh ? {initial} : {word};",
            *delay_lines(piece for piece in signals.lines[node] if is_live(design, node, piece)),
        ]
    return "\n".join(lines)


def memory_writes(design: Design) -> str:
    """The memories. While no row is in flight, the load and save ports have them."""
    graph, plan, signals, ports = design.graph, design.plan, design.signals, design.ports
    lines = [comment("---- state, as the instance's next row will read it")]
    for state, memory, word, load in zip(graph.states, signals.registers, signals.words, ports.loads, strict=True):
        cycle, width = plan.writes[state.name], width_of(graph.types[state.node])
        read = signals.number(plan.ready[state.node] - 1)
        lines += [
            f"{STATE_MEMORY} #(.WIDTH({width}), .BITS({design.instance_bits})) {memory} ("
            f"  {comment(f'{state.name}, written in cycle {cycle}')}",
            f"    .clk(clk), .write(loading | valid[{cycle}]), .write_address({_unless_settled(signals.number(cycle))}),",
            f"    .d(settled ? {load} : {signals.at(state.next, cycle)}),",
            f"    .read_address({_unless_settled(read)}), .q({word}));",
        ]
    return "\n".join(lines)


def _unless_settled(number: str) -> str:
    return number if number == IN_INSTANCE else f"settled ? {IN_INSTANCE} : {number}"
