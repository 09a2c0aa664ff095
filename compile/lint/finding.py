"""How a check says what it found."""

from __future__ import annotations

from collections.abc import Sequence

from dag.diagnostics.codes import CODES
from dag.diagnostics.diagnostic import Diagnostic, Label
from dag.diagnostics.span import Span
from dag.graphs.graph import Graph
from dag.language.marks import Claim

#: Names that one line of a message lists at most.
LISTED = 4


def finding(
    code: str,
    graph: Graph,
    node: int,
    name: str,
    expected: str,
    got: tuple[str, ...],
    fix: str,
    notes: tuple[str, ...] = (),
    span: Span | None = None,
    claims: Sequence[Claim] = (),
) -> Diagnostic:
    """The diagnostic about `node`, at `span` or where the node stands; it shows where `claims` are declared."""
    labels = tuple(Label(claim.declared, "declared here") for claim in claims if claim.declared)
    return Diagnostic(code, CODES[code][0], span or graph.spans[node], name, expected, got, fix, notes, labels)


def place_of(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    """The order of diagnostics: that of the source."""
    span = diagnostic.span
    file, line, column = (span.shown, span.line, span.column) if span else ("", 0, 0)
    return file, line, column, diagnostic.code, diagnostic.node


def role(graph: Graph, claim: Claim) -> str:
    """What messages call the declaration of a claim: "argument `x` of guard"."""
    lane = graph.scopes[claim.scope].lane
    named = f"{claim.place.value} `{claim.name}`" if claim.name else f"the {claim.place.value}"
    return f"{named} of {lane}"


def declared_at(claim: Claim) -> str:
    """Where the marks of a claim stand."""
    return f"declared at {claim.declared.shown_at}" if claim.declared else "declared by its lane"


def at(graph: Graph, node: int) -> str:
    """`name`, and the file and line where the node stands."""
    span = graph.spans[node]
    return f"`{graph.names[node]}`" + (f" at {span.shown_at}" if span else "")


def listed(names: Sequence[str]) -> str:
    """Names in one line; of many, the first."""
    shown = ", ".join(names[:LISTED])
    return f"{shown} and {len(names) - LISTED} more" if len(names) > LISTED else shown
