"""What a command is given that takes a bundle's folder or FILE.py:LANE."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dagc.terminal.exits import TOOL_MISSING, fail

if TYPE_CHECKING:
    from compile.backend import Files, Runner
    from dag.graphs.graph import Graph


def names_bundle(target: str) -> bool:
    """Whether `target` names a bundle: a folder, or a path that can be no lane, such as that of a folder that is not there."""
    return Path(target).is_dir() or (":" not in target and Path(target).suffix != ".py")


def opened(target: str) -> tuple[Graph, Files | None]:
    """The graph of a bundle, with its files, or of a lane. Raises CompileError, NoBundle, BundleProblem."""
    from compile.bundle.bundle import read_bundle
    from dagc.building.running import graph_of

    if not names_bundle(target):
        return graph_of(target), None
    bundle = read_bundle(Path(target))
    return bundle.graph, dict(bundle.files)


def runner_of(graph: Graph, which: str, files: Files | None) -> Runner:
    """What runs `graph` in the backend `which`; leaves with TOOL_MISSING where its tool is not here."""
    from dagc.building.running import runners_of

    runners, missing = runners_of(graph, [which], files)
    if which in missing:
        fail(f"{which} needs {missing[which].tool}, which is missing\n  fix  {missing[which].fix}", TOOL_MISSING)
    return runners[which]
