// How many zeros `value` starts with. Of a value that is all zeros the count is of no use: it is some number below 2^BITS.
// Latency: CUT.
`default_nettype none

module leading_zeros #(
    parameter WIDTH = 53,
    parameter BITS = $clog2(WIDTH),
    parameter [0:0] CUT = 1'b0
) (
    input  wire             clk,
    input  wire [WIDTH-1:0] value,
    output wire [ BITS-1:0] count
);
    localparam DIGITS = (BITS + 1) / 2;
    localparam PADDED = 1 << (2 * DIGITS);
    localparam QUARTER = PADDED / 4;

    wire [PADDED-1:0] padded;
    generate
        if (PADDED == WIDTH) begin : exact
            assign padded = value;
        end else begin : wider
            assign padded = {value, {(PADDED - WIDTH) {1'b0}}};
        end
    endgenerate

    // Two bits of the count at a time: which is the first quarter that is not empty? Quarters, not halves, because the
    // tests run side by side.
    wire [QUARTER-1:0] first = padded[3*QUARTER+:QUARTER];
    wire [QUARTER-1:0] second = padded[2*QUARTER+:QUARTER];
    wire [QUARTER-1:0] third = padded[QUARTER+:QUARTER];
    wire [1:0] empty = |first ? 2'd0 : |second ? 2'd1 : |third ? 2'd2 : 2'd3;
    wire [QUARTER-1:0] chosen = empty[1] ? (empty[0] ? padded[0+:QUARTER] : third) : (empty[0] ? second : first);

    wire [1:0] high;
    wire [QUARTER-1:0] rest;
    pipeline_cut #(2, CUT) cut_high (clk, empty, high);
    pipeline_cut #(QUARTER, CUT) cut_rest (clk, chosen, rest);

    reg [QUARTER-1:0] window;
    /* verilator lint_off UNUSEDSIGNAL */  // where BITS is odd, its first bit is always 0
    reg [2*DIGITS-1:0] counted;
    /* verilator lint_on UNUSEDSIGNAL */
    integer i;
    always @* begin
        window = rest;
        counted = {(2 * DIGITS) {1'b0}};
        counted[2*DIGITS-2+:2] = high;
        for (i = 2 * DIGITS - 4; i >= 0; i = i - 2) begin
            counted[i+:2] = |(window >> (QUARTER - (1 << i))) ? 2'd0
                          : |(window >> (QUARTER - (2 << i))) ? 2'd1
                          : |(window >> (QUARTER - (3 << i))) ? 2'd2
                          : 2'd3;
            window = counted[i+1] ? (counted[i] ? window << (3 << i) : window << (2 << i))
                                  : (counted[i] ? window << (1 << i) : window);
        end
    end
    assign count = counted[BITS-1:0];
endmodule

`default_nettype wire
