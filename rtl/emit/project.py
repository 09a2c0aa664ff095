"""The files of a design that are text of it: the pipeline, its cores, the bench, and the lists that tools take."""

from __future__ import annotations

import json

from compile.backend import Files
from rtl.emit.bench import bench_text, vectors_file
from rtl.emit.design import Design
from rtl.emit.module import emit_module

FOLDER = "rtl"
#: The design's figures, for tools.
FIGURES = f"{FOLDER}/pipeline.json"


def project_files(design: Design) -> Files:
    """Path -> contents, in the folder `rtl/`; paths inside the lists are relative to it."""
    texts = {
        **{f"cores/{name}": text for name, text in design.cores.items()},
        f"{design.name}.v": emit_module(design),
    }
    return {**{f"{FOLDER}/{path}": text.encode() for path, text in texts.items()}, **files_beside(design)}


def sources_of(design: Design) -> list[str]:
    """The Verilog that is synthesised: the cores, and the pipeline that is made of them."""
    return [*(f"{FOLDER}/cores/{name}" for name in design.cores), f"{FOLDER}/{design.name}.v"]


def files_beside(design: Design) -> Files:
    """The files that hold nothing of the pipeline: lists for tools, the test bench, and the figures."""
    bench = f"{design.bench}.v"
    sources = [name.removeprefix(f"{FOLDER}/") for name in sources_of(design)]
    texts = {
        f"{design.name}.f": "\n".join(sources) + "\n",
        f"{design.name}.core": _fusesoc(design, sources, bench),
        bench: bench_text(design),
    }
    return {**{f"{FOLDER}/{path}": text.encode() for path, text in texts.items()}, FIGURES: _figures(design)}


def _figures(design: Design) -> bytes:
    """Cycles from a row to its results and between two rows of an instance; of how many instances, each so many bits."""
    found = {
        "mode": "single" if design.instances is None else "interleaved",
        "latency": design.plan.depth,
        "interval": design.plan.interval,
        "instances": design.instances or 1,
        "state_bits": design.state_bits,
    }
    return (json.dumps(found, indent=1) + "\n").encode()


def _fusesoc(design: Design, sources: list[str], bench: str) -> str:
    """The package description that FuseSoC reads (CAPI 2)."""
    data = vectors_file(design)
    lines = [
        "CAPI=2:",
        f"name: dagc::{design.name}:0",
        f"description: {design.graph.name}, made by dagc from graph {design.graph.content_hash}",
        "filesets:",
        "  rtl:",
        "    file_type: verilogSource-2005",
        "    files:",
        *(f"      - {file}" for file in sources),
        "  bench:",
        "    file_type: verilogSource-2005",
        "    files:",
        f"      - {bench}",
        f"      - {data}: {{file_type: user, copyto: {data}}}",
        "targets:",
        "  default: &default",
        "    filesets: [rtl]",
        f"    toplevel: {design.name}",
        "  sim:",
        "    <<: *default",
        "    default_tool: icarus",
        "    filesets: [rtl, bench]",
        f"    toplevel: {design.bench}",
    ]
    return "\n".join(lines) + "\n"
