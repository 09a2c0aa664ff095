"""Digests of what a replay computed: equal words give equal digests, whatever the backend, the machine and the chunks.

The digest of one value over the bars, its words (`dag.values.words`, so one NaN only) little-endian and in bar order, cut into
blocks of BLOCK_BARS, the last one shorter:

    d(0) = 32 zero bytes
    d(k) = SHA-256(d(k-1), the words of block k)

The chain is there because a hash in the middle of its work cannot be stored: after a whole block, d(k) is all there is to
it. A lane's digest is the SHA-256 of a text with a line for each of its taps; see `Digests.lanes`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dag.graphs.graph import Graph
from dag.values.words import Words

BLOCK_BARS = 1 << 16


class ColumnDigest:
    """The chain of one value, fed in pieces of any length."""

    def __init__(self, bars: int = 0, chain: bytes = bytes(32)) -> None:
        """Be at `chain`, the digest of `bars` bars; to go on from it, they must be a whole number of blocks."""
        self._bars = bars
        self._chain = chain
        self._open = hashlib.sha256(chain)
        self._is_open = False

    def update(self, words: Words) -> None:
        """Add words [bars]."""
        done = 0
        while done < len(words):
            room = BLOCK_BARS - self._bars % BLOCK_BARS
            piece = words[done : done + room]
            self._open.update(piece.astype("<u8", copy=False).tobytes())
            self._is_open = True
            self._bars += len(piece)
            done += len(piece)
            if self._bars % BLOCK_BARS == 0:
                self._chain = self._open.digest()
                self._open = hashlib.sha256(self._chain)
                self._is_open = False

    def digest(self) -> bytes:
        """The digest of all bars so far."""
        return self._open.digest() if self._is_open else self._chain


@dataclass(frozen=True, slots=True)
class LaneDigest:
    """All taps of one lane: `digest`, and for each tap its own, to see which of them differs."""

    path: str
    lane: str
    digest: str
    taps: Mapping[str, str]


class Digests:
    """The digests of some nodes of a graph."""

    def __init__(
        self, graph: Graph, nodes: Iterable[int], bars: int = 0, chains: Sequence[bytes] | None = None
    ) -> None:
        """Start, or be where `chains()` was taken after `bars` bars; to go on, they must be a whole number of blocks."""
        self._graph = graph
        self._nodes = tuple(sorted(set(nodes)))
        kept = [bytes(32)] * len(self._nodes) if chains is None else chains
        self._columns = {node: ColumnDigest(bars, chain) for node, chain in zip(self._nodes, kept, strict=True)}

    def update(self, words: Mapping[int, Words]) -> None:
        """Add words [bars] of every node."""
        for node, column in self._columns.items():
            column.update(words[node])

    def chains(self) -> list[bytes]:
        """The digests of the nodes, in the graph's order."""
        return [self._columns[node].digest() for node in self._nodes]

    def outputs(self, bars: int) -> str:
        """The digest of all outputs of the graph after `bars` bars."""
        return self._together("outputs", bars, {output.name: output.node for output in self._graph.outputs})

    def lanes(self, bars: int) -> list[LaneDigest]:
        """The digest of each lane that has taps, in the order of the graph's scopes.

        It is the SHA-256 of `dagc <path> <bars>`, then `<tap> <type> <digest>` for each tap sorted by name, a line each.
        """
        found: list[LaneDigest] = []
        for path, taps in taps_of_lanes(self._graph).items():
            scope = next(scope for scope in self._graph.scopes if scope.path == path)
            each = {name: self._columns[node].digest().hex() for name, node in taps.items()}
            found.append(LaneDigest(path, scope.lane, self._together(path, bars, taps), each))
        return found

    def _together(self, title: str, bars: int, named: Mapping[str, int]) -> str:
        lines = [f"dagc {title} {bars}"]
        for name, node in sorted(named.items()):
            lines.append(f"{name} {self._graph.types[node]} {self._columns[node].digest().hex()}")
        return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def taps_of_lanes(graph: Graph) -> dict[str, dict[str, int]]:
    """For each scope, by its path, the taps of that lane: name and node. Constants are left out, as are lanes without taps.

    A tap belongs to the innermost lane whose path begins its name.
    """
    lanes: dict[str, dict[str, int]] = {scope.path: {} for scope in graph.scopes}
    for tap in graph.taps:
        if graph.constants[tap.node] is None:
            path = tap.name
            while path and (path := path.rpartition(".")[0]) not in lanes:
                pass
            lanes[path][tap.name] = tap.node
    return {path: taps for path, taps in lanes.items() if taps}
