// A word at each of 2**BITS addresses. `q` is the word at the `read_address` of the cycle before. One write and one read a
// cycle, which maps to block RAM. A word that is read in the cycle in which it is written is unknown, as in many a block RAM:
// simulations with taps give its complement. Nothing relies on what it holds at power-up.
`default_nettype none
module dagc_memory #(
    parameter WIDTH = 64,
    parameter BITS  = 6
) (
    input  wire             clk,
    input  wire             write,
    input  wire [BITS-1:0]  write_address,
    input  wire [WIDTH-1:0] d,
    input  wire [BITS-1:0]  read_address,
    output wire [WIDTH-1:0] q
);
    /* verilator no_inline_module */
    reg [WIDTH-1:0] words [0:(1<<BITS)-1];
    reg [WIDTH-1:0] held;
    always @(posedge clk) if (write) words[write_address] <= d;
`ifdef DAGC_TAPS
    always @(posedge clk) held <= (write && write_address == read_address) ? ~d : words[read_address];
`else
    always @(posedge clk) held <= words[read_address];
`endif
    assign q = held;
endmodule
`default_nettype wire
