// IEEE 754 a * b, rounded to nearest even, with subnormals. One result a clock.
// Latency: the number of ones in CUTS. Needs EXP >= 3 and FRAC < 2^EXP.
`default_nettype none

module f_mul #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [9:0] CUTS = 10'h3ff
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire [EXP+FRAC:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam WIDTH = 1 + EXP + FRAC;
    localparam SIG = FRAC + 1;
    localparam ZEROS = $clog2(SIG);
    localparam [EXP+1:0] BIAS = (1 << (EXP - 1)) - 1;
    localparam [EXP+1:0] ONE = 1;
    // The product is built of four: halves fit the multipliers of an FPGA.
    localparam LOW = (SIG + 1) / 2;
    localparam HIGH = SIG - LOW;

    wire [EXP-1:0] a_field = a[WIDTH-2:FRAC];
    wire [EXP-1:0] b_field = b[WIDTH-2:FRAC];
    wire a_normal = |a_field;
    wire b_normal = |b_field;
    wire a_nan = &a_field && |a[FRAC-1:0];
    wire b_nan = &b_field && |b[FRAC-1:0];
    wire a_zero = !a_normal && !(|a[FRAC-1:0]);
    wire b_zero = !b_normal && !(|b[FRAC-1:0]);
    wire special = &a_field || &b_field;
    wire invalid = a_nan || b_nan || (special && (a_zero || b_zero));
    wire [EXP+1:0] a_exponent = {2'b00, a_field | {{(EXP - 1) {1'b0}}, !a_normal}};
    wire [EXP+1:0] b_exponent = {2'b00, b_field | {{(EXP - 1) {1'b0}}, !b_normal}};

    // x is the operand that may be subnormal. Where both are, the result is far below 1, and f_finish needs no leading one.
    wire [SIG-1:0] a_sig = {a_normal, a[FRAC-1:0]};
    wire [SIG-1:0] b_sig = {b_normal, b[FRAC-1:0]};
    wire [2:0] control_0, control_1, control_2, control_3, control_4, control_5;
    wire [EXP+1:0] exponent_0, exponent_1, exponent_2, exponent_3, exponent_4, exponent_5;
    wire [SIG-1:0] x_0, y_0, x_1, y_1, x_2, y_2;
    pipeline_cut #(3, CUTS[0]) cut_0_control (clk, {a[WIDTH-1] ^ b[WIDTH-1], special, invalid}, control_0);
    // Of the highest digit of the product, whose weight is 2.
    pipeline_cut #(EXP + 2, CUTS[0]) cut_0_exponent (clk, a_exponent + b_exponent - BIAS + ONE, exponent_0);
    pipeline_cut #(SIG, CUTS[0]) cut_0_x (clk, a_normal ? b_sig : a_sig, x_0);
    pipeline_cut #(SIG, CUTS[0]) cut_0_y (clk, a_normal ? a_sig : b_sig, y_0);

    wire [ZEROS-1:0] zeros_0, zeros_1;
    leading_zeros #(SIG, ZEROS) count_zeros (x_0, zeros_0);
    pipeline_cut #(3, CUTS[1]) cut_1_control (clk, control_0, control_1);
    pipeline_cut #(EXP + 2, CUTS[1]) cut_1_exponent (clk, exponent_0, exponent_1);
    pipeline_cut #(ZEROS, CUTS[1]) cut_1_zeros (clk, zeros_0, zeros_1);
    pipeline_cut #(SIG, CUTS[1]) cut_1_x (clk, x_0, x_1);
    pipeline_cut #(SIG, CUTS[1]) cut_1_y (clk, y_0, y_1);

    pipeline_cut #(3, CUTS[2]) cut_2_control (clk, control_1, control_2);
    pipeline_cut #(EXP + 2, CUTS[2]) cut_2_exponent (
        clk, exponent_1 - {{(EXP + 2 - ZEROS) {1'b0}}, zeros_1}, exponent_2
    );
    pipeline_cut #(SIG, CUTS[2]) cut_2_x (clk, x_1 << zeros_1, x_2);
    pipeline_cut #(SIG, CUTS[2]) cut_2_y (clk, y_1, y_2);

    wire [2*LOW-1:0] x_low = {{LOW{1'b0}}, x_2[LOW-1:0]};
    wire [2*LOW-1:0] y_low = {{LOW{1'b0}}, y_2[LOW-1:0]};
    wire [2*LOW-1:0] x_high = {{(2 * LOW - HIGH) {1'b0}}, x_2[SIG-1:LOW]};
    wire [2*LOW-1:0] y_high = {{(2 * LOW - HIGH) {1'b0}}, y_2[SIG-1:LOW]};
    wire [2*LOW-1:0] low_3, cross_3, cross_other_3, high_3;
    pipeline_cut #(3, CUTS[3]) cut_3_control (clk, control_2, control_3);
    pipeline_cut #(EXP + 2, CUTS[3]) cut_3_exponent (clk, exponent_2, exponent_3);
    pipeline_cut #(2 * LOW, CUTS[3]) cut_3_low (clk, x_low * y_low, low_3);
    pipeline_cut #(2 * LOW, CUTS[3]) cut_3_cross (clk, x_low * y_high, cross_3);
    pipeline_cut #(2 * LOW, CUTS[3]) cut_3_cross_other (clk, x_high * y_low, cross_other_3);
    pipeline_cut #(2 * LOW, CUTS[3]) cut_3_high (clk, x_high * y_high, high_3);

    // Three columns of LOW bits overlap in the middle; carries travel from there into the high half.
    wire [2*LOW+1:0] middle_4;
    wire [LOW-1:0] low_4;
    wire [2*LOW-1:0] high_4;
    pipeline_cut #(3, CUTS[4]) cut_4_control (clk, control_3, control_4);
    pipeline_cut #(EXP + 2, CUTS[4]) cut_4_exponent (clk, exponent_3, exponent_4);
    pipeline_cut #(2 * LOW + 2, CUTS[4]) cut_4_middle (
        clk, {2'b00, cross_3} + {2'b00, cross_other_3} + {{(LOW + 2) {1'b0}}, low_3[2*LOW-1:LOW]}, middle_4
    );
    pipeline_cut #(LOW, CUTS[4]) cut_4_low (clk, low_3[LOW-1:0], low_4);
    pipeline_cut #(2 * LOW, CUTS[4]) cut_4_high (clk, high_3, high_4);

    // The product is {upper, middle, low}, 2 * SIG digits. f_finish wants the first SIG + 2, and whether there are more.
    localparam EXTRA = SIG + 2 - 2 * HIGH;
    /* verilator lint_off UNUSEDSIGNAL */  // two leading zeros where SIG is odd
    wire [2*LOW-1:0] upper_4 = high_4 + {{(LOW - 2) {1'b0}}, middle_4[2*LOW+1:LOW]};
    /* verilator lint_on UNUSEDSIGNAL */
    wire [2*LOW-1:0] tail_4 = {middle_4[LOW-1:0], low_4};
    wire [SIG+1:0] digits_5;
    wire sticky_5;
    pipeline_cut #(3, CUTS[5]) cut_5_control (clk, control_4, control_5);
    pipeline_cut #(EXP + 2, CUTS[5]) cut_5_exponent (clk, exponent_4, exponent_5);
    pipeline_cut #(SIG + 2, CUTS[5]) cut_5_digits (clk, {upper_4[2*HIGH-1:0], tail_4[2*LOW-1-:EXTRA]}, digits_5);
    pipeline_cut #(1, CUTS[5]) cut_5_sticky (clk, |tail_4[2*LOW-1-EXTRA:0], sticky_5);

    f_finish #(EXP, FRAC, CUTS[9:6]) finish (
        clk, control_5[2], control_5[1], control_5[0], exponent_5, digits_5, sticky_5, result
    );
endmodule

`default_nettype wire
