// IEEE 754 a + b (a - b where SUBTRACT is 1), rounded to nearest even, with subnormals. One result a clock.
// With FLUSH: a zero of its sign where that is no larger than the least normal number. No operand may then be subnormal.
// Latency: the number of ones in CUTS. Needs FRAC + 5 <= 2^EXP.
`default_nettype none

module f_add #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter [0:0] FLUSH = 1'b0,
    parameter [0:0] SUBTRACT = 1'b0,
    parameter [9:0] CUTS = 10'h3ff
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] a,
    input  wire [EXP+FRAC:0] b,
    output wire [EXP+FRAC:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam WIDTH = 1 + EXP + FRAC;
    localparam ALIGNED = FRAC + 4;  // leading bit, fraction, guard, round, sticky
    localparam SUM = ALIGNED + 1;  // and the carry
    localparam DISTANCE = $clog2(ALIGNED);
    localparam NEAR = DISTANCE / 2;  // bits of the distance left for the second half of the alignment
    localparam ZEROS = $clog2(SUM);
    localparam FINE = ZEROS / 2;

    // The operand with the larger magnitude gives the sign, and the exponent before normalisation.
    wire [WIDTH-1:0] signed_b = {b[WIDTH-1] ^ SUBTRACT, b[WIDTH-2:0]};
    wire swap = a[WIDTH-2:0] < b[WIDTH-2:0];
    wire [WIDTH-1:0] larger, smaller;
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_big (clk, swap ? signed_b : a, larger);
    pipeline_cut #(WIDTH, CUTS[0]) cut_0_small (clk, swap ? a : signed_b, smaller);

    // How far apart they are. A subnormal has the exponent of the smallest normal number, without the leading one.
    wire [EXP-1:0] big_field = larger[WIDTH-2:FRAC];
    wire [EXP-1:0] small_field = smaller[WIDTH-2:FRAC];
    wire big_normal = |big_field;
    wire small_normal = |small_field;
    // One carry chain: big - small - nearer is big + ~small + !nearer, the last as a carry into the lowest place.
    wire nearer_0 = !FLUSH && big_normal && !small_normal;
    wire [EXP:0] carried_0 = {big_field, 1'b1} + {~small_field, !nearer_0};
    wire [EXP-1:0] distance_0 = carried_0[EXP:1];
    wire unused_carry = carried_0[0];
    // A distance that its shifter cannot count. Nearer than that, but farther than the digits reach, the shifter does it.
    wire far_0 = (distance_0 >> DISTANCE) != {EXP{1'b0}};
    wire opposite_0 = larger[WIDTH-1] ^ smaller[WIDTH-1];
    wire special_0 = &big_field;
    wire nan_0 = special_0 && (|larger[FRAC-1:0] || (&small_field && (|smaller[FRAC-1:0] || opposite_0)));

    wire [4:0] control_1;
    wire sign_1 = control_1[4];
    wire opposite_1 = control_1[3];
    wire special_1 = control_1[2];
    wire nan_1 = control_1[1];
    wire far_1 = control_1[0];
    wire [EXP-1:0] exponent_1;
    wire [DISTANCE-1:0] distance_1;
    wire [FRAC:0] big_1, small_1;
    pipeline_cut #(5, CUTS[1]) cut_1_control (clk, {larger[WIDTH-1], opposite_0, special_0, nan_0, far_0}, control_1);
    pipeline_cut #(EXP, CUTS[1]) cut_1_exponent (clk, big_field | {{(EXP - 1) {1'b0}}, !FLUSH && !big_normal}, exponent_1);
    pipeline_cut #(DISTANCE, CUTS[1]) cut_1_distance (clk, distance_0[DISTANCE-1:0], distance_1);
    pipeline_cut #(FRAC + 1, CUTS[1]) cut_1_big (clk, {big_normal, larger[FRAC-1:0]}, big_1);
    pipeline_cut #(FRAC + 1, CUTS[1]) cut_1_small (clk, {small_normal, smaller[FRAC-1:0]}, small_1);

    // Align, the long steps first. Beyond reach only the sticky bit is left.
    wire [ALIGNED-1:0] coarse_1, coarse_2, fine_2, small_3;
    shift_right_sticky #(ALIGNED, DISTANCE - NEAR, NEAR) align_coarse (
        {small_1, 3'b000}, distance_1[DISTANCE-1:NEAR], coarse_1
    );
    wire [3:0] control_2;
    wire [EXP-1:0] exponent_2;
    wire [NEAR-1:0] distance_2;
    wire [FRAC:0] big_2;
    pipeline_cut #(4, CUTS[2]) cut_2_control (clk, {sign_1, opposite_1, special_1, nan_1}, control_2);
    pipeline_cut #(EXP, CUTS[2]) cut_2_exponent (clk, exponent_1, exponent_2);
    pipeline_cut #(NEAR, CUTS[2]) cut_2_distance (clk, distance_1[NEAR-1:0], distance_2);
    pipeline_cut #(FRAC + 1, CUTS[2]) cut_2_big (clk, big_1, big_2);
    pipeline_cut #(ALIGNED, CUTS[2]) cut_2_small (
        clk, far_1 ? {{(ALIGNED - 1) {1'b0}}, |small_1} : coarse_1, coarse_2
    );
    // Where the operands were far apart, a further shift of the lone sticky bit leaves it as it is.
    shift_right_sticky #(ALIGNED, NEAR, 0) align_fine (coarse_2, distance_2, fine_2);
    wire [3:0] control_3;
    wire [EXP-1:0] exponent_3;
    wire [FRAC:0] big_3;
    pipeline_cut #(4, CUTS[3]) cut_3_control (clk, control_2, control_3);
    pipeline_cut #(EXP, CUTS[3]) cut_3_exponent (clk, exponent_2, exponent_3);
    pipeline_cut #(FRAC + 1, CUTS[3]) cut_3_big (clk, big_2, big_3);
    pipeline_cut #(ALIGNED, CUTS[3]) cut_3_small (clk, fine_2, small_3);

    // Add. The sum of magnitudes may carry; the difference is never negative.
    wire opposite_3 = control_3[2];
    wire [SUM:0] sum_3 = {1'b0, big_3, 3'b000, 1'b1} + {{SUM{opposite_3}} ^ {1'b0, small_3}, opposite_3};
    wire unused_sum = sum_3[0];  // it took the carry in
    wire [SUM-1:0] sum_4;
    wire [3:0] control_4;
    wire [EXP-1:0] exponent_4;
    pipeline_cut #(4, CUTS[4]) cut_4_control (clk, control_3, control_4);
    pipeline_cut #(EXP, CUTS[4]) cut_4_exponent (clk, exponent_3, exponent_4);
    pipeline_cut #(SUM, CUTS[4]) cut_4_sum (clk, sum_3[SUM:1], sum_4);

    // Where it starts, which takes two stages. An exact difference of nothing is +0.
    wire cancelled_4 = control_4[2] && sum_4 == {SUM{1'b0}};
    wire [ZEROS-1:0] zeros_5, zeros_6;
    wire [2:0] control_5, control_6;
    wire [EXP-1:0] exponent_5;
    wire [EXP:0] carried_5 = {1'b0, exponent_5} + {{EXP{1'b0}}, 1'b1};  // the exponent of the carry
    wire [EXP:0] carried_6;
    wire [ZEROS-1:0] room_6;
    wire [SUM-1:0] sum_5, sum_6;
    leading_zeros #(SUM, ZEROS, CUTS[5]) count_zeros (clk, sum_4, zeros_5);
    pipeline_cut #(3, CUTS[5]) cut_5_control (clk, {control_4[3] && !cancelled_4, control_4[1:0]}, control_5);
    pipeline_cut #(EXP, CUTS[5]) cut_5_exponent (clk, exponent_4, exponent_5);
    pipeline_cut #(SUM, CUTS[5]) cut_5_sum (clk, sum_4, sum_5);
    pipeline_cut #(3, CUTS[6]) cut_6_control (clk, control_5, control_6);
    pipeline_cut #(EXP + 1, CUTS[6]) cut_6_exponent (clk, carried_5, carried_6);
    pipeline_cut #(ZEROS, CUTS[6]) cut_6_room (clk, exponent_5[ZEROS-1:0], room_6);
    pipeline_cut #(ZEROS, CUTS[6]) cut_6_zeros (clk, zeros_5, zeros_6);
    pipeline_cut #(SUM, CUTS[6]) cut_6_sum (clk, sum_5, sum_6);

    // Normalise, but not below the smallest exponent: what would need more is subnormal, or with FLUSH nothing.
    wire stops_6 = !FLUSH && carried_6 <= {{(EXP + 1 - ZEROS) {1'b0}}, zeros_6};
    wire [ZEROS-1:0] shift_6 = stops_6 ? room_6 : zeros_6;
    wire [2:0] control_7, control_8;
    wire [EXP:0] exponent_7, exponent_8;
    wire [FINE-1:0] shift_7;
    wire [SUM-1:0] sum_7, sum_8;
    pipeline_cut #(3, CUTS[7]) cut_7_control (clk, control_6, control_7);
    pipeline_cut #(EXP + 1, CUTS[7]) cut_7_exponent (
        clk,
        stops_6 ? {{EXP{1'b0}}, 1'b1} : carried_6 - {{(EXP + 1 - ZEROS) {1'b0}}, zeros_6},
        exponent_7
    );
    pipeline_cut #(FINE, CUTS[7]) cut_7_shift (clk, shift_6[FINE-1:0], shift_7);
    pipeline_cut #(SUM, CUTS[7]) cut_7_sum (clk, sum_6 << {shift_6[ZEROS-1:FINE], {FINE{1'b0}}}, sum_7);
    pipeline_cut #(3, CUTS[8]) cut_8_control (clk, control_7, control_8);
    pipeline_cut #(EXP + 1, CUTS[8]) cut_8_exponent (clk, exponent_7, exponent_8);
    // With FLUSH the exponent has a sign. Without its leading one the sum is nothing.
    wire gone_7 = FLUSH && (exponent_7[EXP] || exponent_7 == {(EXP + 1) {1'b0}});
    wire [SUM-1:0] normal_7 = sum_7 << shift_7;
    pipeline_cut #(SUM, CUTS[8]) cut_8_sum (clk, {normal_7[SUM-1] && !gone_7, normal_7[SUM-2:0]}, sum_8);

    wire [WIDTH-1:0] rounded;
    round_to_even #(EXP, FRAC, FLUSH) rounding (
        control_8[2], exponent_8, {sum_8[SUM-1:3], |sum_8[2:0]}, control_8[1], control_8[0], rounded
    );
    pipeline_cut #(WIDTH, CUTS[9]) cut_9_result (clk, rounded, result);
endmodule

`default_nettype wire
