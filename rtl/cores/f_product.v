// The exact product of two significands, and what else a multiplication is decided by: the first half of f_mul and of f_fma.
// Latency: the number of ones in CUTS; the last addition, of the carry, comes after the last cut. With FLUSH no operand is
// subnormal: none is shifted, and the cuts 1, 2 and 3 have no logic between them.
//
//   special, invalid, zero   an operand is an infinity or NaN; the product is NaN; it is a zero
//   exponent                 signed; the biased exponent that the first bit of `product` stands for
//   product                  the first or the second bit is the leading one, unless both operands are subnormal
`default_nettype none

module f_product #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [0:0] FLUSH = 1'b0,
    parameter [6:0] CUTS = 7'h7f
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire              sign,
    output wire              special,
    output wire              invalid,
    output wire              zero,
    output wire [   EXP+1:0] exponent,
    output wire [2*FRAC+1:0] product
);
    localparam WIDTH = 1 + EXP + FRAC;
    localparam SIG = FRAC + 1;
    localparam ZEROS = $clog2(SIG);
    localparam [EXP+1:0] BIAS = (1 << (EXP - 1)) - 1;
    localparam [EXP+1:0] ONE = 1;
    // The product is built of nine: thirds of a binary64 significand fit the 18-bit multipliers of an FPGA.
    localparam THIRD = (SIG + 2) / 3;
    localparam PIECE = 2 * THIRD;  // bits of a product of two thirds
    localparam HALF = 3 * THIRD;  // of 2 * HALF bits of product, the upper half

    wire [EXP-1:0] a_field = a[WIDTH-2:FRAC];
    wire [EXP-1:0] b_field = b[WIDTH-2:FRAC];
    wire a_normal = |a_field;
    wire b_normal = |b_field;
    wire a_nan = &a_field && |a[FRAC-1:0];
    wire b_nan = &b_field && |b[FRAC-1:0];
    wire a_zero = !a_normal && !(|a[FRAC-1:0]);
    wire b_zero = !b_normal && !(|b[FRAC-1:0]);
    wire is_special = &a_field || &b_field;
    wire is_invalid = a_nan || b_nan || (is_special && (a_zero || b_zero));
    wire [EXP+1:0] a_exponent = {2'b00, a_field | {{(EXP - 1) {1'b0}}, !FLUSH && !a_normal}};
    wire [EXP+1:0] b_exponent = {2'b00, b_field | {{(EXP - 1) {1'b0}}, !FLUSH && !b_normal}};

    wire [SIG-1:0] a_sig = {a_normal, a[FRAC-1:0]};
    wire [SIG-1:0] b_sig = {b_normal, b[FRAC-1:0]};
    wire [3:0] control_0, control_1, control_2, control_3, control_4, control_5;
    wire [EXP+1:0] exponent_0, exponent_1, exponent_2, exponent_3, exponent_4, exponent_5;
    wire [SIG-1:0] x_0, y_0, x_1, y_1, x_2, y_2, x_3, y_3;
    pipeline_cut #(4, CUTS[0]) cut_0_control (clk, {a[WIDTH-1] ^ b[WIDTH-1], is_special, is_invalid, a_zero || b_zero}, control_0);
    // Of the highest digit of the product, whose weight is 2.
    pipeline_cut #(EXP + 2, CUTS[0]) cut_0_exponent (clk, a_exponent + b_exponent - BIAS + ONE, exponent_0);
    pipeline_cut #(4, CUTS[1]) cut_1_control (clk, control_0, control_1);
    pipeline_cut #(EXP + 2, CUTS[1]) cut_1_exponent (clk, exponent_0, exponent_1);
    pipeline_cut #(SIG, CUTS[1]) cut_1_x (clk, x_0, x_1);
    pipeline_cut #(SIG, CUTS[1]) cut_1_y (clk, y_0, y_1);
    pipeline_cut #(4, CUTS[2]) cut_2_control (clk, control_1, control_2);
    pipeline_cut #(EXP + 2, CUTS[2]) cut_2_exponent (clk, exponent_1, exponent_2);
    pipeline_cut #(SIG, CUTS[2]) cut_2_x (clk, x_1, x_2);
    pipeline_cut #(SIG, CUTS[2]) cut_2_y (clk, y_1, y_2);
    pipeline_cut #(4, CUTS[3]) cut_3_control (clk, control_2, control_3);
    pipeline_cut #(SIG, CUTS[3]) cut_3_y (clk, y_2, y_3);
    generate
        if (FLUSH) begin : normal
            pipeline_cut #(SIG, CUTS[0]) cut_0_x (clk, a_sig, x_0);
            pipeline_cut #(SIG, CUTS[0]) cut_0_y (clk, b_sig, y_0);
            pipeline_cut #(EXP + 2, CUTS[3]) cut_3_exponent (clk, exponent_2, exponent_3);
            pipeline_cut #(SIG, CUTS[3]) cut_3_x (clk, x_2, x_3);
        end else begin : normalises
            // x is the operand that may be subnormal. Where both are, the product is far below the least number, and needs no
            // leading one. Counting its zeros takes two stages.
            wire [ZEROS-1:0] zeros_1, zeros_2;
            pipeline_cut #(SIG, CUTS[0]) cut_0_x (clk, a_normal ? b_sig : a_sig, x_0);
            pipeline_cut #(SIG, CUTS[0]) cut_0_y (clk, a_normal ? a_sig : b_sig, y_0);
            leading_zeros #(SIG, ZEROS, CUTS[1]) count_zeros (clk, x_0, zeros_1);
            pipeline_cut #(ZEROS, CUTS[2]) cut_2_zeros (clk, zeros_1, zeros_2);
            pipeline_cut #(EXP + 2, CUTS[3]) cut_3_exponent (
                clk, exponent_2 - {{(EXP + 2 - ZEROS) {1'b0}}, zeros_2}, exponent_3
            );
            pipeline_cut #(SIG, CUTS[3]) cut_3_x (clk, x_2 << zeros_2, x_3);
        end
    endgenerate

    wire [HALF-1:0] x_padded = {{(HALF - SIG) {1'b0}}, x_3};
    wire [HALF-1:0] y_padded = {{(HALF - SIG) {1'b0}}, y_3};
    wire [PIECE-1:0] x_low = {{THIRD{1'b0}}, x_padded[0+:THIRD]};
    wire [PIECE-1:0] x_middle = {{THIRD{1'b0}}, x_padded[THIRD+:THIRD]};
    wire [PIECE-1:0] x_high = {{THIRD{1'b0}}, x_padded[2*THIRD+:THIRD]};
    wire [PIECE-1:0] y_low = {{THIRD{1'b0}}, y_padded[0+:THIRD]};
    wire [PIECE-1:0] y_middle = {{THIRD{1'b0}}, y_padded[THIRD+:THIRD]};
    wire [PIECE-1:0] y_high = {{THIRD{1'b0}}, y_padded[2*THIRD+:THIRD]};
    wire [PIECE-1:0] ll_4, lm_4, ml_4, lh_4, mm_4, hl_4, mh_4, hm_4, hh_4;
    pipeline_cut #(4, CUTS[4]) cut_4_control (clk, control_3, control_4);
    pipeline_cut #(EXP + 2, CUTS[4]) cut_4_exponent (clk, exponent_3, exponent_4);
    pipeline_cut #(PIECE, CUTS[4]) cut_4_ll (clk, x_low * y_low, ll_4);
    pipeline_cut #(PIECE, CUTS[4]) cut_4_lm (clk, x_low * y_middle, lm_4);
    pipeline_cut #(PIECE, CUTS[4]) cut_4_ml (clk, x_middle * y_low, ml_4);
    pipeline_cut #(PIECE, CUTS[4]) cut_4_lh (clk, x_low * y_high, lh_4);
    pipeline_cut #(PIECE, CUTS[4]) cut_4_mm (clk, x_middle * y_middle, mm_4);
    pipeline_cut #(PIECE, CUTS[4]) cut_4_hl (clk, x_high * y_low, hl_4);
    pipeline_cut #(PIECE, CUTS[4]) cut_4_mh (clk, x_middle * y_high, mh_4);
    pipeline_cut #(PIECE, CUTS[4]) cut_4_hm (clk, x_high * y_middle, hm_4);
    pipeline_cut #(PIECE, CUTS[4]) cut_4_hh (clk, x_high * y_high, hh_4);

    // Five columns, a third apart.
    wire [PIECE-1:0] column_0, column_5;
    wire [PIECE+1:0] column_1, column_3, column_4;
    pipeline_cut #(4, CUTS[5]) cut_5_control (clk, control_4, control_5);
    pipeline_cut #(EXP + 2, CUTS[5]) cut_5_exponent (clk, exponent_4, exponent_5);
    pipeline_cut #(PIECE, CUTS[5]) cut_5_column_0 (clk, ll_4, column_0);
    pipeline_cut #(PIECE + 2, CUTS[5]) cut_5_column_1 (clk, {2'b00, lm_4} + {2'b00, ml_4}, column_1);
    pipeline_cut #(PIECE + 2, CUTS[5]) cut_5_column_3 (clk, {2'b00, lh_4} + {2'b00, mm_4} + {2'b00, hl_4}, column_3);
    pipeline_cut #(PIECE + 2, CUTS[5]) cut_5_column_4 (clk, {2'b00, mh_4} + {2'b00, hm_4}, column_4);
    pipeline_cut #(PIECE, CUTS[5]) cut_5_column_5 (clk, hh_4, column_5);

    // Two halves; the lower one carries into the upper. Column 2 lies across both.
    wire [HALF+1:0] lower_6, upper_6;
    pipeline_cut #(4, CUTS[6]) cut_6_control (clk, control_5, {sign, special, invalid, zero});
    pipeline_cut #(EXP + 2, CUTS[6]) cut_6_exponent (clk, exponent_5, exponent);
    pipeline_cut #(HALF + 2, CUTS[6]) cut_6_lower (
        clk,
        {2'b00, column_3[THIRD-1:0], column_0} + {column_1, {THIRD{1'b0}}},
        lower_6
    );
    pipeline_cut #(HALF + 2, CUTS[6]) cut_6_upper (
        clk,
        {2'b00, column_5, {THIRD{1'b0}}} + {{THIRD{1'b0}}, column_4} + {{(HALF - THIRD) {1'b0}}, column_3[PIECE+1:THIRD]},
        upper_6
    );

    localparam UPPER = 2 * SIG - HALF;
    /* verilator lint_off UNUSEDSIGNAL */  // zeros lead
    wire [HALF+1:0] carried_6 = upper_6 + {{HALF{1'b0}}, lower_6[HALF+1:HALF]};
    /* verilator lint_on UNUSEDSIGNAL */
    assign product = {carried_6[UPPER-1:0], lower_6[HALF-1:0]};
endmodule

`default_nettype wire
