"""Values as 64-bit words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dag.values.types import BOOL, F64, I64, enum_type
from dag.values.words import (
    CANONICAL_NAN,
    bits_float,
    column_of_words,
    float_bits,
    value_of,
    word_of,
    words_of_column,
    wrap_i64,
)

SIDE = enum_type("Side", {"LONG": 1, "SHORT": -1})


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (0.0, 0),
        (-0.0, 1 << 63),
        (1.0, 0x3FF0_0000_0000_0000),
        (-math.inf, 0xFFF0_0000_0000_0000),
        (5e-324, 1),
        (math.nan, CANONICAL_NAN),
        (-math.nan, CANONICAL_NAN),
    ],
)
def test_f64_words(value: float, word: int) -> None:
    assert word_of(value, F64) == word
    assert word_of(value_of(word, F64), F64) == word


def test_a_nan_payload_does_not_survive() -> None:
    payload = np.array([0x7FF8_0000_0000_1234, 0xFFF8_0000_0000_0000, 0x7FF0_0000_0000_0001], dtype=np.uint64)
    assert set(words_of_column(payload.view(np.float64), F64).tolist()) == {CANONICAL_NAN}
    assert float_bits(bits_float(0x7FF8_0000_0000_1234)) == CANONICAL_NAN


def test_words_of_a_column_are_a_copy() -> None:
    column = np.array([1.0, math.nan])
    words_of_column(column, F64)[:] = 0
    assert column[0] == 1.0


def test_integers_enums_and_bools() -> None:
    assert word_of(-1, I64) == (1 << 64) - 1
    assert value_of(word_of(-1, SIDE), SIDE) == -1
    assert (word_of(True, BOOL), word_of(False, BOOL)) == (1, 0)
    assert value_of(1, BOOL) is True


@given(st.integers())
def test_wrapping_is_twos_complement(n: int) -> None:
    assert -(1 << 63) <= wrap_i64(n) < 1 << 63
    assert (wrap_i64(n) - n) % (1 << 64) == 0


@given(st.lists(st.floats(width=64), max_size=20))
def test_columns_round_trip(values: list[float]) -> None:
    column = np.array(values, dtype=np.float64)
    again = column_of_words(words_of_column(column, F64), F64)
    assert words_of_column(again, F64).tolist() == [word_of(value, F64) for value in values]


def test_bool_columns_round_trip() -> None:
    column = np.array([True, False])
    assert column_of_words(words_of_column(column, BOOL), BOOL).tolist() == [True, False]
