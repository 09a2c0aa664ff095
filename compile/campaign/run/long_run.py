"""The lane on numbers through many bars in a row: what a campaign of short histories never gets to.

A sum that fills up, a counter that reaches its end, a buffer that comes round: a graph that is wrong only from there on agrees
with its lane before. Here every input stays at an end of its domain for long, or is drawn as a campaign draws it.
"""

from __future__ import annotations

import numpy as np

from compile.backend import Batch, Runner, fewer_rows
from compile.campaign.drawing.sample import float_ends, sample, universe_of
from compile.check.report import Report
from compile.lane.check import LaneCheck
from dag.graphs.graph import Graph
from dag.values.domain import Domain
from dag.values.types import Type, Value

#: Bars in a row, and instances that are drawn beside the two whose inputs stay at their ends.
BARS, DRAWN = 256, 2
#: Bars in a row where an axis has many places.
LEAST_BARS = 16
#: An end further out than this is not where anything fills up by steps: the input stays here instead.
FURTHEST = 1000.0


def long_run(lane: LaneCheck, reference: Runner, report: Report) -> list[str]:
    """The lane compared with the interpreter from the initial state on: a line that says so, or what differs added to `report`.

    Nothing is run where nothing is carried from bar to bar.
    """
    if not lane.graph.states:
        return []
    bars = fewer_rows(lane.graph, BARS, LEAST_BARS)
    batch = _batch(lane.graph, bars)
    compared = lane.compare(batch, reference.run(batch, lane.nodes))
    if compared.differences:
        report.add(compared)
        return []
    return [
        f"lane: {bars} bars in a row on {batch.instances} instances: {compared.words:,} words as in the interpreter"
    ]


def _batch(graph: Graph, bars: int) -> Batch:
    """Two instances with every input at its upper or lower end throughout, and DRAWN others."""
    with np.errstate(all="ignore"):
        batch = sample(universe_of(graph), bars, 2 + DRAWN, np.random.default_rng(0))
    for port in graph.inputs:
        for instance, end in enumerate(_ends(graph.types[port.node], port.domain)):
            batch.inputs[port.name][:, instance] = end
    for param in graph.params:
        if param.default is not None:
            batch.params[param.name][:2] = param.default
    return batch


def _ends(type_: Type, domain: Domain) -> tuple[Value, Value]:
    """The upper and the lower end of a domain, or what is inside it nearest to FURTHEST above and below zero."""
    if domain.codes is not None:
        return domain.codes[-1], domain.codes[0]
    if type_.is_float:
        low, high = float_ends(type_, domain)
    else:
        low, high = int(domain.lo) + domain.excludes_lo, int(domain.hi) - domain.excludes_hi
    as_type = float if type_.is_float else int
    upper, lower = (as_type(min(max(end, low), high)) for end in (FURTHEST, -FURTHEST))
    return upper, lower
