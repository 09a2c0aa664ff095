// dagc_stream: rows of an AXI4-Stream through a pipeline that cannot wait.
//
// A row is taken only while there is a credit for it: a place in the FIFO at the end for what comes of it. So results always have
// room, however long their reader waits, and the pipeline never needs to stop. A credit is back when a result was read.
//
// DEPTH is a power of two. With at least as many places as rows are on their way, a row can be taken every clock.
`default_nettype none

module dagc_stream #(
    parameter IN = 64,
    parameter OUT = 64,
    parameter DEPTH = 4
) (
    input  wire           clk,
    input  wire           rst,  // synchronous; forgets every row
    // rows come in
    input  wire           s_tvalid,
    output wire           s_tready,
    input  wire [IN-1:0]  s_tdata,
    input  wire           s_tlast,
    // results go out
    output wire           m_tvalid,
    input  wire           m_tready,
    output wire [OUT-1:0] m_tdata,
    output wire           m_tlast,
    // the pipeline
    output wire           row_valid,
    input  wire           row_ready,
    output wire [IN-1:0]  row,
    input  wire           done_valid,
    input  wire [OUT-1:0] done
`ifdef DAGC_PROOF
    ,  // what the invariants of the proof are about
    output wire [$clog2(DEPTH):0]   view_credits,
    output wire [$clog2(DEPTH):0]   view_stored,
    output wire [$clog2(DEPTH)-1:0] view_taken_at,
    output wire [$clog2(DEPTH)-1:0] view_done_at,
    output wire [$clog2(DEPTH)-1:0] view_read_at,
    output wire [OUT*DEPTH-1:0]     view_results,
    output wire [DEPTH-1:0]         view_lasts
`endif
);
    localparam BITS = $clog2(DEPTH);
    localparam [BITS:0] ALL = DEPTH[BITS:0];

    reg [BITS:0] credits, stored;
    reg [BITS-1:0] taken_at, done_at, read_at;
    reg [OUT-1:0] results [0:DEPTH-1];
    reg lasts [0:DEPTH-1];

    assign row = s_tdata;
    assign row_valid = s_tvalid & (credits != 0) & ~rst;
    assign s_tready = row_ready & (credits != 0) & ~rst;
    assign m_tvalid = stored != 0;
    assign m_tdata = results[read_at];
    assign m_tlast = lasts[read_at];

    wire take = s_tvalid & s_tready;
    wire give = m_tvalid & m_tready;

`ifdef DAGC_PROOF
    assign {view_credits, view_stored} = {credits, stored};
    assign {view_taken_at, view_done_at, view_read_at} = {taken_at, done_at, read_at};
    genvar g;
    generate
        for (g = 0; g < DEPTH; g = g + 1) begin : views
            assign view_results[OUT*g+:OUT] = results[g];
            assign view_lasts[g] = lasts[g];
        end
    endgenerate
`endif

    always @(posedge clk) begin
        if (take) lasts[taken_at] <= s_tlast;
        if (done_valid) results[done_at] <= done;
        if (rst) begin
            credits <= ALL;
            stored <= 0;
            taken_at <= 0;
            done_at <= 0;
            read_at <= 0;
        end else begin
            credits <= credits - {{BITS{1'b0}}, take} + {{BITS{1'b0}}, give};
            stored <= stored + {{BITS{1'b0}}, done_valid} - {{BITS{1'b0}}, give};
            taken_at <= taken_at + {{(BITS - 1){1'b0}}, take};
            done_at <= done_at + {{(BITS - 1){1'b0}}, done_valid};
            read_at <= read_at + {{(BITS - 1){1'b0}}, give};
        end
    end
endmodule

`default_nettype wire
