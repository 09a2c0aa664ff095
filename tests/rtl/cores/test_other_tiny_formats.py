"""Cores of three operands, of two formats and of integers at sizes so small that every operand is tried."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pytest

from dag.operators.meanings import floor_div, floor_mod
from dag.values.words import Words
from rtl.core_table import core_sources
from rtl.evidence.tiny_floats import TinyFormat
from rtl.simulate.stream import Port, Stream
from tests.support.simulator import needs_verilator
from tests.support.tiers import few

pytestmark = needs_verilator

SMALL = TinyFormat(3, 2)
#: Every number of the small format, its ties and their neighbours are numbers of this one.
LARGER = TinyFormat(5, 7)


def _run(module: str, columns: dict[str, Words], latency: int, parameters: dict[str, int | str]) -> Words:
    stream = Stream(core_sources(module), module, list(columns), [Port("result", latency)], parameters=parameters)
    return stream.run(columns, len(next(iter(columns.values()))))[0]["result"]


@pytest.mark.parametrize("flush", [0, 1], ids=["subnormals", "flushed"])
@pytest.mark.parametrize("cuts", few([0x55555, 0, (1 << 20) - 1], 3), ids=["every other cut", "no cut", "every cut"])
def test_fused_multiply_add_of_every_triple(cuts: int, flush: int) -> None:
    kept = [word for word in SMALL.words if not (flush and SMALL.is_subnormal(word))]
    words = np.array(kept, dtype=np.uint64)
    a, b, c = (each.reshape(-1) for each in np.meshgrid(words, words, words, indexing="ij"))
    parameters: dict[str, int | str] = {"EXP": 3, "FRAC": 2, "FLUSH": flush, "CUTS": f"20'd{cuts}"}
    got = _run("f_fma", {"a": a, "b": b, "c": c}, cuts.bit_count(), parameters)
    triples = zip(a.tolist(), b.tolist(), c.tolist(), strict=True)
    expected = np.array([_fused()[triple] for triple in triples], dtype=np.uint64)
    if flush:
        expected = np.array([SMALL.flush(word) for word in expected.tolist()], dtype=np.uint64)
    wrong = np.flatnonzero(got != expected)
    assert not wrong.size, [bin(int(each[wrong[0]])) for each in (a, b, c, got, expected)]


@cache
def _fused() -> dict[tuple[int, int, int], int]:
    return {(a, b, c): SMALL.fma(a, b, c) for a, b, c in product(SMALL.words, repeat=3)}


def test_a_fused_product_is_not_rounded_by_hand() -> None:
    one_and_a_quarter = 0b0_011_01
    minus_one_and_a_half = 0b1_011_10
    # 1.25 * 1.25 is 1.5625, which rounds to 1.5: in two steps nothing is left, in one 1/16.
    assert SMALL.add(SMALL.mul(one_and_a_quarter, one_and_a_quarter), minus_one_and_a_half) == 0
    assert SMALL.fma(one_and_a_quarter, one_and_a_quarter, minus_one_and_a_half) == 0b0_000_01


@pytest.mark.parametrize("cuts", few([31, 0], 2), ids=["every cut", "no cut"])
def test_narrowing_every_number(cuts: int) -> None:
    form: dict[str, int | str] = {"FROM_EXP": 5, "FROM_FRAC": 7, "EXP": 3, "FRAC": 2, "CUTS": f"5'd{cuts}"}
    got = _run("f_narrow", {"x": np.array(LARGER.words, dtype=np.uint64)}, cuts.bit_count(), form)
    assert got.tolist() == [_converted(word, LARGER, SMALL) for word in LARGER.words]


@pytest.mark.parametrize("cuts", few([3, 0], 2), ids=["every cut", "no cut"])
def test_widening_every_number(cuts: int) -> None:
    form: dict[str, int | str] = {"FROM_EXP": 3, "FROM_FRAC": 2, "EXP": 5, "FRAC": 7, "CUTS": f"2'd{cuts}"}
    got = _run("f_widen", {"x": np.array(SMALL.words, dtype=np.uint64)}, cuts.bit_count(), form)
    assert got.tolist() == [_converted(word, SMALL, LARGER) for word in SMALL.words]


def _converted(word: int, have: TinyFormat, wanted: TinyFormat) -> int:
    if have.is_nan(word):
        return wanted.nan
    if have.is_infinite(word):
        return wanted.infinity | (wanted.sign_bit if have.is_negative(word) else 0)
    return wanted.nearest(have.value(word), have.is_negative(word))


@pytest.mark.parametrize("digits", few([3, 1, 8], 3))
@pytest.mark.parametrize("remainder", [0, 1], ids=["quotient", "remainder"])
def test_every_pair_of_eight_bit_integers(remainder: int, digits: int) -> None:
    words = np.arange(256, dtype=np.uint64)
    a, b = np.repeat(words, 256), np.tile(words, 256)
    parameters: dict[str, int | str] = {"WIDTH": 8, "REMAINDER": remainder, "BITS_PER_STAGE": digits}
    got = _run("i_div", {"a": a, "b": b}, 2 + -(-8 // digits), parameters)
    meaning = floor_mod if remainder else floor_div
    signed = [n - 256 if n >= 128 else n for n in range(256)]
    assert got.tolist() == [meaning(x, y) % 256 for x in signed for y in signed]


@pytest.mark.parametrize(("have", "wanted"), [(8, 4), (4, 8)])
def test_integers_of_another_length(have: int, wanted: int) -> None:
    words = np.arange(1 << have, dtype=np.uint64)
    got = _run("i_resize", {"n": words}, 0, {"FROM": have, "TO": wanted})
    signed = [n - (1 << have) if n >> (have - 1) else n for n in range(1 << have)]
    assert got.tolist() == [n % (1 << wanted) for n in signed]
