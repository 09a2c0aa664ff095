"""The layers of a certificate that are worked out from the bundle's own files, at its build and again by `dagc verify`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from compile.backend import Files
from compile.bundle import GRAPH, canonical_json
from compile.certificate.document import CERTIFICATE, REPORT, Section, certificate
from compile.report_page import report_page
from dag.graph import Graph
from dag.graph_json import graph_to_json

#: Each layer by name: a function of the graph and the artifacts, whose words a certificate repeats.
SECTIONS: dict[str, Section] = {}


def with_certificate(graph: Graph, files: Files, made_with: Mapping[str, Any], tested: Mapping[str, Any]) -> Files:
    """`files` and beside them the certificate, for programs and for people."""
    everything = {GRAPH: graph_to_json(graph), **files}
    text, page = certificate_and_page(graph, everything, made_with, tested)
    return {**files, CERTIFICATE: text, REPORT: page}


def certificate_and_page(
    graph: Graph, files: Mapping[str, bytes], made_with: Mapping[str, Any], tested: Mapping[str, Any]
) -> tuple[bytes, bytes]:
    """The certificate of these files as canonical JSON, and as a page."""
    text = canonical_json(certificate(graph, files, made_with, SECTIONS, tested))
    page = report_page(graph, json.loads(text), pipeline_text(hardware_of(dict(files))))
    return text, page.encode()


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
