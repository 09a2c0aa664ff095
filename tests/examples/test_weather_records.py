"""Records of the weather bot: mending them, the block list, and the alarm for fills that lost their tag."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from pathlib import Path

import pytest

from lanes.batch import BlockList, PostedDecisions, mend
from lanes.enums import FillSource, MarketResult
from lanes.weather import BackfillSource, DriftAlert, backfill_settlement, backfill_source, family_live

ROOT = Path(__file__).resolve().parents[2]


def test_a_backfill_of_settlements_changes_nothing_a_second_time() -> None:
    rng = random.Random(1)
    changed = 0
    for _ in range(500):
        held = (rng.choice((0.0, 1.0, 2.5, 7.0)), rng.choice((0.0, 1.0, 3.0)), MarketResult(rng.randrange(3)))
        paid = rng.randrange(300), rng.randrange(9)
        stored = rng.choice((0, 100, 250)), rng.randrange(-100, 300), rng.random() < 0.5
        once = backfill_settlement(*stored, *held, *paid)
        twice = backfill_settlement(once.revenue, once.profit, once.won, *held, *paid)
        assert not twice.changed
        assert (twice.revenue, twice.profit, twice.won) == (once.revenue, once.profit, once.won)
        assert once.changed is ((once.revenue, once.profit, once.won) != stored)
        changed += once.changed
    assert 0 < changed < 500


def test_a_backfill_of_tags_changes_nothing_a_second_time() -> None:
    rng = random.Random(2)
    seen = set()
    for _ in range(500):
        t = rng.uniform(0.0, 1e5)
        facts = (
            t, rng.random() < 0.6, rng.randrange(30), t + rng.uniform(-200.0, 200.0), rng.random() < 0.5,
            t - rng.uniform(0.0, 9e4), rng.random() < 0.7, BackfillSource(),
        )  # fmt: skip
        tag = rng.choice(list(FillSource))
        once = backfill_source(tag, *facts)
        assert backfill_source(once, *facts) == once
        assert tag is FillSource.MANUAL or once == tag
        seen.add(once)
    assert seen == set(FillSource)


def test_mending_is_a_dry_run_unless_it_is_applied_and_a_rule_has_to_settle() -> None:
    store = {"a": 1, "b": 2}
    rows = list(store.items())

    def even(row: tuple[str, int]) -> tuple[str, int]:
        return row[0], row[1] + row[1] % 2

    def write(row: tuple[str, int]) -> None:
        store[row[0]] = row[1]

    assert [change.after for change in mend(rows, even, write)] == [("a", 2)]
    assert store == {"a": 1, "b": 2}
    mend(rows, even, write, apply=True)
    assert store == {"a": 2, "b": 2}
    assert mend(store.items(), even, write, apply=True) == []
    with pytest.raises(ValueError, match="would be mended again"):
        mend(rows, lambda row: (row[0], row[1] + 1), write, apply=True)
    assert store == {"a": 2, "b": 2}


def test_the_script_writes_only_with_apply(tmp_path: Path) -> None:
    table = tmp_path / "settled.csv"
    names = ["yes", "no", "result", "cost", "fees", "revenue", "profit", "won"]
    rows = [
        ["1.0", "1.0", "YES", "90", "0", "0", "-90", "false"],
        ["0.0", "3.0", "NO", "100", "2", "300", "198", "true"],
    ]
    with table.open("w", newline="") as stream:
        csv.writer(stream).writerows([names, *rows])
    before = table.read_bytes()

    def run(*options: str) -> str:
        command = [sys.executable, "-m", "examples.weather_backfill", str(table), *options]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout

    said = run()
    assert "row 1: revenue 0 -> 100, profit -90 -> 10, won false -> true" in said
    assert "1 of 2 rows would change" in said
    assert table.read_bytes() == before
    assert "1 of 2 rows written" in run("--apply")
    mended = table.read_bytes()
    assert "0 of 2 rows" in run("--apply")
    assert table.read_bytes() == mended


def test_the_block_list_knows_no_case_and_no_parameter_takes_a_family_off_it() -> None:
    rng = random.Random(3)
    listed = BlockList()
    for _ in range(200):
        name = "".join(rng.choice((each.lower(), each.upper())) for each in rng.choice(("KXHIGHDEN", "KXHIGHNY")))
        blocked = name.upper() == "KXHIGHDEN"
        assert listed.blocks(name) is blocked
        assert listed.armed(name, wanted=True) is not blocked
        assert listed.armed(name, wanted=False) is False
        switches = [rng.random() < 0.9 for _ in range(3)]
        live = family_live(blocked, switches[0], switches[1], rng.uniform(0.0, 2.0), switches[2], 1.0)
        assert not (blocked and live)


def test_a_fill_that_lost_its_tag_raises_an_alarm() -> None:
    """Manual, within ten minutes after a posting on its ticker and side: over random postings and fills, against a plain search."""
    rng = random.Random(4)
    table, posted = PostedDecisions(), list[tuple[str, bool, float]]()
    alarms, t = 0, 0.0
    for _ in range(600):
        t += rng.uniform(0.0, 300.0)
        ticker, yes = rng.choice("ABC"), rng.random() < 0.5
        if rng.random() < 0.3:
            table.post(ticker, yes, t)
            posted.append((ticker, yes, t))
            continue
        source = rng.choice((FillSource.MANUAL, FillSource.CROSS_BRACKET))
        near = any((a, b) == (ticker, yes) and 0.0 <= t - at <= 600.0 for a, b, at in posted)
        wanted = source is FillSource.MANUAL and near
        assert table.alert(source, ticker, yes, t) is wanted
        alarms += wanted
    assert alarms > 20
    assert table.alert(FillSource.MANUAL, *posted[-1][:2], posted[-1][2] + 600.0)
    assert not table.alert(FillSource.MANUAL, *posted[-1][:2], posted[-1][2] + 600.1)
    assert not table.alert(FillSource.MANUAL, *posted[-1][:2], posted[-1][2] + 61.0, DriftAlert(window=60.0))
