"""The content hash: one name for everything that decides what a graph computes and what its values are called."""

from __future__ import annotations

import hashlib

from dag.graphs.graph import Graph, State
from dag.language.lifetime import SESSION
from dag.operators.op import Op, Source
from dag.values.domain import domain_key
from dag.values.types import F64, Type
from dag.values.words import word_of

#: Bumped whenever the meaning of a graph changes, so that a hash never names two meanings.
SEMANTICS_VERSION = 1


def _type_text(type_: Type) -> str:
    if type_.members is None:
        return str(type_)
    return f"{type_.members!r}{'' if type_.length is None else type_.length}{'' if type_.axis is None else type_.axis}"


def content_hash(graph: Graph) -> str:
    """SHA-256 of everything that decides what the graph computes and what its values are called. No spans, no docs."""
    digests: list[str] = []
    for node, op in enumerate(graph.ops):
        constant = graph.constants[node]
        parts = (
            op.name if isinstance(op, Op) else op.value,
            _type_text(graph.types[node]),
            graph.units[node],
            "" if constant is None else f"{word_of(constant, graph.types[node]):016x}",
            graph.names[node] if op in (Source.INPUT, Source.PARAM, Source.STATE) else "",
            *(digests[arg] for arg in graph.args[node]),
        )
        digests.append(hashlib.sha256("\x1f".join(parts).encode()).hexdigest())
    lines = [f"semantics {SEMANTICS_VERSION}", f"graph {graph.name}"]
    lines += [f"input {p.name} {domain_key(p.domain, graph.types[p.node])}" for p in graph.inputs]
    for p in graph.params:
        default = "" if p.default is None else f"{word_of(p.default, graph.types[p.node]):016x}"
        lines.append(f"param {p.name} {domain_key(p.domain, graph.types[p.node])} {default}")
    lines += [
        f"state {s.name} {word_of(s.initial, graph.types[s.node]):016x} {digests[s.next]}{_lasting(graph, s)}"
        for s in graph.states
    ]
    lines += [f"output {o.name} {word_of(o.safe, graph.types[o.node]):016x} {digests[o.node]}" for o in graph.outputs]
    lines += [f"tap {t.name} {digests[t.node]}" for t in graph.taps]
    lines += [] if graph.status is None else [f"status {digests[graph.status]}"]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _lasting(graph: Graph, state: State) -> str:
    """How long the state lasts and when it is warm; nothing where it is as any other."""
    initial, cold = (word_of(value, graph.types[state.node]) for value in (state.initial, state.cold))
    if state.lifetime == SESSION and cold == initial and state.warm_up == 0:
        return ""
    max_age = word_of(state.lifetime.max_age, F64)
    return f" {state.lifetime.kind.value} {max_age:016x} {cold:016x} {state.warm_up}"
