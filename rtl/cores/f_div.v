// IEEE 754 a / b, rounded to nearest even, with subnormals; x/0 is a signed infinity. One result a clock.
// With FLUSH: a zero of its sign where that is no larger than the least normal number. No operand may then be subnormal, and the
// cuts 1, 2, 4 and 5 have no logic between them.
// A restoring digit recurrence: BITS_PER_STAGE digits of the quotient between two registers.
// Latency: ceil((FRAC + 3) / BITS_PER_STAGE), and the number of ones in CUTS (3 before the recurrence, 4 after it).
// Needs EXP >= 3 and FRAC < 2^EXP.
`default_nettype none

module f_div #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [0:0] FLUSH = 1'b0,
    parameter BITS_PER_STAGE = 3,
    parameter [6:0] CUTS = 7'h7f
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire [EXP+FRAC:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam WIDTH = 1 + EXP + FRAC;
    localparam SIG = FRAC + 1;
    localparam ZEROS = $clog2(SIG);
    localparam DIGITS = FRAC + 3;
    localparam STAGES = (DIGITS + BITS_PER_STAGE - 1) / BITS_PER_STAGE;
    localparam [EXP+1:0] BIAS = (1 << (EXP - 1)) - 1;

    wire [EXP-1:0] a_field = a[WIDTH-2:FRAC];
    wire [EXP-1:0] b_field = b[WIDTH-2:FRAC];
    wire a_normal = |a_field;
    wire b_normal = |b_field;
    wire a_top = &a_field;
    wire b_top = &b_field;
    wire a_zero = !a_normal && !(|a[FRAC-1:0]);
    wire b_zero = !b_normal && !(|b[FRAC-1:0]);
    wire nan = (a_top && |a[FRAC-1:0]) || (b_top && |b[FRAC-1:0]) || (a_top && b_top) || (a_zero && b_zero);

    wire [2:0] control_0, control_1, control_2;
    wire [EXP+1:0] exponent_0, exponent_1, exponent_2;
    wire [SIG-1:0] a_0, b_0, a_1, b_1, a_2, b_2;
    pipeline_cut #(3, CUTS[0]) cut_0_control (clk, {a[WIDTH-1] ^ b[WIDTH-1], a_top || b_zero, nan}, control_0);
    pipeline_cut #(EXP + 2, CUTS[0]) cut_0_exponent (
        clk,
        {2'b00, a_field | {{(EXP - 1) {1'b0}}, !a_normal}} + BIAS - {2'b00, b_field | {{(EXP - 1) {1'b0}}, !b_normal}},
        exponent_0
    );
    // A number over infinity is nothing over something.
    pipeline_cut #(SIG, CUTS[0]) cut_0_a (clk, {SIG{!b_top}} & {a_normal, a[FRAC-1:0]}, a_0);
    pipeline_cut #(SIG, CUTS[0]) cut_0_b (clk, {b_normal, b[FRAC-1:0]}, b_0);

    pipeline_cut #(3, CUTS[1]) cut_1_control (clk, control_0, control_1);
    pipeline_cut #(EXP + 2, CUTS[1]) cut_1_exponent (clk, exponent_0, exponent_1);
    pipeline_cut #(SIG, CUTS[1]) cut_1_a (clk, a_0, a_1);
    pipeline_cut #(SIG, CUTS[1]) cut_1_b (clk, b_0, b_1);
    pipeline_cut #(3, CUTS[2]) cut_2_control (clk, control_1, control_2);
    generate
        if (FLUSH) begin : normal
            pipeline_cut #(EXP + 2, CUTS[2]) cut_2_exponent (clk, exponent_1, exponent_2);
            pipeline_cut #(SIG, CUTS[2]) cut_2_a (clk, a_1, a_2);
            pipeline_cut #(SIG, CUTS[2]) cut_2_b (clk, b_1, b_2);
        end else begin : normalises
            wire [ZEROS-1:0] a_zeros_0, b_zeros_0, a_zeros_1, b_zeros_1;
            leading_zeros #(SIG, ZEROS) count_a (clk, a_0, a_zeros_0);
            leading_zeros #(SIG, ZEROS) count_b (clk, b_0, b_zeros_0);
            pipeline_cut #(ZEROS, CUTS[1]) cut_1_a_zeros (clk, a_zeros_0, a_zeros_1);
            pipeline_cut #(ZEROS, CUTS[1]) cut_1_b_zeros (clk, b_zeros_0, b_zeros_1);
            pipeline_cut #(EXP + 2, CUTS[2]) cut_2_exponent (
                clk,
                exponent_1 - {{(EXP + 2 - ZEROS) {1'b0}}, a_zeros_1} + {{(EXP + 2 - ZEROS) {1'b0}}, b_zeros_1},
                exponent_2
            );
            pipeline_cut #(SIG, CUTS[2]) cut_2_a (clk, a_1 << a_zeros_1, a_2);
            pipeline_cut #(SIG, CUTS[2]) cut_2_b (clk, b_1 << b_zeros_1, b_2);
        end
    endgenerate

    // Each digit: does the divisor fit into what remains? The quotient lies between 1/2 and 2; its first digit weighs 1.
    genvar k;
    generate
        for (k = 0; k < STAGES; k = k + 1) begin : stage
            localparam FIRST = k * BITS_PER_STAGE;
            localparam COUNT = DIGITS - FIRST < BITS_PER_STAGE ? DIGITS - FIRST : BITS_PER_STAGE;
            wire [2:0] control_in, control;
            wire [EXP+1:0] exponent_in, exponent;
            wire [SIG-1:0] divisor_in, divisor;
            wire [SIG:0] remainder_in, remainder;
            wire [DIGITS-1:0] quotient_in, quotient;
            if (k == 0) begin : first
                assign control_in = control_2;
                assign exponent_in = exponent_2;
                assign divisor_in = b_2;
                assign remainder_in = {1'b0, a_2};
                assign quotient_in = {DIGITS{1'b0}};
            end else begin : later
                assign control_in = stage[k-1].control;
                assign exponent_in = stage[k-1].exponent;
                assign divisor_in = stage[k-1].divisor;
                assign remainder_in = stage[k-1].remainder;
                assign quotient_in = stage[k-1].quotient;
            end

            reg fits;
            reg [SIG:0] left;
            reg [DIGITS-1:0] digits;
            integer i;
            always @* begin
                fits = 1'b0;
                left = remainder_in;
                digits = quotient_in;
                for (i = 0; i < COUNT; i = i + 1) begin
                    fits = left >= {1'b0, divisor_in};
                    left = (fits ? left - {1'b0, divisor_in} : left) << 1;
                    digits = {digits[DIGITS-2:0], fits};
                end
            end
            pipeline_cut #(3) cut_control (clk, control_in, control);
            pipeline_cut #(EXP + 2) cut_exponent (clk, exponent_in, exponent);
            pipeline_cut #(SIG) cut_divisor (clk, divisor_in, divisor);
            pipeline_cut #(SIG + 1) cut_remainder (clk, left, remainder);
            pipeline_cut #(DIGITS) cut_quotient (clk, digits, quotient);
        end
    endgenerate
    wire unused_divisor = |stage[STAGES-1].divisor;

    f_finish #(EXP, FRAC, FLUSH, CUTS[6:3]) finish (
        clk,
        stage[STAGES-1].control[2],
        stage[STAGES-1].control[1],
        stage[STAGES-1].control[0],
        stage[STAGES-1].exponent,
        stage[STAGES-1].quotient,
        |stage[STAGES-1].remainder,
        result
    );
endmodule

`default_nettype wire
