// a / b: IEEE-754, round to nearest even, subnormals kept, one quiet NaN; x/0 is a signed infinity.
// Restoring digit recurrence, one result per clock: BITS_PER_STAGE quotient bits between two registers.
// Latency: 2 + ceil((FRAC + 3) / BITS_PER_STAGE) + the rounding's 2.
`default_nettype none
module f_div #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter BITS_PER_STAGE = 3
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire [EXP+FRAC:0] y
);
    /* verilator no_inline_module */
    localparam W = EXP + FRAC + 1;
    localparam BITS = $clog2(FRAC + 1);
    localparam DIGITS = FRAC + 3;
    localparam STAGES = (DIGITS + BITS_PER_STAGE - 1) / BITS_PER_STAGE;
    localparam QUOTIENT = STAGES * BITS_PER_STAGE;
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
    wire         is_nan     = nan_a | nan_b | (inf_a & inf_b) | (zero_a & zero_b);
    wire         is_large   = inf_a | zero_b;
    wire         is_none    = zero_a | inf_b;
    wire         is_special = is_nan | is_large | is_none;
    wire [W-1:0] special    = is_nan ? NAN : {sign, {EXP{is_large}}, {FRAC{1'b0}}};

    wire [FRAC:0]   normal_a, normal_b;
    wire [BITS-1:0] zeros_a, zeros_b;
    f_normalize #(.WIDTH(FRAC + 1)) normalize_a (.x(sig_a), .y(normal_a), .shift(zeros_a));
    f_normalize #(.WIDTH(FRAC + 1)) normalize_b (.x(sig_b), .y(normal_b), .shift(zeros_b));

    wire                  sign_0, special_0;
    wire [EXP-1:0]        exp_a_0, exp_b_0;
    wire [BITS-1:0]       zeros_a_0, zeros_b_0;
    wire [FRAC:0]         normal_a_0, normal_b_0;
    wire [W-1:0]          word_0;
    dagc_register #(.WIDTH(2 + 2 * EXP + 2 * BITS + 2 * (FRAC + 1) + W)) cut_0 (
        .clk(clk),
        .d({sign, is_special, exp_a, exp_b, zeros_a, zeros_b, normal_a, normal_b, special}),
        .q({sign_0, special_0, exp_a_0, exp_b_0, zeros_a_0, zeros_b_0, normal_a_0, normal_b_0, word_0})
    );
    wire signed [EXP+2:0] wide_zeros_a = $signed({{(EXP+3-BITS){1'b0}}, zeros_a_0});
    wire signed [EXP+2:0] wide_zeros_b = $signed({{(EXP+3-BITS){1'b0}}, zeros_b_0});
    wire signed [EXP+2:0] exponent =
        $signed({3'b000, exp_a_0}) - wide_zeros_a - $signed({3'b000, exp_b_0}) + wide_zeros_b + BIAS;

    // State of the recurrence: what passes through unchanged, the divisor, the remainder, the quotient so far.
    localparam PASSED = 2 + EXP + 3 + W;
    localparam STATE = PASSED + (FRAC + 1) + (FRAC + 2) + QUOTIENT;
    wire [STATE-1:0] state [0:STAGES];
    assign state[0] = {
        sign_0, special_0, exponent, word_0, normal_b_0, {1'b0, normal_a_0}, {QUOTIENT{1'b0}}
    };
    genvar stage;
    generate
        for (stage = 0; stage < STAGES; stage = stage + 1) begin : g_stage
            wire [PASSED-1:0]   passed;
            wire [FRAC:0]       divisor;
            wire [FRAC+1:0]     remainder_in;
            wire [QUOTIENT-1:0] quotient_in;
            assign {passed, divisor, remainder_in, quotient_in} = state[stage];

            reg [FRAC+1:0]     remainder;
            reg [QUOTIENT-1:0] quotient;
            reg                fits;
            integer            digit;
            always @* begin
                remainder = remainder_in;
                quotient = quotient_in;
                fits = 1'b0;
                for (digit = 0; digit < BITS_PER_STAGE; digit = digit + 1) begin
                    fits = remainder >= {1'b0, divisor};
                    remainder = (fits ? remainder - {1'b0, divisor} : remainder) << 1;
                    quotient = {quotient[QUOTIENT-2:0], fits};
                end
            end
            dagc_register #(.WIDTH(STATE)) cut (
                .clk(clk), .d({passed, divisor, remainder, quotient}), .q(state[stage+1])
            );
        end
    endgenerate

    wire                  sign_1, special_1;
    wire signed [EXP+2:0] exp_1;
    wire [W-1:0]          word_1;
    wire [FRAC:0]         divisor_1;
    wire [FRAC+1:0]       remainder_1;
    wire [QUOTIENT-1:0]   quotient_1;
    assign {sign_1, special_1, exp_1, word_1, divisor_1, remainder_1, quotient_1} = state[STAGES];
    wire unused = |divisor_1;

    // The quotient lies in (1/2, 2): its first digit says which half.
    wire                  rest   = |remainder_1;
    wire [QUOTIENT-1:0]   normal = quotient_1[QUOTIENT-1] ? quotient_1 : quotient_1 << 1;
    wire signed [EXP+2:0] lowered = quotient_1[QUOTIENT-1] ? exp_1 : exp_1 - 1;
    wire [FRAC+2:0]       significand = {
        normal[QUOTIENT-1:QUOTIENT-FRAC-2], (|normal[QUOTIENT-FRAC-3:0]) | rest
    };

    wire                  sign_2, special_2;
    wire signed [EXP+2:0] exp_2;
    wire [FRAC+2:0]       sig_2;
    wire [W-1:0]          word_2;
    dagc_register #(.WIDTH(2 + EXP + 3 + FRAC + 3 + W)) cut_1 (
        .clk(clk),
        .d({sign_1, special_1, lowered, significand, word_1}),
        .q({sign_2, special_2, exp_2, sig_2, word_2})
    );
    f_round_pack #(.EXP(EXP), .FRAC(FRAC)) round_pack (
        .clk(clk), .sign(sign_2), .exponent(exp_2), .significand(sig_2), .is_special(special_2), .special(word_2), .y(y)
    );
endmodule
`default_nettype wire
