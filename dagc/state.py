"""The state of instances as bytes: taken in one backend, it continues in any other with the bits of never having stopped.

A snapshot is, little-endian throughout:

    8 bytes   "dagcstat"
    4         the version of this layout, 2
    4         how many states the graph has
    8         how many instances
    32        the graph's content hash
    8 each    the words of `dag.words`, so one NaN only: state after state in the graph's order (sorted by name), each
              of them [instances]
    32        SHA-256 of all that

State belongs to a graph and not to a binding: it may be restored under other parameter values, never into another graph.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping

import numpy as np

from dag.graph import Graph
from dag.words import Column, column_of_words, words_of_column

_MAGIC = b"dagcstat"
_VERSION = 2
_HEAD = struct.Struct("<8sIIQ32s")
_DIGEST_BYTES = 32


class WrongSnapshot(ValueError):
    """The bytes are not a snapshot of this graph, of this many instances, or not whole; the message says which."""


def pack_state(graph: Graph, state: Mapping[str, Column], instances: int) -> bytes:
    """A snapshot of columns [instances], one for every state of `graph`: what `Result.state` of a runner holds."""
    body = _HEAD.pack(_MAGIC, _VERSION, len(graph.states), instances, bytes.fromhex(graph.content_hash))
    for each in graph.states:
        column = state[each.name]
        if column.shape != (instances,):
            raise ValueError(f"state `{each.name}` has shape {list(column.shape)}, expected {[instances]}")
        body += words_of_column(column, graph.types[each.node]).astype("<u8").tobytes()
    return body + hashlib.sha256(body).digest()


def unpack_state(graph: Graph, snapshot: bytes, instances: int) -> dict[str, Column]:
    """The columns [instances] of a snapshot, for `Batch.state` of any runner; raises WrongSnapshot."""
    body, digest = snapshot[:-_DIGEST_BYTES], snapshot[-_DIGEST_BYTES:]
    if len(body) < _HEAD.size or body[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != digest:
        raise WrongSnapshot("these bytes are not a whole snapshot of a dagc kernel's state")
    _, version, states, taken_of, content_hash = _HEAD.unpack_from(body)
    if version != _VERSION:
        raise WrongSnapshot(f"the snapshot has layout version {version}, this dagc reads version {_VERSION}")
    if content_hash.hex() != graph.content_hash:
        raise WrongSnapshot(
            f"the snapshot is of graph {content_hash.hex()[:12]}, this is `{graph.name}` {graph.content_hash[:12]}; "
            "restore it into a kernel built from that graph"
        )
    if taken_of != instances:
        raise WrongSnapshot(f"the snapshot holds {taken_of} instances, this binding has {instances}")
    words = np.frombuffer(body, "<u8", offset=_HEAD.size).astype(np.uint64).reshape(states, instances)
    return {
        state.name: column_of_words(row, graph.types[state.node])
        for state, row in zip(graph.states, words, strict=True)
    }
