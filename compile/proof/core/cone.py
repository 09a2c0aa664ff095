"""The smallest place where two terms differ, as text in the user's names."""

from __future__ import annotations

from compile.proof.core.source import SourceTerms
from compile.proof.core.terms import CONST, FILL, INPUT, PARAM, STATE

#: Operators that a shown cone nests at most.
_DEEPEST = 3


def smallest_difference(source: SourceTerms, expected: int, found: int) -> tuple[int, int]:
    """The first operands in which two terms differ, as long as they are the same operator of as many operands."""
    terms = source.terms
    while terms.operators[expected] == terms.operators[found] and terms.operands[expected]:
        pairs = zip(terms.operands[expected], terms.operands[found], strict=True)
        differing = [(a, b) for a, b in pairs if a != b]
        if len(differing) != 1:
            break
        expected, found = differing[0]
    return expected, found


def shown(source: SourceTerms, term: int, names: dict[int, str]) -> str:
    """A term as text, three operators deep; `names` says what the graph calls terms that stand below the first."""
    return _shown(source, term, names, _DEEPEST)


def names_of_terms(source: SourceTerms) -> dict[int, str]:
    """What the graph's own terms are called; the first node's name where several share one."""
    names: dict[int, str] = {}
    for node, term in enumerate(source.of):
        if source.terms.operators[term] != CONST:
            names.setdefault(term, source.graph.names[node])
    return names


def _shown(source: SourceTerms, term: int, names: dict[int, str], depth: int) -> str:
    terms = source.terms
    operator = terms.operators[term]
    if operator == CONST:
        value = terms.value(term)
        return f"{value!r} ({value.hex()})" if isinstance(value, float) else repr(value)
    if operator in (INPUT, PARAM, STATE):
        return f"{operator} `{terms.payloads[term]}`"
    if depth < _DEEPEST and term in names:
        return f"`{names[term]}`"
    if depth == 0:
        return "..."
    inner = ", ".join(_shown(source, each, names, depth - 1) for each in terms.operands[term])
    return f"{operator}({inner}, {terms.lengths[term]} times)" if operator == FILL else f"{operator}({inner})"
