// Floor division of signed integers, Python's: the quotient a // b (0 where b is 0), or with REMAINDER the remainder a % b, of
// the sign of b (0 where b is 0). The one overflow wraps. One result a clock.
// A restoring digit recurrence: BITS_PER_STAGE digits of the quotient between two registers.
// Latency: ceil(WIDTH / BITS_PER_STAGE), and the number of ones in CUTS (1 before the recurrence, 1 after it).
`default_nettype none

module i_div #(
    parameter WIDTH = 64,
    parameter [0:0] REMAINDER = 1'b0,
    parameter BITS_PER_STAGE = 3,
    parameter [1:0] CUTS = 2'b11
) (
    input  wire             clk,
    input  wire [WIDTH-1:0] a,
    input  wire [WIDTH-1:0] b,
    output wire [WIDTH-1:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam STAGES = (WIDTH + BITS_PER_STAGE - 1) / BITS_PER_STAGE;

    wire [2:0] control_0;  // a is negative, b is, b is zero
    wire [WIDTH-1:0] a_0, b_0;
    pipeline_cut #(3, CUTS[0]) cut_0_control (clk, {a[WIDTH-1], b[WIDTH-1], b == {WIDTH{1'b0}}}, control_0);
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_a (clk, a[WIDTH-1] ? -a : a, a_0);
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_b (clk, b[WIDTH-1] ? -b : b, b_0);

    // The dividend leaves at the top of `digits` as the quotient comes in below.
    genvar k;
    generate
        for (k = 0; k < STAGES; k = k + 1) begin : stage
            localparam FIRST = k * BITS_PER_STAGE;
            localparam COUNT = WIDTH - FIRST < BITS_PER_STAGE ? WIDTH - FIRST : BITS_PER_STAGE;
            wire [2:0] control_in, control;
            wire [WIDTH-1:0] divisor_in, divisor, digits_in, digits, remainder_in, remainder;
            if (k == 0) begin : first
                assign control_in = control_0;
                assign divisor_in = b_0;
                assign remainder_in = {WIDTH{1'b0}};
                assign digits_in = a_0;
            end else begin : later
                assign control_in = stage[k-1].control;
                assign divisor_in = stage[k-1].divisor;
                assign remainder_in = stage[k-1].remainder;
                assign digits_in = stage[k-1].digits;
            end

            reg fits;
            reg [WIDTH:0] left;
            reg [WIDTH-1:0] shifted;
            integer i;
            always @* begin
                fits = 1'b0;
                left = {1'b0, remainder_in};
                shifted = digits_in;
                for (i = 0; i < COUNT; i = i + 1) begin
                    left = {left[WIDTH-1:0], shifted[WIDTH-1]};
                    fits = left >= {1'b0, divisor_in};
                    left = fits ? left - {1'b0, divisor_in} : left;
                    shifted = {shifted[WIDTH-2:0], fits};
                end
            end
            wire unused_top = left[WIDTH];  // what remains is below the divisor
            pipeline_cut #(3) cut_control (clk, control_in, control);
            pipeline_cut #(WIDTH) cut_divisor (clk, divisor_in, divisor);
            pipeline_cut #(WIDTH) cut_remainder (clk, left[WIDTH-1:0], remainder);
            pipeline_cut #(WIDTH) cut_digits (clk, shifted, digits);
        end
    endgenerate

    // Toward zero so far. Where the signs differ and something remains, flooring takes one more.
    wire a_negative = stage[STAGES-1].control[2];
    wire b_negative = stage[STAGES-1].control[1];
    wire b_zero = stage[STAGES-1].control[0];
    wire [WIDTH-1:0] quotient = stage[STAGES-1].digits;
    wire [WIDTH-1:0] remainder = stage[STAGES-1].remainder;
    wire opposite = a_negative ^ b_negative;
    wire exact = remainder == {WIDTH{1'b0}};
    generate
        if (REMAINDER) begin : takes_remainder
            wire [WIDTH-1:0] magnitude = opposite && !exact ? stage[STAGES-1].divisor - remainder : remainder;
            wire unused_quotient = |quotient;
            pipeline_cut #(WIDTH, CUTS[1]) cut_1 (
                clk, b_zero ? {WIDTH{1'b0}} : b_negative ? -magnitude : magnitude, result
            );
        end else begin : takes_quotient
            // -q - 1 is ~q.
            wire [WIDTH-1:0] floored = ~quotient + {{(WIDTH - 1) {1'b0}}, exact};
            wire unused_divisor = |stage[STAGES-1].divisor;
            pipeline_cut #(WIDTH, CUTS[1]) cut_1 (
                clk, b_zero ? {WIDTH{1'b0}} : opposite ? floored : quotient, result
            );
        end
    endgenerate
endmodule

`default_nettype wire
