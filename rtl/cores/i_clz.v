// The zero bits above the highest one bit of x; WIDTH where x is 0. Latency: the number of ones in CUTS.
`default_nettype none

module i_clz #(
    parameter WIDTH = 64,
    parameter [1:0] CUTS = 2'b11
) (
    input  wire             clk,
    input  wire [WIDTH-1:0] x,
    output wire [WIDTH-1:0] result
);
    localparam BITS = $clog2(WIDTH);
    /* verilator lint_off WIDTH */  // a parameter is as wide as its value
    localparam [WIDTH-1:0] ALL = WIDTH;
    /* verilator lint_on WIDTH */

    wire [BITS-1:0] count;
    wire none;
    leading_zeros #(WIDTH, BITS, CUTS[0]) zeros (clk, x, count);
    pipeline_cut #(1, CUTS[0]) cut_0 (clk, ~|x, none);
    pipeline_cut #(WIDTH, CUTS[1]) cut_1 (clk, none ? ALL : {{(WIDTH - BITS) {1'b0}}, count}, result);
endmodule

`default_nettype wire
