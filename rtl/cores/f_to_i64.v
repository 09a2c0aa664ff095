// Toward zero to a signed 64-bit integer; out of range it saturates, NaN gives 0. Latency 2.
`default_nettype none
module f_to_i64 #(
    parameter EXP = 11,
    parameter FRAC = 52
) (
    input  wire              clk,
    input  wire [EXP+FRAC:0] x,
    output reg  [63:0]       y
);
    localparam [EXP-1:0] BIAS = {1'b0, {(EXP-1){1'b1}}};
    localparam [31:0] FRAC_BITS = FRAC;
    localparam [EXP:0] LIMIT = {1'b0, BIAS} + 63;
    localparam [EXP:0] WHOLE = {1'b0, BIAS} + FRAC_BITS[EXP:0];

    wire           sign   = x[EXP+FRAC];
    wire [EXP-1:0] field  = x[EXP+FRAC-1:FRAC];
    wire           is_nan = x[EXP+FRAC-1:0] > {{EXP{1'b1}}, {FRAC{1'b0}}};
    wire           none   = is_nan || field < BIAS;
    wire           over   = {1'b0, field} >= LIMIT;
    wire [63:0]    value  = {{(63-FRAC){1'b0}}, 1'b1, x[FRAC-1:0]};
    wire           grows  = {1'b0, field} >= WHOLE;
    wire [EXP:0]   left   = {1'b0, field} - WHOLE;
    wire [EXP:0]   right  = WHOLE - {1'b0, field};

    reg         sign_1, none_1, over_1;
    reg  [63:0] magnitude_1;
    always @(posedge clk) {sign_1, none_1, over_1, magnitude_1} <= {sign, none, over, grows ? value << left : value >> right};

    always @(posedge clk)
        y <= none_1 ? 64'd0 : over_1 ? {sign_1, {63{!sign_1}}} : sign_1 ? -magnitude_1 : magnitude_1;
endmodule
`default_nettype wire
