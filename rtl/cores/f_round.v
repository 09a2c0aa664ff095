// To an integral value, the sign of zero kept. MODE 0 is rint (ties to even), 1 floor, 2 ceil, 3 trunc. Latency 2.
`default_nettype none
module f_round #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter MODE = 0
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] x,
    output reg  [EXP+FRAC:0] y
);
    localparam W = EXP + FRAC + 1;
    localparam [EXP-1:0] BIAS = {1'b0, {(EXP-1){1'b1}}};
    localparam [31:0] FRAC_BITS = FRAC;
    localparam [EXP-1:0] WHOLE = BIAS + FRAC_BITS[EXP-1:0]; // from this exponent on every value is integral
    localparam [W-1:0] NAN = {1'b0, {EXP{1'b1}}, 1'b1, {(FRAC-1){1'b0}}};

    // How many bits of the fraction lie behind the point. The exponent's own last bit serves as the hidden bit of [1, 2).
    wire           sign   = x[W-1];
    wire [W-2:0]   m      = x[W-2:0];
    wire [EXP-1:0] field  = x[W-2:FRAC];
    wire           is_nan = m > {{EXP{1'b1}}, {FRAC{1'b0}}};
    wire           is_small  = field < BIAS;
    wire           whole  = field >= WHOLE;
    wire [EXP-1:0] behind = WHOLE - field;

    reg            sign_1, nan_1, is_small_1, whole_1;
    reg  [W-2:0]   m_1;
    reg  [EXP-1:0] behind_1;
    always @(posedge clk) {sign_1, nan_1, is_small_1, whole_1, m_1, behind_1} <= {sign, is_nan, is_small, whole, m, behind};

    wire [W-2:0] one    = {{(W-2){1'b0}}, 1'b1};
    wire [W-2:0] unit   = one << behind_1;
    wire [W-2:0] mask   = unit - one;
    wire [W-2:0] rest   = m_1 & mask;
    wire [W-2:0] half   = unit >> 1;
    wire         lsb    = |(m_1 & unit);
    wire         any    = rest != {(W-1){1'b0}};
    wire         up     = MODE == 0 ? (rest > half || (rest == half && lsb))
                        : MODE == 1 ? (sign_1 && any)
                        : MODE == 2 ? (!sign_1 && any)
                        : 1'b0;
    wire [W-2:0] stepped  = (m_1 & ~mask) + (up ? unit : {(W-1){1'b0}});

    wire [W-2:0] nothing   = {(W-1){1'b0}};
    wire [W-2:0] unity     = {BIAS, {FRAC{1'b0}}};
    wire [W-2:0] one_half  = {BIAS - {{(EXP-1){1'b0}}, 1'b1}, {FRAC{1'b0}}};
    wire         to_one    = MODE == 0 ? m_1 > one_half
                           : MODE == 1 ? (sign_1 && m_1 != nothing)
                           : MODE == 2 ? (!sign_1 && m_1 != nothing)
                           : 1'b0;

    always @(posedge clk)
        y <= nan_1 ? NAN : whole_1 ? {sign_1, m_1} : is_small_1 ? {sign_1, to_one ? unity : nothing} : {sign_1, stepped};
endmodule
`default_nettype wire
