// IEEE 754 a * b, rounded to nearest even, with subnormals. One result a clock.
// With FLUSH: a zero of its sign where that is no larger than the least normal number. No operand may then be subnormal, and the
// cuts 1, 2, 3, 9 and 10 have no logic between them.
// Latency: the number of ones in CUTS. Needs EXP >= 3 and FRAC < 2^EXP.
`default_nettype none

module f_mul #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [0:0] FLUSH = 1'b0,
    parameter [11:0] CUTS = 12'hfff
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire [EXP+FRAC:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam SIG = FRAC + 1;

    wire sign_6, special_6, invalid_6, unused_zero;
    wire [EXP+1:0] exponent_6, exponent_7;
    wire [2*SIG-1:0] product_6;
    f_product #(EXP, FRAC, FLUSH, CUTS[6:0]) multiply (
        clk, a, b, sign_6, special_6, invalid_6, unused_zero, exponent_6, product_6
    );

    // f_finish wants the first SIG + 2 of the 2 * SIG digits, and whether there are more.
    wire [2:0] control_7;
    wire [SIG+1:0] digits_7;
    wire sticky_7;
    pipeline_cut #(3, CUTS[7]) cut_7_control (clk, {sign_6, special_6, invalid_6}, control_7);
    pipeline_cut #(EXP + 2, CUTS[7]) cut_7_exponent (clk, exponent_6, exponent_7);
    pipeline_cut #(SIG + 2, CUTS[7]) cut_7_digits (clk, product_6[2*SIG-1-:SIG+2], digits_7);
    pipeline_cut #(1, CUTS[7]) cut_7_sticky (clk, |product_6[SIG-3:0], sticky_7);

    f_finish #(EXP, FRAC, FLUSH, CUTS[11:8]) finish (
        clk, control_7[2], control_7[1], control_7[0], exponent_7, digits_7, sticky_7, result
    );
endmodule

`default_nettype wire
