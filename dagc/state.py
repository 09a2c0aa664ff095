"""The state of instances as words [states, instances] of the C interface, as columns by name, and as bytes.

The bytes are a line with the graph's hash and the number of instances, the words, little-endian, and a digest. State
belongs to a graph and not to a binding: it may be restored under other parameter values, never into another graph.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from compile.c.columns import as_words, from_words
from dag.graph import Graph
from dag.words import Column

_MAGIC = "dagc-state-1"
_DIGEST_BYTES = 32


class WrongSnapshot(ValueError):
    """The bytes are not a snapshot of this graph, of this many instances, or not whole; the message says which."""


def state_columns(graph: Graph, words: NDArray[np.int64]) -> dict[str, Column]:
    """A column [instances] for every state."""
    return {
        state.name: from_words(row, graph.types[state.node]) for state, row in zip(graph.states, words, strict=True)
    }


def state_words(graph: Graph, columns: Mapping[str, Column], instances: int) -> NDArray[np.int64]:
    """The words [states, instances] of columns [instances]."""
    words = np.empty((len(graph.states), instances), np.int64)
    for row, state in zip(words, graph.states, strict=True):
        row[:] = as_words(state.name, columns[state.name], graph.types[state.node], (instances,))
    return words


def pack_state(graph: Graph, words: NDArray[np.int64]) -> bytes:
    """`words` [states, instances] as a snapshot."""
    head = f"{_MAGIC} {graph.content_hash} {words.shape[1]}\n".encode()
    body = head + words.astype("<i8").tobytes()
    return body + hashlib.sha256(body).digest()


def unpack_state(graph: Graph, snapshot: bytes, instances: int) -> NDArray[np.int64]:
    """The words [states, instances] of a snapshot; raises WrongSnapshot."""
    body, digest = snapshot[:-_DIGEST_BYTES], snapshot[-_DIGEST_BYTES:]
    head, newline, payload = body.partition(b"\n")
    fields = head.decode("ascii", "replace").split(" ")
    if not newline or len(fields) != 3 or fields[0] != _MAGIC or hashlib.sha256(body).digest() != digest:
        raise WrongSnapshot("these bytes are not a whole snapshot of a dagc kernel's state")
    if fields[1] != graph.content_hash:
        raise WrongSnapshot(
            f"the snapshot is of graph {fields[1][:12]}, this is `{graph.name}` {graph.content_hash[:12]}; "
            "restore it into a kernel built from that graph"
        )
    if int(fields[2]) != instances:
        raise WrongSnapshot(f"the snapshot holds {fields[2]} instances, this binding has {instances}")
    return np.frombuffer(payload, "<i8").astype(np.int64).reshape(len(graph.states), instances)
