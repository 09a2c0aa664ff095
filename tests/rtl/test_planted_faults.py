"""A pipeline that is wrong by one cycle, one bit or one wire does not pass: in the check, by tokens, and in the emitted bench."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from compile.backend import Batch, Files
from compile.campaign.drawing.sample import sample, universe_of
from compile.check.compare import compare, explain_divergence
from compile.pipeline import prepare
from rtl.backend import Verilog
from rtl.emit.design import design_of
from rtl.simulate import icarus
from rtl.simulate.runner import VerilogRunner, WrongInstance
from rtl.simulate.stream import StrayRow, StreamStalled
from tests.support.counting_graph import counting_graph
from tests.support.meaning import evaluate
from tests.support.simulator import needs_icarus, needs_verilator
from tests.support.tiers import few_rows
from tests.support.tokens import first_wrong, run, tokens
from tests.support.variants import Fault, choose, planted, side_by_side
from tests.support.verilog_bench import with_vectors

GRAPH = prepare(counting_graph())
MODULE = "rtl/counting.v"
INSTANCES = 16

#: What is planted -> a pattern in the module, and what its first match is replaced by.
FAULTS: dict[str, Fault] = {
    "a delay longer by one": (r"(scaled__1_at_1; dagc_delay #\(\.WIDTH\(64\), \.DEPTH)\(1\)", r"\1(2)"),
    "a delay shorter by one": (r"(status_at_6; dagc_delay #\(\.WIDTH\(64\), \.DEPTH)\(5\)", r"\1(4)"),
    "outputs announced a cycle early": (r"valid\[LATENCY\]", "valid[LATENCY-1]"),
    "a state written a cycle early": (r"else if \(valid\[5\]\) (total__before)", r"else if (valid[4]) \1"),
    "a state written a cycle late": (r"else if \(valid\[5\]\) (total__before)", r"else if (valid[6]) \1"),
    "rows a cycle too close": (r"INTERVAL = 3'd(\d)", lambda found: f"INTERVAL = 3'd{int(found[1]) - 1}"),
    "a row that is no row writes": (r"else if \(valid\[5\]\) (total__before\w+ <=)", r"else \1"),
    "restarts ignored": (r"= in_restart \? ", "= 1'b0 ? "),
    "restarts a cycle late": (r"(restart_at_2; dagc_delay #\(\.WIDTH\(1\), \.DEPTH)\(2\)", r"\1(3)"),
    "another initial value": (r"64'h0000000000000007", "64'h0000000000000008"),
    "operands exchanged": (r"= (\w+) - (\w+);", r"= \2 - \1;"),
}
INTERLEAVED: dict[str, Fault] = {
    "rows of an instance a cycle too close": (r"valid\[4\]\) busy\[instance_at_4\]", "valid[3]) busy[instance_at_3]"),
    "nobody has to wait": (r"assign in_ready = ~busy\[in_instance\]", "assign in_ready = 1'b1"),
    "the wrong instance need not wait": (r"busy\[in_instance\] <= 1'b1", "busy[in_instance ^ 4'd1] <= 1'b1"),
    "a state written a cycle late": (
        r"(peak__before_memory[^;]*?)valid\[7\](.*\n?.*)instance_at_7",
        r"\1valid[8]\2instance_at_8",
    ),
    "a state written for a neighbour": (
        r"(total__before_memory[^;]*?write_address\([^;]*?instance_at_7)",
        r"\1 ^ 4'd1",
    ),
    "a state read for the row behind": (r"(peak__before_memory[^;]*?read_address.*)instance_at_3", r"\1instance_at_4"),
    "a row that is no row writes": (r"(total__before_memory[^;]*?loading \|) valid\[7\]", r"\1 ~settled"),
    "two instances share their words": (
        r"(\.write_address\(settled \? in_instance : instance_at_4)(\),[^;]*?read_address\(in_instance)",
        r"\1 & 4'd7\2 & 4'd7",
    ),
    "restarts ignored": (r"fresh = in_restart \|", "fresh = 1'b0 |"),
    "restarts a cycle late": (r"\.d\(fresh\)", ".d(restart_at_1)"),
    "states outlive a reset": (r"if \(rst\) started <= \{INSTANCES\{1'b0\}\}", "if (rst) started <= started"),
    "results under another number": (r"out_instance = instance_at_8", "out_instance = instance_at_7"),
}
#: What only loads, saves and resets show, in either mode.
AROUND: dict[str, Fault] = {
    "loads while rows are in flight": (r"(load) & idle\) (total)", r"\1) \2"),
    "idle two rows too early": (r"assign idle = ~\|valid", "assign idle = ~|valid[LATENCY-3:0]"),
    "loads of another state": (r"<= load_peak", "<= load_total"),
    "saves of another state": (r"save_peak = \w+", "save_peak = total__before_register"),
    "a state outlives a reset": (r"if \(rst\) total__before_register <= .*?;", "if (rst) ;"),
    "rows outlive a reset": (r"valid_after <= rst \? 6'd0 :", "valid_after <="),
}
AROUND_INTERLEAVED: dict[str, Fault] = {
    "loads while rows are in flight": (r"loading = load & idle", "loading = load"),
    "idle two rows too early": (r"settled <= ~rst & ~\|valid", "settled <= ~rst & ~|valid[LATENCY-3:0]"),
    "loads in the cycle of a row": (r"idle = settled & ~accept", "idle = settled"),
    "loaded states are no states": (r"accept \| loading\) started", "accept) started"),
    "loads of another state": (r"settled \? load_peak", "settled ? load_total"),
    "loads for another instance": (
        r"write_address\(settled \? in_instance :",
        "write_address(settled ? in_instance ^ 4'd1 :",
    ),
    "saves of another instance": (
        r"read_address\(settled \? in_instance :",
        "read_address(settled ? in_instance ^ 4'd1 :",
    ),
    "saves of what was never written": (r"save_peak = saved_fresh \?", "save_peak = 1'b0 ?"),
    "saves of nothing but initial values": (r"save_peak = saved_fresh \?", "save_peak = 1'b1 ?"),
    "an instance is busy after a reset": (r"if \(rst\) busy <= \{INSTANCES\{1'b0\}\}", "if (rst) busy <= busy"),
    "rows outlive a reset": (r"valid_after <= rst \? 8'd0 :", "valid_after <="),
}


def lowered(instances: int | None = None) -> Files:
    return Verilog(instances=instances).lower(GRAPH)


@cache
def variants(instances: int | None) -> tuple[VerilogRunner, list[str]]:
    """All of them and the right one in one simulation, and what is planted in each."""
    faults = {**INTERLEAVED, **AROUND_INTERLEAVED} if instances else {**FAULTS, **AROUND}
    files = side_by_side(lowered(instances), MODULE, list(faults.values()))
    return VerilogRunner(design_of(GRAPH, instances=instances), files), ["", *faults]


SINGLE_AND_INTERLEAVED = [*((None, fault) for fault in FAULTS), *((INSTANCES, fault) for fault in INTERLEAVED)]
EVERY = [
    *SINGLE_AND_INTERLEAVED,
    *((None, fault) for fault in AROUND),
    *((INSTANCES, fault) for fault in AROUND_INTERLEAVED),
]


@needs_verilator
@pytest.mark.parametrize(("instances", "fault"), [(None, ""), (INSTANCES, ""), *few_rows(SINGLE_AND_INTERLEAVED, 4)])
def test_the_check_finds_a_planted_fault(
    instances: int | None, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, nodes = batch(), range(len(GRAPH))
    runner, planted_in = variants(instances)
    monkeypatch.chdir(tmp_path)
    choose(tmp_path, planted_in.index(fault))
    try:
        got = runner.run(rows, nodes)
    except (StrayRow, StreamStalled, WrongInstance):
        assert fault
        return
    found = compare(GRAPH, evaluate(GRAPH, rows, nodes), got, "rtl", nodes)
    assert (found.first is not None) == bool(fault)
    if found.first is not None:
        assert "rtl differs from the interpreter" in explain_divergence(found.first)


@needs_verilator
@pytest.mark.parametrize(("instances", "fault"), [(None, ""), (INSTANCES, ""), *few_rows(EVERY, 4)])
def test_tokens_in_any_order_see(
    instances: int | None, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = design_of(GRAPH, instances=instances)
    runner, planted_in = variants(instances)
    monkeypatch.chdir(tmp_path)
    choose(tmp_path, planted_in.index(fault))
    numbers = np.random.default_rng(1).integers(0, instances or 1, 600)
    sequence = tokens(GRAPH, numbers, 2, restarts=0.1, resets=0.03, loads=0.1, saves=0.1, gaps=0.2)
    try:
        wrong = first_wrong(design, sequence, *run(runner, design, sequence))
    except (StrayRow, StreamStalled):
        wrong = "rows are lost"
    assert (wrong is not None) == bool(fault), wrong


def batch() -> Batch:
    return sample(universe_of(GRAPH), 6, 40, np.random.default_rng(1))


def bench(files: Files) -> str:
    sources = {path.removeprefix("rtl/"): text for path, text in files.items() if path.endswith((".v", ".hex"))}
    return icarus.run_bench(sources, "counting_tb", seconds=60.0)


@needs_icarus
@pytest.mark.parametrize("instances", [None, INSTANCES])
def test_the_bench_passes_what_is_right(instances: int | None) -> None:
    assert bench(with_vectors(GRAPH, instances)) == "PASS: 120 rows\n"


@needs_icarus
@pytest.mark.parametrize(("instances", "fault"), few_rows(SINGLE_AND_INTERLEAVED, 4))
def test_the_bench_finds_a_planted_fault(instances: int | None, fault: str) -> None:
    faults = INTERLEAVED if instances else FAULTS
    assert "FAIL" in bench(planted(with_vectors(GRAPH, instances), MODULE, faults[fault]))


@needs_icarus
def test_the_bench_finds_every_delay_that_is_off_by_one() -> None:
    files = lowered()
    live, taps = files[MODULE].decode().split("`ifdef DAGC_TAPS\n    // ----")
    delays = list(re.finditer(r"\.DEPTH\((\d+)\)", live))
    assert len(delays) > 15
    for delay in delays:
        for depth in (int(delay[1]) - 1, int(delay[1]) + 1):
            text = f"{live[: delay.start()]}.DEPTH({depth}){live[delay.end() :]}`ifdef DAGC_TAPS\n    // ----{taps}"
            said = bench({**files, MODULE: text.encode()})
            assert "FAIL" in said, f"{delay[0]} -> {depth} at {live[: delay.start()].splitlines()[-1]}"
