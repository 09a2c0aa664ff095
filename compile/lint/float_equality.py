"""`==` of computed floats."""

from __future__ import annotations

from collections.abc import Iterator

from compile.lint.finding import finding
from dag.diagnostics import Diagnostic
from dag.graph import Graph
from dag.ops import ADD, DIV, EQ, F64_TO_F32, FMA, I64_TO_F32, IN_F32, MUL, NE, SQRT, SUB, Source


def float_equalities(graph: Graph) -> Iterator[Diagnostic]:
    """`==` of a rounded result with something that varies. `x == x` asks for NaN, and a constant is a guard: both are fine."""
    for node in graph.operators():
        op, operands = graph.ops[node], dict.fromkeys(graph.args[node])
        if op not in _EQUALITIES or len(operands) == 1 or any(graph.ops[arg] is Source.CONST for arg in operands):
            continue
        rounded = tuple(arg for arg in operands if graph.ops[arg] in _ROUNDS)
        if rounded:
            yield finding(
                "W005", graph, node, graph.names[node],
                f"no `{'==' if op in (EQ, IN_F32[EQ]) else '!='}` on a computed float: the last bit of a rounded result decides it",
                tuple(f"`{graph.names[arg]}`, the rounded result of `{graph.ops[arg]}`" for arg in rounded),
                "compare the distance with a bound: abs(a - b) <= slack",
            )  # fmt: skip


_EQUALITIES = (EQ, NE, IN_F32[EQ], IN_F32[NE])
_IN_F64 = (ADD, SUB, MUL, DIV, SQRT, FMA)
#: The operators whose result is rounded.
_ROUNDS = (*_IN_F64, *(IN_F32[op] for op in _IN_F64), F64_TO_F32, I64_TO_F32)
