"""What a graph is in a row that is not rejected, worked out from its terms, without anything that emits such rows.

The status of a row is `select(first, select(second, 0, 2), 1)`: 0 exactly where every check holds, since no number is 0. In such a
row a choice by `status == 0` is its first arm, and what is anded with it is what it is.
"""

from __future__ import annotations

from compile.proof.core.axioms import Axiom
from compile.proof.core.source import SourceTerms
from compile.proof.core.terms import CONST, Terms
from dag.operators.op import Op
from dag.values.types import Kind


def implied_by(source: SourceTerms, ok: int) -> bool:
    """Whether the status is 0 in every row in which the bool `ok` is true."""
    graph, terms = source.graph, source.terms
    if graph.status is None:
        return True
    status = source.of[graph.status]
    true = _conjuncts(terms, ok)
    if terms.term("ieq", status, terms.constant(0, Kind.I64)) in true:
        return True
    while terms.operators[status] == "select":
        check, otherwise, number = terms.operands[status]
        if check not in true or not terms.value(number):
            return False
        status = otherwise
    terms.used.add(Axiom.ACCEPTED)
    return terms.operators[status] == CONST and terms.value(status) == 0


def _conjuncts(terms: Terms, bool_: int) -> set[int]:
    """Bools that are all true where this one is."""
    found, pending = set[int](), [bool_]
    while pending:
        each = pending.pop()
        if each in found:
            continue
        found.add(each)
        if terms.operators[each] == "and":
            pending.extend(terms.operands[each])
    return found


def accepted_terms(source: SourceTerms) -> tuple[int, ...]:
    """The term of each node of the graph in a row whose status is 0, where that makes a choice; else what it is in any row."""
    graph, terms = source.graph, source.terms
    if graph.status is None:
        return source.of
    true, zero = terms.constant(True, Kind.BOOL), terms.constant(0, Kind.I64)
    accepted = terms.term("ieq", source.of[graph.status], zero)
    of: list[int] = []
    for node, op in enumerate(graph.ops):
        operands = [of[arg] for arg in graph.args[node]]
        # Those that are true because the row is accepted.
        holds = [of[arg] == true != source.of[arg] for arg in graph.args[node]]
        if source.of[node] == accepted:
            of.append(true)
        elif node == graph.status:
            of.append(zero)
        elif not isinstance(op, Op) or operands == [source.of[arg] for arg in graph.args[node]]:
            of.append(source.of[node])
        elif op.name == "select" and holds[0]:
            of.append(operands[1])
        elif op.name == "and" and any(holds):
            of.append(operands[1 if holds[0] else 0])
        else:
            of.append(terms.term(op.name, *operands))
    terms.used.add(Axiom.ACCEPTED)
    return tuple(of)
