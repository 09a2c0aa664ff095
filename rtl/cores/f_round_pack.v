// The end of every arithmetic core: denormalise, round to nearest even, pack. CUTS[0] stands before the rounding, CUTS[1] after.
//
// The value is 1.f x 2^(exponent - bias): `significand` is {1, fraction, guard, sticky} with its top bit set, or all zero for zero.
// `exponent` is signed and may lie far outside the format. Where `is_special`, the result is `special`.
`default_nettype none
module f_round_pack #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [1:0] CUTS = 2'b11
) (
    input  wire                  clk,
    input  wire                  sign,
    input  wire signed [EXP+2:0] exponent,
    input  wire [FRAC+2:0]       significand,
    input  wire                  is_special,
    input  wire [EXP+FRAC:0]     special,
    output wire [EXP+FRAC:0]     y
);
    localparam WIDTH = FRAC + 3;
    localparam signed [EXP+2:0] TOP = (1 << EXP) - 1;
    localparam [31:0] WIDTH_BITS = WIDTH;

    // Below the normal range the significand moves right, and what falls off stays behind in the sticky bit.
    wire                  tiny     = exponent < 1;
    wire signed [EXP+2:0] distance = 1 - exponent;
    wire [EXP+2:0]        shift    = (distance > $signed(WIDTH_BITS[EXP+2:0])) ? WIDTH_BITS[EXP+2:0] : distance;
    wire [WIDTH-1:0]      moved    = significand >> shift;
    wire [WIDTH-1:0]      kept     = moved << shift;
    wire                  lost     = kept != significand;
    wire [WIDTH-1:0]      aligned  = tiny ? {moved[WIDTH-1:1], moved[0] | lost} : significand;
    wire                  is_huge  = exponent >= TOP;
    wire [EXP-1:0]        field    = tiny ? {EXP{1'b0}} : exponent[EXP-1:0];
    wire                  is_none  = significand == {WIDTH{1'b0}};

    wire               sign_1, special_1, huge_1, none_1;
    wire [EXP-1:0]     field_1;
    wire [WIDTH-1:0]   aligned_1;
    wire [EXP+FRAC:0]  special_word_1;
    dagc_register #(.WIDTH(4 + EXP + WIDTH + EXP + FRAC + 1), .ON({31'd0, CUTS[0]})) cut_0 (
        .clk(clk),
        .d({sign, is_special, is_huge, is_none, field, aligned, special}),
        .q({sign_1, special_1, huge_1, none_1, field_1, aligned_1, special_word_1})
    );

    // A carry out of the fraction moves into the exponent by itself, up to infinity.
    wire                up      = aligned_1[1] & (aligned_1[0] | aligned_1[2]);
    wire [EXP+FRAC-1:0] rounded = {field_1, aligned_1[FRAC+1:2]} + {{(EXP+FRAC-1){1'b0}}, up};
    wire [EXP+FRAC-1:0] finite  = none_1 ? {(EXP+FRAC){1'b0}} : huge_1 ? {{EXP{1'b1}}, {FRAC{1'b0}}} : rounded;
    wire                unused_hidden = aligned_1[WIDTH-1];

    dagc_register #(.WIDTH(EXP + FRAC + 1), .ON({31'd0, CUTS[1]})) cut_1 (
        .clk(clk),
        .d(special_1 ? special_word_1 : {sign_1, finite}),
        .q(y)
    );
endmodule
`default_nettype wire
