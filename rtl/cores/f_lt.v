// a < b; false when either is NaN. Latency 1.
`default_nettype none
module f_lt #(
    parameter EXP = 11,
    parameter FRAC = 52
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output reg               y
);
    wire less, equal;
    f_compare #(.EXP(EXP), .FRAC(FRAC)) compare (.a(a), .b(b), .less(less), .equal(equal));
    wire unused = equal;
    always @(posedge clk) y <= less;
endmodule
`default_nettype wire
