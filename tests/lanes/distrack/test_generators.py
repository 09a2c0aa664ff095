"""Philox and SplitMix64: published answers, and the same words in every backend."""

from __future__ import annotations

import numpy as np
import pytest

from compile.campaign.drawing.special_values import SPECIAL_I64
from dag import lane
from lanes.distrack import RandomKey, philox, splitmix64, uniform
from lanes.distrack.splitmix64 import below
from tests.lanes.distrack.streams import graph_of, said_by_backend
from tests.oracle import distrack as oracle

BACKENDS = ("interpreter", "xla", "c", "c_batch", "rtl")
#: The known-answer vectors of Random123 for philox4x32 with ten rounds: counter, key, answer.
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
MASK_32 = (1 << 32) - 1


def words(text: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in text.split())


@lane
def drawn_below(bound: int, word: int) -> int:
    return below(bound, word)


@lane
def noisy(x: float, p: RandomKey) -> float:
    return x + uniform(p)


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_published_answers(counter: str, key: str, answer: str) -> None:
    assert philox(*words(counter), *words(key)) == words(answer)
    assert oracle.philox4x32(words(counter), words(key)) == words(answer)


@pytest.mark.parametrize("which", BACKENDS)
def test_philox_in_every_backend(which: str) -> None:
    rng = np.random.default_rng(3)
    table = np.concatenate(
        [[words(counter) + words(key) for counter, key, _ in KNOWN], rng.integers(0, MASK_32, (60, 6), endpoint=True)]
    ).astype(np.int64)
    inputs = {name: table[:, i : i + 1] for i, name in enumerate(("c0", "c1", "c2", "c3", "k0", "k1"))}
    got = said_by_backend(which, graph_of(philox), inputs, {})
    wanted = [oracle.philox4x32(tuple(row[:4]), tuple(row[4:])) for row in table.tolist()]
    assert np.column_stack([got[f"result.{i}"] for i in range(4)]).tolist() == [list(row) for row in wanted]


@pytest.mark.parametrize("which", BACKENDS)
def test_splitmix64_in_every_backend(which: str) -> None:
    seeds = np.array(SPECIAL_I64)
    got = said_by_backend(which, graph_of(splitmix64), {"seed": np.tile(seeds, (20, 1))}, {})["splitmix64"]
    for i, seed in enumerate(seeds.tolist()):
        state = seed & oracle.M64
        for word in got[:, i].tolist():
            state, wanted = oracle.splitmix64(state)
            assert word == wanted


@pytest.mark.parametrize("which", ["c", "c_batch", "xla"])
def test_a_draw_below_a_bound_is_exact_for_63_bits(which: str) -> None:
    pairs = [(b, w) for b in SPECIAL_I64 if b > 0 for w in SPECIAL_I64]
    inputs = {"bound": np.array([[b] for b, _ in pairs]), "word": np.array([[w] for _, w in pairs])}
    got = said_by_backend(which, graph_of(drawn_below), inputs, {})["drawn_below"]
    for (bound, word), index in zip(pairs, got[:, 0].tolist(), strict=True):
        assert index == (((word & oracle.M64) >> 32) * bound) >> 32
        assert 0 <= index < bound


def test_uniform_numbers_are_a_function_of_the_key_and_their_index() -> None:
    stream = uniform.stream(RandomKey(7, 9))
    values = [stream() for _ in range(4_000)]
    for n in (0, 1, 3_999):
        high, low, _, _ = oracle.philox4x32((n, 0, 0, 0), (7, 9))
        assert values[n] == ((high << 32 | low) >> 11) / 2**53
    assert min(values) >= 0.0
    assert max(values) < 1.0
    assert abs(np.mean(values) - 0.5) < 0.02


@pytest.mark.parametrize("which", ["interpreter", "xla", "c", "c_batch"])
def test_uniform_numbers_in_every_backend(which: str) -> None:
    keys = [(0, 0), (7, 9), (MASK_32, MASK_32)]
    params = {"key_low": np.array([low for low, _ in keys]), "key_high": np.array([high for _, high in keys])}
    got = said_by_backend(which, graph_of(noisy), {"x": np.zeros((50, len(keys)))}, params)["noisy"].view(float)
    for i, (low, high) in enumerate(keys):
        stream = uniform.stream(RandomKey(low, high))
        assert got[:, i].tolist() == [stream() for _ in range(50)]
