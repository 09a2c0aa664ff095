"""The words of a run as a page holds them: exact where that fits, and the least and greatest of each stretch of bars where not."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from compile.backend import Batch, Runner
from dag.graphs.graph import Graph
from dag.values.words import Column, Words, words_of_column
from dagc.debugging.listing import Place

#: Words that a page holds exactly, of all values together: 32 MiB before they are compressed.
EXACT_WORDS = 1 << 22
#: In a longer run these many bars on both sides of every marked bar are exact, and the rest is known by this many stretches.
AROUND, STRETCHES = 256, 512
#: Words computed at once: what bounds the memory.
AT_ONCE = 1 << 23


def exact_bars(bars: int, values: int, marks: Sequence[int]) -> list[tuple[int, int]]:
    """The stretches of bars, first and after the last, whose words a page holds."""
    if bars * values <= EXACT_WORDS:
        return [(0, bars)]
    found: list[tuple[int, int]] = []
    for first, after in sorted((max(mark - AROUND, 0), min(mark + AROUND + 1, bars)) for mark in marks):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], after)
        else:
            found.append((first, after))
    return found


def columns_of(
    graph: Graph, runner: Runner, batch: Batch, places: Sequence[Place], exact: Sequence[tuple[int, int]]
) -> Iterator[dict[str, Any]]:
    """For each value its column as JSON values, in order; a constant column is one word."""
    nodes = list(dict.fromkeys(each.node for each in places))
    by_node: dict[int, list[int]] = {}
    for index, each in enumerate(places):
        by_node.setdefault(each.node, []).append(index)
    found: dict[int, dict[str, Any]] = {}
    step = max(AT_ONCE // max(batch.bars * max(graph.types[node].size for node in nodes), 1), 1)
    for start in range(0, len(nodes), step):
        chunk = nodes[start : start + step]
        result = runner.run(batch, chunk)
        for node in chunk:
            column = result.nodes[node][:, 0]
            for index in by_node[node]:
                place = places[index].place
                found[index] = _packed(graph, node, column if place is None else column[:, place], exact)
    yield from (found[index] for index in range(len(places)))


def _packed(graph: Graph, node: int, column: Column, exact: Sequence[tuple[int, int]]) -> dict[str, Any]:
    type_ = graph.types[node].element
    words = words_of_column(column, type_)
    if len(words) and (words == words[0]).all():
        return {"same": f"{int(words[0]):016x}"}
    packed: dict[str, Any] = {"exact": [packed_words(words[first:after]) for first, after in exact]}
    if exact != [(0, len(words))]:
        low, high = _extremes(column.astype(np.float64))
        packed |= {"low": packed_words(low.view(np.uint64)), "high": packed_words(high.view(np.uint64))}
    return packed


def _extremes(numbers: Column) -> tuple[Column, Column]:
    """The least and the greatest of each stretch, NaN left aside; NaN where there is nothing else."""
    edges = np.linspace(0, len(numbers), min(STRETCHES, len(numbers)) + 1).astype(np.int64)[:-1]
    is_number = ~np.isnan(numbers)
    low = np.minimum.reduceat(np.where(is_number, numbers, np.inf), edges)
    high = np.maximum.reduceat(np.where(is_number, numbers, -np.inf), edges)
    some = np.logical_or.reduceat(is_number, edges)
    return np.where(some, low, np.nan), np.where(some, high, np.nan)


def packed_words(words: Words) -> str:
    """64-bit words as text: all first bytes, all second bytes and so on, which compress well, by zlib and base64."""
    planes = np.ascontiguousarray(words.astype("<u8").view(np.uint8).reshape(-1, 8).T)
    return base64.b64encode(zlib.compress(planes.tobytes(), 6)).decode("ascii")
