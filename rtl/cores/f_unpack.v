// The parts of a floating-point number. A subnormal has the exponent of the smallest normal and no hidden bit.
`default_nettype none
module f_unpack #(
    parameter EXP = 11,
    parameter FRAC = 52
) (
    input  wire [EXP+FRAC:0] x,
    output wire              sign,
    output wire [EXP-1:0]    exponent,
    output wire [FRAC:0]     significand,
    output wire              is_zero,
    output wire              is_infinity,
    output wire              is_nan
);
    wire [EXP-1:0]  field    = x[EXP+FRAC-1:FRAC];
    wire [FRAC-1:0] fraction = x[FRAC-1:0];
    wire            hidden   = |field;

    assign sign        = x[EXP+FRAC];
    assign exponent    = hidden ? field : {{(EXP-1){1'b0}}, 1'b1};
    assign significand = {hidden, fraction};
    assign is_zero     = !hidden && fraction == {FRAC{1'b0}};
    assign is_infinity = (&field) && fraction == {FRAC{1'b0}};
    assign is_nan      = (&field) && fraction != {FRAC{1'b0}};
endmodule
`default_nettype wire
