// A signed integer of FROM bits in TO bits: sign extended, or its low bits. Wiring: latency 0.
`default_nettype none

module i_resize #(
    parameter FROM = 32,
    parameter TO = 64
) (
    input  wire            clk,
    input  wire [FROM-1:0] n,
    output wire [  TO-1:0] result
);
    wire unused_clk = clk;
    generate
        if (TO > FROM) begin : extended
            assign result = {{(TO - FROM) {n[FROM-1]}}, n};
        end else begin : shortened
            /* verilator lint_off UNUSEDSIGNAL */  // the upper bits
            wire [FROM-1:0] whole = n;
            /* verilator lint_on UNUSEDSIGNAL */
            assign result = whole[TO-1:0];
        end
    endgenerate
endmodule

`default_nettype wire
