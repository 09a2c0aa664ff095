"""Proofs by structure on the command line: what a build proves, and what a bundle's certificate claims, proved again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compile.backend import SIMULATED, Files
from compile.bundle import Bundle, BundleProblem
from compile.structure.prove import changed_claims, claims, prove, readers
from compile.structure.verdict import Reader, Unproved, Verdict
from dag.graph import Graph
from dagc.backends import backend

CERTIFICATE = "certificate.json"


def emitted_by(graph: Graph, names: Iterable[str]) -> Files:
    """What the backends called `names` emit, where a reader reads it."""
    files: Files = {}
    for name in names:
        if name not in SIMULATED:
            files |= backend(name).lower(graph)
    return files


def proofs_of(graph: Graph, files: Files) -> list[Verdict]:
    """The verdict on every artifact among `files` that can be read back."""
    return prove(graph, files, [*readers(), *_readers_of_verilog(files)])


def _readers_of_verilog(files: Files) -> list[Reader]:
    """The reader of the folder of Verilog, where there is one."""
    from rtl.emit.project import FOLDER
    from rtl.netlist.reader import VerilogReader

    return [VerilogReader.of(files)] if any(name.startswith(f"{FOLDER}/") for name in files) else []


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


def verified(bundle: Bundle) -> list[Verdict]:
    """The artifacts of a bundle proved again. Raises BundleProblem where one is refuted, or the certificate says anything else."""
    verdicts = proofs_of(bundle.graph, dict(bundle.files))
    found = refuted(verdicts)
    problems = [each.page() for each in found]
    changed = changed_claims(_claimed(bundle), json.loads(json.dumps(claims(verdicts, bundle.files))))
    problems += [f"{CERTIFICATE}: is not what is proved of the files beside it: {each}" for each in changed]
    if problems:
        fix = "  fix       build it again; if it was built by another version of dagc, verify it with that one"
        raise BundleProblem("\n".join([*problems, fix]))
    return verdicts


def _claimed(bundle: Bundle) -> Mapping[str, Any] | None:
    if CERTIFICATE not in bundle.files:
        raise BundleProblem(f"{CERTIFICATE} is missing: build the bundle again")
    try:
        certificate = json.loads(bundle.files[CERTIFICATE])
    except ValueError as problem:
        raise BundleProblem(f"{CERTIFICATE} cannot be read: {problem}") from problem
    structure = certificate.get("structure") if isinstance(certificate, dict) else None
    return structure if isinstance(structure, dict) else None
