"""Names as identifiers that Python, C, C++ and SystemVerilog take, and back."""

from __future__ import annotations

import keyword
import re
from importlib.util import find_spec

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dag.graphs.identifiers import apart, identifier, name_of
from dag.graphs.reserved_words import RESERVED

#: Text that looks like what the escape itself writes, among others.
PIECES = (
    *("_", "__", "___", "____", ".", "u", "p", "x", "x3c3", "u____", "user", "dagc", "DAGC"),
    *("if", "EOF", "std", "a", "A", "1", "é", "σ"),
)
NAMES = st.one_of(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join), st.text(min_size=1))


@given(NAMES)
@example("u____x64___agc")
def test_a_name_is_read_back_from_its_identifier(name: str) -> None:
    assert name_of(identifier(name)) == name


@given(NAMES, NAMES)
def test_two_names_have_two_identifiers(one: str, other: str) -> None:
    assert (identifier(one) == identifier(other)) == (one == other)


@given(NAMES)
def test_an_identifier_is_one_everywhere(name: str) -> None:
    text = identifier(name)
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", text)
    assert text not in RESERVED
    assert not keyword.iskeyword(text)
    assert not text.lower().startswith("dagc")
    assert text != text.upper() or text.endswith("_"), "a word in capitals may be a macro"


@given(NAMES, NAMES)
@example("x___", "x___user")
@example("u", "____user")
def test_what_stands_apart_is_no_identifier(one: str, other: str) -> None:
    assert apart(identifier(one)) != identifier(other)
    assert (apart(identifier(one)) == apart(identifier(other))) == (one == other)


@given(NAMES, st.sets(st.sampled_from(("state", "a", "a_", "outputs"))))
def test_a_target_may_have_words_of_its_own(name: str, own: set[str]) -> None:
    words = {word for word in own if not word.endswith("_")}
    text = identifier(name, words)
    assert text not in words
    assert name_of(text) == name


def test_ordinary_names_stay_as_they_are() -> None:
    assert identifier("lev_compose.raw.1") == "lev_compose__raw__1"
    assert identifier("Fast2") == "Fast2"


@pytest.mark.parametrize(
    "word", ["before", "large", "register", "lambda", "match", "template", "int64_t", "std", "EOF", "I"]
)
def test_words_of_any_language_and_macros_have_an_underscore_more(word: str) -> None:
    assert identifier(word) == f"{word}_"


def test_what_is_odd_is_spelled_out() -> None:
    assert identifier("fast_") == "fast___u"
    assert identifier("größe") == "gr___xf6_xdf___e"
    assert identifier("_tb") == "u____u___tb"
    assert identifier("dagc_x") == "u____x64___agc_x"


@pytest.mark.skipif(find_spec("pyslang") is None, reason="pyslang is not installed: SystemVerilog's words come from it")
def test_every_word_of_systemverilog_is_reserved() -> None:
    import pyslang

    kinds = [name for name in dir(pyslang.parsing.TokenKind) if name.endswith("Keyword")]
    words = {re.sub(r"(?<!^)(?=[A-Z])", "_", kind.removesuffix("Keyword")).lower() for kind in kinds}
    reserved = {word.replace("_", "") for word in RESERVED}
    assert len(words) > 240
    assert {word for word in words if word.replace("_", "") not in reserved} <= {
        "1_step",
        "root",
        "unit",
        "local_scope",
    }
