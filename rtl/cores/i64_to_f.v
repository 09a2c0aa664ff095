// A signed 64-bit integer to floating point, rounded to nearest even. Latency 4.
`default_nettype none
module i64_to_f #(
    parameter EXP = 11,
    parameter FRAC = 52
) (
    input  wire              clk,
    input  wire [63:0]       n,
    output wire [EXP+FRAC:0] y
);
    /* verilator no_inline_module */
    localparam signed [EXP+2:0] TOP = (1 << (EXP - 1)) - 1 + 63;

    reg         sign_1;
    reg  [63:0] magnitude_1;
    always @(posedge clk) {sign_1, magnitude_1} <= {n[63], n[63] ? -n : n};

    wire [63:0] normal;
    wire [5:0]  zeros;
    f_normalize #(.WIDTH(64)) normalize (.x(magnitude_1), .y(normal), .shift(zeros));

    reg                  sign_2;
    reg  [5:0]           zeros_2;
    reg  [63:0]          normal_2;
    always @(posedge clk) {sign_2, zeros_2, normal_2} <= {sign_1, zeros, normal};

    f_round_pack #(.EXP(EXP), .FRAC(FRAC)) round_pack (
        .clk(clk), .sign(sign_2), .exponent(TOP - $signed({{(EXP-3){1'b0}}, zeros_2})),
        .significand({normal_2[63:62-FRAC], |normal_2[61-FRAC:0]}), .is_special(1'b0), .special({(EXP+FRAC+1){1'b0}}), .y(y)
    );
endmodule
`default_nettype wire
