// The last step of every f_ core: a significand with guard and sticky bit becomes the nearest number, ties to even.
// No pipeline cut inside.
//
//   exponent     the biased exponent that a leading one stands for; at least 1 where that bit is set
//   significand  leading bit, FRAC fraction bits, guard, sticky; a leading zero means a subnormal number (or zero)
//   FLUSH        1: a result that is no larger than the least normal number is a zero of its sign
//   is_infinite  the result is an infinity, whatever the significand
//   is_nan       the result is the canonical quiet NaN, whatever the rest
`default_nettype none

module round_to_even #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [0:0] FLUSH = 1'b0
) (
    input  wire              sign,
    input  wire [     EXP:0] exponent,
    input  wire [FRAC + 2:0] significand,
    input  wire              is_infinite,
    input  wire              is_nan,
    output wire [EXP+FRAC:0] result
);
    localparam [EXP-1:0] ALL_ONES = {EXP{1'b1}};

    wire leading = significand[FRAC+2];
    wire guard = significand[1];
    wire sticky = significand[0];
    wire odd = significand[2];
    wire up = guard && (sticky || odd);
    wire overflow = leading && exponent >= {1'b0, ALL_ONES};

    // The carry out of the fraction steps the exponent: subnormal to normal, and the largest number to infinity.
    wire [EXP-1:0] field = leading ? exponent[EXP-1:0] : {EXP{1'b0}};
    wire [EXP+FRAC-1:0] rounded = {field, significand[FRAC+1:2]} + {{(EXP + FRAC - 1) {1'b0}}, up};

    // Beside the addition, not behind it: at the least normal number nothing is rounded up from below.
    wire least = exponent == {{EXP{1'b0}}, 1'b1} && significand[FRAC+1:2] == {FRAC{1'b0}} && !up;
    wire flushed = FLUSH && (!leading || least);

    assign result = is_nan ? {1'b0, ALL_ONES, 1'b1, {(FRAC - 1) {1'b0}}}
                  : is_infinite || overflow ? {sign, ALL_ONES, {FRAC{1'b0}}}
                  : flushed ? {sign, {(EXP + FRAC) {1'b0}}}
                  : {sign, rounded};
endmodule

`default_nettype wire
