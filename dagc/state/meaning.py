"""What a state means: how its value comes about, whatever it and the lane are called.

Two states mean the same where they begin equal and are updated in equal ways by values that mean the same: the coarsest partition of
the states of two graphs whose classes agree in that, found by refining labels until no class splits. States of equal meaning hold
equal words after the same accepted bars under the same parameters (by induction over the bars), so a state of a new version can go
on with the word of one of the old.

Names, spans, domains, defaults and values of parameters are no part of it; ports by name, type and unit are. What a rejected bar
leaves alone is left out: whether a bar is accepted depends on every port of a graph.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dag.graphs.graph import Graph, State
from dag.operators.op import Source
from dag.values.words import word_of


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a state from others: what it holds and begins with, how it is updated by the states of these names, its meaning."""

    shape: str
    cone: str
    meaning: str


def identities(*graphs: Graph) -> list[dict[str, Identity]]:
    """The identity of every state of each graph, by name; meanings compare across these graphs, and no others."""
    shapes = [{state.name: shape_of(graph, state) for state in graph.states} for graph in graphs]
    labels = shapes
    classes = 0
    while (count := len({label for each in labels for label in each.values()})) > classes:
        classes = count
        labels = [_refined(graph, each) for graph, each in zip(graphs, labels, strict=True)]
    by_name = [{name: _hash("state", name, shape) for name, shape in shape_by_name.items()} for shape_by_name in shapes]
    cones = [_cones(graph, each) for graph, each in zip(graphs, by_name, strict=True)]
    return [
        {name: Identity(shape[name], cone[name], label[name]) for name in label}
        for shape, cone, label in zip(shapes, cones, labels, strict=True)
    ]


def shape_of(graph: Graph, state: State) -> str:
    """What a state holds: its type, members and unit, its lifetime, and what it begins with and is when cold."""
    type_ = graph.types[state.node]
    members = () if type_.element.members is None else type_.element.members.codes
    held = (word_of(value, type_.element) for value in (state.initial, state.cold))
    return _hash("shape", repr(type_), repr(members), graph.units[state.node], repr(state.lifetime), *map(str, held))


def _refined(graph: Graph, labels: Mapping[str, str]) -> dict[str, str]:
    """Labels that also tell apart how the states are updated, by states of which labels."""
    cones = _cones(graph, labels)
    return {name: _hash("class", label, cones[name]) for name, label in labels.items()}


def _cones(graph: Graph, labels: Mapping[str, str]) -> dict[str, str]:
    """For each state a hash of what computes its next value; a state that is read counts as its label."""
    of_state = {state.node: labels[state.name] for state in graph.states}
    ports = {port.node: ("port", port.name) for port in graph.ports()}
    accepted = {graph.args[each.node][0] for each in graph.outputs if graph.passed_on(each.node) != each.node}
    found: list[str] = []
    for node, op in enumerate(graph.ops):
        constant, type_ = graph.constants[node], graph.types[node]
        about = (repr(type_), graph.units[node])
        if op is Source.STATE:
            found.append(of_state[node])
        elif node in accepted:
            found.append(_hash("accepted"))
        elif node in ports:
            found.append(_hash(*ports[node], *about))
        elif constant is not None:
            found.append(_hash("constant", *about, repr(word_of(constant, type_.element))))
        else:
            found.append(_hash("node", str(op), *about, *(found[arg] for arg in graph.args[node])))
    return {state.name: found[graph.passed_on(state.next)] for state in graph.states}


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def same(identities_: Sequence[Identity]) -> bool:
    """Whether all mean the same."""
    return len({each.meaning for each in identities_}) <= 1
