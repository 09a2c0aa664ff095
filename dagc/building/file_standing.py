"""The standing of every file of a bundle: what was proved, run, emitted again or recomputed, and what was not verified."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence

from compile.bundle.bundle import CERTIFICATE, GRAPH, MANIFEST
from compile.certificate.document import REPORT
from compile.proof.core.standing import Standing, standings
from compile.proof.core.verdict import Verdict
from dag.graphs.graph import Graph
from dagc.binding.parameters import PINS
from dagc.binding.pins import pinned_values

#: What `dagc verify` works out, or holds against what it worked out, whatever else a bundle holds.
_ALWAYS = {
    GRAPH: Standing.GRAPH,
    CERTIFICATE: Standing.DERIVED,
    REPORT: Standing.DERIVED,
    MANIFEST: Standing.DERIVED,
}


def standing_of(
    graph: Graph, files: Mapping[str, bytes], proofs: Sequence[Verdict], compared: Collection[str]
) -> dict[str, Standing]:
    """The standing of each of `files`, of which a campaign ran and compared those in `compared`."""
    known = dict(_ALWAYS)
    if PINS in files and _pins_hold(graph, files[PINS]):
        known[PINS] = Standing.PINNED
    return standings(files, proofs, compared, known)


def _pins_hold(graph: Graph, data: bytes) -> bool:
    """Whether the pins have the graph's own values, which its content hash covers."""
    try:
        found = json.loads(data)
        return {name: each["value"] for name, each in found.items()} == pinned_values(graph)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
