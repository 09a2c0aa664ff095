"""The AXI4-Stream module around a pipeline, and the map of its words."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from compile.backend import Files
from dag.graphs.graph import Graph, Input, Output, Param
from rtl.emit.design import Design
from rtl.emit.project import project_files, sources_of
from rtl.plan.schedule import width_of

#: The module that has the credits and the FIFO.
STREAM = "dagc_stream"
#: Bits of a word of a stream: each port has one of its own.
WORD = 64


def stream_files(design: Design) -> Files:
    """The pipeline with a module around it that other modules can make wait: sources, a list of them, and the map of the words.

    Raises ValueError for an interleaved design, whose rows have instances.
    """
    if design.instances is not None:
        raise ValueError("a stream is of one instance: its rows have no numbers")
    name = f"{design.name}_axis"
    files = project_files(design)
    sources = {path: files[path] for path in sources_of(design)}
    own = {
        f"rtl/{STREAM}.v": (resources.files("rtl.stream") / f"{STREAM}.v").read_bytes(),
        f"rtl/{name}.v": _module(design, name).encode(),
    }
    listed = "".join(f"{path.removeprefix('rtl/')}\n" for path in (*sources, *own))
    return {
        **sources,
        **own,
        f"rtl/{name}.f": listed.encode(),
        f"rtl/{name}.json": (json.dumps(words_of(design, name), indent=1) + "\n").encode(),
    }


def words_of(design: Design, name: str) -> dict[str, Any]:
    """Where each port's word is in `tdata`: the lowest bit, its width, its type and its unit."""
    graph = design.graph

    def told(ports: list[Input | Param] | list[Output]) -> list[dict[str, Any]]:
        return [
            {
                "name": port.name,
                "bit": WORD * place,
                "width": width_of(graph.types[port.node]),
                "type": str(graph.types[port.node]),
                "unit": graph.units[port.node],
            }
            for place, port in enumerate(ports)
        ]

    return {
        "module": name,
        "graph": graph.content_hash,
        "s_axis_tdata": told(list(graph.ports())),
        "m_axis_tdata": told(list(graph.outputs)),
        "depth": depth_of(design),
        "latency": design.plan.depth,
        "interval": design.plan.interval,
    }


def depth_of(design: Design) -> int:
    """Places of the FIFO: a power of two, and enough for a row in every interval while the first result is on its way."""
    wanted = design.plan.depth // design.plan.interval + 4
    return 1 << (wanted - 1).bit_length()


def _module(design: Design, name: str) -> str:
    graph, ports = design.graph, design.ports
    taken, given = list(graph.ports()), list(graph.outputs)
    width_in, width_out = WORD * len(taken), WORD * len(given)
    wiring = [
        "        .clk(aclk),",
        "        .rst(~aresetn),",
        "        .in_valid(row_valid),",
        "        .in_ready(row_ready),",
    ]
    if graph.states:
        wiring += ["        .in_restart(row[0]),", "        .idle(),", "        .load(1'b0),"]
        wiring += [
            f"        .{load}({_zero(graph, state.node)}),"
            for load, state in zip(ports.loads, graph.states, strict=True)
        ]
        wiring += [f"        .{save}()," for save in ports.saves]
        if design.place_bits:
            wiring.append(f"        .state_place({design.place_bits}'d0),")
    restart = 1 if graph.states else 0
    for place, port in enumerate(taken):
        wiring.append(
            f"        .{ports.data_in[port.node]}(row[{restart + WORD * place}+:{_width(graph, port.node)}]),"
        )
    for place, (output, called) in enumerate(zip(given, ports.outputs, strict=True)):
        wiring.append(f"        .{called}(result[{WORD * place}+:{_width(graph, output.node)}]),")
    unused = [
        f"    assign result[{WORD * place + width}+:{WORD - width}] = {WORD - width}'d0;"
        for place, output in enumerate(given)
        if (width := _width(graph, output.node)) < WORD
    ]
    user = (
        "    input  wire                s_axis_tuser,  // the row is the first bar of a fresh instance\n"
        if graph.states
        else ""
    )
    row = "{s_axis_tdata, s_axis_tuser}" if graph.states else "s_axis_tdata"
    return f"""\
// {name}.v: `{graph.name}` behind AXI4-Stream, made by dagc from graph {graph.content_hash}. Do not edit.
//
// A transfer of s_axis is a row: a word of {WORD} bits for each input and then for each parameter, the lowest bits of it used. A
// transfer of m_axis is its results, a word each; both are listed in {name}.json. Results come in the order of the rows, one for
// each; tlast goes with its row. Either side may wait as long as it likes.
`default_nettype none

module {name} #(
    parameter DEPTH = {depth_of(design)}  // results that may wait; a power of two
) (
    input  wire                aclk,
    input  wire                aresetn,  // synchronous; forgets every row, and the state
    input  wire                s_axis_tvalid,
    output wire                s_axis_tready,
    input  wire [{width_in - 1}:0] s_axis_tdata,
{user}    input  wire                s_axis_tlast,
    output wire                m_axis_tvalid,
    input  wire                m_axis_tready,
    output wire [{width_out - 1}:0] m_axis_tdata,
    output wire                m_axis_tlast
);
    wire row_valid, row_ready, result_valid;
    /* verilator lint_off UNUSEDSIGNAL */  // the upper bits of narrow words
    wire [{width_in - 1 + restart}:0] row;
    /* verilator lint_on UNUSEDSIGNAL */
    wire [{width_out - 1}:0] result;
{chr(10).join(unused)}
    {STREAM} #(.IN({width_in + restart}), .OUT({width_out}), .DEPTH(DEPTH)) stream (
        .clk(aclk),
        .rst(~aresetn),
        .s_tvalid(s_axis_tvalid),
        .s_tready(s_axis_tready),
        .s_tdata({row}),
        .s_tlast(s_axis_tlast),
        .m_tvalid(m_axis_tvalid),
        .m_tready(m_axis_tready),
        .m_tdata(m_axis_tdata),
        .m_tlast(m_axis_tlast),
        .row_valid(row_valid),
        .row_ready(row_ready),
        .row(row),
        .done_valid(result_valid),
        .done(result)
    );

    {design.name} pipeline (
{chr(10).join(wiring)}
        .out_valid(result_valid)
    );
endmodule

`default_nettype wire
"""


def _width(graph: Graph, node: int) -> int:
    return width_of(graph.types[node])


def _zero(graph: Graph, node: int) -> str:
    return f"{_width(graph, node)}'d0"
