// Toward zero to a signed integer of INT bits; out of range it saturates, NaN gives 0. Latency: the number of ones in CUTS.
// Needs INT > FRAC + 1 and INT - 1 <= the exponent bias.
`default_nettype none

module f_to_i #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter INT = 64,
    parameter [2:0] CUTS = 3'b111
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] x,
    output wire [   INT-1:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam DISTANCE = $clog2(INT);
    localparam [EXP:0] BIAS = (1 << (EXP - 1)) - 1;
    localparam [31:0] HIGHEST = (1 << (EXP - 1)) - 1 + INT - 1;
    localparam [EXP:0] LIMIT = HIGHEST[EXP:0];  // the exponent of 2^(INT-1)

    wire [EXP-1:0] field = x[EXP+FRAC-1:FRAC];
    wire nan = &field && |x[FRAC-1:0];
    wire none = nan || {1'b0, field} < BIAS;
    wire beyond = {1'b0, field} >= LIMIT;
    /* verilator lint_off UNUSEDSIGNAL */  // its upper bits are zero wherever it is used
    wire [EXP:0] distance = LIMIT - {1'b0, field};
    /* verilator lint_on UNUSEDSIGNAL */

    wire sign_0, none_0, beyond_0, sign_1, none_1, beyond_1;
    wire [DISTANCE-1:0] distance_0;
    wire [FRAC-1:0] fraction_0;
    wire [INT-1:0] magnitude_1;
    pipeline_cut #(3, CUTS[0]) cut_0_kind (clk, {x[EXP+FRAC], none, beyond}, {sign_0, none_0, beyond_0});
    pipeline_cut #(DISTANCE, CUTS[0]) cut_0_distance (clk, distance[DISTANCE-1:0], distance_0);
    pipeline_cut #(FRAC, CUTS[0]) cut_0_fraction (clk, x[FRAC-1:0], fraction_0);

    pipeline_cut #(3, CUTS[1]) cut_1_kind (clk, {sign_0, none_0, beyond_0}, {sign_1, none_1, beyond_1});
    pipeline_cut #(INT, CUTS[1]) cut_1_magnitude (
        clk, {1'b1, fraction_0, {(INT - FRAC - 1) {1'b0}}} >> distance_0, magnitude_1
    );

    wire [INT-1:0] converted = none_1 ? {INT{1'b0}}
                             : beyond_1 ? {sign_1, {(INT - 1) {!sign_1}}}
                             : ({INT{sign_1}} ^ magnitude_1) + {{(INT - 1) {1'b0}}, sign_1};
    pipeline_cut #(INT, CUTS[2]) cut_2 (clk, converted, result);
endmodule

`default_nettype wire
