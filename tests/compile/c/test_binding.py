"""A library is bound to its source where the compiler makes the same bytes again, and else it is said why not."""

from __future__ import annotations

from typing import Any

import pytest

from compile.backend import Files
from compile.c.backend import C, shared_object
from compile.c.compiler import Compiler, compile_shared, find_compiler, flags_for
from compile.c.examining.binding import why_unbound
from compile.c.target import host_target
from tests.support.live_graph import live_graph


def made_with() -> dict[str, Any]:
    compiler = find_compiler()
    assert isinstance(compiler, Compiler)
    return {"cpu": host_target(), "compiler": compiler.version, "flags": list(flags_for(host_target()))}


@pytest.fixture(scope="module")
def files() -> Files:
    texts = C().lower(live_graph())
    return {**texts, "kernel.so": shared_object(texts)}


def test_what_was_compiled_from_the_c_beside_it_is_bound(files: Files) -> None:
    assert why_unbound(files, made_with()) is None


def more(text: bytes) -> bytes:
    return text + b"\nvoid dagc_more(void)\n{\n}\n"


def test_a_library_of_other_c_is_not(files: Files) -> None:
    other = {**files, "entry.c": more(files["entry.c"])}
    assert "makes other bytes" in (why_unbound(other, made_with()) or "")
    assert "makes other bytes" in (why_unbound({**files, "kernel.so": shared_object(other)}, made_with()) or "")


def test_a_library_of_other_flags_is_not(files: Files) -> None:
    compiler = find_compiler()
    assert isinstance(compiler, Compiler)
    fused = compile_shared(files, host_target(), compiler, ("-ffp-contract=fast", "-fno-trapping-math"))
    assert "makes other bytes" in (why_unbound({**files, "kernel.so": fused}, made_with()) or "")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"cpu": "x86-64-v9"}, "names no instruction set"),
        ({"cpu": None}, "names no instruction set"),
        ({"flags": ["-O3"]}, "other flags"),
        ({"compiler": "tcc 0.9.27"}, "it was compiled by tcc 0.9.27, the compiler here is"),
    ],
)
def test_what_cannot_be_compiled_again_says_why(files: Files, said: dict[str, Any], why: str) -> None:
    assert why in (why_unbound(files, {**made_with(), **said}) or "")


def test_without_a_compiler_it_says_how_to_get_one(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    said = made_with()
    monkeypatch.setenv("CC", "no-such-compiler")
    assert "is missing here; get it with" in (why_unbound(files, said) or "")


def test_c_that_does_not_compile_or_is_missing_is_said(files: Files) -> None:
    assert "does not compile" in (why_unbound({**files, "entry.c": b"int"}, made_with()) or "")
    assert "batch.c is missing" in (why_unbound({n: t for n, t in files.items() if n != "batch.c"}, made_with()) or "")
