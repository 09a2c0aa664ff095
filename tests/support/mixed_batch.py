"""Rows of which half are ordinary and half are of special values wherever they may stand."""

from __future__ import annotations

import numpy as np

from compile.backend import Batch
from compile.campaign.drawing.random_graph import random_batch
from compile.campaign.drawing.sample import sample, universe_of
from dag.graphs.graph import Graph


def mixed_batch(graph: Graph, seed: int, bars: int = 6, instances: int = 40) -> Batch:
    """Half the instances from the graph's universe, half of special values wherever they may stand."""
    rng = np.random.default_rng(seed)
    tame = sample(universe_of(graph), bars, instances // 2, rng)
    wild = random_batch(graph, seed, bars, instances - instances // 2)
    return Batch(
        {name: np.concatenate([tame.inputs[name], wild.inputs[name]], axis=1) for name in tame.inputs},
        {name: np.concatenate([tame.params[name], wild.params[name]]) for name in tame.params},
        bars=bars,
        instances=instances,
    )
