// What dagc_stream promises, over any traffic: no row is lost, doubled or overtaken, results wait unchanged for their reader, and none
// comes while there is no room. Rows are numbered, a pipeline of three clocks hands them on, and results have to come out in that
// order. Proved by induction: the invariants say where each number is that was taken and not yet given.
`default_nettype none

module dagc_stream_proof (
    input wire clk,
    input wire rst,
    input wire s_tvalid,
    input wire m_tready,
    input wire row_ready
);
    localparam DEPTH = 4, STAGES = 3, W = 4;

    reg [W-1:0] takes, gives;
    wire s_tready, m_tvalid, m_tlast, row_valid;
    wire [W-1:0] row, m_tdata;
    wire [2:0] credits, stored;
    wire [1:0] taken_at, done_at, read_at;
    wire [W*DEPTH-1:0] results;
    wire [DEPTH-1:0] lasts;
    reg [STAGES:1] valid;
    reg [W-1:0] stage [1:STAGES];

    // The last row of a packet is an odd one, so that `tlast` can be told from the number too.
    dagc_stream #(.IN(W), .OUT(W), .DEPTH(DEPTH)) stream (
        .clk(clk), .rst(rst), .s_tvalid(s_tvalid), .s_tready(s_tready), .s_tdata(takes), .s_tlast(takes[0]),
        .m_tvalid(m_tvalid), .m_tready(m_tready), .m_tdata(m_tdata), .m_tlast(m_tlast),
        .row_valid(row_valid), .row_ready(row_ready), .row(row), .done_valid(valid[STAGES]), .done(stage[STAGES]),
        .view_credits(credits), .view_stored(stored), .view_taken_at(taken_at), .view_done_at(done_at), .view_read_at(read_at),
        .view_results(results), .view_lasts(lasts)
    );

    wire take = s_tvalid & s_tready, give = m_tvalid & m_tready;
    always @(posedge clk) begin
        valid <= rst ? 0 : {valid[STAGES-1:1], row_valid & row_ready};
        stage[1] <= row;
        stage[2] <= stage[1];
        stage[3] <= stage[2];
        takes <= rst ? 0 : takes + {{(W - 1){1'b0}}, take};
        gives <= rst ? 0 : gives + {{(W - 1){1'b0}}, give};
    end

    reg begun = 0;
    reg waited;
    reg [W-1:0] waiting;
    always @(posedge clk) begin
        begun <= begun | rst;
        waited <= m_tvalid & ~m_tready & ~rst;
        waiting <= m_tdata;
    end

    // The number of rows that are on their way.
    wire [2:0] inside = {2'b0, valid[1]} + {2'b0, valid[2]} + {2'b0, valid[3]};
    always @* if (begun) begin
        // what is promised
        if (m_tvalid) assert (m_tdata == gives);
        if (m_tvalid) assert (m_tlast == gives[0]);
        if (waited) assert (m_tvalid && m_tdata == waiting);
        assert (m_tvalid == (stored != 0));  // a result is offered as soon as it is there
        assert (s_tready == (row_ready && inside + stored < DEPTH && !rst));  // and a row taken as long as there is room
        assert (stored <= DEPTH);
        assert (!(valid[STAGES] && stored == DEPTH && !give));
        assert ((row_valid & row_ready) == take);
        // where everything is
        assert (credits + inside + stored == DEPTH);
        assert (takes == ((gives + stored + inside) & 15));
        assert (read_at == gives[1:0]);
        assert (taken_at == takes[1:0]);
        assert (done_at == ((gives + stored) & 3));
        if (valid[3]) assert (stage[3] == ((gives + stored) & 15));
        if (valid[2]) assert (stage[2] == ((gives + stored + valid[3]) & 15));
        if (valid[1]) assert (stage[1] == ((gives + stored + valid[3] + valid[2]) & 15));
        if (waited) assert (waiting == gives && stored != 0);
    end

    genvar g;
    generate
        for (g = 0; g < DEPTH; g = g + 1) begin : places
            wire [1:0] place = gives[1:0] + g[1:0];
            wire [W-1:0] number = gives + g[W-1:0];
            wire [W-1:0] held = results >> (W * place);
            always @* if (begun) begin
                if (g < stored) assert (held == number);
                if (g < stored + inside) assert (lasts[place] == number[0]);
            end
        end
    endgenerate
endmodule

`default_nettype wire
