"""The bundle: one folder with a graph, its lowerings, a certificate and a manifest that hashes every byte.

The folder is replaced as a whole or not at all. It holds no timestamps and no absolute paths, so building twice gives the
same bytes; how long a build took is printed, never stored.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from compile.backend import Files
from compile.bundle.archive import SUFFIX, ArchiveProblem, as_folder
from compile.bundle.durable import flush_folder, write_durably
from compile.certificate.differences import differences
from dag.files.regular_file import LONGEST_TEXT, read_regular
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_from_json, graph_to_json
from dag.values.floating_point import in_standard_environment

FORMAT = 1
MANIFEST = "manifest.json"
GRAPH = "graph.json"
CERTIFICATE = "certificate.json"
#: The signature of the manifest, which cannot list it: see `dagc.signing`.
SIGNATURE = "manifest.json.minisig"
#: A signature is no longer.
_LONGEST_SIGNATURE = 4096
#: What the manifest says of itself; all else in it is what the bundle was made with.
_OF_MANIFEST = ("format", "name", "graph", "files")


class BundleProblem(Exception):
    """A bundle cannot be read or written; the message names the file, what was expected and what came."""


class NoBundle(BundleProblem):
    """The path that was named holds no bundle; any other BundleProblem is about what a bundle contains."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose every file was found to be what the manifest says."""

    graph: Graph
    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    signature: bytes | None = None


def canonical_json(value: object) -> bytes:
    """`value` as JSON with sorted keys and one newline at the end: equal values give equal bytes."""
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def write_bundle(folder: Path, graph: Graph, files: Files, facts: Mapping[str, Any]) -> None:
    """Put `graph`, `files` and the manifest into `folder`, all at once.

    `facts` go into the manifest (versions, flags, target). An older bundle at `folder` is replaced; a folder that is not
    a bundle is left alone. Raises BundleProblem, or OSError where the disk refuses.
    """
    folder = folder.absolute()
    _refuse_strangers(folder)
    everything = {GRAPH: graph_to_json(graph), **files}
    manifest = {
        "format": FORMAT,
        "name": graph.name,
        "graph": graph.content_hash,
        "files": {path: {"sha256": _sha256(data), "size": len(data)} for path, data in everything.items()},
        **facts,
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for path, data in {**everything, MANIFEST: canonical_json(manifest)}.items():
            target = staging / path
            target.parent.mkdir(parents=True, exist_ok=True)
            write_durably(target, data)
        staging.chmod(0o755)
        for made in (staging, *(path for path in sorted(staging.rglob("*")) if path.is_dir())):
            flush_folder(made)
        _put_in_place(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def bundle_folder(path: Path) -> Iterator[Path]:
    """The folder of a bundle, itself or unpacked for the while. Raises BundleProblem where `path` is a damaged bundle in one file."""
    if path.suffix != SUFFIX:
        yield path
        return
    try:
        with as_folder(path) as folder:
            yield folder
    except ArchiveProblem as problem:
        raise BundleProblem(f"{path} is not a bundle: {problem}\n  fix  build and pack it again") from None


def read_bundle(path: Path) -> Bundle:
    """The bundle in a folder or in one file, everything of it checked. Raises BundleProblem naming each file that is not as it was."""
    with bundle_folder(path) as folder:
        try:
            return _read_folder(folder)
        except BundleProblem as problem:
            raise type(problem)(str(problem).replace(str(folder), str(path))) from problem.__cause__


@in_standard_environment
def _read_folder(folder: Path) -> Bundle:
    manifest = read_manifest(folder)
    listed: dict[str, dict[str, Any]] = manifest["files"]
    found = {str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if not path.is_dir()}
    problems = [f"{name}: is not in the manifest" for name in sorted(found - set(listed) - {MANIFEST, SIGNATURE})]
    files: Files = {}
    for name, entry in sorted(listed.items()):
        if _points_outside(name):
            problems.append(f"{name}: points outside the bundle")
        elif name not in found:
            problems.append(f"{name}: is missing")
        else:
            try:
                data = read_regular(folder / name, entry["size"], follows=False)
            except OSError as problem:
                problems.append(f"{name}: {problem.strerror or problem}")
                continue
            if len(data) != entry["size"]:
                got = f"{len(data):,}" if len(data) < entry["size"] else "more"
                problems.append(f"{name}: was changed (expected {entry['size']:,} bytes, got {got})")
            elif _sha256(data) != entry["sha256"]:
                problems.append(
                    f"{name}: was changed (expected sha256 {entry['sha256'][:16]}, got {_sha256(data)[:16]})"
                )
            files[name] = data
    if problems:
        fix = "build it again, or run `dagc check --bundle` to see what the changed files compute"
        raise BundleProblem(
            "\n".join([f"{folder} is not the bundle that was built:", *(f"  {p}" for p in problems), f"  fix  {fix}"])
        )
    graph = _graph_of(folder, files)
    if graph.content_hash != manifest["graph"]:
        raise BundleProblem(
            f"{folder}/{GRAPH} is graph {graph.content_hash[:16]}, the manifest says {manifest['graph'][:16]}"
        )
    _refuse_contradiction(folder, graph, files, manifest)
    signature = read_regular(folder / SIGNATURE, _LONGEST_SIGNATURE, follows=False) if SIGNATURE in found else None
    return Bundle(graph, files, manifest, signature)


def made_with(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest says that the bundle was made with: versions, flags, targets."""
    return {name: value for name, value in manifest.items() if name not in _OF_MANIFEST}


def _refuse_contradiction(folder: Path, graph: Graph, files: Files, manifest: Mapping[str, Any]) -> None:
    """Raise BundleProblem where the manifest says something else than the graph and the certificate of the bundle do."""
    if manifest["name"] != graph.name:
        raise BundleProblem(f"{folder}/{MANIFEST} was changed: it is called {manifest['name']}, its graph {graph.name}")
    if CERTIFICATE not in files:
        return
    try:
        certified = json.loads(files[CERTIFICATE])["made_with"]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise BundleProblem(f"{folder}/{CERTIFICATE} cannot be read: {problem}") from problem
    if problems := differences({"made_with": certified}, {"made_with": made_with(manifest)}):
        told = "\n".join(f"  {each}" for each in problems)
        raise BundleProblem(
            f"{folder}/{MANIFEST} was changed, or {CERTIFICATE} was: they contradict each other\n{told}\n  fix  build it again"
        )


def read_artifacts(folder: Path) -> Files:
    """The files of a bundle as they are on disk, changed or not: what a checker runs. Raises BundleProblem if it is none."""
    listed = read_manifest(folder)["files"]
    return {
        name: read_regular(folder / name, follows=False)
        for name in listed
        if not _points_outside(name) and (folder / name).is_file() and not (folder / name).is_symlink()
    }


def _points_outside(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts


def _graph_of(folder: Path, files: Files) -> Graph:
    try:
        return graph_from_json(files[GRAPH])
    except (KeyError, ValueError, RecursionError) as problem:
        raise BundleProblem(f"{folder}/{GRAPH} cannot be read: {problem}") from problem


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of the bundle in `folder`: well-formed, without checking its files. Raises BundleProblem."""
    path = folder / MANIFEST
    try:
        data = read_regular(path, LONGEST_TEXT, follows=False)
        manifest = json.loads(data, object_pairs_hook=_once)
    except (FileNotFoundError, NotADirectoryError):
        what = (
            f"it has no {MANIFEST}" if folder.is_dir() else "it is a file" if folder.exists() else "it does not exist"
        )
        raise NoBundle(f"{folder} is not a bundle: {what}\n  fix  dagc build FILE.py:LANE -o {folder}") from None
    except OSError as problem:
        raise BundleProblem(f"{path} cannot be read: {problem.strerror or problem}") from problem
    except (ValueError, RecursionError) as problem:
        raise BundleProblem(f"{path} cannot be read: {problem}") from problem
    if not _is_manifest(manifest):
        raise BundleProblem(f"{path} is not a manifest of format {FORMAT}: it was made by another version, or by hand")
    shaped: dict[str, Any] = manifest
    if canonical_json(shaped) != data:
        raise BundleProblem(
            f"{path} was changed: no build writes it like this (keys in order, an indent of one, one newline at the end)\n"
            "  fix  build it again"
        )
    return shaped


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON. Raises ValueError where a key stands twice: readers differ in which of the two they take."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'it has the key "{twice}" twice')
    return found


def _is_manifest(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        return False
    files = value.get("files")
    return (
        isinstance(value.get("graph"), str)
        and isinstance(value.get("name"), str)
        and isinstance(files, dict)
        and all(
            isinstance(entry, dict)
            and entry.keys() == {"sha256", "size"}
            and isinstance(entry.get("sha256"), str)
            and isinstance(entry.get("size"), int)
            and entry["size"] >= 0
            for entry in files.values()
        )
    )


def _refuse_strangers(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise NoBundle(f"{folder} is not a folder: choose another place with -o")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise NoBundle(f"{folder} holds something that is not a bundle; it is left alone: choose another place with -o")


def _put_in_place(staging: Path, folder: Path) -> None:
    """Make `staging` be `folder`. An old bundle is swapped out in one step where the system can, so none is ever half there."""
    if not folder.exists():
        staging.rename(folder)
    elif not _exchange(staging, folder):
        retired = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
        folder.rename(retired / "bundle")
        staging.rename(folder)
        shutil.rmtree(retired, ignore_errors=True)
    flush_folder(folder.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two paths atomically (Linux's renameat2); False where the system cannot."""
    at_working_directory, exchange = -100, 2
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done: int = renameat2(at_working_directory, os.fsencode(one), at_working_directory, os.fsencode(other), exchange)
    return done == 0


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
