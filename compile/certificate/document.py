"""The certificate of a bundle: what was proved, what was tested, on what it rests. A function of the bundle's other files.

Nothing in it is free to be chosen but the seed and the number of rows: whoever has the bundle can work out every other word
again, which is what `dagc verify` does. There are no times and no floats in it; keys are sorted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from compile.backends import axioms_of
from compile.bundle.bundle import CERTIFICATE
from compile.certificate.trusted import ALWAYS, NOT_CLAIMED, Trusted
from compile.interpreter.record import REFERENCE
from dag.diagnostics.wording import counted
from dag.graphs.graph import Graph

FORMAT = 2
REPORT = "report.html"


def certificate(
    graph: Graph,
    files: Mapping[str, bytes],
    made_with: Mapping[str, Any],
    sections: Mapping[str, Mapping[str, Any]],
    tested: Mapping[str, Any],
) -> dict[str, Any]:
    """The certificate of `graph` and its `files` (those of the bundle but the manifest, the certificate and the report).

    A section is a layer that is worked out from the graph and the files alone; it says its `standing` ("proved", "partly",
    "tested", "not used" or "none"), its `statement`, its `claims` in sentences, and its `detail`.
    """
    artifacts = {name: data for name, data in files.items() if name not in (CERTIFICATE, REPORT)}
    layers = {
        name: {"standing": section["standing"], "statement": section["statement"]} for name, section in sections.items()
    }
    layers["campaign"] = _campaign(tested)
    return {
        "format": FORMAT,
        "name": graph.name,
        "graph": graph.content_hash,
        "artifacts": {name: hashlib.sha256(data).hexdigest() for name, data in artifacts.items()},
        "layers": layers,
        **{name: section["detail"] for name, section in sections.items()},
        "tested": dict(tested),
        "claims": claims(sections, tested),
        "rests_on": _rests_on(tested["rows_of"]),
        "not_claimed": list(NOT_CLAIMED),
        "made_with": dict(made_with),
    }


def _rests_on(backends: Iterable[str]) -> dict[str, str]:
    """The axioms under which a certificate about `backends` holds, by name."""
    needed = {*ALWAYS, *(axiom for name in backends for axiom in axioms_of(name))}
    return {each.name: each.value for each in Trusted if each in needed}


def _campaign(tested: Mapping[str, Any]) -> dict[str, Any]:
    backends = [name for name in tested["rows_of"] if name != REFERENCE]
    return {
        "standing": "tested" if backends and not tested["differences"] else "none",
        "statement": "on the sampled rows every value of every lane, and every state after the last bar, is one 64-bit word",
        "backends": backends,
    }


def claims(sections: Mapping[str, Mapping[str, Any]], tested: Mapping[str, Any]) -> list[str]:
    """The certificate in sentences."""
    lines = [line for section in sections.values() for line in section["claims"]]
    lane = tested["lane"]
    if lane["rows"]:
        lines.append(
            f"lane: {counted(lane['rows'], 'sampled row')} of the lane's own function, called on numbers: every output and every state, "
            f"{counted(lane['words'], 'word')}, as in the interpreter"
        )
    else:
        lines.append("lane: the lane's own function was NOT compared with the graph that was traced from it")
    lines += [
        f"{name}: {counted(rows, 'sampled row')}, every value of every lane the same 64-bit word as in the interpreter"
        for name, rows in tested["rows_of"].items()
        if name != REFERENCE
    ]
    if tested["recomputed_rows"]:
        lines.append(
            f"xla: {tested['recomputed_rows']:,} of its rows might have met a flushed subnormal and were computed by the "
            "interpreter"
        )
    lines += [f"{name}: NOT CHECKED, its tool was missing" for name in tested["missing"]]
    coverage = tested["coverage"]
    lines.append(f"coverage: {coverage['events_seen']:,} of {coverage['events_possible']:,} possible events were seen")
    return lines
