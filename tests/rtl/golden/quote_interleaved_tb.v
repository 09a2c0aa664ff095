// quote_tb.v: `quote` against its vectors. Made by dagc; do not edit.
// Prints PASS, or each value that differs and FAIL.   iverilog -g2005 -o bench -c quote.f quote_tb.v && vvp bench
`timescale 1ns / 1ps
`default_nettype none
module quote_tb;
    localparam ROWS = 120;
    localparam LOST = 5;  // rows let in before a reset comes down on them
    localparam BITS_IN = 263;
    localparam BITS_OUT = 134;

    reg [BITS_IN+BITS_OUT-1:0] vectors [0:ROWS-1];
    initial $readmemh("quote_vectors.hex", vectors);

    reg  clk = 1'b0;
    reg  rst = 1'b1;
    reg  in_valid = 1'b0;
    wire in_ready, out_valid;
    reg  [BITS_IN-1:0] row;
    wire in_restart;
    wire [5:0] in_instance;
    wire [63:0] in_bid;
    wire [63:0] in_ask;
    wire [63:0] param_weight;
    wire [63:0] param_floor;
    wire [63:0] out_quote;
    wire [63:0] out_status;
    wire [5:0] out_instance;
    assign {in_restart, in_instance, in_bid, in_ask, param_weight, param_floor} = row;

    quote pipeline (
        .clk(clk),
        .rst(rst),
        .in_valid(in_valid),
        .in_ready(in_ready),
        .in_restart(in_restart),
        .in_instance(in_instance),
        .in_bid(in_bid),
        .in_ask(in_ask),
        .param_weight(param_weight),
        .param_floor(param_floor),
        .out_quote(out_quote),
        .out_status(out_status),
        .out_instance(out_instance),
        .out_valid(out_valid),
        .idle(),
        .load(1'b0),
        .load_slow_level__level(64'd0),
        .save_slow_level__level()
    );

    always #1 clk = !clk;

    integer accepted = 0, checked = 0, wrong = 0, goal = 0, seed = 1, k;

    // What stands on the ports while no row does, random words or another row: a value read early or late is a wrong one.
    reg [BITS_IN+31:0] junk;
    always @(negedge clk) begin
        for (k = 0; k < BITS_IN; k = k + 32) junk[k +: 32] = $random(seed);
        if ($random(seed) & 1) junk[BITS_IN-1:0] = vectors[$unsigned($random(seed)) % ROWS][BITS_IN+BITS_OUT-1:BITS_OUT];
        in_valid = !rst && accepted < goal && ($random(seed) & 3) != 0;
        row = in_valid ? vectors[accepted][BITS_IN+BITS_OUT-1:BITS_OUT] : junk[BITS_IN-1:0];
        #0.25 if (in_valid && !in_ready) begin
            row = junk[BITS_IN-1:0];
            // It waits; nothing else of it may be looked at.
            row[BITS_IN-1 -: 7] = vectors[accepted][BITS_IN+BITS_OUT-1 -: 7];
        end
    end

    function is_nan(input [63:0] x);
        is_nan = x[62:0] > 63'h7ff0000000000000;
    endfunction

    function is_nan_32(input [31:0] x);
        is_nan_32 = x[30:0] > 31'h7f800000;
    endfunction

    wire [63:0] expected_out_quote;
    wire [63:0] expected_out_status;
    wire [5:0] expected_out_instance;
    assign {expected_out_quote, expected_out_status, expected_out_instance} = vectors[checked][BITS_OUT-1:0];
    always @(posedge clk) if (!rst) begin
        if (in_valid && in_ready) accepted <= accepted + 1;
        if (out_valid) begin
            if (!(out_quote === expected_out_quote || (is_nan(out_quote) && is_nan(expected_out_quote)))) begin
                wrong = wrong + 1;
                $display("row %0d: out_quote is %h, expected %h", checked, out_quote, expected_out_quote);
            end
            if (!(out_status === expected_out_status)) begin
                wrong = wrong + 1;
                $display("row %0d: out_status is %h, expected %h", checked, out_status, expected_out_status);
            end
            if (!(out_instance === expected_out_instance)) begin
                wrong = wrong + 1;
                $display("row %0d: out_instance is %h, expected %h", checked, out_instance, expected_out_instance);
            end
            checked <= checked + 1;
        end
    end

    initial begin
        repeat (4) @(negedge clk);
        rst = 1'b0;
        goal = LOST;
        wait (accepted == LOST);
        @(negedge clk) rst = 1'b1;
        repeat (4) @(negedge clk);
        accepted = 0;
        checked = 0;
        goal = ROWS;
        rst = 1'b0;
        wait (checked == ROWS);
        repeat (46) @(negedge clk);
        if (wrong == 0 && checked == ROWS) $display("PASS: %0d rows", checked);
        else $display("FAIL: %0d values differ in %0d rows, of %0d", wrong, checked, ROWS);
        $finish;
    end

    initial begin
        repeat (85900) @(posedge clk);
        $display("FAIL: %0d of %0d rows came out", checked, ROWS);
        $finish;
    end
endmodule
`default_nettype wire
