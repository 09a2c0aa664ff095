"""A finished build, kept: the same lane, options, tools and dagc give the same bundle, so a build that changes nothing runs nothing.

The lane is traced each time, so whatever its file reads (data, the environment) counts as far as it changes the graph. Only
builds that left nothing unshown are kept.
"""

from __future__ import annotations

import functools
import io
import json
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compile.backends import records
from compile.bundle.bundle import GRAPH, MANIFEST, BundleProblem, canonical_json, read_bundle, write_bundle
from compile.cache import cached, key_of, store
from dag.files.loading import loaded_files
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_to_json
from dagc.building.plan import BuildPlan, versions
from dagc.building.screen import seconds_line, size_text
from dagc.terminal.shadowing import HOME, PACKAGES

_SUMMARY = "summary.json"
_FILES = "files/"
#: What `write_bundle` puts into a manifest itself.
_WRITTEN = {"format", "name", "graph", "files"}


@dataclass(frozen=True, slots=True)
class KeptBuild:
    """A bundle's files and manifest, and what was said when it was built."""

    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    #: The lines of the screen before its last two, which say how long it took and what was written.
    lines: list[str]
    verdict: str
    document: dict[str, Any]

    def write(self, graph: Graph, folder: Path) -> bool:
        """Make `folder` hold the bundle; False where it already does. Raises BundleProblem, OSError."""
        if _holds(folder, self):
            return False
        files = {name: data for name, data in self.files.items() if name != GRAPH}
        facts = {name: value for name, value in self.manifest.items() if name not in _WRITTEN}
        write_bundle(folder, graph, files, facts)
        return True

    def screen(self, seconds: Mapping[str, float], folder: Path, is_written: bool) -> str:
        """What the command prints."""
        sizes = [len(data) for name, data in self.files.items() if name != GRAPH]
        done = f"wrote {folder}" if is_written else f"{folder} is up to date"
        return "\n".join(
            [
                *self.lines,
                f"{seconds_line(seconds)}; nothing changed since this was built, so nothing ran (--fresh runs everything)",
                f"{self.verdict}; {done} ({size_text(sizes)})",
            ]
        )

    def as_json(self, seconds: Mapping[str, float], folder: Path) -> dict[str, Any]:
        """The summary as JSON values."""
        times = {name: round(each, 3) for name, each in seconds.items()}
        return {**self.document, "bundle": str(folder), "seconds": times, "kept": True}


def key_of_build(plan: BuildPlan) -> str:
    """The key of all that the outcome of `plan` depends on, but for the folder."""
    request, chosen, graph = plan.request, plan.targets, plan.source.graph
    asked = (request.rows, request.is_quick, request.seed, request.rtl_instances, request.simplify, request.slots)
    tools = [
        (record.name, record.tools(), repr(record.missing())) for record in records() if record.name in chosen.names
    ]
    compilers = [record.library.made_by() for record in records() if record.name in chosen.names and record.library]
    return key_of(
        "build",
        graph_to_json(graph),
        canonical_json([asked, chosen.names, chosen.are_named, chosen.left_out, tools, compilers]),
        canonical_json(versions(chosen.names)),
        sys.version,
        _digest(loaded_files()),
        own_digest(),
        *(part for pin in plan.pins.items() for part in pin),
    )


def kept_build(key: str) -> KeptBuild | None:
    """What was kept under `key`, or None."""
    content = cached(key)
    if content is None:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            summary = json.loads(archive.read(_SUMMARY))
            names = [name for name in archive.namelist() if name.startswith(_FILES)]
            files = {name.removeprefix(_FILES): archive.read(name) for name in names}
            return KeptBuild(files, summary["manifest"], summary["lines"], summary["verdict"], summary["document"])
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError):
        return None  # written by hand: it is built again


def keep_build(key: str, folder: Path, lines: list[str], verdict: str, document: Mapping[str, Any]) -> None:
    """Keep the bundle that was just written to `folder`, and what was said of it."""
    bundle = read_bundle(folder)
    summary = {"manifest": bundle.manifest, "lines": lines, "verdict": verdict, "document": document}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(_SUMMARY, json.dumps(summary))
        for name, data in bundle.files.items():
            archive.writestr(_FILES + name, data)
    store(key, stream.getvalue())


def _holds(folder: Path, kept: KeptBuild) -> bool:
    """Whether `folder` is that bundle, to the byte."""
    if not (folder / MANIFEST).is_file():
        return False
    try:
        bundle = read_bundle(folder)
    except (BundleProblem, OSError):
        return False
    return dict(bundle.files) == dict(kept.files) and bundle.manifest == kept.manifest


@functools.cache
def own_digest() -> str:
    """dagc itself: every file of its packages."""
    roots = [HOME / package for package in (*PACKAGES, "dagc")]
    found = (path for root in roots for path in root.rglob("*") if path.suffix != ".pyc" and path.is_file())
    return _digest(found, HOME)


def _digest(paths: Iterable[Path], above: Path | None = None) -> str:
    names = ((path, path.name if above is None else str(path.relative_to(above))) for path in sorted(paths))
    return key_of("files", *(part for path, name in names for part in (name, path.read_bytes())))
