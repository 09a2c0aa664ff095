// Shifts `x` left until its top bit is set and says by how much; a zero stays zero (and `shift` means nothing).
`default_nettype none
module f_normalize #(
    parameter WIDTH = 53,
    parameter BITS = $clog2(WIDTH)
) (
    input  wire [WIDTH-1:0] x,
    output reg  [WIDTH-1:0] y,
    output reg  [BITS-1:0]  shift
);
    integer step;
    always @* begin
        y = x;
        shift = {BITS{1'b0}};
        for (step = BITS - 1; step >= 0; step = step - 1) begin
            if ((y >> (WIDTH - (1 << step))) == {WIDTH{1'b0}}) begin
                y = y << (1 << step);
                shift[step] = 1'b1;
            end
        end
    end
endmodule
`default_nettype wire
