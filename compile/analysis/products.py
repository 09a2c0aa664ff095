"""How often a factor enters a product on the way to each node, and under which conditions."""

from __future__ import annotations

from compile.analysis.conditions import Conditions
from compile.analysis.decisions import FALSE, TRUE, Decisions
from compile.analysis.values import choice_of, value_of
from dag.graphs.graph import Graph
from dag.operators.op import Family
from dag.values.types import BOOL

_PRODUCTS = (Family.PRODUCT, Family.QUOTIENT, Family.FUSED)


def entered_twice(graph: Graph, factor: int, known: Conditions) -> dict[int, int]:
    """For each node that `factor` reaches within a bar, under which conditions it has entered a product twice or more.

    Of a sum or a minimum the operand counts that the factor entered most often;
    comparisons and bools are no products. Raises TooLarge.
    """
    decisions = known.decisions
    never = (FALSE, FALSE)
    entered: dict[int, tuple[int, int]] = {factor: (TRUE, FALSE)}  # once or more, twice or more
    for node in range(factor + 1, len(graph)):
        family, args = graph.family(node), graph.args[node]
        given = [entered.get(arg, never) for arg in args]
        if graph.types[node].element == BOOL or all(each == never for each in given):
            continue
        choice = choice_of(graph, node) if value_of(graph, node) == node else None
        if choice is not None:
            condition = known.of(choice.condition)
            one, other = (
                never if arm is None else entered.get(arm, never) for arm in (choice.chosen, choice.otherwise)
            )
            entered[node] = decisions.choose(condition, one[0], other[0]), decisions.choose(condition, one[1], other[1])
            continue
        multiplied = 2 if family in _PRODUCTS else 0
        together = _product(given[:2], decisions) if multiplied else never
        for each in given[multiplied:]:
            together = (decisions.either(together[0], each[0]), decisions.either(together[1], each[1]))
        entered[node] = together
    return {node: twice for node, (_, twice) in entered.items()}


def _product(factors: list[tuple[int, int]], decisions: Decisions) -> tuple[int, int]:
    (once_a, twice_a), (once_b, twice_b) = factors
    twice = decisions.either(decisions.either(twice_a, twice_b), decisions.both(once_a, once_b))
    return decisions.either(once_a, once_b), twice
