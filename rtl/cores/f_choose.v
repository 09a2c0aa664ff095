// Python's min (LARGER 0: `b if b < a else a`) and max (LARGER 1: `b if b > a else a`). The operands' order decides which
// zero, and whether a NaN, comes out; what comes out is one of them, bit for bit. Latency: the number of ones in CUTS.
`default_nettype none

module f_choose #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [0:0] LARGER = 1'b0,
    parameter [1:0] CUTS = 2'b10
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire [EXP+FRAC:0] result
);
    localparam WIDTH = 1 + EXP + FRAC;

    wire takes_b_0;
    wire [WIDTH-1:0] a_0, b_0;
    f_compare #(
        .EXP(EXP), .FRAC(FRAC), .LESS(!LARGER), .GREATER(LARGER), .CUTS({CUTS[0], 1'b0})
    ) compare (.clk(clk), .a(b), .b(a), .result(takes_b_0));
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_a (clk, a, a_0);
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_b (clk, b, b_0);
    pipeline_cut #(WIDTH, CUTS[1]) cut_1 (clk, takes_b_0 ? b_0 : a_0, result);
endmodule

`default_nettype wire
