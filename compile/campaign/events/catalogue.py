"""Every event of every node of a graph: what a campaign can see, counted by column."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compile.analysis.facts import Fact
from compile.analysis.ranges import ranges
from compile.backend import Result
from compile.campaign.drawing.sample import float_ends
from compile.campaign.events.kinds import Masks, OperatorRows, events_of, observe
from compile.campaign.events.reachable import possible
from compile.check.compare import comparable_nodes
from dag.graphs.graph import Graph, Input, Param
from dag.operators.op import Op
from dag.values.domain import whole_domain
from dag.values.types import Kind, Type
from dag.values.words import Column, column_dtype, word_of, words_of_column

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that can happen at one node. `is_possible` is false where the range analysis rules it out."""

    node: int
    name: str
    is_possible: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The events of `graph`, in the order of its nodes; the counts of a campaign are in the same order."""

    graph: Graph
    events: tuple[Event, ...]
    #: Nodes whose events are counted on rejected rows too: those that find out whether a row is rejected.
    gates: frozenset[int]

    def count(self, result: Result, watched: frozenset[int] | None = None) -> Counts:
        """How often each event happened in `result`, which holds every comparable node; only at `watched` nodes if given."""
        counts = np.zeros(len(self.events), np.int64)
        accepted = self.accepted(result)
        everything = accepted is None or bool(accepted.all())
        place = 0
        for node, width in self._widths():
            if watched is not None and node not in watched:
                place += width
                continue
            for mask in self.masks_of(node, result).values():
                live = mask if everything or node in self.gates or accepted is None else mask & accepted
                counts[place] = np.count_nonzero(live)
                place += 1
        return counts

    def masks_of(self, node: int, result: Result) -> Masks:
        """The masks of the events of `node`, rejected rows included."""
        graph = self.graph
        op = graph.ops[node]
        if node == graph.status:
            return _status(graph, result.nodes[node])
        if not isinstance(op, Op):
            return _source(graph, node, result.nodes[node])
        shape = next(iter(result.nodes.values())).shape[:2]
        args = tuple(_column(graph, arg, result, shape) for arg in graph.args[node])
        return observe(OperatorRows(op, args, result.nodes.get(node), _types(graph, node), graph.types[node]))

    def accepted(self, result: Result) -> NDArray[np.bool_] | None:
        """Which rows are not rejected; None where the graph has no status."""
        status = self.graph.status
        if status is None or status not in result.nodes:
            return None
        return np.equal(result.nodes[status], 0)

    def _widths(self) -> Iterator[tuple[int, int]]:
        """Each node that has events, and how many."""
        for node, events in itertools.groupby(self.events, key=lambda event: event.node):
            yield node, len(list(events))


def catalogue_of(graph: Graph) -> Catalogue:
    """The events of `graph`, those that its ranges rule out marked."""
    facts = ranges(graph).facts
    nodes = set(comparable_nodes(graph))
    of_status = graph.status_scopes()
    gates = frozenset(node for node in range(len(graph)) if graph.owners[node] in of_status)
    events: list[Event] = []
    for node, op in enumerate(graph.ops):
        if graph.types[node].axis is not None:
            continue  # what happens at places is compared, and not counted
        readable = all(
            graph.types[arg].is_array or graph.constants[arg] is not None or arg in nodes for arg in graph.args[node]
        )
        if not (node in nodes or (graph.types[node].is_array and isinstance(op, Op))) or not readable:
            continue
        if node == graph.status:
            names = tuple(_status(graph, np.empty((0, 0), np.int64)))
        elif isinstance(op, Op):
            names = events_of(op, _types(graph, node), graph.types[node])
        else:
            names = tuple(_source(graph, node, np.empty((0, 0), column_dtype(graph.types[node]))))
        free = node in gates or not isinstance(op, Op)
        args = [None if graph.types[arg].is_array else facts[arg] for arg in graph.args[node]]
        result: Fact | None = None if graph.types[node].is_array else facts[node]
        for name in names:
            assert free or isinstance(op, Op)
            is_possible = free or possible(name, op, args, result, graph.types[node])  # type: ignore[arg-type]
            events.append(Event(node, name, is_possible))
    return Catalogue(graph, tuple(events), gates)


def _types(graph: Graph, node: int) -> tuple[Type, ...]:
    return tuple(graph.types[arg] for arg in graph.args[node])


def _column(graph: Graph, node: int, result: Result, shape: tuple[int, ...]) -> Column | None:
    type_, constant = graph.types[node], graph.constants[node]
    if type_.is_array:
        return None
    if constant is not None:
        return np.broadcast_to(np.array(constant, column_dtype(type_)), shape)
    return result.nodes[node]


def _status(graph: Graph, column: Column) -> Masks:
    masks = {"accepted": column == 0}
    for index, port in enumerate(graph.ports()):
        type_ = graph.types[port.node]
        unchecked = type_.kind in (Kind.I64, Kind.I32) and port.domain == whole_domain(type_)
        if type_.kind is not Kind.BOOL and not unchecked:
            masks[f"rejected for {port.name}"] = column == index + 1
    return masks


def _source(graph: Graph, node: int, column: Column) -> Masks:
    for state in graph.states:
        if state.node == node:
            return _state(graph, node, column, word_of(state.initial, graph.types[node]))
    port = next(port for port in graph.ports() if port.node == node)
    return _port(graph, port, column)


def _state(graph: Graph, node: int, column: Column, initial: int) -> Masks:
    words = words_of_column(column, graph.types[node])
    at_first = words == np.uint64(initial)
    changed, reset = np.zeros(column.shape, np.bool_), np.zeros(column.shape, np.bool_)
    changed[1:] = words[1:] != words[:-1]
    reset[1:] = changed[1:] & at_first[1:]
    held = ~changed & ~at_first
    return {"initial": at_first, "changed": changed, "held": held, "reset": reset}


def _port(graph: Graph, port: Input | Param, column: Column) -> Masks:
    type_, domain = graph.types[port.node], port.domain
    if type_.kind is Kind.BOOL:
        return {"true": column.astype(np.bool_), "false": ~column.astype(np.bool_)}
    if type_.members is not None:
        allowed = set(domain.codes or ())
        return {name: column == code for name, code in type_.members.codes if code in allowed}
    if type_.is_float:
        low, high = float_ends(type_, domain)
        masks = {"low end": column == low, "high end": column == high}
        if domain.contains(0.0):
            masks |= {"+0": (column == 0.0) & ~np.signbit(column), "-0": (column == 0.0) & np.signbit(column)}
    else:
        masks = {
            "low end": column == domain.lo + domain.excludes_lo,
            "high end": column == domain.hi - domain.excludes_hi,
        }
    if isinstance(port, Param) and port.default is not None:
        masks["default"] = column == port.default
    return masks
