"""`dagc verify` proves a bundle again: no file and no claim of it can be changed, not even with a manifest that fits."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compile.bundle.bundle import BundleProblem, canonical_json, read_bundle
from compile.proof.core.standing import Standing
from compile.proof.core.verdict import Proved
from dagc.building.build import build
from dagc.building.proving import verified
from dagc.building.request import BuildRequest
from dagc.terminal.progress import Stages

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proving") / "bundle"
    summary = build(
        BuildRequest(f"{ROOT}/examples/first_lane.py:conviction", folder, ("interpreter", "c"), 64, 0),
        Stages(quiet=True),
    )
    assert summary.exit_code == 0
    return folder


def _changed(built: Path, folder: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The bundle with one file changed and a manifest that fits it."""
    shutil.copytree(built, folder)
    data = change((folder / name).read_bytes())
    (folder / name).write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    (folder / "manifest.json").write_bytes(canonical_json(manifest))
    return folder


def _problem(folder: Path) -> str:
    with pytest.raises(BundleProblem) as problem:
        verified(read_bundle(folder))
    return str(problem.value)


def test_what_was_built_is_proved_again(built: Path) -> None:
    verdicts, _ = verified(read_bundle(built))
    assert [each.artifact for each in verdicts] == ["interpreter.py", "kernel.c", "batch.c", "entry.c"]
    assert all(isinstance(each, Proved) for each in verdicts)


def test_the_certificate_says_what_rests_on_what(built: Path) -> None:
    structure = json.loads((built / "certificate.json").read_bytes())["structure"]
    assert structure["artifacts"]["kernel.c"]["verdict"] == "proved"
    assert "DEFINED" in structure["axioms"]
    assert structure["files"]["kernel.c"] == Standing.PROVED.value
    assert structure["files"]["kernel.so"] == Standing.COMPARED.value
    assert {*structure["files"]} == {path.name for path in built.iterdir()}


@pytest.mark.parametrize(
    ("name", "old", "new", "places"),
    [
        ("kernel.c", " / 0x1p+1 ", " / 0x1.0000000000001p+1 ", ["kernel.c:", "first_lane.py:"]),
        ("batch.c", "0x1p+1 ", "0x1.0000000000001p+1 ", ["batch.c:", "first_lane.py:"]),
        ("interpreter.py", "/ 2.0", "/ 2.0000000000000004", ["interpreter.py:", "first_lane.py:", "node `"]),
    ],
)  # fmt: skip
def test_a_changed_artifact_is_named(
    built: Path, tmp_path: Path, name: str, old: str, new: str, places: list[str]
) -> None:
    assert old.encode() in (built / name).read_bytes()
    folder = _changed(built, tmp_path / "changed", name, lambda data: data.replace(old.encode(), new.encode()))
    problem = _problem(folder)
    assert f"{name}: not proved: the value shown is not the graph's" in problem
    assert all(place in problem for place in places)


def _edited(edit: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        certificate = json.loads(data)
        edit(certificate["structure"])
        return canonical_json(certificate)

    return change


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda s: s["artifacts"]["kernel.c"].update(values=66), "kernel.c: claims values 66, found 65"),
        (lambda s: s["artifacts"]["batch.c"].update(verdict="unproved"), "batch.c: claims verdict unproved, found proved"),
        (lambda s: s["artifacts"]["kernel.c"].update(axioms=[]), "kernel.c: claims axioms []"),
        (lambda s: s["artifacts"]["kernel.c"].update(assumed=[]), "kernel.c: claims assumed []"),
        (lambda s: s["artifacts"].pop("interpreter.py"), "interpreter.py: claims nothing"),
        (lambda s: s["artifacts"].update({"kernel.so": {"verdict": "proved"}}), "kernel.so: claims proved, found nothing"),
        (lambda s: s["axioms"].pop("DEFINED"), "DEFINED: claims nothing"),
        (lambda s: s.update(statement="it is right"), "other words"),
        (lambda s: s["files"].update({"kernel.so": Standing.PROVED.value}), "kernel.so: claims"),
        (lambda s: s["files"].pop("kernel.so"), "kernel.so: claims nothing"),
        (lambda s: s.update(gpu="proved"), "`gpu` is nothing that is claimed"),
        (lambda s: s.clear(), "kernel.c: claims nothing"),
    ],
)  # fmt: skip
def test_an_edited_claim_is_found(
    built: Path, tmp_path: Path, edit: Callable[[dict[str, Any]], object], said: str
) -> None:
    assert said in _problem(_changed(built, tmp_path / "edited", "certificate.json", _edited(edit)))


def test_a_certificate_that_says_nothing_of_structure_is_found(built: Path, tmp_path: Path) -> None:
    def without(data: bytes) -> bytes:
        certificate = json.loads(data)
        del certificate["structure"]
        return canonical_json(certificate)

    assert "it says nothing of structure" in _problem(_changed(built, tmp_path / "less", "certificate.json", without))
