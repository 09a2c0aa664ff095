// a * b, two's complement, the low 64 bits. Latency 3: the registers are there to be retimed into DSP blocks.
`default_nettype none
module i_mul (
    input  wire        clk,
    input  wire [63:0] a,
    input  wire [63:0] b,
    output reg  [63:0] y
);
    reg [63:0] a_1, b_1, product;
    always @(posedge clk) begin
        {a_1, b_1} <= {a, b};
        product    <= a_1 * b_1;
        y     <= product;
    end
endmodule
`default_nettype wire
