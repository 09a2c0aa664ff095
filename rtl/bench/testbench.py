"""`<name>_tb.v`: a self-checking bench for any Verilog simulator, and the vectors it reads.

The vectors are rows of the sampled universe, some with one port spoiled, and the interpreter's results. The bench offers
them with random gaps and junk in between, lets a reset come down on rows in flight, and compares every output when out_valid
says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from compile.backend import Batch
from compile.campaign.drawing.sample import sample, universe_of
from compile.interpreter.backend import Interpreter
from dag.graphs.graph import Graph
from dag.values.types import F64, Type
from dag.values.words import Words, column_of_words, words_of_column
from rtl.bench.traffic import Traffic, columns_of, interleaved, one_at_a_time
from rtl.emit.comments import comment
from rtl.emit.design import Design
from rtl.emit.literals import size
from rtl.emit.names import IN_INSTANCE, OUT_INSTANCE, PLACE
from rtl.plan.schedule import width_of

BARS, INSTANCES, SEED = 6, 20, 20
ROWS = BARS * INSTANCES


def bench_files(design: Design) -> dict[str, str]:
    """File name -> text of the bench and of its vectors."""
    return {f"{design.bench}.v": _bench(design), _vectors_file(design): _vectors(design)}


def _vectors_file(design: Design) -> str:
    return f"{design.name}_vectors.hex"


def _vectors(design: Design) -> str:
    """For `$readmemh`: a line a row, of its controls, inputs, parameters, outputs; the first on the left."""
    graph = design.graph
    rng = np.random.default_rng(SEED)
    batch = _spoiled(graph, sample(universe_of(graph), BARS, INSTANCES, rng), rng)
    if design.instances is None:
        traffic = one_at_a_time(BARS, INSTANCES, is_loaded=False)
    else:
        traffic = interleaved(BARS, INSTANCES, is_loaded=False, held=design.instances, rng=rng).only_rows()
    fields = list(_fields(design, batch, traffic))
    lines: list[str] = []
    for row in range(ROWS):
        packed = 0
        for words, width in fields:
            packed = packed << width | int(words[row]) & ((1 << width) - 1)
        lines.append(f"{packed:x}")
    return "\n".join(lines) + "\n"


def _spoiled(graph: Graph, batch: Batch, rng: np.random.Generator) -> Batch:
    """`batch` with an arbitrary word in one input of every fifth row or so, and of every second first bar.

    Only a first bar that is rejected shows whether an initial value, kept by that bar, waits for as long as it must.
    """
    shape = (BARS, INSTANCES)
    inputs = dict(batch.inputs)
    each = np.array([2] + [5] * (BARS - 1))[:, np.newaxis]
    which = rng.integers(0, each * max(len(inputs), 1), shape)
    for index, port in enumerate(graph.inputs):
        type_ = graph.types[port.node]
        arbitrary = rng.integers(0, 1 << width_of(type_), shape, dtype=np.uint64, endpoint=False)
        inputs[port.name] = np.where(which == index, column_of_words(arbitrary, type_), inputs[port.name])
    return Batch(inputs, batch.params, None, BARS, INSTANCES)


def _fields(design: Design, batch: Batch, traffic: Traffic) -> Iterator[tuple[Words, int]]:
    """The columns of the vectors, in the order of the ports of `_bench`, and their widths."""
    graph = design.graph
    interpreter = Interpreter()
    outputs = [output.node for output in graph.outputs]
    found = interpreter.load(graph, interpreter.lower(graph)).run(batch, outputs)
    columns = columns_of(design, batch, traffic) | {"in_restart": traffic.restarts.astype(np.uint64)}
    for port, width in _ports_in(design).items():
        yield columns[port], width
    for node in outputs:
        words = words_of_column(found.nodes[node], graph.types[node])
        yield words[traffic.bars, traffic.instances], width_of(graph.types[node])
    if design.instances is not None:
        yield columns[IN_INSTANCE], design.instance_bits


def _controls(design: Design) -> dict[str, int]:
    """The ports that stand with a row while it waits, and their widths."""
    restart = {"in_restart": 1} if design.graph.states else {}
    return {**restart, IN_INSTANCE: design.instance_bits} if design.instances is not None else restart


def _ports_in(design: Design) -> dict[str, int]:
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


def _bench(design: Design) -> str:
    graph, ports = design.graph, design.ports
    into, out = _ports_in(design), _ports_out(design)
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
        vectors=_vectors_file(design),
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
