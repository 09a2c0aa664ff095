"""A reading compared with the graph: proved, or the first place where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compile.backend import Files
from compile.proof.core.cone import names_of_terms, shown, smallest_difference
from compile.proof.core.source import SourceTerms, source_terms
from compile.proof.core.terms import IllTyped
from compile.proof.core.verdict import Proved, Read, Reader, Reading, Unproved, Unreadable, Verdict, line_of
from dag.graphs.graph import Graph


def judge(graph: Graph, reader: Reader, files: Files) -> Verdict:
    """The verdict on the artifact that `reader` reads. Whatever the files hold, this gives a verdict and does not raise."""
    try:
        source = source_terms(graph)
        reading = reader.read(source, files)
    except Unreadable as problem:
        return Unproved(reader.artifact, problem.what, place=line_of(files, problem.file or reader.file, problem.line))
    except (IllTyped, KeyError) as problem:
        return Unproved(
            reader.artifact, f"an operator that has no terms, or on operands that it does not take: {problem}"
        )
    except RecursionError:
        return Unproved(reader.artifact, "it is nested too deeply to be read")
    if reading.says:
        return Proved(reader.artifact, 0, 0, 0, (), tuple(sorted(reading.assumed)), reading.says)
    missing = _first_missing(source, reader, reading)
    if missing is not None:
        return missing
    for each in _compared(source, reading):
        if each.expected != each.found.term:
            return _difference(source, reader, files, each)
    graph = source.graph
    return Proved(
        reader.artifact,
        nodes=len(reading.nodes),
        states=len(graph.states),
        outputs=len(graph.outputs),
        axioms=tuple(sorted(source.terms.used, key=lambda axiom: axiom.name)),
        assumed=tuple(sorted(reading.assumed)),
        written_again=tuple(sorted(reading.written_again)),
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """One value that artifact and graph both have, called `what`."""

    what: str
    node: int
    expected: int
    found: Read


def _compared(source: SourceTerms, reading: Reading) -> Iterator[_Compared]:
    """Everything to compare, nodes first and in the graph's order, so that the first difference is the cause."""
    graph = source.graph
    for node, read in sorted(reading.nodes.items()):
        yield _Compared("the value shown", node, source.of[node], read)
    for output in graph.outputs:
        yield _Compared(f"output `{output.name}`", output.node, source.of[output.node], reading.outputs[output.name])
    for state in graph.states:
        read = reading.next_states[state.name]
        yield _Compared(f"the next value of state `{state.name}`", state.next, source.of[state.next], read)
        initial = source.initial(state.initial, graph.types[state.node])
        read = reading.initial_states[state.name]
        yield _Compared(f"the initial value of state `{state.name}`", state.node, initial, read)
    if graph.status is not None and reading.status is not None:
        yield _Compared("the status returned", graph.status, source.of[graph.status], reading.status)


def _first_missing(source: SourceTerms, reader: Reader, reading: Reading) -> Unproved | None:
    graph = source.graph
    wanted = (
        ("output", {each.name for each in graph.outputs}, reading.outputs.keys()),
        ("next value of state", {each.name for each in graph.states}, reading.next_states.keys()),
        ("initial value of state", {each.name for each in graph.states}, reading.initial_states.keys()),
    )
    for what, names, found in wanted:
        for name in sorted(names ^ found):
            problem = f"{what} `{name}` is missing" if name in names else f"{what} `{name}` is not the graph's"
            return Unproved(reader.artifact, problem, is_refuted=True)
    for node in sorted(reader.required(source, reading)):
        if node not in reading.nodes:
            at = span.at if (span := graph.spans[node]) else ""
            return Unproved(reader.artifact, "the value of a node is not in it", graph.names[node], at, is_refuted=True)
    return None


def _difference(source: SourceTerms, reader: Reader, files: Files, compared: _Compared) -> Unproved:
    graph, names = source.graph, names_of_terms(source)
    expected, found = smallest_difference(source, compared.expected, compared.found.term)
    span = graph.spans[compared.node]
    return Unproved(
        reader.artifact,
        f"{compared.what} is not the graph's",
        node=graph.names[compared.node],
        at=span.at if span else "",
        place=line_of(files, reader.file, compared.found.line),
        expected=shown(source, expected, names),
        found=shown(source, found, names),
        is_refuted=True,
    )
