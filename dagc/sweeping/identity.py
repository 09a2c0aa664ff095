"""Which binding it is: a SHA-256 of the graph and of every parameter's word, the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from dag.graphs.graph import Graph
from dag.values.words import Column, words_of_column

#: What bits mean: IEEE 754 binary64, round to nearest even, gradual underflow. Subnormals that are flushed are nodes of the graph.
PROFILE = hashlib.sha256(b"ieee754 binary64 nearest-even gradual-underflow one-nan").digest()


def binding_ids(graph: Graph, columns: Mapping[str, Column]) -> list[str]:
    """The id of each row: SHA-256 of the graph's hash, the profile's and the parameters' words in graph order, little-endian."""
    words = [words_of_column(columns[p.name], graph.types[p.node]).astype("<u8") for p in graph.params]
    rows = np.ascontiguousarray(np.stack(words, axis=1)) if words else np.zeros((1, 0), "<u8")
    begun = hashlib.sha256(bytes.fromhex(graph.content_hash) + PROFILE)
    found: list[str] = []
    for row in rows:
        each = begun.copy()
        each.update(row.tobytes())
        found.append(each.hexdigest())
    return found
