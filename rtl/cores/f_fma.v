// IEEE 754 a * b + c rounded once, to nearest even, with subnormals. One result a clock.
// With FLUSH: a zero of its sign where that is no larger than the least normal number. No operand may then be subnormal, and the
// cuts 1, 2, 3, 17 and 18 have no logic between them.
// Latency: the number of ones in CUTS: 7 for the product, 9 to align, add and normalise, 4 to finish.
// Needs EXP >= 3 and 3 * FRAC + 8 < 2^(EXP+1).
`default_nettype none

module f_fma #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [0:0] FLUSH = 1'b0,
    parameter [19:0] CUTS = 20'hfffff
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    input  wire [EXP+FRAC:0] c,
    output wire [EXP+FRAC:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam WIDTH = 1 + EXP + FRAC;
    localparam SIG = FRAC + 1;
    localparam SUM = 2 * SIG + 3;  // the product, and two digits and a sticky bit behind it
    localparam TOTAL = SUM + 1;  // with a carry
    localparam DISTANCE = $clog2(SUM);
    localparam NEAR = DISTANCE / 2;
    localparam ZEROS = $clog2(TOTAL);
    localparam FINE = ZEROS / 2;
    localparam [EXP+1:0] ONE = 1;

    wire sign_6, special_6, invalid_6, zero_6;
    wire [EXP+1:0] exponent_6;
    wire [2*SIG-1:0] product_6;
    f_product #(EXP, FRAC, FLUSH, CUTS[6:0]) multiply (
        clk, a, b, sign_6, special_6, invalid_6, zero_6, exponent_6, product_6
    );
    genvar k;
    generate
        for (k = 0; k < 7; k = k + 1) begin : waits
            wire [WIDTH-1:0] early, late;
            if (k == 0) begin : first
                assign early = c;
            end else begin : later
                assign early = waits[k-1].late;
            end
            pipeline_cut #(WIDTH, CUTS[k]) cut_c (clk, early, late);
        end
    endgenerate

    wire [WIDTH-1:0] c_6 = waits[6].late;
    wire [EXP-1:0] c_field = c_6[WIDTH-2:FRAC];
    wire c_normal = |c_field;
    wire c_infinite = &c_field && !(|c_6[FRAC-1:0]);
    wire c_nan = &c_field && |c_6[FRAC-1:0];
    wire [EXP+1:0] c_exponent = {2'b00, c_field | {{(EXP - 1) {1'b0}}, !c_normal}};
    wire opposite_6 = sign_6 ^ c_6[WIDTH-1];
    wire nan_6 = invalid_6 || c_nan || (special_6 && c_infinite && opposite_6);

    // Whose first digit stands higher? A product of zero says nothing of itself by its exponent.
    wire [EXP+1:0] difference = exponent_6 - c_exponent;
    wire c_leads_6 = zero_6 || difference[EXP+1];
    wire [EXP+1:0] distance_6 = c_leads_6 ? -difference : difference;
    wire sign_lead = special_6 ? sign_6 : &c_field || c_leads_6 ? c_6[WIDTH-1] : sign_6;
    wire [5:0] control_7;  // sign of the leading one, opposite, c leads, infinite, nan, far apart
    wire [EXP+1:0] exponent_7;
    wire [DISTANCE-1:0] distance_7;
    wire [2*SIG-1:0] product_7;
    wire [SIG-1:0] c_7;
    pipeline_cut #(6, CUTS[7]) cut_7_control (
        clk, {sign_lead, opposite_6, c_leads_6, special_6 || c_infinite, nan_6, distance_6 >= SUM[EXP+1:0]}, control_7
    );
    pipeline_cut #(EXP + 2, CUTS[7]) cut_7_exponent (clk, c_leads_6 ? c_exponent : exponent_6, exponent_7);
    pipeline_cut #(DISTANCE, CUTS[7]) cut_7_distance (clk, distance_6[DISTANCE-1:0], distance_7);
    pipeline_cut #(2 * SIG, CUTS[7]) cut_7_product (clk, product_6, product_7);
    pipeline_cut #(SIG, CUTS[7]) cut_7_c (clk, {c_normal, c_6[FRAC-1:0]}, c_7);

    // Align, the long steps first. Beyond reach only the sticky bit is left.
    wire [SUM-1:0] wide_product = {product_7, 3'b000};
    wire [SUM-1:0] wide_c = {c_7, {(SUM - SIG) {1'b0}}};
    wire [SUM-1:0] small_7 = control_7[3] ? wide_product : wide_c;
    wire [SUM-1:0] coarse_7, small_8, fine_8, small_9, big_8, big_9;
    shift_right_sticky #(SUM, DISTANCE - NEAR, NEAR) align_coarse (small_7, distance_7[DISTANCE-1:NEAR], coarse_7);
    wire [3:0] control_8, control_9;
    wire [EXP+1:0] exponent_8, exponent_9;
    wire [NEAR-1:0] distance_8;
    pipeline_cut #(4, CUTS[8]) cut_8_control (clk, {control_7[5:4], control_7[2:1]}, control_8);
    pipeline_cut #(EXP + 2, CUTS[8]) cut_8_exponent (clk, exponent_7, exponent_8);
    pipeline_cut #(NEAR, CUTS[8]) cut_8_distance (clk, distance_7[NEAR-1:0], distance_8);
    pipeline_cut #(SUM, CUTS[8]) cut_8_big (clk, control_7[3] ? wide_c : wide_product, big_8);
    pipeline_cut #(SUM, CUTS[8]) cut_8_small (
        clk, control_7[0] ? {{(SUM - 1) {1'b0}}, |small_7} : coarse_7, small_8
    );
    // Where the two were far apart, a further shift of the lone sticky bit leaves it as it is.
    shift_right_sticky #(SUM, NEAR, 0) align_fine (small_8, distance_8, fine_8);
    pipeline_cut #(4, CUTS[9]) cut_9_control (clk, control_8, control_9);
    pipeline_cut #(EXP + 2, CUTS[9]) cut_9_exponent (clk, exponent_8, exponent_9);
    pipeline_cut #(SUM, CUTS[9]) cut_9_big (clk, big_8, big_9);
    pipeline_cut #(SUM, CUTS[9]) cut_9_small (clk, fine_8, small_9);

    // Add; a difference below zero changes sign in the next stage.
    wire opposite_9 = control_9[2];
    wire [TOTAL-1:0] sum_10;
    wire [3:0] control_10;
    wire [EXP+1:0] exponent_10;
    pipeline_cut #(4, CUTS[10]) cut_10_control (clk, control_9, control_10);
    pipeline_cut #(EXP + 2, CUTS[10]) cut_10_exponent (clk, exponent_9, exponent_10);
    pipeline_cut #(TOTAL, CUTS[10]) cut_10_sum (
        clk,
        {1'b0, big_9} + ({TOTAL{opposite_9}} ^ {1'b0, small_9}) + {{(TOTAL - 1) {1'b0}}, opposite_9},
        sum_10
    );
    wire below_10 = control_10[2] && sum_10[TOTAL-1];
    wire nothing_10 = control_10[2] && sum_10 == {TOTAL{1'b0}};  // an exact difference of nothing is +0
    wire special_10 = control_10[1] || control_10[0];
    wire [2:0] control_11, control_12, control_13, control_14, control_15;
    wire [EXP+1:0] exponent_11, exponent_12, exponent_13, exponent_14, exponent_15;
    wire [TOTAL-1:0] sum_11, sum_12, sum_13, sum_14, sum_15;
    pipeline_cut #(3, CUTS[11]) cut_11_control (
        clk, {special_10 ? control_10[3] : !nothing_10 && (control_10[3] ^ below_10), control_10[1:0]}, control_11
    );
    pipeline_cut #(EXP + 2, CUTS[11]) cut_11_exponent (clk, exponent_10, exponent_11);
    pipeline_cut #(TOTAL, CUTS[11]) cut_11_sum (clk, below_10 ? -sum_10 : sum_10, sum_11);

    // Normalise. The carry stands one exponent higher than the leading operand did, hence the 1.
    wire [ZEROS-1:0] zeros_12, zeros_13;
    leading_zeros #(TOTAL, ZEROS, CUTS[12]) count_zeros (clk, sum_11, zeros_12);
    pipeline_cut #(3, CUTS[12]) cut_12_control (clk, control_11, control_12);
    pipeline_cut #(EXP + 2, CUTS[12]) cut_12_exponent (clk, exponent_11, exponent_12);
    pipeline_cut #(TOTAL, CUTS[12]) cut_12_sum (clk, sum_11, sum_12);
    pipeline_cut #(3, CUTS[13]) cut_13_control (clk, control_12, control_13);
    pipeline_cut #(EXP + 2, CUTS[13]) cut_13_exponent (clk, exponent_12, exponent_13);
    pipeline_cut #(ZEROS, CUTS[13]) cut_13_zeros (clk, zeros_12, zeros_13);
    pipeline_cut #(TOTAL, CUTS[13]) cut_13_sum (clk, sum_12, sum_13);
    wire [FINE-1:0] zeros_14;
    pipeline_cut #(3, CUTS[14]) cut_14_control (clk, control_13, control_14);
    pipeline_cut #(EXP + 2, CUTS[14]) cut_14_exponent (
        clk, exponent_13 + ONE - {{(EXP + 2 - ZEROS) {1'b0}}, zeros_13}, exponent_14
    );
    pipeline_cut #(FINE, CUTS[14]) cut_14_zeros (clk, zeros_13[FINE-1:0], zeros_14);
    pipeline_cut #(TOTAL, CUTS[14]) cut_14_sum (clk, sum_13 << {zeros_13[ZEROS-1:FINE], {FINE{1'b0}}}, sum_14);
    pipeline_cut #(3, CUTS[15]) cut_15_control (clk, control_14, control_15);
    pipeline_cut #(EXP + 2, CUTS[15]) cut_15_exponent (clk, exponent_14, exponent_15);
    pipeline_cut #(TOTAL, CUTS[15]) cut_15_sum (clk, sum_14 << zeros_14, sum_15);

    f_finish #(EXP, FRAC, FLUSH, CUTS[19:16]) finish (
        clk,
        control_15[2],
        control_15[1],
        control_15[0],
        exponent_15,
        sum_15[TOTAL-1-:SIG+2],
        |sum_15[TOTAL-SIG-3:0],
        result
    );
endmodule

`default_nettype wire
