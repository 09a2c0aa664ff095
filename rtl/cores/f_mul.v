// a * b: IEEE-754, round to nearest even, subnormals kept, one quiet NaN.
// Latency is the number of ones in CUTS: three stand around the multiplier so that it can be retimed into DSP blocks.
`default_nettype none
module f_mul #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [6:0] CUTS = 7'b1111111
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire [EXP+FRAC:0] y
);
    /* verilator no_inline_module */
    localparam W = EXP + FRAC + 1;
    localparam WIDE = 2 * FRAC + 2;
    localparam BITS = $clog2(WIDE);
    localparam [W-1:0] NAN = {1'b0, {EXP{1'b1}}, 1'b1, {(FRAC-1){1'b0}}};
    localparam signed [EXP+2:0] BIAS = (1 << (EXP - 1)) - 1;

    wire           sign_a, zero_a, inf_a, nan_a, sign_b, zero_b, inf_b, nan_b;
    wire [EXP-1:0] exp_a, exp_b;
    wire [FRAC:0]  sig_a, sig_b;
    f_unpack #(.EXP(EXP), .FRAC(FRAC)) unpack_a (
        .x(a), .sign(sign_a), .exponent(exp_a), .significand(sig_a), .is_zero(zero_a), .is_infinity(inf_a), .is_nan(nan_a)
    );
    f_unpack #(.EXP(EXP), .FRAC(FRAC)) unpack_b (
        .x(b), .sign(sign_b), .exponent(exp_b), .significand(sig_b), .is_zero(zero_b), .is_infinity(inf_b), .is_nan(nan_b)
    );
    wire         sign       = sign_a ^ sign_b;
    wire         is_nan     = nan_a | nan_b | (inf_a & zero_b) | (zero_a & inf_b);
    wire         is_special = is_nan | inf_a | inf_b;
    wire [W-1:0] special    = is_nan ? NAN : {sign, {EXP{1'b1}}, {FRAC{1'b0}}};
    // The product's top bit weighs one more than the sum of the exponents says.
    wire signed [EXP+2:0] exponent = $signed({3'b000, exp_a}) + $signed({3'b000, exp_b}) - BIAS + 1;

    wire                  sign_1, special_1;
    wire signed [EXP+2:0] exp_1;
    wire [FRAC:0]         sig_a_1, sig_b_1;
    wire [W-1:0]          word_1;
    dagc_register #(.WIDTH(2 + EXP + 3 + 2 * (FRAC + 1) + W), .ON({31'd0, CUTS[0]})) cut_0 (
        .clk(clk),
        .d({sign, is_special, exponent, sig_a, sig_b, special}),
        .q({sign_1, special_1, exp_1, sig_a_1, sig_b_1, word_1})
    );

    wire [WIDE-1:0] product = {{(FRAC+1){1'b0}}, sig_a_1} * {{(FRAC+1){1'b0}}, sig_b_1};

    wire                  sign_2, special_2, sign_3, special_3;
    wire signed [EXP+2:0] exp_2, exp_3;
    wire [WIDE-1:0]       product_2, product_3;
    wire [W-1:0]          word_2, word_3;
    dagc_register #(.WIDTH(2 + EXP + 3 + WIDE + W), .ON({31'd0, CUTS[1]})) cut_1 (
        .clk(clk),
        .d({sign_1, special_1, exp_1, product, word_1}),
        .q({sign_2, special_2, exp_2, product_2, word_2})
    );
    dagc_register #(.WIDTH(2 + EXP + 3 + WIDE + W), .ON({31'd0, CUTS[2]})) cut_2 (
        .clk(clk),
        .d({sign_2, special_2, exp_2, product_2, word_2}),
        .q({sign_3, special_3, exp_3, product_3, word_3})
    );

    wire [WIDE-1:0] normal;
    wire [BITS-1:0] zeros;
    f_normalize #(.WIDTH(WIDE)) normalize (.x(product_3), .y(normal), .shift(zeros));

    wire                  sign_4, special_4, sign_5, special_5;
    wire signed [EXP+2:0] exp_4, exp_5;
    wire [BITS-1:0]       zeros_4;
    wire [WIDE-1:0]       normal_4;
    wire [FRAC+2:0]       sig_5;
    wire [W-1:0]          word_4, word_5;
    dagc_register #(.WIDTH(2 + EXP + 3 + BITS + WIDE + W), .ON({31'd0, CUTS[3]})) cut_3 (
        .clk(clk),
        .d({sign_3, special_3, exp_3, zeros, normal, word_3}),
        .q({sign_4, special_4, exp_4, zeros_4, normal_4, word_4})
    );
    wire signed [EXP+2:0] lowered = exp_4 - $signed({{(EXP+3){1'b0}}, zeros_4}[EXP+2:0]);
    dagc_register #(.WIDTH(2 + EXP + 3 + FRAC + 3 + W), .ON({31'd0, CUTS[4]})) cut_4 (
        .clk(clk),
        .d({sign_4, special_4, lowered, normal_4[WIDE-1:FRAC], |normal_4[FRAC-1:0], word_4}),
        .q({sign_5, special_5, exp_5, sig_5, word_5})
    );

    f_round_pack #(.EXP(EXP), .FRAC(FRAC), .CUTS(CUTS[6:5])) round_pack (
        .clk(clk), .sign(sign_5), .exponent(exp_5), .significand(sig_5), .is_special(special_5), .special(word_5), .y(y)
    );
endmodule
`default_nettype wire
