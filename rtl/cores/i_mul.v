// a * b, two's complement, the low WIDTH bits. Latency: the number of ones in CUTS. WIDTH is even.
`default_nettype none

module i_mul #(
    parameter WIDTH = 64,
    parameter [2:0] CUTS = 3'b111
) (
    input  wire             clk,
    input  wire [WIDTH-1:0] a,
    input  wire [WIDTH-1:0] b,
    output wire [WIDTH-1:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam HALF = WIDTH / 2;

    wire [WIDTH-1:0] low_0, low_1;
    wire [HALF-1:0] cross_0, cross_other_0, high_1;
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_low (
        clk, {{HALF{1'b0}}, a[HALF-1:0]} * {{HALF{1'b0}}, b[HALF-1:0]}, low_0
    );
    pipeline_cut #(HALF, CUTS[0]) cut_0_cross (clk, a[HALF-1:0] * b[WIDTH-1:HALF], cross_0);
    pipeline_cut #(HALF, CUTS[0]) cut_0_cross_other (clk, a[WIDTH-1:HALF] * b[HALF-1:0], cross_other_0);

    pipeline_cut #(WIDTH, CUTS[1]) cut_1_low (clk, low_0, low_1);
    pipeline_cut #(HALF, CUTS[1]) cut_1_high (clk, cross_0 + cross_other_0, high_1);

    pipeline_cut #(WIDTH, CUTS[2]) cut_2 (clk, {low_1[WIDTH-1:HALF] + high_1, low_1[HALF-1:0]}, result);
endmodule

`default_nettype wire
