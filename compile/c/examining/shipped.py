"""The compiled library of a bundle, run as it was shipped: its runners, and what is examined of it."""

from __future__ import annotations

import numpy as np

from compile.backend import Files, Misbehaves, Runner
from compile.c.examining.examination import examine
from compile.c.library import Library
from compile.c.record import KERNEL_SO, SHIPPED_BATCH, SHIPPED_STEP
from compile.c.runner import CRunner, Entry
from compile.c.stepping import StepRunner
from compile.campaign.drawing.sample import sample, universe_of
from dag.graphs.graph import Graph

#: The seed of the rows on which a library is examined.
EXAMINED_WITH = 12


def shipped_runners(graph: Graph, files: Files) -> dict[str, Runner]:
    """The runners of the compiled kernel.so in `files`, by name; none where there is none or this CPU cannot run it."""
    library = _runnable(graph, files)
    if library is None:
        return {}
    return {
        KERNEL_SO: CRunner(graph, library, Entry.ROW),
        SHIPPED_BATCH: CRunner(graph, library, Entry.BATCH),
        SHIPPED_STEP: StepRunner(graph, library),
    }


def examined_library(graph: Graph, files: Files, target: object) -> list[str]:
    """What was examined of the compiled kernel.so in `files`, in sentences; nothing where there is none or this CPU cannot run it.

    `target` is what it should say that it was compiled for. Raises Misbehaves.
    """
    if KERNEL_SO in files and (found := Library(files[KERNEL_SO]).target) != target:
        raise Misbehaves(f"{KERNEL_SO}: dagc_target says {found}, it was compiled for {target}")
    library = _runnable(graph, files)
    if library is None:
        return []
    universe, rng = universe_of(graph), np.random.default_rng(EXAMINED_WITH)
    return examine(graph, library, lambda bars, instances: sample(universe, bars, instances, rng))


def _runnable(graph: Graph, files: Files) -> Library | None:
    if KERNEL_SO not in files:
        return None
    library = Library(files[KERNEL_SO])
    if not library.runs_here():
        return None
    library.verify(graph)
    return library
