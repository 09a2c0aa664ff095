"""The layers of a certificate that are worked out from the bundle's own files, at its build and again by `dagc verify`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from compile.backend import Files
from compile.bundle.bundle import CERTIFICATE, GRAPH, canonical_json
from compile.certificate.document import REPORT, certificate
from compile.certificate.page import report_page
from compile.proof.core.prove import claims, sentence
from compile.proof.core.standing import Standing
from compile.proof.core.verdict import Proved, Verdict
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_to_json
from dagc.operators.layer import operators_layer


def with_certificate(
    graph: Graph,
    files: Files,
    made_with: Mapping[str, Any],
    proofs: Sequence[Verdict],
    standing: Mapping[str, Standing],
    tested: Mapping[str, Any],
) -> Files:
    """`files` and beside them the certificate, for programs and for people."""
    everything = {GRAPH: graph_to_json(graph), **files}
    text, page = certificate_and_page(graph, everything, made_with, proofs, standing, tested)
    return {**files, CERTIFICATE: text, REPORT: page}


def certificate_and_page(
    graph: Graph,
    files: Mapping[str, bytes],
    made_with: Mapping[str, Any],
    proofs: Sequence[Verdict],
    standing: Mapping[str, Standing],
    tested: Mapping[str, Any],
) -> tuple[bytes, bytes]:
    """The certificate of these files as canonical JSON, and as a page."""
    sections = {
        "structure": _structure(proofs, standing),
        "operators": operators_layer(graph, tested["rows_of"]),
        "rewrites": _rewrites(bool(made_with.get("simplified"))),
    }
    text = canonical_json(certificate(graph, files, made_with, sections, tested))
    page = report_page(graph, json.loads(text), pipeline_text(hardware_of(dict(files))))
    return text, page.encode()


def _structure(proofs: Sequence[Verdict], standing: Mapping[str, Standing]) -> dict[str, Any]:
    detail = claims(proofs, standing)
    is_whole = {Standing.UNPROVED, Standing.COMPARED, Standing.UNVERIFIED}.isdisjoint(standing.values())
    is_any = any(isinstance(each, Proved) for each in proofs)
    return {
        "standing": "none" if not is_any else "proved" if is_whole else "partly",
        "statement": detail["statement"],
        "claims": [sentence(each) for each in proofs],
        "detail": detail,
    }


def _rewrites(is_used: bool) -> dict[str, Any]:
    """The optimiser's rules: each has a proof of its very text, or the optimiser does not start."""
    if not is_used:
        statement = "the graph was lowered as it was traced; no rewrite rule was applied"
        return {"standing": "not used", "statement": statement, "claims": [], "detail": {}}
    from compile.rewrites.proofs import proved_rules, read_proofs

    proofs = read_proofs()
    rules = {
        name: {"claims": proofs[name].claims, "at": proofs[name].at, "by": list(proofs[name].by)}
        for name in proved_rules()
    }
    return {
        "standing": "proved",
        "statement": "each rule that the graph may have been simplified with has a machine-checked proof of its own text; the "
        "source graph is not in this bundle, so that the simplification itself cannot be checked from it",
        "claims": [f"rewrites: {len(rules)} rules, each proved by a solver"],
        "detail": rules,
    }


def hardware_of(files: Files) -> dict[str, Any]:
    """The figures of `rtl/pipeline.json`; empty where there is no Verilog."""
    from rtl.backend import figures

    return figures(files) if any(name.startswith("rtl/") for name in files) else {}


def pipeline_text(hardware: Mapping[str, Any]) -> str:
    """What the pipeline takes and needs, in a line; empty where there is none."""
    if not hardware:
        return ""
    text = f"latency {hardware['latency']} cycles"
    if hardware["mode"] == "single":
        return f"{text}, a bar every {hardware['interval']} cycle(s)"
    return (
        f"{text}, {hardware['instances']:,} instances interleaved: a bar every cycle, one of the same instance every "
        f"{hardware['interval']}; {hardware['state_bits']:,} bits of state memory an instance"
    )
