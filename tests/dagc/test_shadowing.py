"""A file or folder of the user's may have the name of a package of ours; what it cannot be imported as is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dagc.terminal.shadowing import HOME, PACKAGES, hidden_packages
from tests.support.tiers import few

HIDES = {
    "lanes": Path("lanes") / "__init__.py",
    "dag": Path("dag.py"),
    "compile": Path("compile") / "__init__.py",
}


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_here_nothing_is_hidden() -> None:
    assert hidden_packages() == {}


LANE = """\
from dagc import lane
from lanes.elementary import expm1


@lane
def f(x: float) -> float:
    return expm1(min(x, 1.0)) * 0.5
"""


@pytest.mark.parametrize("package", few(PACKAGES, 3))
def test_a_file_of_lanes_may_have_the_name_of_a_package(tmp_path: Path, package: str) -> None:
    (tmp_path / f"{package}.py").write_text(f"{LANE}\nprint(f(0.0))\n")
    (tmp_path / "beside.py").write_text(f"{LANE}\nprint(f(0.0))\n")
    for script in (f"{package}.py", "beside.py"):
        run = python(tmp_path, script)
        assert (run.returncode, run.stdout) == (0, "0.0\n"), run.stderr
        linted = python(tmp_path, "-m", "dagc", "lint", script)
        assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("package", few(HIDES, 3))
def test_a_module_of_the_users_that_cannot_be_imported_is_named(tmp_path: Path, package: str) -> None:
    (tmp_path / HIDES[package]).parent.mkdir(exist_ok=True)
    (tmp_path / HIDES[package]).write_text("mine = 1\n")
    (tmp_path / "script.py").write_text(f"from dagc import lane\nfrom {package} import mine\n")
    command = python(tmp_path, "-m", "dagc", "lint", "script.py")
    assert (command.returncode, "Traceback" in command.stderr) == (1, False)
    assert (
        f"fix       `{package}` is {HOME / package / '__init__.py'}: rename {package}"
        in command.stdout + command.stderr
    )


@pytest.mark.parametrize("package", few(HIDES, 3))
def test_what_was_imported_in_place_of_a_package_is_named(tmp_path: Path, package: str) -> None:
    (tmp_path / HIDES[package]).parent.mkdir(exist_ok=True)
    (tmp_path / HIDES[package]).write_text("")
    (tmp_path / "script.py").write_text(f"import {package}\nfrom dagc import lane\n")
    done = python(tmp_path, "script.py")
    assert done.returncode == 1
    assert f"`{package}` is {tmp_path / HIDES[package]}" in done.stderr
    assert "fix: rename" in done.stderr


def test_the_doctor_tells_what_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "lanes").mkdir()
    (tmp_path / "lanes" / "__init__.py").write_text("")
    done = python(tmp_path, "-m", "dagc", "doctor")
    assert f"{tmp_path / 'lanes' / '__init__.py'} is not imported as `lanes`" in done.stdout


def test_a_folder_of_verilog_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "rtl").mkdir()
    (tmp_path / "rtl" / "top.v").write_text("module top; endmodule\n")
    assert python(tmp_path, "-c", "from dagc import lane").returncode == 0


def test_all_four_packages_are_watched() -> None:
    home = Path(__file__).parents[2]
    assert {path.parent.name for path in home.glob("*/__init__.py")} - {"dagc"} == set(PACKAGES)
