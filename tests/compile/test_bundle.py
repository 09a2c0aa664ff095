"""Bundles: whole or not there, the same bytes every time, and every changed byte found by name."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compile.bundle.bundle import BundleProblem, canonical_json, read_artifacts, read_bundle, write_bundle
from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD
from dag.values.domain import whole_domain
from dag.values.types import F64

FACTS = {"versions": {"dagc-compiler": "0"}}


def doubled(name: str = "doubled") -> Graph:
    builder = GraphBuilder(name)
    builder.open_scope("", name)
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.output("y", builder.op(ADD, (x, x)), 0.0)
    builder.close_scope()
    return prepare(builder.freeze())


def edit(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """The manifest of a bundle with a change in it, written as a build writes one."""
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    (folder / "manifest.json").write_bytes(canonical_json(manifest))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", doubled(), {"kernel.c": b"int x;", "rtl/top.v": b"module"}, FACTS)
    bundle = read_bundle(tmp_path / "b")
    assert bundle.graph == doubled()
    assert bundle.files["rtl/top.v"] == b"module"
    assert bundle.manifest["versions"] == FACTS["versions"]


def test_twice_the_same_bytes_and_nothing_left_beside(tmp_path: Path) -> None:
    for name in ("one", "other", "one"):
        write_bundle(tmp_path / name, doubled(), {"kernel.c": b"int x;"}, FACTS)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "other"]


def test_a_bundle_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", doubled(), {"old.c": b"old"}, FACTS)
    write_bundle(tmp_path / "b", doubled(), {"new.c": b"new"}, FACTS)
    assert set(contents(tmp_path / "b")) == {"graph.json", "manifest.json", "new.c"}


@pytest.mark.parametrize("name", ["kernel.c", "graph.json", "rtl/top.v"])
def test_a_changed_byte_is_named(tmp_path: Path, name: str) -> None:
    write_bundle(tmp_path / "b", doubled(), {"kernel.c": b"int x;", "rtl/top.v": b"module"}, FACTS)
    path = tmp_path / "b" / name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(BundleProblem, match=rf"  {name}: was changed"):
        read_bundle(tmp_path / "b")
    assert read_artifacts(tmp_path / "b")[name].endswith(b"?")


def test_missing_and_added_files_are_named(tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", doubled(), {"kernel.c": b"int x;"}, FACTS)
    (tmp_path / "b" / "kernel.c").rename(tmp_path / "b" / "kernel.d")
    with pytest.raises(BundleProblem) as caught:
        read_bundle(tmp_path / "b")
    assert "kernel.c: is missing" in str(caught.value)
    assert "kernel.d: is not in the manifest" in str(caught.value)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def link(path: Path) -> None:
    path.with_name("elsewhere").write_bytes(b"int x;")
    path.symlink_to(path.with_name("elsewhere"))


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("name", ["kernel.c", "graph.json", "manifest.json"])
@pytest.mark.parametrize(
    ("put", "said"), [(pipe, "is a pipe"), (endless, "symbolic link"), (link, "symbolic link"), (folder, "")]
)
def test_what_is_no_regular_file_is_refused_by_name_at_once(
    tmp_path: Path, put: Callable[[Path], None], said: str, name: str
) -> None:
    write_bundle(tmp_path / "b", doubled(), {"kernel.c": b"int x;"}, FACTS)
    (tmp_path / "b" / name).unlink()
    put(tmp_path / "b" / name)
    with pytest.raises(BundleProblem, match=rf"{name}.*{said}"):
        read_bundle(tmp_path / "b")
    if name != "manifest.json":
        assert name not in read_artifacts(tmp_path / "b")


def test_json_nested_without_end_is_refused(tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", doubled(), {}, FACTS)
    (tmp_path / "b" / "manifest.json").write_bytes(b"[" * 1_000_000)
    with pytest.raises(BundleProblem, match="cannot be read"):
        read_bundle(tmp_path / "b")


def test_a_manifest_that_points_outside_is_refused(tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", doubled(), {"kernel.c": b"int x;"}, FACTS)
    edit(tmp_path / "b", lambda manifest: manifest["files"].update({"../kernel.c": manifest["files"].pop("kernel.c")}))
    with pytest.raises(BundleProblem, match=r"\.\./kernel\.c: points outside"):
        read_bundle(tmp_path / "b")


def test_a_strangers_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    with pytest.raises(BundleProblem, match="left alone"):
        write_bundle(tmp_path / "thesis", doubled(), {}, FACTS)
    assert contents(tmp_path / "thesis") == {"chapter.tex": b"years of work"}
    with pytest.raises(BundleProblem, match="is not a bundle"):
        read_bundle(tmp_path / "thesis")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"format": 2, "graph": "", "files": {}}',
        b'{"format": 1, "files": {}}',
        b'{"format": 1, "graph": "", "files": {"kernel.c": 3}}',
        b'{"format": 1, "graph": "", "files": {"kernel.c": {"sha256": "0"}}}',
        b'{"format": 1, "graph": "", "files": {}}',
    ],
)
def test_a_damaged_manifest_is_refused_in_words(tmp_path: Path, text: bytes) -> None:
    write_bundle(tmp_path / "b", doubled(), {}, FACTS)
    (tmp_path / "b" / "manifest.json").write_bytes(text)
    with pytest.raises(BundleProblem):
        read_bundle(tmp_path / "b")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace(' "name"', '  "name"'), "no build writes it like this"),
        (lambda text: text + "\n", "no build writes it like this"),
        (lambda text: json.dumps(json.loads(text)), "no build writes it like this"),
        (lambda text: json.dumps(dict(reversed(json.loads(text).items())), indent=1) + "\n", "no build writes it"),
        (lambda text: text.replace(' "format": 1,', ' "format": 1,\n "format": 1,'), 'the key "format" twice'),
        (lambda text: text.replace('"size"', '"size": 1, "size"', 1), 'the key "size" twice'),
        (lambda text: text.replace('"name": "doubled"', '"name": "tripled"'), "its graph doubled"),
        (lambda text: text.replace('"sha256"', '"origin": "",\n   "sha256"', 1), "made by another version, or by hand"),
    ],
)
def test_a_manifest_that_no_build_writes_is_refused(change: Callable[[str], str], told: str, tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", doubled(), {"kernel.c": b"int x;"}, FACTS)
    manifest = tmp_path / "b" / "manifest.json"
    manifest.write_text(change(manifest.read_text()))
    with pytest.raises(BundleProblem, match=re.escape(told)):
        read_bundle(tmp_path / "b")


def test_another_graph_under_a_manifest_that_fits_it_is_refused(tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", doubled(), {}, FACTS)
    write_bundle(tmp_path / "other", doubled("other"), {}, FACTS)
    edit(tmp_path / "other", lambda manifest: manifest.update(graph=doubled().content_hash))
    with pytest.raises(BundleProblem, match="the manifest says"):
        read_bundle(tmp_path / "other")


def test_artifacts_outside_the_folder_are_not_read(tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", doubled(), {"kernel.c": b"int x;"}, FACTS)
    (tmp_path / "kernel.c").write_text("secret")
    edit(tmp_path / "b", lambda manifest: manifest["files"].update({"../kernel.c": manifest["files"].pop("kernel.c")}))
    assert set(read_artifacts(tmp_path / "b")) == {"graph.json"}


KILLED = """
import os, signal, sys
from collections.abc import Callable
from pathlib import Path
import compile.bundle.bundle as bundle
from tests.compile.test_bundle import FACTS, doubled
left = {survived}
def wrapped(call):
    def step(*arguments, **options):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return call(*arguments, **options)
    return step
os.fsync = wrapped(os.fsync)
bundle._put_in_place = wrapped(bundle._put_in_place)
bundle.shutil.rmtree = wrapped(bundle.shutil.rmtree)
bundle.write_bundle(Path({folder!r}), doubled(), {{"kernel.c": b"new"}}, FACTS)
"""
#: Three files and their folder are flushed, it is put in place (the fifth step), its parent is flushed, the old one removed.
PLACED = 5


@pytest.mark.parametrize("survived", range(PLACED + 2))
@pytest.mark.parametrize("older", [False, True])
def test_a_killed_build_leaves_the_old_bundle_the_new_one_or_none(tmp_path: Path, older: bool, survived: int) -> None:
    folder = tmp_path / "b"
    if older:
        write_bundle(folder, doubled(), {"kernel.c": b"old"}, FACTS)
    script = KILLED.format(survived=survived, folder=str(folder))
    done = subprocess.run([sys.executable, "-c", script], check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -signal.SIGKILL
    expected = b"new" if survived >= PLACED else b"old" if older else None
    assert (read_bundle(folder).files["kernel.c"] if folder.exists() else None) == expected
    write_bundle(folder, doubled(), {"kernel.c": b"newer"}, FACTS)
    assert read_bundle(folder).files["kernel.c"] == b"newer"


def test_without_the_systems_exchange_a_bundle_is_still_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compile.bundle.bundle._exchange", lambda one, other: False)
    for text in (b"old", b"new"):
        write_bundle(tmp_path / "b", doubled(), {"kernel.c": text}, FACTS)
    assert read_bundle(tmp_path / "b").files["kernel.c"] == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
