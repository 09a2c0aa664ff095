// To a larger format: exact. Latency: the number of ones in CUTS. Needs EXP > FROM_EXP and FRAC > FROM_FRAC, and that the
// subnormals of the smaller format are normal in the larger one.
`default_nettype none

module f_widen #(
    parameter FROM_EXP = 8,
    parameter FROM_FRAC = 23,
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [1:0] CUTS = 2'b11
) (
    input  wire                        clk,
    input  wire [FROM_EXP+FROM_FRAC:0] x,
    output wire [          EXP+FRAC:0] result
);
    localparam ZEROS = $clog2(FROM_FRAC);
    localparam [EXP-1:0] REBIAS = (1 << (EXP - 1)) - (1 << (FROM_EXP - 1));

    wire [FROM_EXP-1:0] field = x[FROM_EXP+FROM_FRAC-1:FROM_FRAC];
    wire [FROM_FRAC-1:0] fraction = x[FROM_FRAC-1:0];
    wire [ZEROS-1:0] zeros, zeros_0;
    leading_zeros #(FROM_FRAC, ZEROS) count_zeros (clk, fraction, zeros);
    wire [4:0] control_0;  // sign, an infinity or NaN, NaN, subnormal or zero, zero
    wire [FROM_EXP-1:0] field_0;
    wire [FROM_FRAC-1:0] fraction_0;
    pipeline_cut #(5, CUTS[0]) cut_0_control (
        clk,
        {x[FROM_EXP+FROM_FRAC], &field, &field && |fraction, !(|field), !(|field) && !(|fraction)},
        control_0
    );
    pipeline_cut #(FROM_EXP, CUTS[0]) cut_0_field (clk, field, field_0);
    pipeline_cut #(FROM_FRAC, CUTS[0]) cut_0_fraction (clk, fraction, fraction_0);
    pipeline_cut #(ZEROS, CUTS[0]) cut_0_zeros (clk, zeros, zeros_0);

    // A subnormal's leading one becomes the one that is not stored.
    wire sign_0 = control_0[4];
    wire [FROM_FRAC-1:0] moved = (fraction_0 << zeros_0) << 1;
    wire [EXP-1:0] normal = {{(EXP - FROM_EXP) {1'b0}}, field_0} + REBIAS;
    wire [EXP-1:0] subnormal = REBIAS - {{(EXP - ZEROS) {1'b0}}, zeros_0};
    wire [EXP+FRAC:0] widened =
        control_0[2] ? {1'b0, {EXP{1'b1}}, 1'b1, {(FRAC - 1) {1'b0}}}
        : control_0[3] ? {sign_0, {EXP{1'b1}}, {FRAC{1'b0}}}
        : control_0[0] ? {sign_0, {(EXP + FRAC) {1'b0}}}
        : control_0[1] ? {sign_0, subnormal, moved, {(FRAC - FROM_FRAC) {1'b0}}}
        : {sign_0, normal, fraction_0, {(FRAC - FROM_FRAC) {1'b0}}};
    pipeline_cut #(1 + EXP + FRAC, CUTS[1]) cut_1 (clk, widened, result);
endmodule

`default_nettype wire
