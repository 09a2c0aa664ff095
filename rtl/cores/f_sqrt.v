// The IEEE 754 square root, rounded to nearest even, with subnormals; NaN below zero, -0 for -0. One result a clock.
// With FLUSH no operand may be subnormal: none is shifted, and cut 1 has no logic before it. No root is as small as that.
// A restoring digit recurrence: BITS_PER_STAGE digits of the root between two registers.
// Latency: ceil((FRAC + 2) / BITS_PER_STAGE), and the number of ones in CUTS (3 before the recurrence, 1 after it).
`default_nettype none

module f_sqrt #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [0:0] FLUSH = 1'b0,
    parameter BITS_PER_STAGE = 3,
    parameter [3:0] CUTS = 4'hf
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] x,
    output wire [EXP+FRAC:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam WIDTH = 1 + EXP + FRAC;
    localparam SIG = FRAC + 1;
    localparam ZEROS = $clog2(SIG);
    localparam DIGITS = FRAC + 2;
    localparam REMAINDER = DIGITS + 2;
    localparam STAGES = (DIGITS + BITS_PER_STAGE - 1) / BITS_PER_STAGE;
    localparam [EXP:0] BIAS = (1 << (EXP - 1)) - 1;

    wire [EXP-1:0] field = x[WIDTH-2:FRAC];
    wire normal = |field;
    wire zero = !normal && !(|x[FRAC-1:0]);
    wire infinite = &field;
    wire nan = (infinite && |x[FRAC-1:0]) || (x[WIDTH-1] && !zero);

    wire [2:0] control_0, control_1, control_2;
    wire [EXP:0] exponent_0, exponent_1;
    wire [SIG-1:0] x_0, x_1;
    pipeline_cut #(3, CUTS[0]) cut_0_control (clk, {x[WIDTH-1], infinite, nan}, control_0);
    // Twice the bias, so that half of it is the bias of the root; its last bit is that of the unbiased exponent.
    pipeline_cut #(EXP + 1, CUTS[0]) cut_0_exponent (
        clk, {1'b0, field | {{(EXP - 1) {1'b0}}, !normal}} + BIAS, exponent_0
    );
    pipeline_cut #(SIG, CUTS[0]) cut_0_x (clk, {normal, x[FRAC-1:0]}, x_0);

    pipeline_cut #(3, CUTS[1]) cut_1_control (clk, control_0, control_1);
    pipeline_cut #(EXP + 1, CUTS[1]) cut_1_exponent (clk, exponent_0, exponent_1);
    pipeline_cut #(SIG, CUTS[1]) cut_1_x (clk, x_0, x_1);

    // An odd exponent lends a factor of two to the radicand, which then lies in [1, 4), and its root in [1, 2).
    wire [EXP:0] twice;
    wire [SIG-1:0] shifted;
    generate
        if (FLUSH) begin : normal_1
            assign twice = exponent_1;
            assign shifted = x_1;
        end else begin : normalises
            wire [ZEROS-1:0] zeros_0, zeros_1;
            leading_zeros #(SIG, ZEROS) count_zeros (clk, x_0, zeros_0);
            pipeline_cut #(ZEROS, CUTS[1]) cut_1_zeros (clk, zeros_0, zeros_1);
            assign twice = exponent_1 - {{(EXP + 1 - ZEROS) {1'b0}}, zeros_1};
            assign shifted = x_1 << zeros_1;
        end
    endgenerate
    wire [EXP-1:0] exponent_2;
    wire [SIG:0] radicand_2;
    pipeline_cut #(3, CUTS[2]) cut_2_control (clk, control_1, control_2);
    pipeline_cut #(EXP, CUTS[2]) cut_2_exponent (clk, twice[EXP:1], exponent_2);
    pipeline_cut #(SIG + 1, CUTS[2]) cut_2_radicand (clk, twice[0] ? {shifted, 1'b0} : {1'b0, shifted}, radicand_2);

    // Each digit, as on paper: bring down two digits of the radicand; does (root so far, 01) fit into what remains?
    genvar k;
    generate
        for (k = 0; k < STAGES; k = k + 1) begin : stage
            localparam FIRST = k * BITS_PER_STAGE;
            localparam COUNT = DIGITS - FIRST < BITS_PER_STAGE ? DIGITS - FIRST : BITS_PER_STAGE;
            wire [2:0] control_in, control;
            wire [EXP-1:0] exponent_in, exponent;
            wire [SIG:0] radicand_in, radicand;
            wire [REMAINDER-1:0] remainder_in, remainder;
            wire [DIGITS-1:0] root_in, root;
            if (k == 0) begin : first
                assign control_in = control_2;
                assign exponent_in = exponent_2;
                assign radicand_in = radicand_2;
                assign remainder_in = {REMAINDER{1'b0}};
                assign root_in = {DIGITS{1'b0}};
            end else begin : later
                assign control_in = stage[k-1].control;
                assign exponent_in = stage[k-1].exponent;
                assign radicand_in = stage[k-1].radicand;
                assign remainder_in = stage[k-1].remainder;
                assign root_in = stage[k-1].root;
            end

            reg fits;
            reg [SIG:0] digits;
            reg [REMAINDER-1:0] left, trial;
            reg [DIGITS-1:0] found;
            integer i;
            always @* begin
                fits = 1'b0;
                digits = radicand_in;
                left = remainder_in;
                trial = {REMAINDER{1'b0}};
                found = root_in;
                for (i = 0; i < COUNT; i = i + 1) begin
                    left = {left[REMAINDER-3:0], digits[SIG:SIG-1]};
                    trial = {found, 2'b01};
                    fits = left >= trial;
                    left = fits ? left - trial : left;
                    found = {found[DIGITS-2:0], fits};
                    digits = digits << 2;
                end
            end
            pipeline_cut #(3) cut_control (clk, control_in, control);
            pipeline_cut #(EXP) cut_exponent (clk, exponent_in, exponent);
            pipeline_cut #(SIG + 1) cut_radicand (clk, digits, radicand);
            pipeline_cut #(REMAINDER) cut_remainder (clk, left, remainder);
            pipeline_cut #(DIGITS) cut_root (clk, found, root);
        end
    endgenerate
    wire unused_radicand = |stage[STAGES-1].radicand;

    wire [WIDTH-1:0] rounded;
    round_to_even #(EXP, FRAC, FLUSH) rounding (
        stage[STAGES-1].control[2],
        {1'b0, stage[STAGES-1].exponent},
        {stage[STAGES-1].root, |stage[STAGES-1].remainder},
        stage[STAGES-1].control[1],
        stage[STAGES-1].control[0],
        rounded
    );
    pipeline_cut #(WIDTH, CUTS[3]) cut_result (clk, rounded, result);
endmodule

`default_nettype wire
