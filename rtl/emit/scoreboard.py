"""Which instance may enter an interleaved pipeline, and which has been there before."""

from __future__ import annotations

from rtl.emit.comments import comment
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
            "",
            comment(
                "busy[i]: what a row of instance i is to write cannot be read yet. in_ready is low for its next row, so that"
            ),
            comment(
                f"there is at most one: whatever the traffic, none is accepted within {plan.interval} cycles of another."
            ),
            "reg [INSTANCES-1:0] busy;",
            "always @(posedge clk)",
            "    if (rst) busy <= {INSTANCES{1'b0}};",
            "    else begin",
            f"        if (accept) busy[{IN_INSTANCE}] <= 1'b1;",
            f"        if (valid[{done}]) busy[{design.signals.number(done)}] <= 1'b0;",
            "    end",
            f"assign in_ready = ~busy[{IN_INSTANCE}];",
            "",
            comment(
                "started[i]: instance i has a state of its own in the memories; until then it has the initial values."
            ),
            "reg [INSTANCES-1:0] started;",
            "always @(posedge clk)",
            "    if (rst) started <= {INSTANCES{1'b0}};",
            f"    else if (accept | loading) started[{IN_INSTANCE}] <= 1'b1;",
            f"wire fresh = in_restart | ~started[{IN_INSTANCE}];",
            "",
            comment("settled: no row is in a cycle from 1 on."),
            "reg settled;",
            "always @(posedge clk) settled <= ~rst & ~|valid;",
            "assign idle = settled & ~accept;",
            "wire loading = load & idle;",
            f"assign {OUT_INSTANCE} = {design.signals.number(plan.depth)};",
        ]
    )
