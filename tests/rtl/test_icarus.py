"""Running a bench in Icarus Verilog, where there is one."""

from __future__ import annotations

import pytest

from rtl.simulate import icarus
from rtl.simulate.icarus import IcarusFailed, run_bench
from tests.support.simulator import needs_icarus

_BENCH = """\
module bench;
    reg [7:0] words [0:1];
    initial begin
        $readmemh("words.hex", words);
        $display("%0d", words[0] + words[1]);
    end
endmodule
"""


@needs_icarus
def test_a_bench_reads_its_vectors_and_prints() -> None:
    assert run_bench({"bench.v": _BENCH, "words.hex": "0a\n20\n"}, "bench").strip() == "42"


@needs_icarus
def test_warnings_and_endless_benches_are_errors() -> None:
    with pytest.raises(IcarusFailed, match="syntax error"):
        run_bench({"bench.v": "module bench (\n"}, "bench")
    implicit = "module other (input a); endmodule\nmodule bench;\n    other o (not_declared);\nendmodule\n"
    with pytest.raises(IcarusFailed, match="not_declared"):
        run_bench({"bench.v": implicit}, "bench")
    with pytest.raises(IcarusFailed, match=r"did not finish in 0\.5 s"):
        run_bench({"bench.v": "module bench; initial forever #1; endmodule\n"}, "bench", seconds=0.5)


def test_a_machine_without_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    missing = icarus.missing()
    assert missing is not None
    assert missing.tool == "iverilog"
    with pytest.raises(IcarusFailed, match="iverilog is missing\n  fix  sudo apt-get install iverilog"):
        run_bench({"bench.v": _BENCH}, "bench")
