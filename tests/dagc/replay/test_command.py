"""`dagc replay` as a user runs it, kill -9 included."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow
import pytest
from click.testing import CliRunner, Result
from pyarrow import parquet

from dagc.cli import main
from dagc.replay.dataset import PART_BARS, locked
from tests.support.live_graph import live_graph
from tests.support.replays import bundle_of, quotes

BARS = 3 * PART_BARS + 17
SETTING = ("--param", "size.floor=-2.5")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bundles and a file of bars."""
    folder = tmp_path_factory.mktemp("shop")
    bundle_of(live_graph(), folder / "bundle", "c", "interpreter")
    bundle_of(live_graph("other"), folder / "other", "c")
    quotes(BARS, folder / "bars.parquet")
    quotes(50, folder / "few.parquet")
    return folder


def replay(shop: Path, *arguments: object, bundle: str = "bundle", data: str = "few.parquet") -> Result:
    given = [shop / bundle, "--data", shop / data, *SETTING, *arguments]
    return CliRunner().invoke(main, ["replay", *map(str, given)])


def refused(result: Result, *says: str) -> None:
    """The exit code of a wrong use, and these words on stderr, no traceback among them."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    for words in says:
        assert words in result.stderr
    assert "internal error" not in result.stderr


def test_killed_in_the_middle_the_same_command_ends_with_the_same_digests(shop: Path, tmp_path: Path) -> None:
    whole = replay(shop, "-o", tmp_path / "whole", "--taps", "all", "--digests", data="bars.parquet")
    assert whole.exit_code == 0, whole.output
    out = tmp_path / "cut"
    arguments = [shop / "bundle", "--data", shop / "bars.parquet", *SETTING, "-o", out, "--taps", "all", "--digests"]
    with subprocess.Popen(
        [sys.executable, "-m", "dagc", "replay", *map(str, arguments)], stdout=subprocess.DEVNULL
    ) as running:
        while not list(out.glob("part-*")) and running.poll() is None:
            time.sleep(0.001)
        running.send_signal(signal.SIGKILL)
    assert running.returncode in (-signal.SIGKILL, 0), "0 where it was quicker than the signal"
    again = replay(shop, "-o", out, "--taps", "all", "--digests", data="bars.parquet")
    assert "is there up to bar" in again.stderr
    assert digests(again) == digests(whole)
    for path in (tmp_path / "whole").iterdir():
        assert (out / path.name).read_bytes() == path.read_bytes(), path.name
    assert parquet.read_table(out).num_rows == BARS
    third = replay(shop, "-o", out, "--taps", "all", "--digests", data="bars.parquet")
    assert "nothing to do" in third.stderr
    assert digests(third) == digests(whole)


def digests(result: Result) -> list[str]:
    """The lines of a report that are digests."""
    assert result.exit_code == 0, result.output
    return [line for line in result.stdout.splitlines() if len(line.split(" ")[0]) == 64]


def test_another_backend_goes_on_where_one_stopped(shop: Path, tmp_path: Path) -> None:
    """C for the first part, whose checkpoint is put back; the interpreter for the rest."""
    quotes(PART_BARS + 300, tmp_path / "bars.parquet")
    command = [str(shop / "bundle"), "--data", str(tmp_path / "bars.parquet"), *SETTING, "-o", str(tmp_path / "out")]
    kill_after_a_part = (
        "import os, sys; from dagc.replay import run; real = run.write_checkpoint\n"
        "def then_die(folder, checkpoint):\n"
        "    real(folder, checkpoint)\n"
        "    checkpoint.bars and os.kill(os.getpid(), 9)\n"
        "run.write_checkpoint = then_die\n"
        "from dagc.cli import main; main(['replay', *sys.argv[1:]])\n"
    )
    died = subprocess.run([sys.executable, "-c", kill_after_a_part, *command], check=False)
    assert died.returncode == -signal.SIGKILL
    rest = CliRunner().invoke(main, ["replay", *command, "--backend", "interpreter"])
    assert f"up to bar {PART_BARS:,}: going on" in rest.stderr
    whole = CliRunner().invoke(main, ["replay", *command[:-2]])
    assert digests(rest) == digests(whole)
    rejected = [[line for line in each.stdout.splitlines() if line.startswith("  rejected")] for each in (rest, whole)]
    assert rejected[0] == rejected[1] != []


def test_the_document_holds_no_time_and_every_digest(shop: Path) -> None:
    found = [replay(shop, "--json", "--digests", "--backend", name).stdout for name in ("c", "c_batch", "interpreter")]
    documents = [json.loads(text) for text in found]
    assert {document.pop("backend") for document in documents} == {"c", "c_batch", "interpreter"}
    assert documents[0] == documents[1] == documents[2]
    assert documents[0]["bars"] == 50
    assert set(documents[0]["digests"]["lanes"][""]["taps"]) >= {"distance", "buy", "accepted"}
    bare = json.loads(replay(shop, "--json").stdout)
    assert bare["digests"] == {"outputs": documents[0]["digests"]["outputs"]}


def test_who_rejected_which_bars(shop: Path, tmp_path: Path) -> None:
    """The price on two bars, the side on one: the price comes first among the ports, so it answers for what both reject."""
    bars = {
        "price": pyarrow.array([100.0, float("nan"), -1.0, 100.0, 100.0]),
        "side": pyarrow.array([1, 1, 7, 7, -1]),
        "halted": pyarrow.array([False] * 5),
    }
    parquet.write_table(pyarrow.table(bars), shop / "mixed.parquet")
    for command in ((), ("-o", tmp_path / "out"), ("-o", tmp_path / "out"), ("--backend", "interpreter")):
        found = replay(shop, *command, data="mixed.parquet")
        assert found.exit_code == 0, found.output
        assert "5 bars of" in found.stdout
        assert "3 rejected" in found.stdout
        assert [line.strip() for line in found.stdout.splitlines() if line.startswith("  rejected")] == [
            "rejected  2 bars by input `price`, declared (0.0, 1000000.0]: the first at bar 1, nan",
            "rejected  1 bar by input `side`, declared {-1, 1}: at bar 3, 7",
        ]
    document = json.loads(replay(shop, "--json", data="mixed.parquet").stdout)
    assert document["rejections"] == [
        {"port": "price", "bars": 2, "first_bar": 1, "word": "7ff8000000000000"},
        {"port": "side", "bars": 1, "first_bar": 3, "word": "0000000000000007"},
    ]


def test_a_file_whose_every_bar_is_rejected_does_not_pass(shop: Path, tmp_path: Path) -> None:
    columns = {"price": pyarrow.array([0.0] * 3), "side": pyarrow.array([1] * 3), "halted": pyarrow.array([False] * 3)}
    parquet.write_table(pyarrow.table(columns), shop / "zeros.parquet")
    for arguments in ((), ("-o", tmp_path / "out"), ("-o", tmp_path / "out"), ("--json",)):
        found = replay(shop, *arguments, data="zeros.parquet")
        assert found.exit_code == 3, found.output
        assert "every bar" in found.stderr
        assert "price" in found.stdout


def test_what_a_folder_must_not_be_gone_on_with(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert replay(shop, "-o", out).exit_code == 0
    another = "holds another replay, which cannot be gone on with"
    refused(replay(shop, "-o", out, bundle="other"), another, "another bundle: graph ")
    refused(replay(shop, "-o", out, "--param", "size.lots=4"), another, "another parameters: hash")
    refused(replay(shop, "-o", out, data="bars.parquet"), another, "another data file: SHA-256")
    refused(replay(shop, "-o", out, "--taps", "buy"), another, "the columns: it has no others, this one also buy")
    refused(replay(shop, "-o", out, "--digests"), another, "without --digests, this one with --digests")
    fresh = replay(shop, "-o", out, "--taps", "buy", "--fresh")
    assert fresh.exit_code == 0
    assert parquet.read_table(out).column_names == ["size", "up", "facing", "status", "buy"]


def test_damaged_folders(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert replay(shop, "-o", out).exit_code == 0
    part, checkpoint = out / "part-00000000.parquet", out / "_checkpoint.json"
    whole = part.read_bytes()
    part.unlink()
    refused(replay(shop, "-o", out), "part-00000000.parquet is missing or damaged", "--fresh")
    part.write_bytes(whole[:-9])
    refused(replay(shop, "-o", out), "part-00000000.parquet is missing or damaged")
    parquet.write_table(parquet.read_table(shop / "few.parquet").slice(1), part)
    refused(replay(shop, "-o", out), "holds 49 rows, expected 50")
    part.write_bytes(whole)
    good = checkpoint.read_text()
    for bad in ("", good[:-40], good.replace('"bars": 50', '"bars": 40'), "[]", '{"sha256": "", "format": 3}'):
        checkpoint.write_text(bad)
        refused(replay(shop, "-o", out), "_checkpoint.json is damaged", "--fresh")
    checkpoint.write_text(good.replace('"format": 3', '"format": 9'))
    refused(replay(shop, "-o", out), "has format 9, this dagc reads 3")
    assert replay(shop, "-o", out, "--fresh").exit_code == 0


def test_a_folder_that_is_none_of_ours_is_left_alone(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    refused(replay(shop, "-o", tmp_path), "holds something that is not a replay; it is left alone")
    refused(replay(shop, "-o", tmp_path, "--fresh"), "holds something that is not a replay")
    refused(replay(shop, "-o", tmp_path / "notes.txt"), "is a file")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt"]
    with locked(tmp_path / "out", fresh=False):
        refused(replay(shop, "-o", tmp_path / "out"), "is being written by another replay")


def test_bad_data_and_bad_names(shop: Path, tmp_path: Path) -> None:
    table = parquet.read_table(shop / "few.parquet")
    parquet.write_table(table.drop_columns(["side"]), shop / "lacks.parquet")
    parquet.write_table(table.set_column(0, "price", pyarrow.array(["a"] * 50)), shop / "wrong.parquet")
    (shop / "cut.parquet").write_bytes((shop / "few.parquet").read_bytes()[:-30])
    refused(replay(shop, data="lacks.parquet"), "lacks columns that `quoter` reads", "`side`")
    refused(replay(shop, data="wrong.parquet"), "column `price` holds string, expected f64")
    refused(replay(shop, data="cut.parquet"), "is no Parquet file, or not whole")
    refused(replay(shop, data="none.parquet"), "none.parquet does not exist")
    refused(replay(shop, "--taps", "distanse"), "no value is called `distanse`; did you mean `distance`")
    refused(replay(shop, "--param", "size.lots=0"), "size.lots")
    assert not (tmp_path / "out").exists()


def test_a_bundle_without_the_backend(shop: Path) -> None:
    result = replay(shop, "--backend", "interpreter", bundle="other")
    assert result.exit_code == 1
    assert "build it with --emit interpreter" in result.stderr


def test_a_disk_that_refuses(shop: Path, tmp_path: Path) -> None:
    """A file where the part should go: the writer's own error, said in our words."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "_part.parquet").symlink_to("/dev/full")
    refused(replay(shop, "-o", out), "cannot be written", "the same command resumes where it stopped")
    (out / "_part.parquet").unlink()
    assert replay(shop, "-o", out).exit_code == 0
