"""The operators of a design, lane by lane, and the delays between them."""

from __future__ import annotations

from collections.abc import Iterable

from compile.c.text.order import grouped_by_lane
from dag.operators.table import GET
from rtl.emit.arrays import array_read
from rtl.emit.comments import comment, lane_banner, source_line, value_note
from rtl.emit.design import Design
from rtl.emit.literals import size
from rtl.emit.signals import Segment
from rtl.plan.lowering import Access, Core, Expression
from rtl.plan.schedule import width_of


def lanes(design: Design, live: bool) -> str:
    """The operators on which an output or a state depends (`live`), or all the others; operands before their readers."""
    graph, wanted = design.graph, design.plan.live
    lines: list[str] = []
    shown = ""
    for scope, nodes in grouped_by_lane(graph):
        body: list[str] = []
        for node in nodes:
            if wanted[node] is live:
                line = source_line(graph, node)
                if line and line != shown:
                    body.append(comment(line))
                shown = line or shown
                body += _operator(design, node)
            # A value that an output depends on may be kept longer for a tap alone.
            body += delay_lines(piece for piece in design.signals.lines[node] if is_live(design, node, piece) is live)
        if body:
            lines += ["", lane_banner(graph, graph.scopes[scope]), *body]
    return "\n".join(lines).strip("\n")


def is_live(design: Design, node: int, piece: Segment) -> bool:
    """Whether an output or a state depends on this piece of the delay line of `node`."""
    return design.plan.live[node] and piece.at <= design.plan.last_needed[node]


def delay_lines(pieces: Iterable[Segment]) -> list[str]:
    """One statement for each piece of a delay line."""
    return [
        f"wire {size(piece.width)}{piece.result}; dagc_delay #(.WIDTH({piece.width}), .DEPTH({piece.cycles})) "
        f"{piece.instance} (.clk(clk), .rst(rst), .d({piece.source}), .q({piece.result}));"
        for piece in pieces
    ]


def _operator(design: Design, node: int) -> list[str]:
    graph, plan, signals = design.graph, design.plan, design.signals
    operator = plan.operators[node]
    assert operator
    operands = {name: signals.at(arg, plan.start[node]) for name, arg in operator.operands.items()}
    note = comment(value_note(graph, node, plan.ready[node]))
    wire = f"wire {size(width_of(graph.types[node]))}{signals.fresh(node)}"
    row = operator.row
    match row:
        case Access():
            return array_read(design, node) if graph.ops[node] is GET else []
        case Expression():
            return [f"{wire} = {row.template.format(**operands)};  {note}"]
        case Core():
            settings = ", ".join(f".{name}({value})" for name, value in row.parameters)
            wiring = "".join(f".{name}({value}), " for name, value in operands.items())
            chosen = f"{row.module} #({settings})" if settings else row.module
            return [
                f"{wire};  {note}",
                f"{chosen} {signals.instances[node]} (.clk(clk), {wiring}.result({signals.fresh(node)}));",
            ]
