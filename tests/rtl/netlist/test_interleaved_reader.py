"""Interleaved instances read back: proved as they are emitted, and not with any slip in who enters, reads and writes when."""

from __future__ import annotations

import re

import pytest

from compile.backend import Files
from compile.campaign.drawing.random_graph import random_graph
from compile.pipeline import prepare
from compile.proof.core.judge import judge
from compile.proof.core.verdict import Proved, Unproved, Verdict
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD
from dag.values.domain import whole_domain
from dag.values.types import F64
from rtl.backend import Verilog
from rtl.netlist.reader import VerilogReader
from tests.rtl.test_planted_faults import AROUND, AROUND_INTERLEAVED, FAULTS, GRAPH, INSTANCES, INTERLEAVED, MODULE
from tests.support.variants import Fault, planted

pytest.importorskip("pyslang", reason="missing: pyslang (pip install 'dagc-compiler[rtl]')")

#: What simulation needs many rows to meet, or never does.
RARE: dict[str, Fault] = {
    "fewer bits of busy": (r"reg \[INSTANCES-1:0\] busy;", "reg [INSTANCES-2:0] busy;"),
    "more bits of busy": (r"reg \[INSTANCES-1:0\] busy;", "reg [INSTANCES:0] busy;"),
    "fewer instances": (r"localparam INSTANCES = 16;", "localparam INSTANCES = 8;"),
    "a narrow number": (r"wire \[3:0\] instance_at_8;", "wire [2:0] instance_at_8;"),
    "one instance never waits": (r"assign in_ready = ~busy\[in_instance\]", "assign in_ready = ~busy[in_instance] | (in_instance == 4'd7)"),
    "restarts need not wait": (r"assign in_ready = ~busy", "assign in_ready = in_restart | ~busy"),
    "a number late": (r"(instance_at_4; dagc_delay #\(\.WIDTH\(4\), \.DEPTH)\((\d+)\)", lambda found: f"{found[1]}({int(found[2]) + 1})"),
    "started by rows alone, of any instance": (r"started\[in_instance\] <= 1'b1", "started[4'd0] <= 1'b1"),
    "a memory of another clock": (r"\.clk\(clk\), \.write", ".clk(in_valid), .write"),
    "a small memory": (r"\.BITS\(4\)", ".BITS(3)"),
    "a narrow memory": (r"dagc_memory #\(\.WIDTH\(64\)", "dagc_memory #(.WIDTH(32)"),
    "settled a cycle late": (r"settled <= ~rst & ~\|valid;", "settled <= ~rst & ~|valid_after;"),
    "settled through a reset": (r"settled <= ~rst & ~\|valid;", "settled <= ~|valid;"),
    "a row loads": (r"\.d\(settled \? load_total", ".d(accept ? load_total"),
    "saved from the row before": (r"saved_fresh <= ~started\[in_instance\]", "saved_fresh <= ~started[instance_at_4]"),
    "a block more": (r"    assign idle", "    reg more; always @(posedge clk) more <= rst;\n    assign idle"),
    "busy written twice": (r"    assign in_ready", "    always @(posedge clk) busy <= busy;\n    assign in_ready"),
}  # fmt: skip
ALL: dict[str, Fault] = {**INTERLEAVED, **AROUND_INTERLEAVED, **RARE}


def verdict_on(graph: Graph, files: Files) -> Verdict:
    return judge(graph, VerilogReader.of(files), files)


@pytest.fixture(scope="module")
def files() -> Files:
    return Verilog(instances=INSTANCES).lower(GRAPH)


def test_as_it_is_emitted_it_is_proved(files: Files) -> None:
    verdict = verdict_on(GRAPH, files)
    assert isinstance(verdict, Proved), verdict.page()
    assert verdict.states == len(GRAPH.states) > 0


@pytest.mark.parametrize("instances", [2, 5, 200])
def test_a_random_graph_is_proved(instances: int) -> None:
    graph = random_graph(instances, operators=80)
    verdict = verdict_on(graph, Verilog(instances=instances).lower(graph))
    assert isinstance(verdict, Proved), verdict.page()


def test_a_longer_interval_and_a_graph_without_state_are_proved() -> None:
    for graph, interval in ((GRAPH, 40), (prepare(_without_state()), None)):
        verdict = verdict_on(graph, Verilog(interval, instances=8).lower(graph))
        assert isinstance(verdict, Proved), verdict.page()


def _without_state() -> Graph:
    builder = GraphBuilder("stateless")
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.output("y", builder.op(ADD, (x, x)), 0.0)
    return builder.freeze()


@pytest.mark.parametrize("name", ALL)
def test_a_slip_is_not_proved(files: Files, name: str) -> None:
    verdict = verdict_on(GRAPH, planted(files, MODULE, ALL[name]))
    assert isinstance(verdict, Unproved), "not found"
    assert not re.search("one of the lists|is not the one that", verdict.reason), verdict.page()


@pytest.mark.parametrize("name", [*FAULTS, *AROUND])
def test_a_slip_where_one_instance_has_the_pipeline_is_not_proved(name: str) -> None:
    verdict = verdict_on(GRAPH, planted(Verilog().lower(GRAPH), MODULE, {**FAULTS, **AROUND}[name]))
    assert isinstance(verdict, Unproved), "not found"
    assert not re.search("one of the lists|is not the one that", verdict.reason), verdict.page()
