// Whether a and b stand in a relation: the parameters say for which of the four outcomes of a comparison it holds.
// a < b is LESS, a <= b is LESS and EQUAL, a != b is all but EQUAL. -0 equals 0; a NaN is unordered with everything.
// Latency: the number of ones in CUTS.
`default_nettype none

module f_compare #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [0:0] LESS = 1'b0,
    parameter [0:0] EQUAL = 1'b0,
    parameter [0:0] GREATER = 1'b0,
    parameter [0:0] UNORDERED = 1'b0,
    parameter [1:0] CUTS = 2'b10
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire              result
);
    localparam MAGNITUDE = EXP + FRAC;
    localparam [MAGNITUDE-1:0] INFINITY = {{EXP{1'b1}}, {FRAC{1'b0}}};

    wire [MAGNITUDE-1:0] a_magnitude = a[MAGNITUDE-1:0];
    wire [MAGNITUDE-1:0] b_magnitude = b[MAGNITUDE-1:0];
    wire below = a_magnitude < b_magnitude;
    wire same = a_magnitude == b_magnitude;
    wire zeros = a_magnitude == {MAGNITUDE{1'b0}} && b_magnitude == {MAGNITUDE{1'b0}};
    wire unordered = a_magnitude > INFINITY || b_magnitude > INFINITY;

    wire below_0, same_0, zeros_0, unordered_0, a_negative_0, b_negative_0;
    pipeline_cut #(6, CUTS[0]) cut_0 (
        clk,
        {below, same, zeros, unordered, a[MAGNITUDE], b[MAGNITUDE]},
        {below_0, same_0, zeros_0, unordered_0, a_negative_0, b_negative_0}
    );

    wire equal = zeros_0 || (same_0 && a_negative_0 == b_negative_0);
    wire less = a_negative_0 != b_negative_0 ? a_negative_0 : a_negative_0 ? !below_0 : below_0;
    wire holds = unordered_0 ? UNORDERED : equal ? EQUAL : less ? LESS : GREATER;
    pipeline_cut #(1, CUTS[1]) cut_1 (clk, holds, result);
endmodule

`default_nettype wire
