"""A folder of the user's that hides one of ours is named, at the first use and by the doctor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dagc.shadowing import PACKAGES, hidden_packages

HIDES = {
    "lanes": Path("lanes") / "__init__.py",
    "dag": Path("dag.py"),
    "compile": Path("compile") / "__init__.py",
}


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_here_nothing_is_hidden() -> None:
    assert hidden_packages() == {}


@pytest.mark.parametrize("package", HIDES)
def test_what_hides_a_package_is_named_instead_of_failing_later(tmp_path: Path, package: str) -> None:
    (tmp_path / HIDES[package]).parent.mkdir(exist_ok=True)
    (tmp_path / HIDES[package]).write_text("")
    (tmp_path / "script.py").write_text("from dagc import lane\n")
    done = python(tmp_path, "script.py")
    assert done.returncode == 1
    assert f"`{package}` is {tmp_path / HIDES[package]}" in done.stderr
    assert "fix: rename" in done.stderr
    assert python(tmp_path, "-P", "script.py").returncode == 0
    command = python(tmp_path, "-m", "dagc", "verify", "x")
    assert (command.returncode, "Traceback" in command.stderr) == (2, False)
    assert f"`{package}` is" in command.stderr


def test_the_doctor_says_it_too(tmp_path: Path) -> None:
    (tmp_path / "lanes").mkdir()
    (tmp_path / "lanes" / "__init__.py").write_text("")
    done = python(tmp_path, "-m", "dagc", "doctor")
    assert done.returncode == 3
    assert f"lanes is {tmp_path / 'lanes'}" in done.stdout


def test_a_folder_of_verilog_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "rtl").mkdir()
    (tmp_path / "rtl" / "top.v").write_text("module top; endmodule\n")
    assert python(tmp_path, "-c", "from dagc import lane").returncode == 0


def test_all_four_packages_are_watched() -> None:
    home = Path(__file__).parents[2]
    assert {path.parent.name for path in home.glob("*/__init__.py")} - {"dagc"} == set(PACKAGES)
