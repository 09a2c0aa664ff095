// A place where a pipeline may be cut: a register where ON is 1, a wire where ON is 0. Data only, so there is no reset.
`default_nettype none

module pipeline_cut #(
    parameter WIDTH = 1,
    parameter [0:0] ON = 1'b1
) (
    input  wire             clk,
    input  wire [WIDTH-1:0] d,
    output wire [WIDTH-1:0] q
);
    generate
        if (ON) begin : registered
            reg [WIDTH-1:0] held;
            always @(posedge clk) held <= d;
            assign q = held;
        end else begin : wired
            wire unused_clk = clk;
            assign q = d;
        end
    endgenerate
endmodule

`default_nettype wire
