"""What moves rows through a design: the handshake, validity, restarts and the carried state."""

from __future__ import annotations

from rtl.emit.comments import comment
from rtl.emit.dataflow import delay_lines, is_live
from rtl.emit.design import Design
from rtl.emit.literals import literal, size
from rtl.emit.memory import memory_reads, memory_writes
from rtl.emit.scoreboard import scoreboard
from rtl.plan.schedule import width_of


def handshake(design: Design) -> str:
    """Acceptance of rows, and where in the pipeline there is one."""
    plan, last = design.plan, design.last_cycle
    lines = [
        f"localparam LATENCY = {plan.depth};",
        "",
        comment(f"valid[n]: there is a row in cycle n. The last thing a row does is in cycle {last}."),
        "wire accept = in_valid & in_ready;",
        f"reg  [{last}:1] valid_after;",
        f"wire [{last}:0] valid = {{valid_after, accept}};",
        f"always @(posedge clk) valid_after <= rst ? {last}'d0 : valid[{last - 1}:0];",
        "assign out_valid = valid[LATENCY];",
        "",
    ]
    if design.instances is not None:
        return "\n".join([*lines, scoreboard(design)])
    lines += (
        _waiting(plan.interval) if plan.interval > 1 else [comment("A row every cycle."), "assign in_ready = 1'b1;"]
    )
    if design.graph.states:
        lines += ["", "assign idle = ~|valid;"]
    return "\n".join(lines)


def _waiting(interval: int) -> list[str]:
    bits = interval.bit_length()
    return [
        comment("Cycles until what the last row wrote can be read; a fresh instance reads none of it."),
        f"localparam [{bits - 1}:0] INTERVAL = {bits}'d{interval};",
        f"reg [{bits - 1}:0] busy_for;",
        "always @(posedge clk)",
        f"    if (rst) busy_for <= {bits}'d0;",
        f"    else if (accept) busy_for <= INTERVAL - {bits}'d1;",
        f"    else if (busy_for != {bits}'d0) busy_for <= busy_for - {bits}'d1;",
        f"assign in_ready = in_restart | (busy_for == {bits}'d0);",
    ]


def state_reads(design: Design) -> str:
    """The carried values as a row sees them, and the registers they are kept in."""
    graph, plan, signals = design.graph, design.plan, design.signals
    if not graph.states:
        return ""
    if design.instances is not None:
        return memory_reads(design)
    lines = [comment("---- state, as the row before left it"), *delay_lines(signals.restarts)]
    for state, register, save in zip(graph.states, signals.registers, design.ports.saves, strict=True):
        node, type_ = state.node, graph.types[state.node]
        if type_.is_array:
            continue
        cycle = plan.ready[node]
        width = size(width_of(type_))
        lines += [
            f"reg  {width}{register};",
            f"wire {width}{signals.fresh(node)} = {signals.restart(cycle)} ? {literal(state.initial, type_)} : {register};"
            f"  {comment(f'{graph.names[node]}, cycle {cycle}')}",
            f"assign {save} = {register};",
            *delay_lines(piece for piece in signals.lines[node] if is_live(design, node, piece)),
        ]
    return "\n".join(lines)


def state_writes(design: Design) -> str:
    """When the carried values are written."""
    graph, plan, signals = design.graph, design.plan, design.signals
    if not graph.states:
        return ""
    if design.instances is not None:
        return memory_writes(design)
    lines = [comment("---- state, as the next row will read it")]
    for state, register, load in zip(graph.states, signals.registers, design.ports.loads, strict=True):
        if graph.types[state.node].is_array:
            continue
        cycle = plan.writes[state.name]
        lines += [
            f"always @(posedge clk)  {comment(f'{state.name}, written in cycle {cycle}')}",
            f"    if (rst) {register} <= {literal(state.initial, graph.types[state.node])};",
            f"    else if (load & idle) {register} <= {load};",
            f"    else if (valid[{cycle}]) {register} <= {signals.at(state.next, cycle)};",
        ]
    return "\n".join(lines)
