// A signed integer of INT bits to floating point, rounded to nearest even. Latency: the number of ones in CUTS.
// Needs INT > FRAC + 3 and INT - 1 <= the exponent bias.
`default_nettype none

module i_to_f #(
    parameter EXP = 11,
    parameter FRAC = 52,
    parameter INT = 64,
    parameter [4:0] CUTS = 5'h1f
) (
    input  wire              clk,
    input  wire [   INT-1:0] n,
    output wire [EXP+FRAC:0] result
);
    /* verilator no_inline_module */  // in simulation, one copy of its code for all instances
    localparam ZEROS = $clog2(INT);
    localparam [31:0] HIGHEST = (1 << (EXP - 1)) - 1 + INT - 1;  // the exponent of 2^(INT-1)

    wire negative = n[INT-1];
    wire sign_0, sign_1, sign_2, sign_3;
    wire [INT-1:0] magnitude_0, magnitude_1, magnitude_2, normal_3;
    wire [ZEROS-1:0] zeros_1, zeros_2;
    wire [EXP:0] exponent_3;
    pipeline_cut #(1, CUTS[0]) cut_0_sign (clk, negative, sign_0);
    pipeline_cut #(INT, CUTS[0]) cut_0_magnitude (
        clk, ({INT{negative}} ^ n) + {{(INT - 1) {1'b0}}, negative}, magnitude_0
    );

    leading_zeros #(INT, ZEROS, CUTS[1]) count_zeros (clk, magnitude_0, zeros_1);
    pipeline_cut #(1, CUTS[1]) cut_1_sign (clk, sign_0, sign_1);
    pipeline_cut #(INT, CUTS[1]) cut_1_magnitude (clk, magnitude_0, magnitude_1);
    pipeline_cut #(1, CUTS[2]) cut_2_sign (clk, sign_1, sign_2);
    pipeline_cut #(INT, CUTS[2]) cut_2_magnitude (clk, magnitude_1, magnitude_2);
    pipeline_cut #(ZEROS, CUTS[2]) cut_2_zeros (clk, zeros_1, zeros_2);

    pipeline_cut #(1, CUTS[3]) cut_3_sign (clk, sign_2, sign_3);
    pipeline_cut #(EXP + 1, CUTS[3]) cut_3_exponent (
        clk, HIGHEST[EXP:0] - {{(EXP + 1 - ZEROS) {1'b0}}, zeros_2}, exponent_3
    );
    pipeline_cut #(INT, CUTS[3]) cut_3_normal (clk, magnitude_2 << zeros_2, normal_3);

    wire [EXP+FRAC:0] rounded;
    round_to_even #(EXP, FRAC) rounding (
        sign_3, exponent_3, {normal_3[INT-1-:FRAC+2], |normal_3[INT-FRAC-3:0]}, 1'b0, 1'b0, rounded
    );
    pipeline_cut #(1 + EXP + FRAC, CUTS[4]) cut_4 (clk, rounded, result);
endmodule

`default_nettype wire
