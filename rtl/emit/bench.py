"""`<name>_tb.v`: a self-checking bench for any Verilog simulator.

It reads `<name>_vectors.hex`, which `rtl.bench.vectors` samples: a line a row, its controls, inputs, parameters and expected
outputs. The bench offers the rows with random gaps and junk in between, resets the pipeline while rows are in flight, and compares
every output when out_valid is high.
"""

from __future__ import annotations

from dag.values.types import F64, Type
from rtl.emit.comments import comment
from rtl.emit.design import Design
from rtl.emit.literals import size
from rtl.emit.names import IN_INSTANCE, OUT_INSTANCE, PLACE
from rtl.plan.schedule import width_of

#: The shape of the rows that the bench plays.
BARS, INSTANCES = 6, 20
ROWS = BARS * INSTANCES


def vectors_file(design: Design) -> str:
    """The file that the bench reads, beside it."""
    return f"{design.name}_vectors.hex"


def _controls(design: Design) -> dict[str, int]:
    """The ports that stand with a row while it waits, and their widths."""
    restart = {"in_restart": 1} if design.graph.states else {}
    return {**restart, IN_INSTANCE: design.instance_bits} if design.instances is not None else restart


def ports_in(design: Design) -> dict[str, int]:
    """The ports that are sampled with a row, and their widths."""
    types = design.graph.types
    return {**_controls(design), **{port: width_of(types[node]) for node, port in design.ports.data_in.items()}}


def _ports_out(design: Design) -> dict[str, Type | int]:
    """The ports of a row's results: the types of values, the width of the instance's number."""
    values = zip(design.graph.outputs, design.ports.outputs, strict=True)
    out: dict[str, Type | int] = {port: design.graph.types[each.node] for each, port in values}
    return {**out, OUT_INSTANCE: design.instance_bits} if design.instances is not None else out


def _width(port: Type | int) -> int:
    return port if isinstance(port, int) else width_of(port)


def bench_text(design: Design) -> str:
    """The bench of `design`, a module called `design.bench`."""
    graph, ports = design.graph, design.ports
    into, out = ports_in(design), _ports_out(design)
    wiring = [f".{port}({port})" for port in ("clk", "rst", "in_valid", "in_ready", *into, *out, "out_valid")]
    if graph.states:
        wiring += [".idle()", ".load(1'b0)"]
        wiring += [f".{PLACE}({design.place_bits}'d0)"] if design.place_bits else []
        for state, load, save in zip(graph.states, ports.loads, ports.saves, strict=True):
            wiring += [f".{load}({width_of(graph.types[state.node])}'d0)", f".{save}()"]
    held = sum(_controls(design).values())
    return _TEXT.format(
        title=comment(f"{design.bench}.v: `{graph.name}` against its vectors. Made by dagc; do not edit."),
        name=design.name,
        bench=design.bench,
        vectors=vectors_file(design),
        rows=ROWS,
        bits_in=max(sum(into.values()), 1),
        bits_out=sum(_width(port) for port in out.values()),
        patience=20 * (design.plan.depth + ROWS * design.plan.interval) + 1000,
        settle=design.plan.depth + 1,
        inputs="\n".join(f"    wire {size(width)}{port};" for port, width in into.items()),
        outputs="\n".join(f"    wire {size(_width(what))}{port};" for port, what in out.items()),
        expected="\n".join(f"    wire {size(_width(what))}expected_{port};" for port, what in out.items()),
        row=f"assign {{{', '.join(into)}}} = row;" if into else "",
        all_expected=", ".join(f"expected_{port}" for port in out),
        wiring=",\n".join(f"        {pin}" for pin in wiring),
        checks="\n".join(_check(port, what) for port, what in out.items()),
        waiting=_WAITING.format(held=held) if held else "        end",
    )


def _check(port: str, what: Type | int) -> str:
    same = f"{port} === expected_{port}"
    if isinstance(what, Type) and what.is_float:
        is_nan = "is_nan" if what == F64 else "is_nan_32"
        same += f" || ({is_nan}({port}) && {is_nan}(expected_{port}))"
    return f"""\
            if (!({same})) begin
                wrong = wrong + 1;
                $display("row %0d: {port} is %h, expected %h", checked, {port}, expected_{port});
            end"""


_WAITING = """\
            // It waits; nothing else of it may be looked at.
            row[BITS_IN-1 -: {held}] = vectors[accepted][BITS_IN+BITS_OUT-1 -: {held}];
        end"""

_TEXT = """\
{title}
// Prints PASS, or each value that differs and FAIL.   iverilog -g2005 -o bench -c {name}.f {bench}.v && vvp bench
`timescale 1ns / 1ps
`default_nettype none
module {bench};
    localparam ROWS = {rows};
    localparam LOST = 5;  // rows let in before a reset comes down on them
    localparam BITS_IN = {bits_in};
    localparam BITS_OUT = {bits_out};

    reg [BITS_IN+BITS_OUT-1:0] vectors [0:ROWS-1];
    initial $readmemh("{vectors}", vectors);

    reg  clk = 1'b0;
    reg  rst = 1'b1;
    reg  in_valid = 1'b0;
    wire in_ready, out_valid;
    reg  [BITS_IN-1:0] row;
{inputs}
{outputs}
    {row}

    {name} pipeline (
{wiring}
    );

    always #1 clk = !clk;

    integer accepted = 0, checked = 0, wrong = 0, goal = 0, seed = 1, k;

    // What stands on the ports while no row does, random words or another row: a value read early or late is a wrong one.
    reg [BITS_IN+31:0] junk;
    always @(negedge clk) begin
        for (k = 0; k < BITS_IN; k = k + 32) junk[k +: 32] = $random(seed);
        if ($random(seed) & 1) junk[BITS_IN-1:0] = vectors[$unsigned($random(seed)) % ROWS][BITS_IN+BITS_OUT-1:BITS_OUT];
        in_valid = !rst && accepted < goal && ($random(seed) & 3) != 0;
        row = in_valid ? vectors[accepted][BITS_IN+BITS_OUT-1:BITS_OUT] : junk[BITS_IN-1:0];
        #0.25 if (in_valid && !in_ready) begin
            row = junk[BITS_IN-1:0];
{waiting}
    end

    function is_nan(input [63:0] x);
        is_nan = x[62:0] > 63'h7ff0000000000000;
    endfunction

    function is_nan_32(input [31:0] x);
        is_nan_32 = x[30:0] > 31'h7f800000;
    endfunction

{expected}
    assign {{{all_expected}}} = vectors[checked][BITS_OUT-1:0];
    always @(posedge clk) if (!rst) begin
        if (in_valid && in_ready) accepted <= accepted + 1;
        if (out_valid) begin
{checks}
            checked <= checked + 1;
        end
    end

    initial begin
        repeat (4) @(negedge clk);
        rst = 1'b0;
        goal = LOST;
        wait (accepted == LOST);
        @(negedge clk) rst = 1'b1;
        repeat (4) @(negedge clk);
        accepted = 0;
        checked = 0;
        goal = ROWS;
        rst = 1'b0;
        wait (checked == ROWS);
        repeat ({settle}) @(negedge clk);
        if (wrong == 0 && checked == ROWS) $display("PASS: %0d rows", checked);
        else $display("FAIL: %0d values differ in %0d rows, of %0d", wrong, checked, ROWS);
        $finish;
    end

    initial begin
        repeat ({patience}) @(posedge clk);
        $display("FAIL: %0d of %0d rows came out", checked, ROWS);
        $finish;
    end
endmodule
`default_nettype wire
"""
