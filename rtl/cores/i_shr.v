// a >>> (n mod 64), arithmetic (it floors). Latency 1.
`default_nettype none
module i_shr (
    input  wire        clk,
    input  wire [63:0] a,
    input  wire [63:0] n,
    output reg  [63:0] y
);
    wire unused = |n[63:6];
    always @(posedge clk) y <= $signed(a) >>> n[5:0];
endmodule
`default_nettype wire
