"""How often a factor enters a product on the way to each node, and under which conditions."""

from __future__ import annotations

from compile.analysis.conditions import Conditions
from compile.analysis.decisions import FALSE, TRUE, Decisions
from dag import ops
from dag.graph import Graph
from dag.types import BOOL

_PRODUCTS = (ops.MUL, ops.MUL_F32, ops.IMUL, ops.DIV, ops.DIV_F32, ops.IDIV)
_FUSED = (ops.FMA, ops.FMA_F32)


def entered_twice(graph: Graph, factor: int, known: Conditions) -> dict[int, int]:
    """For each node that `factor` reaches within a bar, under which conditions it has entered a product twice or more.

    Of a sum or a minimum the operand counts that the factor entered most often;
    comparisons and bools are no products. Raises TooLarge.
    """
    decisions = known.decisions
    never = (FALSE, FALSE)
    entered: dict[int, tuple[int, int]] = {factor: (TRUE, FALSE)}  # once or more, twice or more
    for node in range(factor + 1, len(graph)):
        op, args = graph.ops[node], graph.args[node]
        given = [entered.get(arg, never) for arg in args]
        if graph.types[node].element == BOOL or all(each == never for each in given):
            continue
        if op is ops.SELECT:
            condition = known.of(args[0])
            entered[node] = (
                decisions.choose(condition, given[1][0], given[2][0]),
                decisions.choose(condition, given[1][1], given[2][1]),
            )
            continue
        together = _product(given[:2], decisions) if op in (*_PRODUCTS, *_FUSED) else never
        rest = given[2:] if op in _FUSED else [] if op in _PRODUCTS else given
        for each in rest:
            together = (decisions.either(together[0], each[0]), decisions.either(together[1], each[1]))
        entered[node] = together
    return {node: twice for node, (_, twice) in entered.items()}


def _product(factors: list[tuple[int, int]], decisions: Decisions) -> tuple[int, int]:
    (once_a, twice_a), (once_b, twice_b) = factors
    twice = decisions.either(decisions.either(twice_a, twice_b), decisions.both(once_a, once_b))
    return decisions.either(once_a, once_b), twice
