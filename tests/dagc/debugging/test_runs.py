"""The index of runs: what is under a folder, whose it is, how far it came, and whether it is as it was written."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

import dagc
from dagc import Engine
from dagc.debugging.runs import as_text, kept_runs
from dagc.replay.checkpoint import CHECKPOINT, read_checkpoint, write_checkpoint
from dagc.vibriss.record import RECORD
from dagc.vibriss.run import plan_of, start
from tests.dagc.vibriss.test_population import LANE, SPACE
from tests.support.command_line import dagc as run_dagc
from tests.support.live_graph import live_graph
from tests.support.replays import bundle_of, quotes
from tests.support.versions import feed, follow

SETTING = ("--param", "size.floor=-2.5")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle, three replays, one of which was stopped and one damaged, and a journal."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'dagc-compiler[data]'")
    folder = tmp_path_factory.mktemp("runs")
    bundle_of(live_graph(), folder / "bundle", "interpreter")
    quotes(50, folder / "bars.parquet")
    for out in ("whole", "stopped", "damaged"):
        given = ["replay", "bundle", "--data", "bars.parquet", "--backend", "interpreter", *SETTING, "-o", f"out/{out}"]
        assert run_dagc(*given, cwd=folder).returncode == 0
    found = read_checkpoint(folder / "out" / "stopped")
    assert found is not None
    write_checkpoint(folder / "out" / "stopped", replace(found, done=False, bars=17))
    text = (folder / "out" / "damaged" / CHECKPOINT).read_text(encoding="utf-8")
    (folder / "out" / "damaged" / CHECKPOINT).write_text(text.replace('"bars": 50', '"bars": 51'), encoding="utf-8")
    kernel = dagc.compile(follow)
    with Engine(kernel, {"alpha": 0.125}, journal=folder / "live" / "closed") as engine:
        for bar in feed(30):
            engine.step(bar)
    os.utime(folder / "out" / "whole" / CHECKPOINT, (1.0, 1.0))
    return folder


def test_every_run_is_found_with_what_it_is(root: Path) -> None:
    found = {Path(each.folder).name: each for each in kept_runs(root)}
    assert set(found) == {"whole", "stopped", "damaged", "closed"}
    whole, stopped = found["whole"], found["stopped"]
    assert (whole.kind, whole.lane, whole.bars, whole.standing) == ("replay", live_graph().name, 50, "whole")
    assert whole.graph == live_graph().content_hash
    assert (stopped.bars, stopped.standing, stopped.data) == (17, "to go on", whole.data)
    assert "damaged" in found["damaged"].standing
    assert [each.is_well for each in (whole, stopped, found["damaged"])] == [True, True, False]
    closed = found["closed"]
    assert (closed.kind, closed.lane, closed.bars, closed.standing) == ("journal", "follow", 30, "whole")
    assert Path(kept_runs(root)[-1].folder).name == "whole", "the oldest is the last"


def test_a_rejected_bar_is_counted(root: Path) -> None:
    whole = next(each for each in kept_runs(root) if each.folder.endswith("whole"))
    done = run_dagc(
        "replay", "bundle", "--data", "bars.parquet", "--backend", "interpreter", *SETTING, "--json", cwd=root
    )
    assert whole.rejected == json.loads(done.stdout)["rejected"]


def test_a_journal_whose_process_died_is_not_closed(tmp_path: Path) -> None:
    engine = Engine(dagc.compile(follow), {"alpha": 0.125}, journal=tmp_path / "died")
    for bar in feed(3):
        engine.step(bar)
    (found,) = kept_runs(tmp_path)
    assert (found.bars, found.standing, found.is_well) == (3, "not closed", True)
    engine.close()
    segment = next((tmp_path / "died").glob("*.journal"))
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 1
    segment.write_bytes(bytes(data))
    (found,) = kept_runs(tmp_path)
    assert not found.is_well


def test_a_population_is_a_run(tmp_path: Path) -> None:
    (tmp_path / "lane.py").write_text(LANE, encoding="utf-8")
    (tmp_path / "space.toml").write_text(SPACE, encoding="utf-8")
    (tmp_path / "bars.csv").write_text("close\n" + "101.5\n99.25\n" * 10, encoding="utf-8")
    start(plan_of(tmp_path / "space.toml", tmp_path / "bars.csv", None, {}), tmp_path / "out", 1, lambda bars: None)
    (found,) = kept_runs(tmp_path)
    assert (found.kind, found.lane, found.bars, found.standing) == ("population", "earned", 20, "whole")
    lines = (tmp_path / "out" / RECORD).read_bytes().splitlines(keepends=True)
    (tmp_path / "out" / RECORD).write_bytes(b"".join(lines[:-1]))
    assert kept_runs(tmp_path)[0].standing == "to go on"


def test_the_command_lists_them_and_says_by_its_code_that_one_is_damaged(root: Path) -> None:
    done = run_dagc("runs", cwd=root)
    assert done.returncode == 1
    assert "4 runs" in done.stdout
    assert "_checkpoint.json is damaged" in done.stdout
    listed = run_dagc("runs", "live", "--json", cwd=root)
    assert (listed.returncode, [each["bars"] for each in json.loads(listed.stdout)]) == (0, [30])
    ours = run_dagc("runs", "--lane", live_graph().content_hash[:10], cwd=root)
    assert (ours.returncode, ours.stdout.splitlines()[-1]) == (0, "2 runs")
    empty = as_text(kept_runs(root / "bundle"))
    assert empty.splitlines()[-1] == "0 runs"
