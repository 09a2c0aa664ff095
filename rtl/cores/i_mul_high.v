// The upper WIDTH bits of a * b, both unsigned. Latency: the number of ones in CUTS. WIDTH is even.
`default_nettype none

module i_mul_high #(
    parameter WIDTH = 64,
    parameter [3:0] CUTS = 4'b1111
) (
    input  wire             clk,
    input  wire [WIDTH-1:0] a,
    input  wire [WIDTH-1:0] b,
    output wire [WIDTH-1:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam HALF = WIDTH / 2;

    wire [WIDTH-1:0] a_low = {{HALF{1'b0}}, a[HALF-1:0]};
    wire [WIDTH-1:0] a_high = {{HALF{1'b0}}, a[WIDTH-1:HALF]};
    wire [WIDTH-1:0] b_low = {{HALF{1'b0}}, b[HALF-1:0]};
    wire [WIDTH-1:0] b_high = {{HALF{1'b0}}, b[WIDTH-1:HALF]};

    /* verilator lint_off UNUSEDSIGNAL */  // the lower bits of the product only carry
    wire [WIDTH-1:0] low_0;
    /* verilator lint_on UNUSEDSIGNAL */
    wire [WIDTH-1:0] cross_0, other_0, high_0;
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_low (clk, a_low * b_low, low_0);
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_cross (clk, a_high * b_low, cross_0);
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_other (clk, a_low * b_high, other_0);
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_high (clk, a_high * b_high, high_0);

    // Of the two products in the middle and what the lowest carries: no more than three times 2^WIDTH.
    wire [WIDTH:0] middle_0 = {1'b0, cross_0} + {1'b0, other_0};
    wire [WIDTH:0] middle_1;
    wire [HALF-1:0] carried_1;
    wire [WIDTH-1:0] high_1;
    pipeline_cut #(WIDTH + 1, CUTS[1]) cut_1_middle (clk, middle_0, middle_1);
    pipeline_cut #(HALF, CUTS[1]) cut_1_carried (clk, low_0[WIDTH-1:HALF], carried_1);
    pipeline_cut #(WIDTH, CUTS[1]) cut_1_high (clk, high_0, high_1);

    /* verilator lint_off UNUSEDSIGNAL */
    wire [WIDTH:0] whole_1 = middle_1 + {{(HALF + 1) {1'b0}}, carried_1};
    /* verilator lint_on UNUSEDSIGNAL */
    wire [HALF:0] carry_2;
    wire [WIDTH-1:0] high_2;
    pipeline_cut #(HALF + 1, CUTS[2]) cut_2_carry (clk, whole_1[WIDTH:HALF], carry_2);
    pipeline_cut #(WIDTH, CUTS[2]) cut_2_high (clk, high_1, high_2);

    pipeline_cut #(WIDTH, CUTS[3]) cut_3 (clk, high_2 + {{(HALF - 1) {1'b0}}, carry_2}, result);
endmodule

`default_nettype wire
