"""A pipeline that is wrong by one cycle, one bit or one wire does not pass: in the check, and in the emitted bench."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from compile.backend import Batch, Files
from compile.campaign.sample import sample, universe_of
from compile.check.compare import compare, explain_divergence
from compile.pipeline import prepare
from rtl import icarus, verilator
from rtl.backend import Verilog
from tests.support.counting_graph import counting_graph
from tests.support.meaning import evaluate

GRAPH = prepare(counting_graph())
MODULE = "rtl/counting.v"


def lowered() -> Files:
    return Verilog().lower(GRAPH)


def edited(pattern: str, replacement: str | Callable[[re.Match[str]], str]) -> Files:
    """The files of GRAPH with the first match of `pattern` in the module replaced."""
    files = lowered()
    text, count = re.subn(pattern, replacement, files[MODULE].decode(), count=1)
    assert count == 1, pattern
    return {**files, MODULE: text.encode()}


#: What is planted -> a pattern in the module, and what its first match is replaced by.
FAULTS: dict[str, tuple[str, str | Callable[[re.Match[str]], str]]] = {
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


#: A simulator of each takes seconds to build; the bench is quicker and sees all of them.
VERILATED = (
    "a delay longer by one",
    "outputs announced a cycle early",
    "a state written a cycle late",
    "rows a cycle too close",
    "a row that is no row writes",
    "restarts ignored",
)


def batch() -> Batch:
    return sample(universe_of(GRAPH), 6, 40, np.random.default_rng(1))


@pytest.mark.skipif(verilator.missing() is not None, reason=f"{verilator.missing()}")
@pytest.mark.parametrize("fault", VERILATED)
def test_the_check_sees(fault: str) -> None:
    rows, nodes = batch(), range(len(GRAPH))
    runner = Verilog().load(GRAPH, edited(*FAULTS[fault]))
    found = compare(GRAPH, evaluate(GRAPH, rows, nodes), runner.run(rows, nodes), "rtl", nodes)
    assert found.first is not None
    assert "rtl differs from the interpreter" in explain_divergence(found.first)


def bench(files: Files) -> str:
    sources = {path.removeprefix("rtl/"): text for path, text in files.items() if path.endswith((".v", ".hex"))}
    return icarus.run_bench(sources, "counting_tb", seconds=60.0)


needs_icarus = pytest.mark.skipif(icarus.missing() is not None, reason=f"{icarus.missing()}")


@needs_icarus
def test_the_bench_passes_what_is_right() -> None:
    assert bench(lowered()) == "PASS: 120 rows\n"


@needs_icarus
@pytest.mark.parametrize("fault", FAULTS)
def test_the_bench_sees(fault: str) -> None:
    assert "FAIL" in bench(edited(*FAULTS[fault]))


@needs_icarus
def test_the_bench_sees_every_delay_that_is_off_by_one() -> None:
    files = lowered()
    live, taps = files[MODULE].decode().split("`ifdef DAGC_TAPS\n    // ----")
    delays = list(re.finditer(r"\.DEPTH\((\d+)\)", live))
    assert len(delays) > 15
    for delay in delays:
        for depth in (int(delay[1]) - 1, int(delay[1]) + 1):
            text = f"{live[: delay.start()]}.DEPTH({depth}){live[delay.end() :]}`ifdef DAGC_TAPS\n    // ----{taps}"
            said = bench({**files, MODULE: text.encode()})
            assert "FAIL" in said, f"{delay[0]} -> {depth} at {live[: delay.start()].splitlines()[-1]}"
