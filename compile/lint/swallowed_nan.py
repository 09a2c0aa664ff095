"""NaN that becomes a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from compile.analysis.demand import demand
from compile.analysis.facts import Floats, is_empty
from compile.analysis.flow import reached_from_outputs
from compile.analysis.ranges import ranges_once
from compile.analysis.values import Extremum, extremum_of, value_of
from compile.lint.finding import at, finding
from compile.operand_text import as_written, bare, operand_texts
from dag.diagnostics.diagnostic import Diagnostic
from dag.diagnostics.span import Span
from dag.graphs.graph import Graph
from dag.operators.op import Family, Op

#: What passes a NaN over; arithmetic keeps it.
_SWALLOW = (Family.MINIMUM, Family.MAXIMUM, Family.CHOICE)


def swallowed_nans(graph: Graph) -> Iterator[Diagnostic]:
    """W023 for each min or max behind a result, in any spelling, that makes a number of a NaN on some path where it counts."""
    candidates = {
        node: extremum
        for node in graph.operators()
        if graph.family(node) in _SWALLOW and graph.types[node].is_float and not graph.total[node]
        and (extremum := extremum_of(graph, node)) is not None
    }  # fmt: skip
    if not candidates:
        return
    known = ranges_once(graph)
    live = reached_from_outputs(graph)
    paths = demand(graph)
    told: set[Span | int] = set()  # an unrolled loop has the same comparison in every turn
    for node, extremum in candidates.items():
        if node not in live or not _swallows(known.facts[extremum.kept], known.facts[extremum.challenger]):
            continue
        possible = (known.along(path) for path in paths[node])
        if not any(
            here is not None and _swallows(known.under(here, extremum.kept), known.under(here, extremum.challenger))
            for here in possible
        ):
            continue
        place = graph.spans[_decided_by(graph, node)] or node
        if place not in told:
            told.add(place)
            yield _about(graph, node, extremum)


def _decided_by(graph: Graph, node: int) -> int:
    """The comparison by which a choice is made; the node itself where it is no choice."""
    node = value_of(graph, node)
    return graph.args[node][0] if graph.family(node) is Family.CHOICE else node


def _swallows(kept: object, challenger: object) -> bool:
    assert isinstance(kept, Floats)
    assert isinstance(challenger, Floats)
    return challenger.nan and not kept.nan and not is_empty(kept)


def _about(graph: Graph, node: int, extremum: Extremum) -> Diagnostic:
    word = "max" if extremum.is_maximum else "min"
    decided_by = as_written(graph, _decided_by(graph, node))
    texts = dict(zip(graph.args[decided_by], operand_texts(graph, decided_by), strict=True))
    nan, other = (_called(graph, each, texts) for each in (extremum.challenger, extremum.kept))
    return finding(
        "W023", graph, node, graph.names[node],
        "NaN to stay NaN, or to be refused by name",
        (f"where {nan} is NaN, this {word} gives {other} as if nothing were wrong",),
        "ask first: `... if x == x else ...`; or put it first: max(x, floor) keeps NaN, max(floor, x) does not",
        span=graph.spans[decided_by],
    )  # fmt: skip


def _called(graph: Graph, node: int, texts: Mapping[int, str]) -> str:
    """An operand as the comparison has it, and where it is computed."""
    text = next((bare(text) for arg, text in texts.items() if value_of(graph, arg) == value_of(graph, node)), None)
    if text is None:
        return at(graph, node)
    span = graph.spans[node] if isinstance(graph.ops[node], Op) else None
    return f"`{text}`" + (f" at {span.shown_at}" if span else "")
