"""Every example is run, as its own text says it is run."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {path.name for path in (ROOT / "examples").glob("*.py")}


def run(*arguments: object) -> str:
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("market") / "market.csv"
    assert "4910 bars, 1999-06-28 to 2018-12-31" in run("examples/market_table.py", "-o", path)
    return path


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "five_factor"
    run(
        "-m",
        "dagc",
        "build",
        "examples/five_factor.py:five_factor",
        "-o",
        folder,
        "--emit",
        "interpreter,xla,c",
        "--rows",
        256,
    )
    return folder


def test_no_example_is_left_out() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("*.py"))
    assert [name for name in EXAMPLES if name.removesuffix(".py") not in tests] == []


def test_the_market_table_is_the_same_bytes_everywhere(market: Path) -> None:
    text = market.read_bytes()
    assert text.count(b"\n") == 4911
    assert hashlib.sha256(text).hexdigest() == "b718c11676173bde41ad6397de12c3056dfac29ae5309f5b03c28da759ac7ff1"


def test_first_lane(tmp_path: Path) -> None:
    assert run("examples/first_lane.py").startswith("on numbers: 3.0724999999999993\n")
    out = run("-m", "dagc", "build", "examples/first_lane.py:conviction", "-o", tmp_path / "first", "--rows", 500)
    assert "bit-identical; wrote" in out


def test_live_engine(market: Path, bundle: Path) -> None:
    out = run("examples/live_engine.py", bundle, market)
    assert "bar 4: leverage 7.2294 of raw 7.2294, notional 37,772.72 usd" in out
    assert out.endswith("565 entries in 4910 bars\n")


def test_the_instances_example_runs(bundle: Path) -> None:
    assert "words that differ: 0" in run("examples/instances.py", bundle)


def test_the_weather_table_can_be_replayed(tmp_path: Path) -> None:
    table = tmp_path / "weather.csv"
    assert "48 cycles of 2 days" in run("examples/cross_bracket.py", "--days", 2, "-o", table)
    shown = run(
        "-m", "dagc", "tap", "examples/cross_bracket.py:cross_bracket", "--data", table, "--bar", 30, "--lane", "p_yes",
        "--param", "metar.only_running=false",
    )  # fmt: skip
    assert shown.startswith("p_yes = ")
