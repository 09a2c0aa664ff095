"""Bundles: whole or not there, the same bytes every time, and every changed byte found by name."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from compile.bundle import BundleProblem, read_artifacts, read_bundle, write_bundle
from compile.pipeline import prepare
from dag.builder import GraphBuilder
from dag.domain import whole_domain
from dag.graph import Graph
from dag.ops import ADD
from dag.types import F64

FACTS = {"versions": {"dagc-compiler": "0"}}


def doubled(name: str = "doubled") -> Graph:
    builder = GraphBuilder(name)
    builder.open_scope("", name)
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.output("y", builder.op(ADD, (x, x)), 0.0)
    builder.close_scope()
    return prepare(builder.freeze())


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


def test_a_manifest_that_points_outside_is_refused(tmp_path: Path) -> None:
    write_bundle(tmp_path / "b", doubled(), {"kernel.c": b"int x;"}, FACTS)
    manifest = tmp_path / "b" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"kernel.c"', '"../kernel.c"'))
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


KILLED = """
import os, signal, sys
from pathlib import Path
import compile.bundle as bundle
sys.path.insert(0, {here!r})
from test_bundle import FACTS, doubled
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
bundle._put_in_place = die
bundle.write_bundle(Path({folder!r}), doubled(), {{"kernel.c": b"new"}}, FACTS)
"""


@pytest.mark.parametrize("older", [False, True])
def test_a_killed_build_leaves_the_old_bundle_or_none(tmp_path: Path, older: bool) -> None:
    folder = tmp_path / "b"
    if older:
        write_bundle(folder, doubled(), {"kernel.c": b"old"}, FACTS)
    script = KILLED.format(here=str(Path(__file__).parent), folder=str(folder))
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    assert done.returncode == -signal.SIGKILL
    assert folder.exists() == older
    if older:
        assert read_bundle(folder).files["kernel.c"] == b"old"
    write_bundle(folder, doubled(), {"kernel.c": b"newer"}, FACTS)
    assert read_bundle(folder).files["kernel.c"] == b"newer"
