// A pipeline cut: a register where ON is 1, a wire where it is 0. Data needs no reset; validity travels beside it.
`default_nettype none
module dagc_register #(
    parameter WIDTH = 64,
    parameter ON = 1
) (
    input  wire             clk,
    input  wire [WIDTH-1:0] d,
    output wire [WIDTH-1:0] q
);
    generate
        if (ON != 0) begin : g_register
            reg [WIDTH-1:0] held;
            always @(posedge clk) held <= d;
            assign q = held;
        end else begin : g_wire
            wire unused_clk = clk;
            assign q = d;
        end
    endgenerate
endmodule
`default_nettype wire
