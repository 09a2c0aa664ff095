"""The page about the debugger: every command on it prints what the page says, line by line."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from dagc.cli import main
from examples.market_table import load_days, market_rows, write_table

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "docs" / "debugger.md"
PAGE = FILE.read_text(encoding="utf-8")
SESSIONS = re.findall(r"^```\n\$ dagc (.*)\n((?:.*\n)*?)```", PAGE, re.MULTILINE)


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("market") / "market.csv"
    write_table(market_rows(load_days()), file)
    return file


def test_there_are_as_many_as_there_were() -> None:
    assert len(SESSIONS) == 7


@pytest.mark.parametrize(
    ("command", "printed"), SESSIONS, ids=[command.rpartition(" --")[2] for command, _ in SESSIONS]
)
def test_it_prints_what_the_page_says(market: Path, command: str, printed: str, request: pytest.FixtureRequest) -> None:
    lane = f"{ROOT}/examples/five_factor.py:five_factor"
    arguments = command.replace("build/five_factor", lane).replace("build/market.csv", str(market))
    done = CliRunner().invoke(main, [*shlex.split(arguments), "--backend", "c"])
    assert done.exit_code in (0, 1), done.output
    if request.config.getoption("--update-golden"):
        _write(command, printed, done.output)
        return
    lines, at = done.output.splitlines(), 0
    for expected in printed.splitlines():
        if expected != "...":
            assert expected in lines[at:], f"{expected!r} is not in:\n" + "\n".join(lines[at:])
            at = lines.index(expected, at) + 1
    if "..." not in printed:
        assert at == len(lines)


def _write(command: str, printed: str, output: str) -> None:
    """The page with what is printed now, as many lines of it as there were."""
    lines = output.splitlines()
    if "..." in printed.splitlines():
        lines = [*lines[: printed.splitlines().index("...")], "..."]
    page = FILE.read_text(encoding="utf-8")
    FILE.write_text(
        page.replace(f"$ dagc {command}\n{printed}", "\n".join([f"$ dagc {command}", *lines, ""])), encoding="utf-8"
    )
