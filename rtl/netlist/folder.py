"""The files of a pipeline: which there are, and that those which hold no part of it are the ones that belong to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from compile.backend import Files
from compile.proof.core.verdict import Unreadable, first_difference
from dag.graphs.graph import Graph
from rtl.bench.vectors import vectors_of
from rtl.emit.bench import vectors_file
from rtl.emit.design import design_of
from rtl.emit.project import FIGURES, FOLDER, files_beside
from rtl.netlist.core_operators import DELAY
from rtl.plan.schedule import NoSchedule

_CORES = f"{FOLDER}/cores/"


def pipeline_of(files: Files) -> str:
    """The file of the pipeline: the one that has a list, `<name>.f`; the first of the folder where that is not one file."""
    lists = [name for name in files if name.startswith(f"{FOLDER}/") and name.endswith(".f")]
    top = f"{lists[0].removesuffix('.f')}.v" if len(lists) == 1 else ""
    return top if top in files else min((name for name in files if name.startswith(f"{FOLDER}/")), default=f"{FOLDER}/")


def figures_of(files: Files) -> Mapping[str, Any]:
    """What `pipeline.json` says. Raises Unreadable."""
    try:
        found = json.loads(files[FIGURES])
    except (KeyError, ValueError) as problem:
        raise Unreadable(f"{FIGURES} is missing or damaged: {problem}") from None
    if (
        not isinstance(found, dict)
        or found.get("mode") not in ("single", "interleaved")
        or not all(isinstance(found.get(name), int) for name in ("interval", "instances"))
    ):
        raise Unreadable(f"{FIGURES} says no mode, interval or instances")
    return found


def texts_of(files: Files, top: str) -> dict[str, str]:
    """The Verilog of the pipeline in the file `top` and of its cores, by file. Raises Unreadable, also where a core is
    another than this installation's.
    """
    texts: dict[str, str] = {}
    for name, data in files.items():
        if name == top or (name.startswith(_CORES) and name.endswith(".v")):
            try:
                texts[name] = data.decode()
            except ValueError:
                raise Unreadable(f"{name} is no text") from None
    if top not in texts or top.startswith(_CORES):
        raise Unreadable(f"there is no one pipeline {FOLDER}/<name>.v with its list <name>.f")
    for name in cores_among(texts):
        own = resources.files("rtl").joinpath("cores", f"{name}.v")
        file = f"{_CORES}{name}.v"
        ours = own.read_bytes() if "/" not in name and own.is_file() else b""
        if ours != files[file]:
            what = f"{file} is not the core of this installation: what it computes was never shown"
            raise Unreadable(what, first_difference(files[file], ours) if ours else 0, file)
    return texts


def cores_among(texts: Mapping[str, str]) -> list[str]:
    """The names of the cores among them."""
    return [name.removeprefix(_CORES).removesuffix(".v") for name in texts if name.startswith(_CORES)]


def expect_needed(unused: frozenset[str]) -> None:
    """Raise Unreadable where modules are among the cores that nothing instantiates; a delay is always there."""
    if unused - {DELAY}:
        raise Unreadable(f"nothing instantiates {', '.join(sorted(unused - {DELAY}))}")


def expect_folder(graph: Graph, files: Files, top: str, texts: Mapping[str, str], figures: Mapping[str, Any]) -> None:
    """Raise Unreadable unless the folder holds the texts of the pipeline and what belongs to it, and nothing besides.

    Lists, bench, vectors and figures hold nothing that the graph computes: they have to be, byte for byte, those that this
    installation writes for it. Vectors may be absent: lowering does not make them.
    """
    names = [*(f"cores/{name}.v" for name in sorted(cores_among(texts))), top.removeprefix(f"{FOLDER}/")]
    list_ = top.removesuffix(".v") + ".f"
    if files[list_].decode("utf-8", "replace") != "".join(f"{name}\n" for name in names):
        raise Unreadable(f"{list_} is not the list of the cores in their order, and of the pipeline")
    instances = figures["instances"] if figures.get("mode") == "interleaved" else None
    try:
        design = design_of(graph, figures["interval"], instances)
    except (NoSchedule, ValueError) as problem:
        raise Unreadable(f"{FIGURES}: {problem}") from None
    if top != f"{FOLDER}/{design.name}.v":
        raise Unreadable(f"the pipeline of `{graph.name}` is {FOLDER}/{design.name}.v, not {top}")
    beside, vectors = files_beside(design), f"{FOLDER}/{vectors_file(design)}"
    if vectors in files:
        beside[vectors] = vectors_of(design).encode()
    for name in sorted({each for each in files if each.startswith(f"{FOLDER}/")} - {*texts}):
        if name not in beside:
            raise Unreadable(f"{name} is no file of this pipeline")
    for name, data in beside.items():
        if name not in files:
            raise Unreadable(f"{name} is missing")
        if files[name] != data:
            what = f"{name} is not the one that this version of dagc writes for the graph"
            raise Unreadable(what, first_difference(files[name], data), name)
