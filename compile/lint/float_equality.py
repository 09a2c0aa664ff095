"""`==` of computed floats."""

from __future__ import annotations

import math
from collections.abc import Iterator

from compile.lint.finding import finding
from compile.operand_text import whole_text
from dag.diagnostics import Diagnostic
from dag.graph import Graph
from dag.ops import (
    ABS,
    ADD,
    AS_UNIT,
    DIV,
    EQ,
    F64_TO_F32,
    FMA,
    I64_TO_F32,
    IN_F32,
    MAX,
    MIN,
    MUL,
    NE,
    NEG,
    SELECT,
    SQRT,
    SUB,
)


def float_equalities(graph: Graph) -> Iterator[Diagnostic]:
    """W005 for `==` of a rounded result, or of a choice or clamp of one, with anything else.

    `x == x` asks for NaN; zero and infinity are exact; and a value is compared with one of those that it is chosen from:
    `min(x, cap) == cap` says that the cap is reached, to the bit. All of these are fine.
    """
    for node in graph.operators():
        op, operands = graph.ops[node], graph.args[node]
        if op not in _EQUALITIES or operands[0] == operands[1] or any(_is_exact(graph, arg) for arg in operands):
            continue
        if "==" not in (text := whole_text(graph, node)) and "!=" not in text:
            continue  # one that `round` is made of
        chosen = [_chosen_from(graph, arg) for arg in operands]
        if operands[0] in chosen[1] or operands[1] in chosen[0]:
            continue
        rounded = [
            (arg, part)
            for arg, parts in zip(operands, chosen, strict=True)
            for part in sorted(parts)
            if graph.ops[part] in _ROUNDS
        ]
        if rounded:
            yield finding(
                "W005", graph, node, graph.names[node],
                f"no `{'==' if op in (EQ, IN_F32[EQ]) else '!='}` on a computed float: the last bit of a rounded result decides it",
                tuple(
                    f"`{graph.names[arg]}`, {'' if arg == part else 'which may be '}the rounded result of `{graph.ops[part]}`"
                    for arg, part in rounded
                ),
                "compare the distance with a bound, abs(a - b) <= slack; a cap says whether it holds: is_capped = x >= cap",
            )  # fmt: skip


def _is_exact(graph: Graph, node: int) -> bool:
    """Whether this is a constant that rounding hits, or that only overflow does."""
    constant = graph.constants[node]
    return constant is not None and (constant == 0 or not math.isfinite(constant))


def _chosen_from(graph: Graph, node: int) -> set[int]:
    """The values that `node` is one of, up to its sign: itself, and the operands of clamps and choices."""
    found: set[int] = set()
    pending = [node]
    while pending:
        each = pending.pop()
        if each not in found:
            found.add(each)
            op, args = graph.ops[each], graph.args[each]
            pending.extend(args[1:] if op is SELECT else args if op in _PASSES else ())
    return found


_EQUALITIES = (EQ, NE, IN_F32[EQ], IN_F32[NE])
_CHOOSES = (MIN, MAX, NEG, ABS)
_PASSES = (*_CHOOSES, *(IN_F32[op] for op in _CHOOSES), AS_UNIT)
_IN_F64 = (ADD, SUB, MUL, DIV, SQRT, FMA)
#: The operators whose result is rounded.
_ROUNDS = (*_IN_F64, *(IN_F32[op] for op in _IN_F64), F64_TO_F32, I64_TO_F32)
