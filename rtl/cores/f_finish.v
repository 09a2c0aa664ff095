// What follows a multiplication or a division: at most one place of normalisation, the shift into the subnormal range,
// rounding. Latency: the number of ones in CUTS. With FLUSH what would be subnormal, or the least normal number, is a zero of its
// sign; nothing is shifted then, and the cuts 1 and 2 have no logic between them.
//
//   exponent   signed; the biased exponent that the first bit of `digits` stands for, possibly out of range
//   digits     FRAC + 3 bits, the first or the second of which is the leading one, unless the result is subnormal or zero
//   sticky     whether anything follows the digits
`default_nettype none

module f_finish #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [0:0] FLUSH = 1'b0,
    parameter [3:0] CUTS = 4'hf
) (
    input  wire              clk,
    input  wire              sign,
    input  wire              is_infinite,
    input  wire              is_nan,
    input  wire [   EXP+1:0] exponent,
    input  wire [  FRAC+2:0] digits,
    input  wire              sticky,
    output wire [EXP+FRAC:0] result
);
    localparam WIDTH = 1 + EXP + FRAC;
    localparam DIGITS = FRAC + 3;
    localparam DISTANCE = $clog2(DIGITS);
    localparam NEAR = DISTANCE / 2;
    localparam [EXP+1:0] ONE = {{(EXP + 1) {1'b0}}, 1'b1};

    // One place up, where the first digit is 0 and the exponent allows it; or some places down, where it is below 1.
    wire tiny = exponent[EXP+1] || exponent == {(EXP + 2) {1'b0}};
    wire up = !digits[FRAC+2] && !tiny && exponent != ONE;
    wire [EXP:0] kept_exponent = exponent[EXP:0] - {{EXP{1'b0}}, up};

    wire [2:0] control_0, control_1, control_2;
    wire [EXP:0] exponent_0, exponent_1, exponent_2;
    wire [DIGITS-1:0] normal = up ? {digits[FRAC+1:0], sticky} : {digits[FRAC+2:1], digits[0] || sticky};
    wire [DIGITS-1:0] significand_0, significand_1, significand_2;
    pipeline_cut #(3, CUTS[0]) cut_0_control (clk, {sign, is_infinite, is_nan}, control_0);
    pipeline_cut #(EXP + 1, CUTS[0]) cut_0_exponent (clk, kept_exponent, exponent_0);
    pipeline_cut #(3, CUTS[1]) cut_1_control (clk, control_0, control_1);
    pipeline_cut #(EXP + 1, CUTS[1]) cut_1_exponent (clk, exponent_0, exponent_1);
    pipeline_cut #(3, CUTS[2]) cut_2_control (clk, control_1, control_2);
    pipeline_cut #(EXP + 1, CUTS[2]) cut_2_exponent (clk, exponent_1, exponent_2);
    generate
        if (FLUSH) begin : flushes
            // Without its leading one it is nothing.
            pipeline_cut #(DIGITS, CUTS[0]) cut_0 (clk, {normal[DIGITS-1] && !tiny, normal[DIGITS-2:0]}, significand_0);
            pipeline_cut #(DIGITS, CUTS[1]) cut_1 (clk, significand_0, significand_1);
            pipeline_cut #(DIGITS, CUTS[2]) cut_2 (clk, significand_1, significand_2);
        end else begin : shifts
            wire [EXP+1:0] down = tiny ? ONE - exponent : {(EXP + 2) {1'b0}};
            wire [DISTANCE-1:0] down_0;
            wire [NEAR-1:0] down_1;
            wire far_0;
            wire [DIGITS-1:0] coarse_0, fine_1;
            pipeline_cut #(1, CUTS[0]) cut_0_far (clk, down >= DIGITS[EXP+1:0], far_0);
            pipeline_cut #(DISTANCE, CUTS[0]) cut_0_down (clk, down[DISTANCE-1:0], down_0);
            pipeline_cut #(DIGITS, CUTS[0]) cut_0 (clk, normal, significand_0);
            shift_right_sticky #(DIGITS, DISTANCE - NEAR, NEAR) down_coarse (
                significand_0, down_0[DISTANCE-1:NEAR], coarse_0
            );
            pipeline_cut #(NEAR, CUTS[1]) cut_1_down (clk, down_0[NEAR-1:0], down_1);
            pipeline_cut #(DIGITS, CUTS[1]) cut_1 (
                clk, far_0 ? {{(DIGITS - 1) {1'b0}}, |significand_0} : coarse_0, significand_1
            );
            shift_right_sticky #(DIGITS, NEAR, 0) down_fine (significand_1, down_1, fine_1);
            pipeline_cut #(DIGITS, CUTS[2]) cut_2 (clk, fine_1, significand_2);
        end
    endgenerate

    wire [WIDTH-1:0] rounded;
    round_to_even #(EXP, FRAC, FLUSH) rounding (
        control_2[2], exponent_2, significand_2, control_2[1], control_2[0], rounded
    );
    pipeline_cut #(WIDTH, CUTS[3]) cut_3_result (clk, rounded, result);
endmodule

`default_nettype wire
