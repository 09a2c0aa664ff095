// quote.v: `quote`, made by dagc from graph 0238cb914163b6161514a8599f51159e5b25bd0b4f45ad9fc37d1f876001c43f. Do not edit.
//
// A pipeline with a static schedule. "Cycle n" is n cycles after the one in which a row is accepted, which is when in_valid
// and in_ready are both 1. in_ and param_ ports are sampled with the row. Its results are on the out_ ports LATENCY cycles
// later, with out_valid; there is no back pressure.
//
// A wire `x` holds its value in the one cycle written beside it; `x_at_9` is the same value, kept until cycle 9. With DAGC_TAPS
// defined there is a port for every value of the graph: tap_x is x, in that same cycle.
//
// A row reads the state that the row before it wrote. in_restart makes a row the first bar of a fresh instance: it reads the
// initial state. load, while idle, sets the state from the load_ ports; in the cycle after an idle one the save_ ports have it.
// What a row writes can be read INTERVAL cycles after it was accepted: in_ready stays low for so long, except for a fresh
// instance, which does not need it.
`default_nettype none
module quote (
    input  wire        clk,
    input  wire        rst,  // synchronous; forgets the rows in flight, and the state
    input  wire        in_valid,  // a row is offered
    output wire        in_ready,  // it is accepted, if offered
    input  wire        in_restart,  // it is the first bar of a fresh instance
    output wire        idle,  // no row is in flight
    input  wire        load,  // while idle: set every state
    input  wire [63:0] load_slow_level__level,  // slow_level.level: f64 [px]
    output wire [63:0] save_slow_level__level,  // slow_level.level: f64 [px]
    input  wire [63:0] in_bid,  // bid: f64 [px] in [0.0, 1000000.0]
    input  wire [63:0] in_ask,  // ask: f64 [px] in [0.0, 1000000.0]
    input  wire [63:0] param_weight,  // weight: f64 in [0.0, 1.0]
    input  wire [63:0] param_floor,  // floor: f64 [px] in [0.0, 9.0]
`ifdef DAGC_TAPS
    output wire [63:0] tap_slow_level__level__before,  // cycle 0
    output wire        tap_in_domain__bid__1,  // cycle 1
    output wire        tap_in_domain__bid__2,  // cycle 1
    output wire        tap_in_domain__bid,  // cycle 1
    output wire        tap_in_domain__ask__2,  // cycle 1
    output wire        tap_in_domain__ask__3,  // cycle 1
    output wire        tap_in_domain__ask,  // cycle 1
    output wire        tap_in_domain__weight__2,  // cycle 1
    output wire        tap_in_domain__weight__4,  // cycle 1
    output wire        tap_in_domain__weight,  // cycle 1
    output wire        tap_in_domain__floor__1,  // cycle 1
    output wire        tap_in_domain__floor__3,  // cycle 1
    output wire        tap_in_domain__floor,  // cycle 1
    output wire [63:0] tap_status__2,  // cycle 1
    output wire [63:0] tap_status__4,  // cycle 1
    output wire [63:0] tap_status__6,  // cycle 1
    output wire [63:0] tap_status,  // cycle 1
    output wire        tap_accepted,  // cycle 2
    output wire [63:0] tap_slow_level__level__1,  // cycle 11
    output wire [63:0] tap_slow_level__level__2,  // cycle 23
    output wire [63:0] tap_slow_level__level,  // cycle 33
    output wire [63:0] tap_spread,  // cycle 10
    output wire [63:0] tap_half__2,  // cycle 22
    output wire [63:0] tap_half,  // cycle 23
    output wire [63:0] tap_result,  // cycle 43
    output wire [63:0] tap_output__quote,  // cycle 43
    output wire [63:0] tap_next__slow_level__level,  // cycle 33
`endif
    output wire [63:0] out_quote,  // quote: f64 [px]
    output wire [63:0] out_status,  // status: i64
    output wire        out_valid   // the outputs are a row's results
);
    localparam LATENCY = 44;

    // valid[n]: there is a row in cycle n. The last thing a row does is in cycle 44.
    wire accept = in_valid & in_ready;
    reg  [44:1] valid_after;
    wire [44:0] valid = {valid_after, accept};
    always @(posedge clk) valid_after <= rst ? 44'd0 : valid[43:0];
    assign out_valid = valid[LATENCY];

    // Cycles until what the last row wrote can be read; a fresh instance reads none of it.
    localparam [5:0] INTERVAL = 6'd34;
    reg [5:0] busy_for;
    always @(posedge clk)
        if (rst) busy_for <= 6'd0;
        else if (accept) busy_for <= INTERVAL - 6'd1;
        else if (busy_for != 6'd0) busy_for <= busy_for - 6'd1;
    assign in_ready = in_restart | (busy_for == 6'd0);

    assign idle = ~|valid;

    // ---- state, as the row before left it
    reg  [63:0] slow_level__level__before_register;
    wire [63:0] slow_level__level__before = in_restart ? 64'h4059000000000000 /* 100.0 */ : slow_level__level__before_register;  // slow_level.level.before, cycle 0
    assign save_slow_level__level = slow_level__level__before_register;
    wire [63:0] slow_level__level__before_at_1; dagc_delay #(.WIDTH(64), .DEPTH(1)) slow_level__level__before_to_1 (.clk(clk), .rst(rst), .d(slow_level__level__before), .q(slow_level__level__before_at_1));
    wire [63:0] slow_level__level__before_at_23; dagc_delay #(.WIDTH(64), .DEPTH(22)) slow_level__level__before_to_23 (.clk(clk), .rst(rst), .d(slow_level__level__before_at_1), .q(slow_level__level__before_at_23));
    wire [63:0] slow_level__level__before_at_33; dagc_delay #(.WIDTH(64), .DEPTH(10)) slow_level__level__before_to_33 (.clk(clk), .rst(rst), .d(slow_level__level__before_at_23), .q(slow_level__level__before_at_33));

    // ---- inputs and parameters that are read later
    wire [63:0] in_bid_at_1; dagc_delay #(.WIDTH(64), .DEPTH(1)) in_bid_to_1 (.clk(clk), .rst(rst), .d(in_bid), .q(in_bid_at_1));
    wire [63:0] param_weight_at_11; dagc_delay #(.WIDTH(64), .DEPTH(11)) param_weight_to_11 (.clk(clk), .rst(rst), .d(param_weight), .q(param_weight_at_11));
    wire [63:0] param_floor_at_22; dagc_delay #(.WIDTH(64), .DEPTH(22)) param_floor_to_22 (.clk(clk), .rst(rst), .d(param_floor), .q(param_floor_at_22));

    // ---- quote: Half the spread, or the floor, above the slow level of the bid.
    // quote.py:29  spread = ask - bid
    wire [63:0] spread;  // spread [px], cycle 10
    f_add #(.SUBTRACT(1), .CUTS(10'b1111111111)) spread_core (.clk(clk), .a(in_ask), .b(in_bid), .result(spread));
    // quote.py:30  half = max(0.5 * spread, p.floor)
    wire [63:0] half__2;  // half.2 [px], cycle 22
    f_mul #(.CUTS(12'b111111111111)) half__2_core (.clk(clk), .a(64'h3FE0000000000000 /* 0.5 */), .b(spread), .result(half__2));
    wire [63:0] half;  // half [px], cycle 23
    f_choose #(.LARGER(1), .CUTS(2'b10)) half_core (.clk(clk), .a(half__2), .b(param_floor_at_22), .result(half));
    wire [63:0] half_at_33; dagc_delay #(.WIDTH(64), .DEPTH(10)) half_to_33 (.clk(clk), .rst(rst), .d(half), .q(half_at_33));

    // ---- status: Which port, if any, is outside its declared domain.
    wire in_domain__bid__1;  // in_domain.bid.1, cycle 1
    f_compare #(.GREATER(1), .EQUAL(1), .CUTS(2'b10)) in_domain__bid__1_core (.clk(clk), .a(in_bid), .b(64'h0000000000000000 /* 0.0 */), .result(in_domain__bid__1));
    wire in_domain__bid__2;  // in_domain.bid.2, cycle 1
    f_compare #(.LESS(1), .EQUAL(1), .CUTS(2'b10)) in_domain__bid__2_core (.clk(clk), .a(in_bid), .b(64'h412E848000000000 /* 1000000.0 */), .result(in_domain__bid__2));
    wire in_domain__bid = in_domain__bid__1 & in_domain__bid__2;  // in_domain.bid, cycle 1
    wire in_domain__ask__2;  // in_domain.ask.2, cycle 1
    f_compare #(.GREATER(1), .EQUAL(1), .CUTS(2'b10)) in_domain__ask__2_core (.clk(clk), .a(in_ask), .b(64'h0000000000000000 /* 0.0 */), .result(in_domain__ask__2));
    wire in_domain__ask__3;  // in_domain.ask.3, cycle 1
    f_compare #(.LESS(1), .EQUAL(1), .CUTS(2'b10)) in_domain__ask__3_core (.clk(clk), .a(in_ask), .b(64'h412E848000000000 /* 1000000.0 */), .result(in_domain__ask__3));
    wire in_domain__ask = in_domain__ask__2 & in_domain__ask__3;  // in_domain.ask, cycle 1
    wire in_domain__weight__2;  // in_domain.weight.2, cycle 1
    f_compare #(.GREATER(1), .EQUAL(1), .CUTS(2'b10)) in_domain__weight__2_core (.clk(clk), .a(param_weight), .b(64'h0000000000000000 /* 0.0 */), .result(in_domain__weight__2));
    wire in_domain__weight__4;  // in_domain.weight.4, cycle 1
    f_compare #(.LESS(1), .EQUAL(1), .CUTS(2'b10)) in_domain__weight__4_core (.clk(clk), .a(param_weight), .b(64'h3FF0000000000000 /* 1.0 */), .result(in_domain__weight__4));
    wire in_domain__weight = in_domain__weight__2 & in_domain__weight__4;  // in_domain.weight, cycle 1
    wire in_domain__floor__1;  // in_domain.floor.1, cycle 1
    f_compare #(.GREATER(1), .EQUAL(1), .CUTS(2'b10)) in_domain__floor__1_core (.clk(clk), .a(param_floor), .b(64'h0000000000000000 /* 0.0 */), .result(in_domain__floor__1));
    wire in_domain__floor__3;  // in_domain.floor.3, cycle 1
    f_compare #(.LESS(1), .EQUAL(1), .CUTS(2'b10)) in_domain__floor__3_core (.clk(clk), .a(param_floor), .b(64'h4022000000000000 /* 9.0 */), .result(in_domain__floor__3));
    wire in_domain__floor = in_domain__floor__1 & in_domain__floor__3;  // in_domain.floor, cycle 1
    wire [63:0] status__2 = in_domain__floor ? 64'h0000000000000000 /* 0 */ : 64'h0000000000000004 /* 4 */;  // status.2, cycle 1
    wire [63:0] status__4 = in_domain__weight ? status__2 : 64'h0000000000000003 /* 3 */;  // status.4, cycle 1
    wire [63:0] status__6 = in_domain__ask ? status__4 : 64'h0000000000000002 /* 2 */;  // status.6, cycle 1
    wire [63:0] status = in_domain__bid ? status__6 : 64'h0000000000000001 /* 1 */;  // status, cycle 1
    wire [63:0] status_at_2; dagc_delay #(.WIDTH(64), .DEPTH(1)) status_to_2 (.clk(clk), .rst(rst), .d(status), .q(status_at_2));
    wire [63:0] status_at_44; dagc_delay #(.WIDTH(64), .DEPTH(42)) status_to_44 (.clk(clk), .rst(rst), .d(status_at_2), .q(status_at_44));
    wire accepted = status_at_2 == 64'h0000000000000000 /* 0 */;  // accepted, cycle 2
    wire accepted_at_33; dagc_delay #(.WIDTH(1), .DEPTH(31)) accepted_to_33 (.clk(clk), .rst(rst), .d(accepted), .q(accepted_at_33));
    wire accepted_at_43; dagc_delay #(.WIDTH(1), .DEPTH(10)) accepted_to_43 (.clk(clk), .rst(rst), .d(accepted_at_33), .q(accepted_at_43));

    // ---- slow_level: A level that follows `x`.
    // quote.py:22  level = level + weight * (x - level)
    wire [63:0] slow_level__level__1;  // slow_level.level.1 [px], cycle 11
    f_add #(.SUBTRACT(1), .CUTS(10'b1111111111)) slow_level__level__1_core (.clk(clk), .a(in_bid_at_1), .b(slow_level__level__before_at_1), .result(slow_level__level__1));
    wire [63:0] slow_level__level__2;  // slow_level.level.2 [px], cycle 23
    f_mul #(.CUTS(12'b111111111111)) slow_level__level__2_core (.clk(clk), .a(param_weight_at_11), .b(slow_level__level__1), .result(slow_level__level__2));
    wire [63:0] slow_level__level;  // slow_level.level [px], cycle 33
    f_add #(.CUTS(10'b1111111111)) slow_level__level_core (.clk(clk), .a(slow_level__level__before_at_23), .b(slow_level__level__2), .result(slow_level__level));

    // ---- quote: Half the spread, or the floor, above the slow level of the bid.
    // quote.py:31  return slow_level(bid, p.weight) + half
    wire [63:0] result;  // result [px], cycle 43
    f_add #(.CUTS(10'b1111111111)) result_core (.clk(clk), .a(slow_level__level), .b(half_at_33), .result(result));

    // ---- status: Which port, if any, is outside its declared domain.
    wire [63:0] output__quote = accepted_at_43 ? result : 64'h0000000000000000 /* 0.0 */;  // output.quote [px], cycle 43
    wire [63:0] output__quote_at_44; dagc_delay #(.WIDTH(64), .DEPTH(1)) output__quote_to_44 (.clk(clk), .rst(rst), .d(output__quote), .q(output__quote_at_44));
    wire [63:0] next__slow_level__level = accepted_at_33 ? slow_level__level : slow_level__level__before_at_33;  // next.slow_level.level [px], cycle 33

    // ---- state, as the next row will read it
    always @(posedge clk)  // slow_level.level, written in cycle 33
        if (rst) slow_level__level__before_register <= 64'h4059000000000000 /* 100.0 */;
        else if (load & idle) slow_level__level__before_register <= load_slow_level__level;
        else if (valid[33]) slow_level__level__before_register <= next__slow_level__level;

    // ---- results
    assign out_quote = output__quote_at_44;
    assign out_status = status_at_44;

`ifdef DAGC_TAPS
    // ---- taps, and what only they read

    assign tap_slow_level__level__before = slow_level__level__before;
    assign tap_in_domain__bid__1 = in_domain__bid__1;
    assign tap_in_domain__bid__2 = in_domain__bid__2;
    assign tap_in_domain__bid = in_domain__bid;
    assign tap_in_domain__ask__2 = in_domain__ask__2;
    assign tap_in_domain__ask__3 = in_domain__ask__3;
    assign tap_in_domain__ask = in_domain__ask;
    assign tap_in_domain__weight__2 = in_domain__weight__2;
    assign tap_in_domain__weight__4 = in_domain__weight__4;
    assign tap_in_domain__weight = in_domain__weight;
    assign tap_in_domain__floor__1 = in_domain__floor__1;
    assign tap_in_domain__floor__3 = in_domain__floor__3;
    assign tap_in_domain__floor = in_domain__floor;
    assign tap_status__2 = status__2;
    assign tap_status__4 = status__4;
    assign tap_status__6 = status__6;
    assign tap_status = status;
    assign tap_accepted = accepted;
    assign tap_slow_level__level__1 = slow_level__level__1;
    assign tap_slow_level__level__2 = slow_level__level__2;
    assign tap_slow_level__level = slow_level__level;
    assign tap_spread = spread;
    assign tap_half__2 = half__2;
    assign tap_half = half;
    assign tap_result = result;
    assign tap_output__quote = output__quote;
    assign tap_next__slow_level__level = next__slow_level__level;
`endif
endmodule
`default_nettype wire
