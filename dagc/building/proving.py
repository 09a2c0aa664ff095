"""Proofs by structure on the command line: what a build proves, and what a bundle's certificate claims, proved again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from compile.backend import Files, Missing
from compile.backends import backend, is_simulated, record_of, records
from compile.bundle.bundle import Bundle, BundleProblem
from compile.proof.core.prove import changed_claims, claims, prove
from compile.proof.core.standing import Standing
from compile.proof.core.verdict import Unproved, Verdict
from dag.graphs.graph import Graph
from dagc.building.file_standing import standing_of

CERTIFICATE = "certificate.json"


def emitted_by(graph: Graph, names: Iterable[str]) -> Files:
    """What the backends called `names` emit, where a reader reads it."""
    files: Files = {}
    for name in names:
        if not is_simulated(name):
            files |= backend(name).lower(graph)
    return files


def proofs_of(graph: Graph, files: Files) -> list[Verdict]:
    """The verdict on every artifact among `files` that can be read back."""
    return prove(graph, files)


class ReaderMissing(Exception):
    """An artifact cannot be read back on this machine: nothing is wrong with it, and nothing is shown."""


def missing_reader(name: str) -> Missing | None:
    """The package without which the artifacts of the backend called `name` cannot be read back, where it is missing."""
    for package in record_of(name).reader_needs:
        if find_spec(package) is None:
            return Missing(package, f"python -m pip install {package}")
    return None


def refuted(verdicts: Sequence[Verdict]) -> list[Unproved]:
    """The artifacts that were read and are another program than the graph."""
    return [each for each in verdicts if isinstance(each, Unproved) and each.is_refuted]


def unread(verdicts: Sequence[Verdict]) -> list[Unproved]:
    """The artifacts that hold something no reader knows: nothing is claimed of them."""
    return [each for each in verdicts if isinstance(each, Unproved) and not each.is_refuted]


def refuse_refuted(verdicts: Sequence[Verdict]) -> None:
    """Raise BundleProblem with a page for each artifact that computes something else than the graph."""
    found = refuted(verdicts)
    if found:
        pages = [each.page() for each in found]
        fix = "  fix       nothing was written; this is a defect of dagc: please report it with these lines"
        raise BundleProblem("\n\n".join([*pages, fix]))


def verified(bundle: Bundle) -> tuple[list[Verdict], dict[str, Standing]]:
    """The artifacts of a bundle proved again, and what stands behind each of its files.

    Raises BundleProblem where an artifact is refuted or lacks a file, or where the certificate says anything else;
    ReaderMissing where this machine lacks what a reader needs.
    """
    graph, files = bundle.graph, dict(bundle.files)
    for record in records():
        if record.file in files and (absent := missing_reader(record.name)):
            raise ReaderMissing(
                f"{record.file} cannot be read back here: {absent.tool} is missing\n  fix  {absent.fix}"
            )
    verdicts = proofs_of(graph, files)
    problems = [each.page() for each in refuted(verdicts)]
    problems += [
        f"{name}: is missing, though {each.artifact} needs it"
        for each in verdicts
        for name in each.files
        if name not in files
    ]
    emitted = bundle.manifest.get("emitted", ())
    problems += [
        f"{record.file}: is missing, though {record.name} was emitted"
        for record in records()
        if record.emits and record.name in emitted and record.file not in files
    ]
    claimed, compared = _claimed(bundle)
    standing = standing_of(graph, files, verdicts, compared)
    changed = changed_claims(claimed, json.loads(json.dumps(claims(verdicts, standing))))
    if changed:  # the reason first: what the readers say of the files that they could not take
        problems += [each.page() for each in unread(verdicts)]
    problems += [f"{CERTIFICATE}: is not what is proved of the files beside it: {each}" for each in changed]
    if problems:
        fix = "  fix       build it again; if it was built by another version of dagc, verify it with that one"
        raise BundleProblem("\n".join([*problems, fix]))
    return verdicts, standing


def _claimed(bundle: Bundle) -> tuple[Mapping[str, Any] | None, Collection[str]]:
    """What the certificate says of structure, and the names of what its campaign ran."""
    if CERTIFICATE not in bundle.files:
        raise BundleProblem(f"{CERTIFICATE} is missing: build the bundle again")
    try:
        certificate = json.loads(bundle.files[CERTIFICATE])
    except ValueError as problem:
        raise BundleProblem(f"{CERTIFICATE} cannot be read: {problem}") from problem
    certificate = certificate if isinstance(certificate, dict) else {}
    structure, tested = certificate.get("structure"), certificate.get("tested")
    ran = tested.get("rows_of") if isinstance(tested, dict) else None
    return structure if isinstance(structure, dict) else None, ran if isinstance(ran, dict) else {}
