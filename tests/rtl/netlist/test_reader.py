"""The emitted Verilog read back: every graph is proved, and every changed text is not, by a finding that says where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compile.backend import Files
from compile.campaign.drawing.random_graph import random_graph
from compile.passes.flush_subnormals import flush_subnormals
from compile.pipeline import prepare
from compile.proof.core.judge import judge
from compile.proof.core.verdict import Proved, Unproved
from dag.files.loading import load_lane
from dag.graphs.graph import Graph
from dag.trace import trace
from rtl.backend import Verilog
from rtl.netlist.reader import VerilogReader

pytest.importorskip("pyslang", reason="missing: pyslang (pip install 'dagc-compiler[rtl]')")

TESTS = Path(__file__).parents[2]
EXAMPLES = TESTS.parent / "examples"
TOP = "rtl/clamped_average.v"


def proved(graph: Graph, files: Files) -> Proved:
    verdict = judge(graph, VerilogReader.of(files), files)
    assert isinstance(verdict, Proved), verdict.page()
    return verdict


@pytest.fixture(scope="module")
def graph() -> Graph:
    return prepare(trace(load_lane(f"{TESTS}/compile/proof/clamped_average.py:clamped_average")))


@pytest.fixture(scope="module")
def files(graph: Graph) -> Files:
    return Verilog().lower(graph)


@pytest.mark.parametrize("seed", range(8))
def test_a_random_graph_is_proved(seed: int) -> None:
    graph = random_graph(seed, operators=150, arrays=seed % 2 == 0)
    proved(graph, Verilog().lower(graph))


@pytest.mark.parametrize("seed", range(3))
def test_a_random_graph_of_flushing_cores_is_proved(seed: int) -> None:
    graph = flush_subnormals(random_graph(seed, operators=80))
    files = Verilog().lower(graph)
    assert b"FLUSH(1)" in files["rtl/random_graph.v"]
    proved(graph, files)


def test_the_flagship_is_proved() -> None:
    graph = prepare(trace(load_lane(f"{EXAMPLES / 'five_factor.py'}:five_factor")))
    proved(graph, Verilog().lower(graph))


def test_a_longer_interval_is_proved(graph: Graph) -> None:
    proved(graph, Verilog(interval=60).lower(graph))


def test_every_single_value_is_shown(graph: Graph, files: Files) -> None:
    verdict = proved(graph, files)
    carried = sum(not graph.types[state.node].is_array for state in graph.states)
    assert verdict.nodes == sum(not graph.types[node].is_array for node in graph.operators()) + carried
    assert any("f_add" in each for each in verdict.assumed)


#: Name -> what is replaced in the text, by what, and what the finding says.
FAULTS: dict[str, tuple[str, str, str]] = {
    "operands exchanged": (r"spread__1_core \(.clk\(clk\), .a\(in_x\), .b\(in_y\)", "spread__1_core (.clk(clk), .a(in_y), .b(in_x)", r"clamped_average.py:24\)\n.*clamped_average.v:\d+: .*spread__1"),
    "sum for difference": (r"f_add #\(.SUBTRACT\(1\), (.*) spread__1_core", r"f_add #(\1 spread__1_core", "clamped_average.py:24"),
    "a delay off by one": (r"DEPTH\(36\)\) param_high_to_36", "DEPTH(35)) param_high_to_36", "operands of different rows meet: a in cycle 36, b in cycle 35; it is node `held.1` .*clamped_average.py:25"),
    "a core off by one": (r"f_mul #\(.CUTS\(12'b111111111111\)\) level__3_core", "f_mul #(.CUTS(12'b111111111110)) level__3_core", "operands of different rows meet.*clamped_average.py:27|its port says 72"),
    "an output early": (r"assign out_status = status_at_94", "assign out_status = status", "output `status` is of the row 1 cycles ago, out_valid of that 94"),
    "a tap late": (r"assign tap_step = step;", "assign tap_step = step__2;", "node `step`"),
    "validity early": (r"assign out_valid = valid\[LATENCY\]", "assign out_valid = valid[LATENCY-1]", "not one bit of `valid`|the text 93|is not known"),
    "validity lost": (r"valid\[93:0\];", "valid[92:0];", "`valid_after` is not the row's validity"),
    "a constant one ulp off": ("64'h3FB999999999999A", "64'h3FB999999999999B", "clamped_average.py:26"),
    "minimum for maximum": (r"f_choose #\(.LARGER\(1\), (.*) held_core", r"f_choose #(\1 held_core", "clamped_average.py:25"),
    "minimum of the exchanged": (r"\.a\(spread\), \.b\(param_high_at_36\)", ".a(param_high_at_36), .b(spread)", "clamped_average.py:25"),
    "a comparison of equals": (r"f_compare #\(.LESS\(1\), .CUTS\(2'b10\)\) level__1_core", "f_compare #(.LESS(1), .EQUAL(1), .CUTS(2'b10)) level__1_core", "clamped_average.py:27"),
    "arms exchanged": (r"level__1_at_82 \? level__2_at_82 : level__4", "level__1_at_82 ? level__4 : level__2_at_82", "clamped_average.py:27"),
    "an arm dropped": (r"level__1_at_82 \? level__2_at_82 : level__4", "level__4", "clamped_average.py:27"),
    "a stale state": (r"(valid\[82\]\) level__before_register <= )next__level", r"\1level__before_at_82", "the next value of state `level`"),
    "an unguarded state": (r"(valid\[82\]\) level__before_register <= )next__level", r"\1level", "the next value of state `level`"),
    "written a cycle early": (r"valid\[82\]\) level__before_register", "valid[81]) level__before_register", "state `level` is written in cycle 81 with a value of cycle 82"),
    "a wrong reset": (r"if \(rst\) level__before_register <= 64'h3FF8000000000000", "if (rst) level__before_register <= 64'h0000000000000000", "state `level` begins as"),
    "a wrong first value": (r"restart_at_59 \? 64'h3FF8000000000000", "restart_at_59 ? 64'h3FF8000000000001", "state `level` begins as"),
    "no reset": (r"if \(rst\) level__before_register <= .*\n\s+else if \(load", "if (load", "not understood"),
    "restarted by another row": (r"restart_at_59 \? 64'h3FF8000000000000", "restart_at_57 ? 64'h3FF8000000000000", "operands of different rows meet|state `level`"),
    "too short an interval": (r"INTERVAL = 5'd26", "INTERVAL = 5'd23", "the text 94, 23"),
    "ready too early": (r"busy_for <= INTERVAL - 5'd1", "busy_for <= INTERVAL - 5'd2", "does not count down"),
    "always ready": (r"assign in_ready = .*", "assign in_ready = 1'b1;", "the text 94, 1"),
    "an index's other bits": (r"at__before_at_57\[1:0\]", "at__before_at_57[2:1]", "not the low bits|beside the bit of another"),
    "a short ring": (r"at__before_at_57 < 64'd4", "at__before_at_57 < 64'd3", "not compared with its length, 4"),
    "a ring that forgets late": (r"if \(restart_at_82\)", "if (restart_at_59)", "forgotten in another cycle"),
    "a ring written with the last level": (r"\] <= level;", "] <= level__before_at_82;", "next value of state `ring`"),
    "a ring loaded elsewhere": (r"register\[state_place\] <= load_ring", "register[2'd0] <= load_ring", "not understood"),
    "a ring loaded and marked elsewhere": (r"register\[state_place\] <= load_ring;\n(.*)\[state_place\] <=", r"register[saved_place] <= load_ring;\n\1[saved_place] <=", "is loaded at another place"),
    "a ring loaded in part": (r"if \(1'b1\) begin", "if (state_place < 2'd3) begin", "is loaded at another place"),
    "a ring saved elsewhere": (r"written\[saved_place\]\) \? (.*) : (\w+)\[saved_place\]", r"written[state_place]) ? \1 : \2[state_place]", "does not show"),
    "a bit less for the ring": (r"reg  \[3:0\] ring__before_register_written", "reg  [2:0] ring__before_register_written", "has not a bit for each"),
    "another clock edge": (r"always @\(posedge clk\) valid_after", "always @(negedge clk) valid_after", "NegEdgeKeyword"),
    "a latch": (r"reg  \[63:0\] level__before_register;", "reg  [63:0] level__before_register = 64'd0;", "has an initial value"),
    "driven twice": (r"(assign out_status = status_at_94;)", r"\1 assign out_status = status_at_94;", "driven twice"),
    "a product behind a tap macro": (r"    assign tap_step = step;", "    assign tap_step = step; assign unused_too = step;", "does not elaborate"),
    "torn": (r"endmodule", "", "does not elaborate"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_changed_text_is_not_proved(graph: Graph, files: Files, fault: str) -> None:
    pattern, replacement, says = FAULTS[fault]
    text = files[TOP].decode()
    changed, count = re.subn(pattern, replacement, text, count=1)
    assert count, "the fault was not planted"
    assert changed != text
    faulty = files | {TOP: changed.encode()}
    verdict = judge(graph, VerilogReader.of(faulty), faulty)
    assert isinstance(verdict, Unproved), "not found"
    assert re.search(says, verdict.page(), re.DOTALL), verdict.page()


def test_a_changed_core_is_not_proved(graph: Graph, files: Files) -> None:
    name = "rtl/cores/f_mul.v"
    faulty = files | {name: files[name].replace(b"CUTS", b"CUT5", 1)}
    verdict = judge(graph, VerilogReader.of(faulty), faulty)
    assert isinstance(verdict, Unproved)
    assert "is not the core of this installation" in verdict.reason


def test_without_taps_it_has_to_compute_the_same(graph: Graph, files: Files) -> None:
    text = files[TOP].decode()
    changed = text.replace(
        "assign out_status = status_at_94;", "`ifdef DAGC_TAPS\nassign out_status = status_at_94;\n`endif"
    )
    faulty = files | {TOP: changed.encode()}
    verdict = judge(graph, VerilogReader.of(faulty), faulty)
    assert isinstance(verdict, Unproved)
    assert "is not driven" in verdict.reason


def test_figures_of_another_design_are_not_taken(graph: Graph, files: Files) -> None:
    name = "rtl/pipeline.json"
    faulty = files | {name: files[name].replace(b'"interval": 26', b'"interval": 25')}
    assert isinstance(judge(graph, VerilogReader.of(faulty), faulty), Unproved)
