// `value` shifted right by `amount` times 2^FIRST; whatever falls off the end is ORed into bit 0, so that a later rounding
// still knows that the number was not exact. Two of these in a row, with a pipeline cut between, make one long shift.
`default_nettype none

module shift_right_sticky #(
    parameter WIDTH = 56,
    parameter BITS = 3,
    parameter FIRST = 0
) (
    input  wire [WIDTH-1:0] value,
    input  wire [ BITS-1:0] amount,
    output reg  [WIDTH-1:0] shifted
);
    integer i;
    reg lost;
    always @* begin
        shifted = value;
        lost = 1'b0;
        for (i = 0; i < BITS; i = i + 1)
            if (amount[i]) begin
                lost = |(shifted << (WIDTH - (1 << (FIRST + i))));
                shifted = (shifted >> (1 << (FIRST + i))) | {{(WIDTH - 1) {1'b0}}, lost};
            end
    end
endmodule

`default_nettype wire
