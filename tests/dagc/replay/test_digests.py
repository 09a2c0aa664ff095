"""Digests: by their definition, whatever the pieces, and another when one bit is."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, MUL
from dag.values.domain import whole_domain
from dag.values.types import F64
from dag.values.words import Words
from dagc.replay.digests import BLOCK_BARS, ColumnDigest, Digests, taps_of_lanes

RNG = np.random.default_rng(0)


def two_lanes() -> Graph:
    """`inner` adds, the root lane multiplies; `inner.deep` has no taps."""
    builder = GraphBuilder("outer")
    builder.open_scope("", "outer")
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.open_scope("inner", "adder")
    total = builder.op(ADD, (x, builder.const(1.0, F64, "1")))
    builder.tap("inner.total", total)
    builder.tap("inner.table.3", builder.op(ADD, (x, x)))
    builder.tap("inner.one", builder.const(1.0, F64, "1"))
    builder.close_scope()
    product = builder.op(MUL, (total, x))
    builder.output("y", product, 0.0)
    builder.tap("y", product)
    builder.close_scope()
    return builder.freeze()


def random_words(bars: int) -> Words:
    return RNG.integers(0, 1 << 63, bars, dtype=np.uint64)


def by_definition(words: Words) -> bytes:
    chain = bytes(32)
    for start in range(0, len(words), BLOCK_BARS):
        block = b"".join(int(word).to_bytes(8, "little") for word in words[start : start + BLOCK_BARS])
        chain = hashlib.sha256(chain + block).digest()
    return chain


@pytest.mark.parametrize("bars", [0, 1, 1000, BLOCK_BARS - 1, BLOCK_BARS, BLOCK_BARS + 1, 2 * BLOCK_BARS])
def test_a_column_by_definition_in_pieces_of_any_length(bars: int) -> None:
    words = random_words(bars)
    for pieces in (1, 2, 7):
        column = ColumnDigest()
        for piece in np.array_split(words, pieces):
            column.update(piece)
        assert column.digest() == by_definition(words)


def test_a_chain_goes_on_from_any_whole_block() -> None:
    words = random_words(3 * BLOCK_BARS + 5)
    for blocks in range(4):
        cut = blocks * BLOCK_BARS
        column = ColumnDigest(cut, by_definition(words[:cut]))
        column.update(words[cut:])
        assert column.digest() == by_definition(words)


def test_what_is_finished_stays_as_it_is() -> None:
    finished = by_definition(random_words(1000))
    assert ColumnDigest(1000, finished).digest() == finished


def test_a_tap_belongs_to_the_innermost_lane_and_constants_to_none() -> None:
    graph = two_lanes()
    named = {path: list(taps) for path, taps in taps_of_lanes(graph).items()}
    assert named == {"": ["y"], "inner": ["inner.table.3", "inner.total"]}


def test_one_bit_changes_the_digest_of_its_lane_and_no_other() -> None:
    graph = two_lanes()
    nodes = sorted({node for taps in taps_of_lanes(graph).values() for node in taps.values()})
    words = {node: random_words(100) for node in nodes}

    def lanes(values: dict[int, Words], bars: int = 100) -> dict[str, str]:
        digests = Digests(graph, nodes)
        digests.update(values)
        return {lane.path: lane.digest for lane in digests.lanes(bars)}

    before = lanes(words)
    changed = words[graph.node("inner.total")].copy()
    changed[99] ^= np.uint64(1)
    after = lanes({**words, graph.node("inner.total"): changed})
    assert after["inner"] != before["inner"]
    assert after[""] == before[""]
    assert lanes(words, 101)["inner"] != before["inner"], "how many bars there were is part of it"


def test_the_text_of_a_lane_digest() -> None:
    graph = two_lanes()
    nodes = sorted({*taps_of_lanes(graph)["inner"].values(), *taps_of_lanes(graph)[""].values()})
    digests = Digests(graph, nodes)
    words = {node: random_words(3) for node in nodes}
    digests.update(words)
    lines = "dagc inner 3\n" + "".join(
        f"{name} f64 {by_definition(words[graph.node(name)]).hex()}\n" for name in ("inner.table.3", "inner.total")
    )
    inner = next(lane for lane in digests.lanes(3) if lane.path == "inner")
    assert inner.digest == hashlib.sha256(lines.encode()).hexdigest()
    assert inner.lane == "adder"
