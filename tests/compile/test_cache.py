"""The cache: whole entries or none, and never larger than its limit."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from compile import cache
from compile.cache import cache_folder, cached, clear, entries, key_of, store


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_keys_keep_their_parts_apart() -> None:
    keys = [key_of("c", *parts) for parts in (("ab",), ("a", "b"), ("", "ab"), ("ab", ""), (b"ab", b""))]
    assert len(set(keys)) == 4, "bytes and text of the same letters are the same part"
    assert keys[0].startswith("c-")


def test_the_least_recently_used_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.LIMIT_VARIABLE, "1")
    for age, key in enumerate(("c-b", "c-a", "c-c")):
        store(key, b"x" * 400_000)
        os.utime(cache_folder() / key, (age, age))
    assert [entry.path.name for entry in entries()] == ["c-a", "c-c"]


def test_reading_an_entry_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.LIMIT_VARIABLE, "1")
    for age, key in enumerate(("c-a", "c-b")):
        store(key, b"x" * 400_000)
        os.utime(cache_folder() / key, (age, age))
    assert cached("c-a")
    store("c-c", b"x" * 400_000)
    assert [entry.path.name for entry in entries()] == ["c-a", "c-c"]


def test_what_is_larger_than_the_cache_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.LIMIT_VARIABLE, "1")
    store("c-small", b"x")
    store("c-large", b"x" * (1 << 20 | 1))
    assert [entry.path.name for entry in entries()] == ["c-small"]


def test_a_limit_of_zero_turns_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    store("c-a", b"x")
    monkeypatch.setenv(cache.LIMIT_VARIABLE, "0")
    assert cached("c-a") is None
    store("c-b", b"x")
    assert [entry.path.name for entry in entries()] == ["c-a"]


def test_what_killed_processes_left_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    store("c-a", b"x")
    abandoned, young = cache_folder() / "tmpabc.new", cache_folder() / "tmpdef.new"
    for path, age in ((abandoned, 7200), (young, 5)):
        path.write_bytes(b"half")
        os.utime(path, (time.time() - age,) * 2)
    store("c-b", b"x")
    assert not abandoned.exists()
    assert young.exists(), "another process is writing it"


def test_clearing_says_how_many_there_were() -> None:
    store("c-a", b"x")
    store("xla-b", b"y")
    assert {entry.kind for entry in entries()} == {"c", "xla"}
    assert clear() == 2
    assert not entries()
