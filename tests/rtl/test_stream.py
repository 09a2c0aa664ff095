"""A pipeline behind AXI4-Stream: proved by induction, and simulated while both sides wait whenever they like."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest

from compile.backend import Batch
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag import carry, domain, float32, lane
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.words import words_of_column
from rtl.emit.design import design_of
from rtl.evidence.core_proofs import find_yosys
from rtl.stream.wrapper import stream_files, words_of
from tests.support.command_line import dagc

STREAM = Path(__file__).parents[2] / "rtl" / "stream"
PROOF = (
    "read_verilog -sv -formal -DDAGC_PROOF dagc_stream.v dagc_stream_proof.v; prep -top dagc_stream_proof -flatten; memory_map; "
    "async2sync; dffunmap; opt -full; sat -tempinduct -prove-asserts -seq 1 -set-at 1 rst 1 -maxsteps 2 -verify dagc_stream_proof"
)
#: Mistakes of the module that has the credits: what stands there, and what would.
MUTANTS = {
    "rows are taken without a credit": ("row_ready & (credits != 0)", "row_ready"),
    "rows are handed on without a credit": ("s_tvalid & (credits != 0) & ~rst", "s_tvalid & ~rst"),
    "a credit never comes back": (" + {{BITS{1'b0}}, give};", ";"),
    "one credit too many": ("credits <= ALL", "credits <= ALL + 1"),
    "results overwrite each other": ("done_at <= done_at + ", "done_at <= done_at - "),
    "the newest result is read": ("results[read_at]", "results[done_at]"),
    "the end of a packet is lost": ("lasts[taken_at] <= s_tlast", "lasts[taken_at] <= 1'b0"),
    "a result waits for another": ("assign m_tvalid = stored != 0", "assign m_tvalid = stored > 1"),
    "a row waits for room that is there": (
        "s_tready = row_ready & (credits != 0)",
        "s_tready = row_ready & (credits > 1)",
    ),
    "a reset leaves results": ("            stored <= 0;\n", ""),
}


def proved(folder: Path, text: str) -> bool:
    yosys = find_yosys()
    if yosys is None:
        pytest.skip("yosys is missing: pip install 'dagc-compiler[proof]'")
    (folder / "dagc_stream.v").write_text(text)
    shutil.copy(STREAM / "dagc_stream_proof.v", folder)
    done = subprocess.run([yosys, "-p", PROOF], cwd=folder, capture_output=True, text=True, check=False)
    assert "Import proof for assert" in done.stdout, done.stdout[-500:] + done.stderr[-500:]
    assert ("Induction step proven: SUCCESS!" in done.stdout) == (done.returncode == 0)
    return done.returncode == 0


def test_no_row_is_lost_doubled_or_overtaken(tmp_path: Path) -> None:
    assert proved(tmp_path, (STREAM / "dagc_stream.v").read_text())


@pytest.mark.parametrize("mistake", MUTANTS)
def test_mistakes_are_not_proved(mistake: str, tmp_path: Path) -> None:
    before, after = MUTANTS[mistake]
    text = (STREAM / "dagc_stream.v").read_text()
    assert before in text
    assert not proved(tmp_path, text.replace(before, after))


@lane
def running(
    x: Annotated[int, domain(-1000, 1000)], scale: Annotated[float, domain(0.0, 8.0)], up: bool
) -> tuple[int, float, bool, float]:
    """A total that is carried, a float, a bool and a binary32 number."""
    total = carry(initial=5)
    total = min(max(total + (x if up else -x), -100_000), 100_000)
    half = float32(scale) * float32(0.5)
    return total, float(total) * scale, total > 0, float(half)


@lane
def plain(x: Annotated[float, domain(-1e6, 1e6)], y: float) -> float:
    """A row by itself."""
    return x * y + 1.0


BENCH = """\
`timescale 1ns / 1ps
module bench;
    localparam ROWS = {rows}, IN = {width_in}, OUT = {width_out};
    reg clk = 0, rstn = 0;
    always #5 clk = ~clk;
    reg [IN+1:0] rows [0:ROWS-1];
    reg [31:0] dice = 32'd{seed};
    integer sent = 0, got = 0, clocks = 0, file;
    reg s_valid = 0, m_ready = 0;
    wire s_ready, m_valid, m_last;
    wire [OUT-1:0] m_data;
    wire [IN+1:0] now = rows[sent < ROWS ? sent : 0];
    {name} dut (
        .aclk(clk), .aresetn(rstn), .s_axis_tvalid(s_valid), .s_axis_tready(s_ready), .s_axis_tdata(now[IN-1:0]),
        {user} .s_axis_tlast(now[IN+1]),
        .m_axis_tvalid(m_valid), .m_axis_tready(m_ready), .m_axis_tdata(m_data), .m_axis_tlast(m_last)
    );
    reg held = 0;
    reg [OUT:0] holding = 0;
    initial begin
        $readmemh("rows.hex", rows);
        file = $fopen("results.hex", "w");
        repeat (4) @(negedge clk);
        rstn = 1;
        while (got < ROWS && clocks < 400000) begin
            @(negedge clk);
            dice = dice ^ (dice << 13); dice = dice ^ (dice >> 17); dice = dice ^ (dice << 5);
            // An offer stands until it is taken.
            if (!s_valid || took) s_valid = sent < ROWS && (dice[7:0] < {offer});
            m_ready = dice[15:8] < {accept};
            clocks = clocks + 1;
        end
        $fclose(file);
        $display("clocks %0d", clocks);
        $finish;
    end
    reg took = 0;
    always @(posedge clk) begin
        took <= s_valid && s_ready;
        if (rstn && s_valid && s_ready) sent <= sent + 1;
        if (rstn && m_valid && m_ready) begin
            $fdisplay(file, "%h %b", m_data, m_last);
            got <= got + 1;
        end
        if (held && (!m_valid || {{m_last, m_data}} !== holding)) $display("a result changed while it waited");
        held <= rstn && m_valid && !m_ready;
        holding <= {{m_last, m_data}};
    end
endmodule
"""


def simulated(
    graph: Graph, batch: Batch, folder: Path, offer: int, accept: int, seed: int, restarts: Any
) -> tuple[list[list[int]], list[int], int]:
    """The words of every result, the ends of packets, and how many clocks it took, in Icarus with random waits on both sides."""
    if shutil.which("iverilog") is None:
        pytest.skip("iverilog is missing: apt-get install iverilog")
    design = design_of(graph)
    files = stream_files(design)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    about = json.loads(files[f"rtl/{design.name}_axis.json"])
    rows = []
    for bar in range(batch.bars):
        word = 0
        for each in about["s_axis_tdata"]:
            column = batch.inputs[each["name"]][bar]
            node = next(port.node for port in graph.inputs if port.name == each["name"])
            word |= int(words_of_column(column, graph.types[node])[0]) << each["bit"]
        width = 64 * len(about["s_axis_tdata"])
        rows.append(word | int(restarts[bar]) << width | (bar % 7 == 6) << (width + 1))
    digits = (64 * len(about["s_axis_tdata"]) + 2 + 3) // 4
    (folder / "rows.hex").write_text("".join(f"{row:0{digits}x}\n" for row in rows))
    bench = BENCH.format(
        rows=batch.bars, width_in=width, width_out=64 * len(about["m_axis_tdata"]), seed=seed, name=about["module"],
        user=".s_axis_tuser(now[IN])," if graph.states else "", offer=offer, accept=accept,
    )  # fmt: skip
    (folder / "bench.v").write_text(bench)
    sources = [f"rtl/{line}" for line in files[f"rtl/{design.name}_axis.f"].decode().split()]
    subprocess.run(
        ["iverilog", "-g2012", "-o", "bench", *sources, "bench.v"], cwd=folder, check=True, capture_output=True
    )
    said = subprocess.run(["vvp", "bench"], cwd=folder, check=True, capture_output=True, text=True).stdout
    assert "changed while it waited" not in said
    lines = [line.split() for line in (folder / "results.hex").read_text().splitlines()]
    words = [[int(data, 16) >> each["bit"] & (1 << 64) - 1 for each in about["m_axis_tdata"]] for data, _ in lines]
    return words, [int(last) for _, last in lines], int(said.split("clocks ")[1].split()[0])


def expected(graph: Graph, batch: Batch, restarts: Any) -> list[list[int]]:
    """What the interpreter gives, from the initial state where a row begins afresh."""
    interpreter = Interpreter()
    runner = interpreter.load(graph, interpreter.lower(graph))
    outputs = [output.node for output in graph.outputs]
    found: list[list[int]] = []
    starts = [bar for bar in range(batch.bars) if bar == 0 or restarts[bar]]
    for first, after in zip(starts, [*starts[1:], batch.bars], strict=True):
        part = Batch({n: c[first:after] for n, c in batch.inputs.items()}, batch.params, None, after - first, 1)
        result = runner.run(part, outputs)
        columns = [words_of_column(result.nodes[node][:, 0], graph.types[node]).tolist() for node in outputs]
        found += [list(row) for row in zip(*columns, strict=True)]
    return found


WAITS = {
    "nobody waits": (256, 256),
    "rows come slowly": (40, 256),
    "results are read slowly": (256, 30),
    "both wait": (128, 120),
}


@pytest.mark.parametrize("waits", WAITS)
def test_results_are_the_interpreters_whatever_waits(waits: str, tmp_path: Path) -> None:
    graph = prepare(trace(running))
    rng = np.random.default_rng(5)
    bars = 220
    scale = rng.uniform(0.0, 8.0, (bars, 1))
    scale[rng.random((bars, 1)) < 0.1] = np.nan
    inputs = {"x": rng.integers(-1000, 1001, (bars, 1)), "scale": scale, "up": rng.random((bars, 1)) < 0.5}
    batch, restarts = Batch(inputs, {}, None, bars, 1), rng.random(bars) < 0.03
    offer, accept = WAITS[waits]
    words, lasts, clocks = simulated(graph, batch, tmp_path, offer, accept, 12345, restarts)
    assert words == expected(graph, batch, restarts)
    assert lasts == [int(bar % 7 == 6) for bar in range(bars)]
    if waits == "nobody waits":
        assert clocks <= (bars + 3) * design_of(graph).plan.interval + design_of(graph).plan.depth + 8


def test_a_pipeline_without_state_takes_a_row_every_clock(tmp_path: Path) -> None:
    graph = prepare(trace(plain))
    rng = np.random.default_rng(6)
    bars = 300
    batch = Batch({"x": rng.normal(size=(bars, 1)), "y": rng.normal(size=(bars, 1))}, {}, None, bars, 1)
    words, _, clocks = simulated(graph, batch, tmp_path, 256, 256, 99, np.zeros(bars, bool))
    assert words == expected(graph, batch, np.zeros(bars, bool))
    assert clocks <= bars + design_of(graph).plan.depth + 8


def test_the_command_writes_what_tools_take(tmp_path: Path) -> None:
    (tmp_path / "sums.py").write_text(
        "from dagc import domain, lane\nfrom typing import Annotated\n\n\n@lane\n"
        "def sums(x: Annotated[float, domain(0.0, 9.0)], flag: bool) -> float:\n    return x + 1.0 if flag else x\n"
    )
    said = dagc("stream", "sums.py:sums", "-o", "out", cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    about = json.loads((tmp_path / "out" / "rtl" / "sums_axis.json").read_text())
    assert [(each["name"], each["bit"], each["width"]) for each in about["s_axis_tdata"]] == [
        ("x", 0, 64),
        ("flag", 64, 1),
    ]
    assert [each["name"] for each in about["m_axis_tdata"]] == ["sums", "status"]
    for name in (tmp_path / "out" / "rtl" / "sums_axis.f").read_text().split():
        assert (tmp_path / "out" / "rtl" / name).is_file()


def test_interleaved_rows_are_refused() -> None:
    design = design_of(prepare(trace(running)), instances=4)
    with pytest.raises(ValueError, match="of one instance"):
        stream_files(design)
    assert words_of(design, "x")["interval"] >= 1
