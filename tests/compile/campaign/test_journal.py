"""The journal of a long run: what was on disk counts, what was torn does not, another run's is not taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from compile.campaign.run.journal import Journal


def written(path: Path, key: str = "one") -> bytes:
    journal = Journal.opened(path, key)
    for number in (0, 2, 1):
        journal.add(number, {"words": 10 * number})
    return path.read_bytes()


def test_a_run_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "journal"
    written(path)
    again = Journal.opened(path, "one")
    assert {n: step["words"] for n, step in again.steps.items()} == {0: 0, 2: 20, 1: 10}


def test_wherever_it_is_torn_only_whole_steps_count(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    whole = written(path)
    ends = [at for at, byte in enumerate(whole, 1) if byte == ord("\n")]
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        journal = Journal.opened(path, "one")
        assert len(journal.steps) == max(0, sum(end <= length for end in ends) - 1)
        journal.add(9, {"words": 1})
        assert 9 in Journal.opened(path, "one").steps


@pytest.mark.parametrize("other", [b"", b"no journal\n", b'["key"]\n', b'{"key":"two"}\n{"step":0}\n', b"\xff\xfe\n"])
def test_what_is_not_this_runs_is_begun_anew(tmp_path: Path, other: bytes) -> None:
    path = tmp_path / "journal"
    path.write_bytes(other)
    assert Journal.opened(path, "one").steps == {}
    assert path.read_bytes() == b'{"key":"one"}\n'


def test_a_run_that_ended_is_run_again(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written(path)
    Journal.opened(path, "one").end()
    assert Journal.opened(path, "one").steps == {}
