// Python's max of two numbers: `b if b > a else a`. The order of the arguments decides NaN and signed zero. Latency 1.
`default_nettype none
module f_max #(
    parameter EXP = 11,
    parameter FRAC = 52
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output reg  [EXP+FRAC:0] y
);
    wire less, equal;
    wire unused = equal;
    f_compare #(.EXP(EXP), .FRAC(FRAC)) compare (.a(a), .b(b), .less(less), .equal(equal));
    always @(posedge clk) y <= less ? b : a;
endmodule
`default_nettype wire
