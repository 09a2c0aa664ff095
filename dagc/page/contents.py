"""What a page shows of a run, as JSON values: lanes, values with their columns, marked bars with what mattered on them, hits, claims."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compile.analysis.stages import stages
from compile.backend import Batch, Refused, Runner
from compile.lint.silences import without_silence
from dag.diagnostics.span import Span
from dag.graphs.graph import Graph
from dag.values.types import I64, Value
from dag.values.words import show, words_of_column
from dagc.debugging.difference.compare import Replay
from dagc.debugging.drawing.picture import Picture, of_lanes
from dagc.debugging.listing import Listed, listed
from dagc.debugging.search.evaluate import searched
from dagc.debugging.tap_names import TapNames
from dagc.debugging.why.moment import moment_of
from dagc.page.columns import columns_of, exact_bars
from dagc.page.parting import parting
from dagc.replay.rejections import Rejections, rejection_text

#: Hits of a condition that a page lists.
MOST_HITS = 10_000


@dataclass(frozen=True, slots=True)
class Subject:
    """A run to show: one instance over the bars of `batch`, from its initial state.

    `bars` are marked, and what mattered to every output on them is worked out; `conditions` are searched for over all bars, in the
    language of `dagc tap --where`; `claims` are what the certificate of the bundle says, where there is one; `against` is another run,
    and where it parts from this one is marked too.
    """

    graph: Graph
    runner: Runner
    batch: Batch
    bars: Sequence[int] = ()
    conditions: Sequence[str] = ()
    claims: Sequence[str] = ()
    data: str = ""
    params: Mapping[str, Value] = field(default_factory=dict[str, Value])
    against: Replay | None = None


def contents(subject: Subject) -> dict[str, Any]:
    """Everything but the markup. Raises IndexError for a bar that is not in the run, SearchProblem for a condition."""
    graph, runner, batch = subject.graph, subject.runner, subject.batch
    status = words_of_column(runner.run(batch, [graph.status]).nodes[graph.status][:, 0], I64) if graph.status else None
    counting = Rejections(graph, subject.params)
    if status is not None:
        counting.update(status, {name: column[:, 0] for name, column in batch.inputs.items()}, 0)
    rejected = counting.found()
    names = TapNames(graph)
    shown = list(listed(graph, names))
    parted = subject.against and parting(subject.against, Replay(graph, runner, batch), shown)
    where = parted["marks"] if parted else []
    marks = dict.fromkeys([*subject.bars, *where, *(each.first for each in rejected), batch.bars - 1])
    places = list(dict.fromkeys(each.place for each in shown))
    exact = exact_bars(batch.bars, len(places), list(marks))
    of_stage, at = stages(graph), {place: index for index, place in enumerate(places)}
    described = [
        {**_value(graph, each), "stage": of_stage[each.place.node].name.lower(), "column": at[each.place]}
        for each in shown
    ]
    picture = of_lanes(graph)
    return {
        "name": graph.name,
        "graph": graph.content_hash,
        "data": subject.data,
        "bars": batch.bars,
        "exact": exact,
        "params": [[p.name, show(subject.params[p.name], graph.types[p.node])] for p in graph.params if p.name in subject.params],
        "rejected": [rejection_text(graph, each) for each in rejected],
        "lanes": [_lane(graph, scope) for scope in range(len(graph.scopes))],
        "values": described,
        "columns": list(columns_of(graph, runner, batch, places, exact)),
        "boxes": _boxes(picture, described),
        "marks": [{"bar": bar, **_explained(subject, names, bar)} for bar in sorted(marks)],
        "hits": [_hits(subject, condition) for condition in subject.conditions],
        "claims": list(subject.claims),
        "parted": parted,
    }  # fmt: skip


def _value(graph: Graph, shown: Listed) -> dict[str, Any]:
    node = shown.place.node
    type_ = graph.types[node].element
    span = graph.spans[graph.passed_on(node)]
    return {
        "name": shown.name,
        "kind": shown.kind,
        "type": str(type_),
        "reads": "float" if type_.is_float else "whole",
        "unit": "" if graph.units[node] == "1" else graph.units[node],
        "members": None if type_.members is None else {str(code): name for name, code in type_.members.codes},
        "lane": shown.scope,
        "at": _at(span),
        "source": without_silence(span.text).strip() if span else "",
    }


def _at(span: Span | None) -> str:
    return span.shown_at if span else ""


def _lane(graph: Graph, scope: int) -> dict[str, Any]:
    found = graph.scopes[scope]
    return {
        "path": found.path or graph.name,
        "lane": found.lane,
        "doc": found.doc,
        "at": _at(found.span),
        "ours": scope in graph.status_scopes(),
    }


def _boxes(picture: Picture, described: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For each box of the picture the value that stands in it: the port's, or what the lane returns."""
    at = {each["name"]: index for index, each in enumerate(described)}
    found = []
    for box in picture.boxes:
        value = next(
            (at[name] for name in (f"{box.title}.result", box.title, f"output:{box.title}") if name in at), None
        )
        found.append({"title": box.title, "value": value, "port": box.is_port})
    return found


def _explained(subject: Subject, names: TapNames, bar: int) -> dict[str, Any]:
    """What mattered to each output on a bar, as trees, and what those that are numbers were made of; nothing where values lie along
    an axis."""
    try:
        moment = moment_of(subject.graph, subject.runner, subject.batch, bar)
    except Refused:
        return {"why": {}, "made": {}}
    spelled = [
        names.spelling(output.node) for output in subject.graph.outputs if not subject.graph.types[output.node].axis
    ]
    made: dict[str, Any] = {}
    for name in spelled:
        with contextlib.suppress(ValueError):  # it is no number, or not made of factors
            table, end = moment.waterfall(name).as_json(), moment.unguarded(names.node(name))
            made |= {name: table, **{names.variable(tap.name): table for tap in subject.graph.taps if tap.node == end}}
    return {"why": {name: moment.why(name, depth=12).as_json() for name in spelled}, "made": made}


def _hits(subject: Subject, condition: str) -> dict[str, Any]:
    found = searched(subject.graph, subject.runner, subject.batch, condition).bars
    return {"condition": condition, "count": len(found), "bars": found[:MOST_HITS].tolist()}
