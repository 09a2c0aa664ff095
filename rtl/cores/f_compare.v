// The order of two numbers: -0 equals 0, a NaN is neither less nor equal. Combinational.
`default_nettype none
module f_compare #(
    parameter EXP = 11,
    parameter FRAC = 52
) (
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire              less,
    output wire              equal
);
    localparam TOP = EXP + FRAC;
    localparam [TOP-1:0] INFINITY = {{EXP{1'b1}}, {FRAC{1'b0}}};

    wire unordered = a[TOP-1:0] > INFINITY || b[TOP-1:0] > INFINITY;
    wire zeros     = a[TOP-1:0] == {TOP{1'b0}} && b[TOP-1:0] == {TOP{1'b0}};
    wire below     = a[TOP] != b[TOP] ? a[TOP] : a[TOP] ? a[TOP-1:0] > b[TOP-1:0] : a[TOP-1:0] < b[TOP-1:0];

    assign equal = !unordered && (zeros || a == b);
    assign less  = !unordered && !zeros && below;
endmodule
`default_nettype wire
