// a + b, or a - b where SUBTRACT is 1: IEEE-754, round to nearest even, subnormals kept, one quiet NaN.
// Latency is the number of ones in CUTS (the last two are the rounding's).
`default_nettype none
module f_add #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter SUBTRACT = 0,
    parameter [5:0] CUTS = 6'b111111
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire [EXP+FRAC:0] y
);
    /* verilator no_inline_module */
    localparam W = EXP + FRAC + 1;
    localparam WIDE = FRAC + 5; // carry, hidden, fraction, guard, round, sticky
    localparam BITS = $clog2(WIDE);
    localparam [W-1:0] NAN = {1'b0, {EXP{1'b1}}, 1'b1, {(FRAC-1){1'b0}}};
    localparam [31:0] WIDE_BITS = WIDE;

    // Put the larger magnitude first.
    wire [W-1:0] b_signed = {b[W-1] ^ (SUBTRACT != 0), b[W-2:0]};
    wire         swap     = b[W-2:0] > a[W-2:0];
    wire [W-1:0] large    = swap ? b_signed : a;
    wire [W-1:0] small    = swap ? a : b_signed;

    wire           sign_l, zero_l, inf_l, nan_l, sign_s, zero_s, inf_s, nan_s;
    wire [EXP-1:0] exp_l, exp_s;
    wire [FRAC:0]  sig_l, sig_s;
    f_unpack #(.EXP(EXP), .FRAC(FRAC)) unpack_l (
        .x(large), .sign(sign_l), .exponent(exp_l), .significand(sig_l), .is_zero(zero_l), .is_infinity(inf_l), .is_nan(nan_l)
    );
    f_unpack #(.EXP(EXP), .FRAC(FRAC)) unpack_s (
        .x(small), .sign(sign_s), .exponent(exp_s), .significand(sig_s), .is_zero(zero_s), .is_infinity(inf_s), .is_nan(nan_s)
    );
    wire           opposite   = sign_l != sign_s;
    wire           is_nan     = nan_l | nan_s | (inf_l & inf_s & opposite);
    wire           is_special = is_nan | inf_l;
    wire [W-1:0]   special    = is_nan ? NAN : {sign_l, {EXP{1'b1}}, {FRAC{1'b0}}};
    wire [EXP-1:0] distance   = exp_l - exp_s;
    wire           unused     = zero_l | zero_s | inf_s;

    wire           sign_1, opposite_1, special_1;
    wire [EXP-1:0] exp_1, distance_1;
    wire [FRAC:0]  sig_l_1, sig_s_1;
    wire [W-1:0]   word_1;
    dagc_register #(.WIDTH(3 + 2 * EXP + 2 * (FRAC + 1) + W), .ON({31'd0, CUTS[0]})) cut_0 (
        .clk(clk),
        .d({sign_l, opposite, is_special, exp_l, distance, sig_l, sig_s, special}),
        .q({sign_1, opposite_1, special_1, exp_1, distance_1, sig_l_1, sig_s_1, word_1})
    );

    // Align the smaller one; what falls off stays behind in the sticky bit.
    wire [WIDE-1:0] wide_s  = {1'b0, sig_s_1, 3'b000};
    wire [EXP+31:0] far     = {32'd0, distance_1};
    wire [31:0]     shift   = (far > {{EXP{1'b0}}, WIDE_BITS}) ? WIDE_BITS : far[31:0];
    wire [WIDE-1:0] moved   = wide_s >> shift;
    wire [WIDE-1:0] kept    = moved << shift;
    wire            lost    = kept != wide_s;
    wire [WIDE-1:0] aligned = {moved[WIDE-1:1], moved[0] | lost};

    wire            sign_2, opposite_2, special_2;
    wire [EXP-1:0]  exp_2;
    wire [FRAC:0]   sig_l_2;
    wire [WIDE-1:0] aligned_2;
    wire [W-1:0]    word_2;
    dagc_register #(.WIDTH(3 + EXP + FRAC + 1 + WIDE + W), .ON({31'd0, CUTS[1]})) cut_1 (
        .clk(clk),
        .d({sign_1, opposite_1, special_1, exp_1, sig_l_1, aligned, word_1}),
        .q({sign_2, opposite_2, special_2, exp_2, sig_l_2, aligned_2, word_2})
    );

    wire [WIDE-1:0] wide_l = {1'b0, sig_l_2, 3'b000};
    wire [WIDE-1:0] sum    = opposite_2 ? wide_l - aligned_2 : wide_l + aligned_2;
    // An exact cancellation is +0; zeros of one sign keep it.
    wire            sign   = (opposite_2 && sum == {WIDE{1'b0}}) ? 1'b0 : sign_2;

    wire            sign_3, special_3;
    wire [EXP-1:0]  exp_3;
    wire [WIDE-1:0] sum_3;
    wire [W-1:0]    word_3;
    dagc_register #(.WIDTH(2 + EXP + WIDE + W), .ON({31'd0, CUTS[2]})) cut_2 (
        .clk(clk),
        .d({sign, special_2, exp_2, sum, word_2}),
        .q({sign_3, special_3, exp_3, sum_3, word_3})
    );

    wire [WIDE-1:0] normal;
    wire [BITS-1:0] zeros;
    f_normalize #(.WIDTH(WIDE)) normalize (.x(sum_3), .y(normal), .shift(zeros));
    // The top bit of `sum` weighs one more than the hidden bit.
    wire signed [EXP+2:0] exponent = $signed({3'b000, exp_3}) + 1 - $signed({{(EXP+3-BITS){1'b0}}, zeros});

    wire                  sign_4, special_4;
    wire signed [EXP+2:0] exp_4;
    wire [FRAC+2:0]       sig_4;
    wire [W-1:0]          word_4;
    dagc_register #(.WIDTH(2 + EXP + 3 + FRAC + 3 + W), .ON({31'd0, CUTS[3]})) cut_3 (
        .clk(clk),
        .d({sign_3, special_3, exponent, normal[WIDE-1:3], |normal[2:0], word_3}),
        .q({sign_4, special_4, exp_4, sig_4, word_4})
    );

    f_round_pack #(.EXP(EXP), .FRAC(FRAC), .CUTS(CUTS[5:4])) round_pack (
        .clk(clk), .sign(sign_4), .exponent(exp_4), .significand(sig_4), .is_special(special_4), .special(word_4), .y(y)
    );
endmodule
`default_nettype wire
