"""A journal: what a kill leaves, where it goes on, what gives other words, and what was tampered with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import dagc
from dagc import Engine
from dagc.engine import journal as journals
from dagc.engine.journal import Journal, Sync
from dagc.engine.reading import played
from dagc.engine.records import JournalProblem, Kind, Segments
from dagc.engine.version import EngineProblem
from dagc.live.kernel import Kernel
from tests.dagc.engine.test_engine import alone, words
from tests.support.versions import RENAMED, SCALED, SLOWER, feed, follow


@pytest.fixture(scope="module")
def kernels() -> dict[str, Kernel]:
    versions = {"follow": follow, "renamed": RENAMED, "scaled": SCALED, "slower": SLOWER}
    return {name: dagc.compile(each) for name, each in versions.items()}


def written(kernels: dict[str, Kernel], folder: Path, bars: list[dict[str, Any]], **options: Any) -> Engine:
    """An engine that has stepped `bars`, its journal open."""
    engine = Engine(kernels["follow"], {"alpha": 0.125}, journal=folder, **options)
    for number, bar in enumerate(bars):
        engine.step(bar, at=1_000 + number)
    return engine


def test_it_gives_the_same_words_again(kernels: dict[str, Kernel], tmp_path: Path) -> None:
    with written(kernels, tmp_path / "j", feed(250), snapshot_every=40) as engine:
        state = engine.snapshot()
    course, found = played(tmp_path / "j", kernels["follow"])
    assert (course.bars, course.played, course.compared, course.mismatch) == (250, 250, 250, "")
    assert course.version is not None
    assert course.version.instance.snapshot() == state
    assert course.version.instance.params == {"alpha": 0.125}
    assert (course.at, course.closed, found.torn) == (1_249, True, "")


def test_another_kernel_gives_other_words_and_the_first_bar_is_named(
    kernels: dict[str, Kernel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(kernels, tmp_path / "j", feed(50)).close()
    graph = kernels["follow"].graph
    monkeypatch.setattr(type(graph), "content_hash", graph.content_hash)  # one that was changed under its name
    course, _ = played(tmp_path / "j", kernels["scaled"])
    first = next(
        bar
        for bar, (a, b) in enumerate(
            zip(alone(kernels["follow"], feed(50)), alone(kernels["scaled"], feed(50)), strict=True)
        )
        if a != b
    )
    assert course.mismatch.startswith(f"bar {first}: the outputs are not those")


def test_swaps_are_played_again(kernels: dict[str, Kernel], tmp_path: Path) -> None:
    bars = feed(120)
    with Engine(kernels["follow"], journal=tmp_path / "j") as engine:
        for number, bar in enumerate(bars):
            if number == 40:
                engine.swap(kernels["scaled"])
            if number == 80:
                engine.rollback()
            engine.step(bar)
    course, _ = played(tmp_path / "j", kernels.values())
    assert (course.played, course.compared, course.mismatch) == (120, 120, "")
    assert [each.partition(" to ")[0] for each in course.switches] == ["bar 40: swap", "bar 80: rollback"]
    course, _ = played(tmp_path / "j", kernels["follow"])
    assert (course.played, course.missing) == (80, {kernels["scaled"].graph.content_hash: 40})


_KILLED = """
import sys
import dagc
from tests.support.versions import feed, follow
engine = dagc.Engine(dagc.compile(follow), {"alpha": 0.125}, journal=sys.argv[1], snapshot_every=97)
print("ready", flush=True)
for number, bar in enumerate(feed(1_000_000)):
    engine.step(bar, at=1_000 + number)
    if number % 50 == 0:
        print(number, flush=True)
"""


@pytest.mark.parametrize("after", [0, 100, 250])
def test_killed_at_any_moment_it_goes_on_to_the_bit(after: int, kernels: dict[str, Kernel], tmp_path: Path) -> None:
    script = _KILLED.replace("feed(1_000_000)", "feed(4_000)")
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "j")], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.strip() == "ready" and after == 0:
                break
            if line.strip().isdigit() and int(line) >= after:
                break
        running.send_signal(signal.SIGKILL)
    bars = feed(4_000)
    engine = Engine.recovered(tmp_path / "j", kernels["follow"])
    assert engine.bars >= after
    one = kernels["follow"].bind({"alpha": 0.125})
    for bar in bars[: engine.bars]:
        one.step(bar)
    assert engine.snapshot() == one.snapshot()
    for bar in bars[engine.bars : engine.bars + 30]:
        assert words(engine.step(bar)) == words(one.step(bar))
    engine.close()
    course, _ = played(tmp_path / "j", kernels["follow"])
    assert (course.mismatch, course.closed, course.bars) == ("", True, engine.bars)


@pytest.mark.parametrize("sync", Sync)
def test_a_cut_anywhere_in_the_last_record_is_torn_and_gone_on_with(
    sync: Sync, kernels: dict[str, Kernel], tmp_path: Path
) -> None:
    bars = feed(30)
    engine = written(kernels, tmp_path / "j", bars, sync=sync)
    state_after = [kernels["follow"].bind({"alpha": 0.125})]
    for bar in bars[:-1]:
        state_after[0].step(bar)
    file = tmp_path / "j" / "00000000.journal"
    data = file.read_bytes()
    os.close(engine._journal._lock)  # type: ignore[union-attr]  # as if its process had died
    found = Segments(tmp_path / "j")
    last = [each for each in found if each.kind is Kind.BAR][-1]
    end = found.end
    for cut in (*range(last.offset + 1, min(end, last.offset + 40), 7), end):
        file.write_bytes(data[:cut])
        for other in (tmp_path / "j").glob("0000000[1-9].journal"):
            other.unlink()
        again = Engine.recovered(tmp_path / "j", kernels["follow"])
        assert again.bars == (30 if cut == end else 29)
        if cut != end:
            assert again.snapshot() == state_after[0].snapshot()
        again.close()
        assert played(tmp_path / "j", kernels["follow"])[0].mismatch == ""


def test_damage_is_told_from_a_torn_end(kernels: dict[str, Kernel], tmp_path: Path) -> None:
    written(kernels, tmp_path / "j", feed(30)).close()
    file = tmp_path / "j" / "00000000.journal"
    data = file.read_bytes()
    last = [*Segments(tmp_path / "j")][-1].offset
    for at in (*range(0, last, 53), *range(last - 16, len(data))):
        file.write_bytes(data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :])
        found = Segments(tmp_path / "j")
        if at in range(last, last + 3):  # the length of the last record: nobody can tell it from one that was cut off
            assert [*found]
            assert found.torn
        else:
            with pytest.raises(JournalProblem, match="journal"):
                list(found)


def test_records_that_are_whole_and_forged_do_not_fit_the_seal(kernels: dict[str, Kernel], tmp_path: Path) -> None:
    written(kernels, tmp_path / "a", feed(30)).close()
    written(kernels, tmp_path / "b", feed(30, seed=8)).close()
    files = [tmp_path / name / "00000000.journal" for name in "ab"]
    a, b = ([*Segments(file.parent)] for file in files)
    at = next(each.offset for each in a if each.kind is Kind.BAR)
    end = next(each.offset for each in a if each.kind is Kind.SEAL and each.offset > at)
    assert [each.offset for each in b][: len(a)] == [each.offset for each in a]
    data, other = (file.read_bytes() for file in files)
    files[0].write_bytes(data[:at] + other[at:end] + data[end:])
    with pytest.raises(JournalProblem, match="the seal at byte"):
        list(Segments(tmp_path / "a"))


def test_segments_follow_each_other(
    kernels: dict[str, Kernel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journals, "SEGMENT_BYTES", 4_000)
    folder = tmp_path / "j"
    journal = Journal(folder, "follow", kernels["follow"].graph.content_hash, segment_bytes=4_000)
    engine = Engine(kernels["follow"])
    engine._start(journal)
    for bar in feed(200):
        engine.step(bar)
    engine.close()
    assert len([*folder.glob("*.journal")]) > 3
    assert played(folder, kernels["follow"])[0].played == 200
    (folder / "00000001.journal").rename(tmp_path / "gone")
    with pytest.raises(JournalProblem, match=r"00000001\.journal is missing"):
        list(Segments(folder))


def test_a_full_disk_stops_the_engine_before_the_bar(
    kernels: dict[str, Kernel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars = feed(20)
    engine = written(kernels, tmp_path / "j", bars[:10])
    state = engine.snapshot()
    real, room = os.write, [60]

    def full(descriptor: int, data: bytes) -> int:
        if room[0] <= 0:
            raise OSError(28, "No space left on device")
        count = min(room[0], len(data))
        room[0] -= count
        return real(descriptor, data[:count])

    monkeypatch.setattr(os, "write", full)
    for bar in bars[10:12]:
        with pytest.raises(JournalProblem, match="No space left on device; no bar is stepped"):
            engine.step(bar)
    monkeypatch.undo()
    assert engine.snapshot() == state
    engine.close()
    again = Engine.recovered(tmp_path / "j", kernels["follow"])
    assert (again.bars, again.snapshot()) == (10, state)
    again.close()


def test_one_writer_at_a_time_and_no_journal_over_another(kernels: dict[str, Kernel], tmp_path: Path) -> None:
    engine = written(kernels, tmp_path / "j", feed(3))
    with pytest.raises(JournalProblem, match="another process writes this journal"):
        Engine.recovered(tmp_path / "j", kernels["follow"])
    with pytest.raises(EngineProblem, match="holds a journal already"):
        Engine(kernels["follow"], journal=tmp_path / "j")
    engine.close()


def test_a_kernel_that_is_not_given_is_named(kernels: dict[str, Kernel], tmp_path: Path) -> None:
    written(kernels, tmp_path / "j", feed(3)).close()
    with pytest.raises(JournalProblem, match="not among the kernels given"):
        Engine.recovered(tmp_path / "j", kernels["scaled"])
    with pytest.raises(JournalProblem, match="holds no journal"):
        Engine.recovered(tmp_path, kernels["scaled"])


def test_what_no_engine_writes_is_refused_by_name(kernels: dict[str, Kernel], tmp_path: Path) -> None:
    for kind, payload in ((Kind.BAR, b"short"), (Kind.STATE, b"\x05\0\0\0[1,2]"), (Kind.SWITCH, b"\xff" * 9)):
        folder = tmp_path / kind.name
        engine = written(kernels, folder, feed(3))
        assert engine._journal is not None
        engine._journal.note(kind, payload)
        engine.close()
        with pytest.raises(JournalProblem, match=r"record \d+ says what no engine writes"):
            played(folder, kernels["follow"])


def test_the_head_of_a_segment_is_json(kernels: dict[str, Kernel], tmp_path: Path) -> None:
    written(kernels, tmp_path / "j", []).close()
    data = (tmp_path / "j" / "00000000.journal").read_bytes()
    about = json.loads(data[16 : 16 + int.from_bytes(data[12:16], "little")])
    assert about == {"name": "follow", "graph": kernels["follow"].graph.content_hash, "first": 0, "chain": "00" * 32}
