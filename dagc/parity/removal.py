"""Which lane, taken out, explains the residue: the graph is run again with each factor replaced in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from compile.backend import Batch
from compile.interpreter.backend import Interpreter
from dag.graphs.builder import GraphBuilder
from dag.graphs.copying import closed, copy_into
from dag.graphs.graph import Graph
from dag.operators.op import Op, Source
from dag.operators.units import DIMENSIONLESS
from dag.values.types import Value
from dag.values.words import Words, column_of_words, words_of_column
from dagc.parity.asking import Mask, OracleAnswers
from dagc.parity.tally import answered, differing

#: Two floats this close are apart by rounding only, such as libm's; whether they agree is another matter.
CLOSE = 2.0**-44
#: The share of the rows that a removal must explain, rounding aside, to be spoken of.
WORTH = 0.1
#: The most values of a graph that are taken out one after the other.
MOST = 400


#: What replaces a value: ("const", 1.0), or ("node", 17), another node.
Place = tuple[str, Value | int]


@dataclass(frozen=True, slots=True)
class Removal:
    """One value, what stood in its place (a number, or the name of a value that it was passed), and what became of the rows
    that differ: `explained` of them agree to the bit then, `close` are apart by rounding only."""

    name: str
    at: str | None
    instead: str
    explained: int
    close: int
    #: The node, and what stood in its place.
    node: int
    place: Place

    def words(self, graph: Graph, batch: Batch, names: list[str]) -> dict[str, Words]:
        """What the graph says without it."""
        return run(_without(graph, self.node, self.place), batch, names)


def removals(graph: Graph, batch: Batch, answers: OracleAnswers, accepted: Mask, wrong: Mask) -> list[Removal]:
    """The removals that explain any of the rows that differ, the best first.

    Taken out are the results of lanes, parameters, and the plain ratios among inputs and named values. In the place of a ratio
    stand 1 and 0, in that of a parameter its default; a lane whose result is of the type and unit of something that it takes
    may also hand that through.
    """
    found: list[Removal] = []
    for name, node, substitutes in _candidates(graph):
        for instead, place in substitutes:
            words = run(_without(graph, node, place), batch, list(answers.words))
            agree = wrong & ~differing(words, answers, accepted)
            close = wrong & _close(graph, words, answers)
            explained, near = int(np.count_nonzero(agree)), int(np.count_nonzero(agree | close))
            if near >= WORTH * np.count_nonzero(wrong):
                span = graph.spans[node]
                found.append(Removal(name, span.at if span else None, instead, explained, near, node, place))
    return sorted(found, key=lambda each: (-each.close, -each.explained, each.name))


def run(graph: Graph, batch: Batch, names: list[str]) -> dict[str, Words]:
    """The words of these outputs in the interpreter."""
    interpreter = Interpreter()
    nodes = {output.name: output.node for output in graph.outputs if output.name in names}
    result = interpreter.load(graph, interpreter.lower(graph)).run(batch, list(nodes.values()))
    return {name: words_of_column(result.nodes[node], graph.types[node]) for name, node in nodes.items()}


def _candidates(graph: Graph) -> Iterator[tuple[str, int, list[tuple[str, Place]]]]:
    """Name, node, and what may stand in its place."""
    results = _results_of_lanes(graph)
    named = dict.fromkeys(node for port in graph.ports() for node in (port.node,))
    named |= dict.fromkeys(tap.node for tap in graph.taps)
    outputs = {output.node for output in graph.outputs}
    own = {tap.node: tap.name for tap in reversed(graph.taps)}
    defaults = {port.node: port.default for port in graph.params if port.default is not None}
    status_scope = graph.status_scopes()
    for count, node in enumerate(sorted({*results, *named})):
        is_computed = isinstance(graph.ops[node], Op) or graph.ops[node] in (Source.INPUT, Source.PARAM)
        if count >= MOST or not is_computed or node in outputs or graph.owners[node] in status_scope:
            continue
        places: list[tuple[str, Place]] = []
        if node in defaults:
            places.append((f"its default {defaults[node]!r}", ("const", defaults[node])))
        if graph.types[node].is_float and graph.units[node] == DIMENSIONLESS:
            places += [("1", ("const", 1.0)), ("0", ("const", 0.0))]
        places += [(own.get(each, graph.names[each]), ("node", each)) for each in results.get(node, [])]
        if places:
            yield own.get(node, graph.names[node]), node, places


def _results_of_lanes(graph: Graph) -> dict[int, list[int]]:
    """The values that a lane hands out, each with what it was handed of the same type and unit."""
    inside: list[set[int]] = [set() for _ in graph.scopes]
    for scope in range(len(graph.scopes)):
        above = scope
        while above > 0:
            inside[above].add(scope)
            above = graph.scopes[above].parent
    found: dict[int, list[int]] = {}
    users = graph.users()
    for scope in range(1, len(graph.scopes)):
        own = [node for node in range(len(graph)) if graph.owners[node] in inside[scope]]
        taken = {arg for node in own for arg in graph.args[node] if graph.owners[arg] not in inside[scope]}
        for node in own:
            if isinstance(graph.ops[node], Op) and any(graph.owners[user] not in inside[scope] for user in users[node]):
                same = [
                    t
                    for t in sorted(taken)
                    if (graph.types[t], graph.units[t]) == (graph.types[node], graph.units[node])
                ]
                found[node] = [t for t in same if graph.constants[t] is None]
    return found


def _without(graph: Graph, removed: int, place: Place) -> Graph:
    """The graph with one node replaced."""
    builder = GraphBuilder(graph.name)
    copies: dict[int, int] = {}

    def then(node: int, copied: int) -> int:
        kind, value = place
        if node == removed:
            type_, unit = graph.types[node], graph.units[node]
            copied = builder.const(value, type_, unit) if kind == "const" else copies[int(value)]
        copies[node] = copied
        return copied

    node_of = copy_into(builder, graph, then)
    return closed(builder, graph, node_of)


def _close(graph: Graph, words: Mapping[str, Words], answers: OracleAnswers) -> Mask:
    """Where every float is within rounding of the answer, and everything else equal."""
    types = {output.name: graph.types[output.node] for output in graph.outputs}
    result = np.ones(next(iter(words.values())).shape, np.bool_)
    for name in answered(answers):
        if types[name].is_float:
            ours = column_of_words(words[name], types[name]).astype(np.float64)
            theirs = column_of_words(answers.words[name], types[name]).astype(np.float64)
            with np.errstate(all="ignore"):
                result &= (words[name] == answers.words[name]) | (np.abs(ours - theirs) <= CLOSE * np.abs(theirs))
        else:
            result &= words[name] == answers.words[name]
    return result
