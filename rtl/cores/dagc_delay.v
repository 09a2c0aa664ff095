// `d`, DEPTH cycles later. Short delays are registers; longer ones a small memory written and read once a cycle, which maps to
// LUT or block RAM. The first DEPTH values after power-up are unknown: validity travels beside the data.
`default_nettype none
module dagc_delay #(
    parameter WIDTH = 64,
    parameter DEPTH = 1
) (
    input  wire             clk,
    input  wire             rst,
    input  wire [WIDTH-1:0] d,
    output wire [WIDTH-1:0] q
);
    /* verilator no_inline_module */
    localparam SLOTS = (DEPTH > 1) ? DEPTH - 1 : 1;
    localparam BITS = (SLOTS > 1) ? $clog2(SLOTS) : 1;
    localparam [31:0] LAST_SLOT = SLOTS - 1;

    generate
        if (DEPTH == 0) begin : g_wire
            wire unused_control = clk | rst;
            assign q = d;
        end else if (DEPTH == 1) begin : g_register
            wire unused_rst = rst;
            reg [WIDTH-1:0] held;
            always @(posedge clk) held <= d;
            assign q = held;
        end else if (DEPTH == 2) begin : g_registers
            wire unused_rst = rst;
            reg [WIDTH-1:0] first, second;
            always @(posedge clk) begin
                first  <= d;
                second <= first;
            end
            assign q = second;
        end else begin : g_memory
            // A slot is read just before it is overwritten, SLOTS cycles after it was written; the register adds one more.
            reg [WIDTH-1:0] slots [0:SLOTS-1];
            reg [BITS-1:0]  slot;
            reg [WIDTH-1:0] held;
            always @(posedge clk) begin
                held        <= slots[slot];
                slots[slot] <= d;
                if (rst || slot == LAST_SLOT[BITS-1:0]) slot <= {BITS{1'b0}};
                else slot <= slot + 1'b1;
            end
            assign q = held;
        end
    endgenerate
endmodule
`default_nettype wire
