// How many zeros `value` starts with. Of a value that is all zeros the count is of no use: it is some number below 2^BITS.
`default_nettype none

module leading_zeros #(
    parameter WIDTH = 53,
    parameter BITS = $clog2(WIDTH)
) (
    input  wire [WIDTH-1:0] value,
    output reg  [ BITS-1:0] count
);
    localparam PADDED = 1 << BITS;

    wire [PADDED-1:0] padded;
    generate
        if (PADDED == WIDTH) begin : exact
            assign padded = value;
        end else begin : wider
            assign padded = {value, {(PADDED - WIDTH) {1'b0}}};
        end
    endgenerate

    // Halve the window each time: where its upper half is empty, step over it.
    reg [PADDED-1:0] window;
    integer i;
    always @* begin
        window = padded;
        count  = {BITS{1'b0}};
        for (i = BITS - 1; i >= 0; i = i - 1)
            if ((window >> (PADDED - (1 << i))) == {PADDED{1'b0}}) begin
                count[i] = 1'b1;
                window   = window << (1 << i);
            end
    end
endmodule

`default_nettype wire
