"""A module and faulty variants of it in one simulation: built once, each of them run by itself.

The variants stand side by side in a module of the same name and ports; which of them has its outputs is read from the file
`variant.hex` of the working directory when a simulation begins. Only for simulations with taps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from compile.backend import Files

#: What is planted: a pattern in the module, and what its first match is replaced by.
Fault = tuple[str, str | Callable[[re.Match[str]], str]]


def planted(files: Files, path: str, fault: Fault) -> Files:
    """`files` with `fault` in the module at `path`; the pattern has to match."""
    text = files[path].decode()
    edited, count = re.subn(*fault, text, count=1)
    assert count == 1, fault[0]
    assert edited != text, fault[0]
    return {**files, path: edited.encode()}


def side_by_side(files: Files, path: str, faults: Sequence[Fault]) -> Files:
    """`files` with the module at `path` as variant 0 and one variant for each of `faults`, in order."""
    variants = [files, *(planted(files, path, fault) for fault in faults)]
    found = re.search(r"\nmodule (\w+) \(\n(.*?)\n\);\n", files[path].decode(), re.DOTALL)
    assert found
    name, header = found[1], found[2]
    ports = re.findall(r"^ *(input|output) +wire +(\[\d+:0\])? *(\w+)", header, re.MULTILINE)
    top = [
        f"module {name} (",
        header,
        ");",
        "    reg [7:0] chosen [0:0];",
        '    initial $readmemh("variant.hex", chosen);',
    ]
    modules = [
        "/* verilator lint_off UNUSEDSIGNAL */  // many a slip leaves something unread: alone, lint would find it"
    ]
    for number, each in enumerate(variants):
        modules.append(each[path].decode().replace(f"\nmodule {name} ", f"\nmodule {name}_variant_{number} "))
        own = {port: f"{port}_of_{number}" for direction, _, port in ports if direction == "output"}
        top += [f"    wire {width} {own[port]};" for _, width, port in ports if port in own]
        pins = ", ".join(f".{port}({own.get(port, port)})" for _, _, port in ports)
        top.append(f"    {name}_variant_{number} variant_{number} ({pins});")
    for direction, _, port in ports:
        if direction == "output":
            choice = "".join(f"chosen[0] == 8'd{n} ? {port}_of_{n} : " for n in range(1, len(variants)))
            top.append(f"    assign {port} = {choice}{port}_of_0;")
    return {**files, path: "\n".join([*modules, *top, "endmodule", ""]).encode()}


def choose(folder: Path, number: int) -> None:
    """Let the next simulation that begins in the working directory `folder` be of variant `number`."""
    (folder / "variant.hex").write_text(f"{number:x}\n")
