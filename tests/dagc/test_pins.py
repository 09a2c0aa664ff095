"""Deploying: every parameter pinned, by one writer, and part of what the bundle is called."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import dagc
from dagc.binding.parameters import BindingProblem
from dagc.cli import main

PINS = Path(__file__).parent / "pins"


def build(folder: Path, *pins: str) -> Result:
    given = [text for each in pins for text in ("--pins", each)]
    target = ["sizer.py:size", "-o", str(folder), "--emit", "interpreter,c", "--rows", "50", "--json"]
    return CliRunner().invoke(main, ["build", *target, *given])


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the lane, its pin files and their data; the current folder."""
    folder = tmp_path / "shop"
    shutil.copytree(PINS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("page", "pins"), [("incomplete", ("incomplete.toml",)), ("twice", ("live.toml", "caps.toml"))]
)
def test_a_refused_pin_file_has_the_golden_message(
    page: str, pins: tuple[str, ...], workshop: Path, golden: Callable[[str, Path], None]
) -> None:
    done = build(workshop / "out", *pins)
    assert done.exit_code == 1
    assert not (workshop / "out").exists()
    golden(done.stderr, PINS / f"{page}.expect")


def test_pins_are_part_of_the_hash_and_of_the_bundle(workshop: Path) -> None:
    hashes = {}
    for name, pins in {"tried": (), "live": ("live.toml",)}.items():
        done = build(workshop / name, *pins)
        assert done.exit_code == 0, done.output
        hashes[name] = json.loads(done.stdout)["graph"]
    (workshop / "other.toml").write_text((workshop / "live.toml").read_text().replace("0.25", "0.5"))
    hashes["other"] = json.loads(build(workshop / "other", "other.toml").stdout)["graph"]
    assert len(set(hashes.values())) == 3
    assert not (workshop / "tried" / "pins.json").exists()
    written = json.loads((workshop / "live" / "pins.json").read_text())
    assert written["floor"] == {"value": (0.25).hex(), "from": "live.toml"}
    assert written["side"] == {"value": "2", "from": "live.toml"}
    assert written["decay.rate"]["method"] == "least squares, 2019 to 2023"
    assert "pins.json" in json.loads((workshop / "live" / "manifest.json").read_text())["files"]
    kernel = dagc.load(workshop / "live")
    assert kernel.bind().step(x=4.0).size == -8.0
    assert dagc.load(workshop / "tried").bind({"lots": 3}).step(x=4.0).size == 6.0
    with pytest.raises(BindingProblem, match="E081 Parameter written twice"):
        kernel.bind({"ceiling": 5.0})


def test_a_preset_pins_all(workshop: Path) -> None:
    lane = (workshop / "sizer.py").read_text().replace(", calibrated()", "").replace("calibrated, ", "")
    (workshop / "sizer.py").write_text(lane)
    done = build(workshop / "out", "sizer.py:PRESET")
    assert done.exit_code == 0, done.output
    assert dagc.load(workshop / "out").bind().step(x=4.0).size == -6.0


def test_a_preset_that_is_not_there_is_named_beside_those_that_are(workshop: Path) -> None:
    done = build(workshop / "out", "sizer.py:PRESETT")
    assert done.exit_code == 2
    assert "sizer.py:PRESETT: sizer.py has no preset `PRESETT`\n  there are  PRESET" in done.stderr


def test_a_remark_is_refused(workshop: Path) -> None:
    lane = (workshop / "sizer.py").read_text().replace("return -lev", "return -1.5 * lev")
    (workshop / "sizer.py").write_text(lane)
    done = build(workshop / "out", "live.toml")
    assert done.exit_code == 1
    assert "W004 Unnamed number" in done.stderr


def test_other_data_is_refused(workshop: Path) -> None:
    (workshop / "station.csv").write_text("station,temperature\nKNYC,70\n")
    done = build(workshop / "out", "live.toml")
    assert done.exit_code != 0
    assert "`decay.rate` was calibrated on other data than station.csv" in done.stderr


def test_the_template_is_a_pin_file(workshop: Path) -> None:
    done = CliRunner().invoke(main, ["pins", "sizer.py:size"])
    assert done.exit_code == 0
    assert 'side = "LONG"  # enum Side in {1, 2}' in done.stdout
    assert "\nlots =   # i64 in [1, 100]\n" in done.stdout
    open_pins = done.stdout.replace("lots =", "lots = 3")
    (workshop / "template.toml").write_text(open_pins)
    done = build(workshop / "out", "template.toml")
    assert "E082 Calibration without its origin" in done.stderr
    assert "1 error" in done.stderr
