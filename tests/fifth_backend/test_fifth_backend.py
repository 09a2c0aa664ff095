"""A backend that dagc does not ship takes part in everything by its record alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compile.backends import VARIABLE, emitting, record_of
from dagc.cli import main
from dagc.terminal.doctor import examine
from tests.fifth_backend.record import COLUMNS, FILE
from tests.support.mutants import Mutant, hunt

LANE = '''
from typing import Annotated

from dagc import array, carry, domain, int32, lane, put


@lane
def level(x: Annotated[float, domain(-1e6, 1e6)], n: int32, is_up: bool) -> tuple[float, int]:
    """A float, an int32, a bool, an array and two states."""
    best = carry(initial=-1.0)
    seen = carry(initial=array(3, 0.0))
    place = abs(int(n)) % 3
    kept = seen[place]
    best = max(best, x * 0.5) if is_up else best
    seen = put(seen, place, x)
    return best + kept, int(n) + 1
'''


@pytest.fixture(autouse=True)
def fifth(monkeypatch: pytest.MonkeyPatch) -> None:
    """The backend as long as a test runs, in the processes of the fuzzer too."""
    monkeypatch.setenv(VARIABLE, "tests.fifth_backend.record")


@pytest.fixture
def lane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """`FILE.py:LANE` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    Path("level.py").write_text(LANE)
    return "level.py:level"


def dagc(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_it_is_emitted_proved_run_and_verified(lane: str) -> None:
    built = dagc("build", lane, "-o", "out", "--emit", "interpreter,columns", "--rows", "320", "--json")
    assert built.exit_code == 0, built.output
    said = json.loads(built.stdout)
    assert said["check"]["rows_of"]["columns"] == said["check"]["rows"]
    certificate = json.loads(Path("out/certificate.json").read_text())
    assert certificate["structure"]["artifacts"][FILE]["verdict"] == "proved"
    assert set(certificate["tested"]["rows_of"]) == {"interpreter", "columns"}
    verified = dagc("verify", "out")
    assert verified.exit_code == 0, verified.output
    assert f"{FILE}: proved" in verified.output
    checked = dagc("check", lane, "--backends", "columns", "--campaign", "320", "--bundle", "out")
    assert checked.exit_code == 0, checked.output


def test_a_changed_artifact_is_refused(lane: str) -> None:
    assert dagc("build", lane, "-o", "out", "--emit", "columns", "--rows", "32").exit_code == 0
    module = Path("out", FILE)
    module.write_text(module.read_text().replace('op("max"', 'op("min"'))
    assert dagc("verify", "out").exit_code != 0


def test_the_fuzzer_and_the_doctor_know_it(lane: str) -> None:
    fuzzed = dagc("fuzz", "--graphs", "20", "--rows", "100", "--backends", "columns", "--jobs", "1", "--json")
    assert fuzzed.exit_code == 0, fuzzed.output
    assert json.loads(fuzzed.stdout)["rows_of"]["columns"] > 0
    assert any("columns" in each.detail for each in examine() if each.name == "backends")
    assert "columns" in emitting()


def test_a_mistake_planted_in_it_is_found() -> None:
    mistake = Mutant("columns", "columns.py", r'op\("sub", (v\d+), (v\d+)\)', r'op("sub", \2, \1)')
    assert hunt(mistake, seconds=60.0) is not None


def test_there_is_no_other_of_its_name() -> None:
    assert record_of("columns") is COLUMNS
    with pytest.raises(KeyError):
        record_of("rows")
