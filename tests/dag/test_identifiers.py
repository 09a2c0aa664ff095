"""Names as identifiers that Python, C, C++ and SystemVerilog take."""

from __future__ import annotations

import keyword

import pytest

from dag.identifiers import identifier, unique_identifiers


@pytest.mark.parametrize(
    "word", ["before", "large", "small", "register", "lambda", "match", "template", "int64_t", "clk", "interface"]
)
def test_words_of_any_language_are_not_identifiers(word: str) -> None:
    assert identifier(word) == f"{word}_"


def test_paths_and_odd_characters() -> None:
    assert identifier("lev_compose.raw.1") == "lev_compose__raw__1"
    assert identifier("2x") == "_2x"
    assert identifier("naïve") == "na_ve"


def test_two_names_never_fall_together() -> None:
    found = unique_identifiers(["a.b", "a__b", "a b", "if", "if_"])
    assert len(set(found)) == 5
    assert not any(keyword.iskeyword(each) for each in found)
