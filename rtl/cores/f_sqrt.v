// The square root: IEEE-754, round to nearest even; NaN below zero, -0 for -0.
// Restoring digit recurrence, one result per clock: BITS_PER_STAGE root bits between two registers.
// Latency: 2 + ceil((FRAC + 2) / BITS_PER_STAGE) + the rounding's 2.
`default_nettype none
module f_sqrt #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter BITS_PER_STAGE = 2
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] x,
    output wire [EXP+FRAC:0] y
);
    /* verilator no_inline_module */
    localparam W = EXP + FRAC + 1;
    localparam BITS = $clog2(FRAC + 1);
    localparam DIGITS = FRAC + 2;
    localparam STAGES = (DIGITS + BITS_PER_STAGE - 1) / BITS_PER_STAGE;
    localparam ROOT = STAGES * BITS_PER_STAGE;
    localparam RADICAND = 2 * ROOT;
    localparam REMAINDER = ROOT + 2;
    localparam [W-1:0] NAN = {1'b0, {EXP{1'b1}}, 1'b1, {(FRAC-1){1'b0}}};
    localparam signed [EXP+2:0] BIAS = (1 << (EXP - 1)) - 1;

    wire           sign, is_zero, is_infinity, is_nan;
    wire [EXP-1:0] exp_x;
    wire [FRAC:0]  sig_x;
    f_unpack #(.EXP(EXP), .FRAC(FRAC)) unpack (
        .x(x), .sign(sign), .exponent(exp_x), .significand(sig_x),
        .is_zero(is_zero), .is_infinity(is_infinity), .is_nan(is_nan)
    );
    wire         is_bad     = is_nan | (sign & !is_zero);
    wire         is_special = is_bad | is_zero | is_infinity;
    wire [W-1:0] special    = is_bad ? NAN : x;

    wire [FRAC:0]   normal;
    wire [BITS-1:0] zeros;
    f_normalize #(.WIDTH(FRAC + 1)) normalize (.x(sig_x), .y(normal), .shift(zeros));

    wire                  special_0;
    wire [EXP-1:0]        exp_0;
    wire [BITS-1:0]       zeros_0;
    wire [FRAC:0]         normal_0;
    wire [W-1:0]          word_0;
    dagc_register #(.WIDTH(1 + EXP + BITS + FRAC + 1 + W)) cut_0 (
        .clk(clk), .d({is_special, exp_x, zeros, normal, special}), .q({special_0, exp_0, zeros_0, normal_0, word_0})
    );
    // x = 1.f x 2^e; an odd e lends one bit to the radicand, which then lies in [1, 4).
    wire signed [EXP+2:0] unbiased = $signed({3'b000, exp_0}) - $signed({{(EXP+3-BITS){1'b0}}, zeros_0}) - BIAS;
    wire                  odd      = unbiased[0];
    wire signed [EXP+2:0] halved   = (unbiased - $signed({{(EXP+2){1'b0}}, odd})) >>> 1;
    wire signed [EXP+2:0] exponent = halved + BIAS;
    wire [RADICAND-1:0]   aligned  = {1'b0, normal_0, {(RADICAND-FRAC-2){1'b0}}};
    wire [RADICAND-1:0]   radicand = odd ? aligned << 1 : aligned;

    localparam PASSED = 1 + EXP + 3 + W;
    localparam STATE = PASSED + RADICAND + REMAINDER + ROOT;
    wire [STATE-1:0] state [0:STAGES];
    assign state[0] = {special_0, exponent, word_0, radicand, {REMAINDER{1'b0}}, {ROOT{1'b0}}};
    genvar stage;
    generate
        for (stage = 0; stage < STAGES; stage = stage + 1) begin : g_stage
            wire [PASSED-1:0]    passed;
            wire [RADICAND-1:0]  radicand_in;
            wire [REMAINDER-1:0] remainder_in;
            wire [ROOT-1:0]      root_in;
            assign {passed, radicand_in, remainder_in, root_in} = state[stage];

            reg [RADICAND-1:0]  left;
            reg [REMAINDER-1:0] remainder, trial;
            reg [ROOT-1:0]      root;
            reg                 fits;
            integer             digit;
            always @* begin
                left = radicand_in;
                remainder = remainder_in;
                root = root_in;
                trial = {REMAINDER{1'b0}};
                fits = 1'b0;
                for (digit = 0; digit < BITS_PER_STAGE; digit = digit + 1) begin
                    remainder = {remainder[REMAINDER-3:0], left[RADICAND-1:RADICAND-2]};
                    left = left << 2;
                    trial = {root, 2'b01};
                    fits = remainder >= trial;
                    remainder = fits ? remainder - trial : remainder;
                    root = {root[ROOT-2:0], fits};
                end
            end
            dagc_register #(.WIDTH(STATE)) cut (.clk(clk), .d({passed, left, remainder, root}), .q(state[stage+1]));
        end
    endgenerate

    wire                  special_1;
    wire signed [EXP+2:0] exp_1;
    wire [W-1:0]          word_1;
    wire [RADICAND-1:0]   left_1;
    wire [REMAINDER-1:0]  remainder_1;
    wire [ROOT-1:0]       root_1;
    assign {special_1, exp_1, word_1, left_1, remainder_1, root_1} = state[STAGES];
    wire unused = |left_1;
    // The root's first bit is always 1; FRAC + 2 bits are the significand and the guard, the rest is sticky.
    wire [ROOT:0]         extended = {root_1, 1'b0};
    wire [FRAC+2:0]       significand = {extended[ROOT:ROOT-FRAC-1], (|extended[ROOT-FRAC-2:0]) | (|remainder_1)};

    wire                  special_2;
    wire signed [EXP+2:0] exp_2;
    wire [FRAC+2:0]       sig_2;
    wire [W-1:0]          word_2;
    dagc_register #(.WIDTH(1 + EXP + 3 + FRAC + 3 + W)) cut_1 (
        .clk(clk), .d({special_1, exp_1, significand, word_1}), .q({special_2, exp_2, sig_2, word_2})
    );
    f_round_pack #(.EXP(EXP), .FRAC(FRAC)) round_pack (
        .clk(clk), .sign(1'b0), .exponent(exp_2), .significand(sig_2), .is_special(special_2), .special(word_2), .y(y)
    );
endmodule
`default_nettype wire
