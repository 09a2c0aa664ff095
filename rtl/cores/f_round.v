// To an integral value, the sign of zero kept. MODE 0 is rint (ties to even), 1 floor, 2 ceil, 3 trunc.
// Latency: the number of ones in CUTS. Needs FRAC < 2^(EXP-1).
`default_nettype none

module f_round #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter MODE = 0,
    parameter [2:0] CUTS = 3'b111
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] x,
    output wire [EXP+FRAC:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam WIDTH = 1 + EXP + FRAC;
    localparam [EXP-1:0] BIAS = {1'b0, {(EXP - 1) {1'b1}}};
    localparam [EXP-1:0] ONE = {{(EXP - 1) {1'b0}}, 1'b1};

    // `behind` marks the bits of the fraction behind the point. In [1, 2) that is all of them, and the last bit of the
    // exponent, which is a one there, stands for the leading one that is not stored.
    wire [EXP-1:0] field = x[WIDTH-2:FRAC];
    wire [EXP-1:0] whole_bits = field - BIAS;
    wire [FRAC:0] behind = {1'b0, {FRAC{1'b1}} >> whole_bits};
    wire below_one = field < BIAS;
    wire integral = field >= BIAS + FRAC[EXP-1:0];
    wire nan = &field && |x[FRAC-1:0];

    wire below_one_0, integral_0, nan_0;
    wire [WIDTH-1:0] x_0, x_1;
    wire [FRAC:0] behind_0, behind_1;
    pipeline_cut #(3, CUTS[0]) cut_0_kind (clk, {below_one, integral, nan}, {below_one_0, integral_0, nan_0});
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_x (clk, x, x_0);
    pipeline_cut #(FRAC + 1, CUTS[0]) cut_0_behind (clk, behind, behind_0);

    // Half a unit, what comes after it, and whether the unit itself is odd. Below one they read off the exponent.
    wire [FRAC:0] low = x_0[FRAC:0];
    wire [EXP-1:0] field_0 = x_0[WIDTH-2:FRAC];
    wire at_least_half = field_0 == BIAS - ONE;
    wire half = below_one_0 ? at_least_half : |(low & (behind_0 ^ (behind_0 >> 1)));
    wire rest = below_one_0 ? (at_least_half ? |low[FRAC-1:0] : |x_0[WIDTH-2:0]) : |(low & (behind_0 >> 1));
    wire odd = !below_one_0 && |(low & {behind_0[FRAC-1:0], 1'b1} & ~behind_0);
    wire up = MODE == 0 ? half && (rest || odd)
            : MODE == 1 ? x_0[WIDTH-1] && (half || rest)
            : MODE == 2 ? !x_0[WIDTH-1] && (half || rest)
            : 1'b0;

    wire below_one_1, integral_1, nan_1, up_1;
    pipeline_cut #(4, CUTS[1]) cut_1_kind (
        clk, {below_one_0, integral_0, nan_0, up}, {below_one_1, integral_1, nan_1, up_1}
    );
    pipeline_cut #(WIDTH, CUTS[1]) cut_1_x (clk, x_0, x_1);
    pipeline_cut #(FRAC + 1, CUTS[1]) cut_1_behind (clk, behind_0, behind_1);

    // One unit up may carry into the exponent, which is then the next power of two, as it should.
    wire sign_1 = x_1[WIDTH-1];
    wire [FRAC:0] unit = {behind_1[FRAC-1:0], 1'b1} & ~behind_1;
    wire [WIDTH-2:0] cleared = {x_1[WIDTH-2:FRAC+1], x_1[FRAC:0] & ~behind_1};
    wire [WIDTH-2:0] stepped = cleared + {{(EXP - 1) {1'b0}}, up_1 ? unit : {(FRAC + 1) {1'b0}}};
    wire [WIDTH-1:0] rounded = nan_1 ? {1'b0, {EXP{1'b1}}, 1'b1, {(FRAC - 1) {1'b0}}}
                             : integral_1 ? x_1
                             : below_one_1 ? {sign_1, up_1 ? BIAS : {EXP{1'b0}}, {FRAC{1'b0}}}
                             : {sign_1, stepped};
    pipeline_cut #(WIDTH, CUTS[2]) cut_2 (clk, rounded, result);
endmodule

`default_nettype wire
