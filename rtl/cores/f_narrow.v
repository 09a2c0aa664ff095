// To a smaller format, rounded to nearest even, with subnormals. One result a clock.
// Latency: the number of ones in CUTS. Needs EXP < FROM_EXP and FRAC + 3 < FROM_FRAC, and 2^EXP > FRAC + 3.
`default_nettype none

module f_narrow #(
    parameter FROM_EXP = 11,
    parameter FROM_FRAC = 52,
    parameter EXP = 8,
    parameter FRAC = 23,
    parameter [4:0] CUTS = 5'h1f
) (
    input  wire                        clk,
    input  wire [FROM_EXP+FROM_FRAC:0] x,
    output wire [          EXP+FRAC:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam [FROM_EXP:0] REBIAS = (1 << (FROM_EXP - 1)) - (1 << (EXP - 1));
    localparam [FROM_EXP:0] LOWEST = (1 << (FROM_EXP - 1)) - (1 << (EXP - 1)) - (1 << EXP);
    localparam [FROM_EXP:0] HIGHEST = (1 << (FROM_EXP - 1)) - (1 << (EXP - 1)) + (1 << EXP);

    wire [FROM_EXP-1:0] field = x[FROM_EXP+FROM_FRAC-1:FROM_FRAC];
    wire nan = &field && |x[FROM_FRAC-1:0];
    // Far outside, the exponent would not fit; there only the sign is left of the number, or an infinity. A subnormal is below.
    wire below = {1'b0, field} < LOWEST;
    wire above = {1'b0, field} >= HIGHEST;
    /* verilator lint_off UNUSEDSIGNAL */  // where it is used, the upper bits only repeat the sign
    wire [FROM_EXP:0] rebased = {1'b0, field} - REBIAS;
    /* verilator lint_on UNUSEDSIGNAL */

    wire [2:0] control_0;
    wire [EXP+1:0] exponent_0;
    wire [FRAC+2:0] digits_0;
    wire sticky_0;
    pipeline_cut #(3, CUTS[0]) cut_0_control (clk, {x[FROM_EXP+FROM_FRAC], above, nan}, control_0);
    pipeline_cut #(EXP + 2, CUTS[0]) cut_0_exponent (
        clk, below ? {2'b11, {EXP{1'b0}}} : above ? {(EXP + 2) {1'b0}} : rebased[EXP+1:0], exponent_0
    );
    pipeline_cut #(FRAC + 3, CUTS[0]) cut_0_digits (
        clk, {|field, x[FROM_FRAC-1-:FRAC+2]}, digits_0
    );
    pipeline_cut #(1, CUTS[0]) cut_0_sticky (clk, |x[FROM_FRAC-FRAC-3:0], sticky_0);

    f_finish #(EXP, FRAC, 1'b0, CUTS[4:1]) finish (
        clk, control_0[2], control_0[1], control_0[0], exponent_0, digits_0, sticky_0, result
    );
endmodule

`default_nettype wire
