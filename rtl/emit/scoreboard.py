"""Which instance may enter an interleaved pipeline, and which has been there before."""

from __future__ import annotations

from rtl.emit.comments import comment
from rtl.emit.dataflow import delay_lines
from rtl.emit.design import Design
from rtl.emit.names import IN_INSTANCE, OUT_INSTANCE


def scoreboard(design: Design) -> str:
    """A bit for each instance that must wait, and one for each that has a state."""
    plan, count = design.plan, design.instances
    assert count is not None
    done = plan.interval - 1
    return "\n".join(
        [
            f"localparam INSTANCES = {count};",
            *delay_lines(design.signals.numbers),
            f"assign {OUT_INSTANCE} = {design.signals.number(plan.depth)};",
            "",
            comment("settled: no row is in a cycle from 1 on."),
            "reg settled;",
            "always @(posedge clk) settled <= ~rst & ~|valid;",
            "assign idle = settled & ~accept;",
            "wire loading = load & idle;",
            "",
            comment(
                "busy[i]: what the last row of instance i writes cannot be read yet. in_ready is low for it: whatever the"
            ),
            comment(f"traffic, no two rows of an instance are less than {plan.interval} cycles apart."),
            "reg [INSTANCES-1:0] busy;",
            "always @(posedge clk)",
            "    if (rst) busy <= {INSTANCES{1'b0}};",
            "    else begin",
            f"        if (accept) busy[{IN_INSTANCE}] <= 1'b1;",
            f"        if (valid[{done}]) busy[{design.signals.number(done)}] <= 1'b0;",
            "    end",
            f"assign in_ready = ~busy[{IN_INSTANCE}];",
            "",
            comment("started[i]: instance i has a state in the memories; until then it has the initial values."),
            "reg [INSTANCES-1:0] started;",
            "always @(posedge clk)",
            "    if (rst) started <= {INSTANCES{1'b0}};",
            f"    else if (accept | loading) started[{IN_INSTANCE}] <= 1'b1;",
            f"wire fresh = in_restart | ~started[{IN_INSTANCE}];",
        ]
    )
