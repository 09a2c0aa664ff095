"""Bundles and files of bars to replay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow
from pyarrow import parquet

from compile.backend import Batch, Files
from compile.bundle.bundle import write_bundle
from compile.c.backend import shared_object
from dag.graphs.graph import Graph
from tests.support.backends import backend_or_skip


def bundle_of(graph: Graph, folder: Path, *names: str) -> Path:
    """A bundle in `folder` with the lowerings of these backends; with `c`, compiled too."""
    files: Files = {}
    for name in names:
        files |= backend_or_skip(name).lower(graph)
    if "c" in names:
        files["kernel.so"] = shared_object(files)
    write_bundle(folder, graph, files, {"emitted": list(names)})
    return folder


def bars_file(batch: Batch, path: Path) -> Path:
    """The inputs of the one instance of a batch, as Parquet."""
    parquet.write_table(pyarrow.table({name: column[:, 0] for name, column in batch.inputs.items()}), path)
    return path


def quotes(bars: int, path: Path, seed: int = 5) -> Path:
    """Bars for `live_graph`, some of them to be rejected, as Parquet, a few row groups of them."""
    rng = np.random.default_rng(seed)
    columns = {
        "price": np.where(rng.random(bars) < 0.01, np.nan, rng.uniform(90.0, 110.0, bars)),
        "side": rng.choice([-1, 1], bars),
        "halted": rng.random(bars) < 0.1,
    }
    parquet.write_table(pyarrow.table(columns), path, row_group_size=50_000)
    return path
