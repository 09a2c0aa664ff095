"""`==` of computed floats."""

from __future__ import annotations

import math
from collections.abc import Iterator

from compile.analysis.values import choice_of, is_same, value_of
from compile.lint.finding import finding
from compile.operand_text import whole_text
from dag.diagnostics.diagnostic import Diagnostic
from dag.graphs.graph import Graph
from dag.operators.op import Family, Law, Op
from dag.operators.table import I64_TO_F64


def float_equalities(graph: Graph) -> Iterator[Diagnostic]:
    """W005 for `==` of a rounded result, or of a choice or clamp of one, with anything else.

    `x == x` asks for NaN; zero and infinity are exact; and a value is compared with one of those that it is chosen from:
    `min(x, cap) == cap` says that the cap is reached, to the bit. All of these are fine.
    """
    for node in graph.operators():
        op, operands = graph.ops[node], graph.args[node]
        if not isinstance(op, Op) or op.family is not Family.EQUALITY or not graph.types[operands[0]].is_float:
            continue
        if is_same(graph, *operands) or any(_is_exact(graph, arg) for arg in operands):
            continue
        if "==" not in (text := whole_text(graph, node)) and "!=" not in text:
            continue  # one that `round` is made of
        chosen = [_chosen_from(graph, arg) for arg in operands]
        if any(value_of(graph, arg) in others for arg, others in zip(operands, reversed(chosen), strict=True)):
            continue
        rounded = [
            (arg, part)
            for arg, parts in zip(operands, chosen, strict=True)
            for part in sorted(parts)
            if _is_rounded(graph, part)
        ]
        if rounded:
            yield finding(
                "W005", graph, node, graph.names[node],
                f"no `{op.symbol}` on a computed float: the last bit of a rounded result decides it",
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
            choice = choice_of(graph, each) if graph.family(each) is Family.CHOICE else None
            if choice is not None:
                pending.extend(choice.arms)
            elif graph.family(each) in _PASSES and not _is_rounded(graph, each):
                pending.extend(graph.args[each])
    return found


#: What gives one of its operands, or its only one, up to the sign.
_PASSES = (
    *(Family.MINIMUM, Family.MAXIMUM, Family.NEGATION, Family.MAGNITUDE),
    *(Family.CONVERSION, Family.RELABELLING),
)


def _is_rounded(graph: Graph, node: int) -> bool:
    """Whether this is a rounded result; an integer as a binary64 number is one from 2^53 on only."""
    op = graph.ops[node]
    return isinstance(op, Op) and Law.ROUNDS in op.laws and op is not I64_TO_F64
