"""A graph as terms: what every artifact made from it has to compute."""

from __future__ import annotations

from dataclasses import dataclass

from compile.proof.core.terms import INPUT, PARAM, STATE, Terms
from dag.graphs.graph import Graph
from dag.operators.op import Op, Source
from dag.values.types import Type, Value


@dataclass(frozen=True, slots=True)
class SourceTerms:
    """`of[node]` is the term of each node of `graph`, in `terms`; readers build their own terms there."""

    graph: Graph
    terms: Terms
    of: tuple[int, ...]

    def initial(self, value: Value, type_: Type) -> int:
        """The term of a state's initial value: a constant, or an array filled with it."""
        constant = self.terms.constant(value, type_.kind)
        return constant if type_.length is None else self.terms.fill(constant, type_.length)


def source_terms(graph: Graph, terms: Terms | None = None) -> SourceTerms:
    """The terms of `graph`, one walk over its nodes; in tables of their own, or among those of another graph."""
    terms = Terms() if terms is None else terms
    names = {
        **{port.node: (INPUT, port.name) for port in graph.inputs},
        **{port.node: (PARAM, port.name) for port in graph.params},
        **{port.node: (STATE, port.name) for port in graph.states},
    }
    of: list[int] = []
    for node, op in enumerate(graph.ops):
        if isinstance(op, Op):
            of.append(terms.term(op.name, *(of[arg] for arg in graph.args[node])))
        elif op is Source.CONST:
            value = graph.constants[node]
            assert value is not None
            of.append(terms.constant(value, graph.types[node].kind))
        else:
            of.append(terms.leaf(*names[node], graph.types[node]))
    return SourceTerms(graph, terms, tuple(of))
