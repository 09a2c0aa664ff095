"""A disagreement as one file: the graph, its rows and the words, to be read by people and replayed by `dagc fuzz --replay`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from compile.backend import Backend, Batch
from compile.campaign.fuzz.graphs import GraphFinding, examine
from compile.check.compare import comparable_nodes
from dag.graphs.graph import Graph
from dag.graphs.json_form import DamagedGraph, graph_from_document, graph_to_json
from dag.values.types import Type
from dag.values.words import Column, column_of_words, words_of_column

#: The version of this layout; 1 had a form of the graph of its own.
FORMAT = 2


class DamagedReproducer(ValueError):
    """A file is not a reproducer, or not a complete one; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Reproducer:
    """What a file holds: a graph, rows, the nodes asked for at once, and the backend that was wrong."""

    backend: str
    graph: Graph
    batch: Batch
    nodes: tuple[int, ...]

    def replay(self, backends: Mapping[str, Backend]) -> list[GraphFinding]:
        """What is wrong today, in whichever of `backends`, asked for the recorded nodes and for all."""
        findings: list[GraphFinding] = []
        for backend in backends.values():
            for nodes in dict.fromkeys((self.nodes, tuple(comparable_nodes(self.graph)))):
                found = examine(backend, self.graph, self.batch, nodes)
                if found is not None:
                    findings.append(found)
                    break
        return findings


def to_json(finding: GraphFinding, origin: str) -> str:
    """The text of the file; `origin` says which command found it."""
    graph, batch = finding.graph, finding.batch
    document = {
        "format": FORMAT,
        "backend": finding.backend,
        "origin": origin,
        "explained": finding.explained().splitlines(),
        "bars": batch.bars,
        "instances": batch.instances,
        "inputs": {p.name: _hex(batch.inputs[p.name], graph.types[p.node]) for p in graph.inputs},
        "params": {p.name: _hex(batch.params[p.name], graph.types[p.node]) for p in graph.params},
        "state": None
        if batch.state is None
        else {s.name: _hex(batch.state[s.name], graph.types[s.node]) for s in graph.states},
        "asked": [graph.names[node] for node in finding.nodes],
    }
    entries = [f"{json.dumps(key)}: {_entry(value)}" for key, value in document.items()]
    entries.append(f'"graph": {graph_to_json(graph).decode().rstrip()}')
    return "{\n" + ",\n".join(entries) + "\n}\n"


def from_json(text: str) -> Reproducer:
    """The inverse of `to_json`. Raises DamagedReproducer."""
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise DamagedReproducer(f"this dagc reads reproducers of format {FORMAT}, this is {document['format']!r}")
        graph = graph_from_document(document["graph"])
        named = {name: node for node, name in enumerate(graph.names)}
        types = {port.name: graph.types[port.node] for port in graph.ports()}
        types |= {state.name: graph.types[state.node] for state in graph.states}

        def columns(part: str) -> dict[str, Column]:
            return {name: _column(words, types[name]) for name, words in document[part].items()}

        batch = Batch(
            columns("inputs"),
            columns("params"),
            None if document["state"] is None else columns("state"),
            document["bars"],
            document["instances"],
        )
        nodes = tuple(named[name] for name in document["asked"])
        return Reproducer(document["backend"], graph, batch, nodes)
    except DamagedReproducer:
        raise
    except DamagedGraph as problem:
        raise DamagedReproducer(str(problem)) from problem
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise DamagedReproducer(f"this is not a complete reproducer: {type(problem).__name__}: {problem}") from problem


def _entry(value: object) -> str:
    if isinstance(value, list) and value:
        return "[\n " + ",\n ".join(json.dumps(item, ensure_ascii=False) for item in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)


def _hex(column: Column, type_: Type) -> Any:
    words = words_of_column(column, type_)
    return np.vectorize(lambda word: f"{int(word):016x}", otypes=[object])(words).tolist()


def _column(written: Any, type_: Type) -> Column:
    array = np.array(written, dtype=object)
    words = np.vectorize(lambda word: int(word, 16), otypes=[np.uint64])(array).astype(np.uint64)
    return column_of_words(words, type_)
