// Word n mod LENGTH of a constant table, its first word in the lowest bits of TABLE. LENGTH is a power of two. Latency: the
// number of ones in CUTS.
`default_nettype none

module i_lookup #(
    parameter LENGTH = 2,
    parameter [64*LENGTH-1:0] TABLE = {LENGTH{64'd0}},
    parameter [1:0] CUTS = 2'b10
) (
    input  wire        clk,
    /* verilator lint_off UNUSEDSIGNAL */  // the bits of n above those of a place
    input  wire [63:0] n,
    /* verilator lint_on UNUSEDSIGNAL */
    output wire [63:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam BITS = $clog2(LENGTH);

    wire [BITS-1:0] place;
    pipeline_cut #(BITS, CUTS[0]) cut_0 (clk, n[BITS-1:0], place);
    pipeline_cut #(64, CUTS[1]) cut_1 (clk, TABLE[{place, 6'd0}+:64], result);
endmodule

`default_nettype wire
