"""The state of instances as bytes: taken in one backend, it continues in any other with the bits of never having stopped.

A snapshot is, little-endian throughout:

    8 bytes   "dagcstat"
    4         the version of this layout, 3
    4         how many states the graph has
    8         how many instances
    8         when it was taken, a binary64 number of seconds; NaN where nobody said
    32        the graph's content hash
    8 each    the words of `dag.values.words`, so one NaN only: state after state in the graph's order (sorted by name, `x.2` before `x.10`), each
              of them [instances], an array [instances, length]
    32        SHA-256 of all that

State belongs to a graph and not to a binding: it may be restored under other parameter values, never into another graph.
Here every state comes back as it was; what a new session or its age leaves of it is `dagc.live.restoring`.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Mapping

import numpy as np

from compile.backend import state_shape
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph
from dag.values.types import Kind, Type
from dag.values.words import Column, Words, column_of_words, words_of_column

_MAGIC = b"dagcstat"
_VERSION = 3
_HEAD = struct.Struct("<8sIIQd32s")
#: What every version begins with.
_VERSIONED = struct.Struct("<8sI")
_DIGEST_BYTES = 32


class WrongSnapshot(ValueError):
    """The bytes are not a snapshot of this graph, of this many instances, or not whole; the message says which."""


def pack_state(graph: Graph, state: Mapping[str, Column], instances: int, at: float | None = None) -> bytes:
    """A snapshot of columns [instances], one for every state of `graph`: what `Result.state` of a runner holds.

    `at` is the time in seconds, on a clock of the caller's; raises ValueError where it is NaN or infinite.
    """
    taken_at = math.nan if at is None else checked_time(at)
    content_hash = bytes.fromhex(graph.content_hash)
    body = _HEAD.pack(_MAGIC, _VERSION, len(graph.states), instances, taken_at, content_hash)
    for each in graph.states:
        column, shape = state[each.name], state_shape(graph.types[each.node], instances)
        if column.shape != shape:
            raise ValueError(f"state `{each.name}` has shape {list(column.shape)}, expected {list(shape)}")
        body += words_of_column(column, graph.types[each.node]).astype("<u8").tobytes()
    return body + hashlib.sha256(body).digest()


def unpack_state(graph: Graph, snapshot: bytes, instances: int) -> dict[str, Column]:
    """The columns [instances] of a snapshot, for `Batch.state` of any runner; raises WrongSnapshot."""
    return unpack_state_and_time(graph, snapshot, instances)[0]


def unpack_state_and_time(graph: Graph, snapshot: bytes, instances: int) -> tuple[dict[str, Column], float | None]:
    """The columns [instances] of a snapshot, and when it was taken; None where nobody said. Raises WrongSnapshot."""
    body = _whole(snapshot)
    _, _, _, taken_of, taken_at, content_hash = _HEAD.unpack_from(body)
    if content_hash.hex() != graph.content_hash:
        raise WrongSnapshot(
            f"the snapshot is of graph {content_hash.hex()[:12]}, this is `{graph.name}` {graph.content_hash[:12]}; "
            "restore it into a kernel built from that graph"
        )
    if taken_of != instances:
        raise WrongSnapshot(f"the snapshot holds {counted(taken_of, 'instance')}, this binding has {instances}")
    expected = 8 * instances * sum(graph.types[state.node].size for state in graph.states)
    if len(body) - _HEAD.size != expected:
        raise WrongSnapshot(
            f"the snapshot has {len(body) - _HEAD.size:,} bytes of state, `{graph.name}` has {expected:,}"
        )
    words = np.frombuffer(body, "<u8", offset=_HEAD.size).astype(np.uint64)
    columns: dict[str, Column] = {}
    begin = 0
    for state in graph.states:
        type_ = graph.types[state.node]
        end = begin + instances * type_.size
        _refuse_impossible(state.name, type_.element, words[begin:end])
        columns[state.name] = column_of_words(words[begin:end].reshape(state_shape(type_, instances)), type_)
        begin = end
    return columns, None if math.isnan(taken_at) else taken_at


def _refuse_impossible(name: str, type_: Type, words: Words) -> None:
    """Raise WrongSnapshot for words that no value of the type has."""
    match type_.kind:
        case Kind.BOOL:
            fits = words <= 1
        case Kind.ENUM:
            codes = () if type_.members is None else [code for _, code in type_.members.codes]
            fits = np.isin(words.view(np.int64), codes)
        case Kind.I32:
            numbers = words.view(np.int64)
            fits = (numbers >= -(1 << 31)) & (numbers < 1 << 31)
        case _:
            return
    if not fits.all():
        raise WrongSnapshot(f"state `{name}` holds 0x{int(words[~fits][0]):016x}, which is no {type_}")


def instances_in(snapshot: bytes) -> int:
    """Of how many instances a snapshot is. Raises WrongSnapshot for bytes that are none."""
    found: int = _HEAD.unpack_from(_whole(snapshot))[3]
    return found


def _whole(snapshot: bytes) -> bytes:
    """A snapshot without its digest. Raises WrongSnapshot where it is none, not whole, or of another layout."""
    body, digest = snapshot[:-_DIGEST_BYTES], snapshot[-_DIGEST_BYTES:]
    if len(body) < _VERSIONED.size or body[: len(_MAGIC)] != _MAGIC or hashlib.sha256(body).digest() != digest:
        raise WrongSnapshot("these bytes are not a whole snapshot of a dagc kernel's state")
    _, version = _VERSIONED.unpack_from(body)
    if version != _VERSION:
        raise WrongSnapshot(f"the snapshot has layout version {version}, this dagc reads version {_VERSION}")
    if len(body) < _HEAD.size:
        raise WrongSnapshot("these bytes are not a whole snapshot of a dagc kernel's state")
    return body


def checked_time(seconds: float) -> float:
    """`seconds` as a float; raises ValueError where it is no moment."""
    if not math.isfinite(seconds):
        raise ValueError(f"at={seconds!r}: give the time in seconds, a finite number")
    return float(seconds)
