"""Where a value goes without anyone asking first whether it may be trusted.

A choice whose condition depends on the question, and an `and` or `or` with it, ask: what comes out of them is settled there. So
does a product with a mask, `score * float(age <= 5.0)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from compile.analysis.values import choice_of, value_of
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Family


def depends_on(graph: Graph, questions: Iterable[int]) -> list[bool]:
    """For each node whether it is computed, within a bar, from one of `questions`."""
    asked = set(questions)
    found: list[bool] = []
    for node, args in enumerate(graph.args):
        found.append(node in asked or any(found[arg] for arg in args))
    return found


#: Whether a bool node that has this value settles the question.
Settles = Callable[[int, bool], bool]


def asking(asks: Sequence[bool]) -> Settles:
    """Every condition that depends on the question settles it; `asks` says which do."""
    return lambda condition, truth: asks[condition]


def unasked(graph: Graph, value: int, settles: Settles) -> list[bool]:
    """For each node whether `value` comes into it, within a bar, unasked."""
    found: list[bool] = []
    for node, args in enumerate(graph.args):
        found.append(node == value or _reaches(graph, node, args, found, settles))
    return found


def _reaches(graph: Graph, node: int, args: tuple[int, ...], found: list[bool], settles: Settles) -> bool:
    op = graph.ops[node]
    choice = choice_of(graph, node) if value_of(graph, node) == node else None
    if choice is not None:
        arms = ((choice.chosen, True), (choice.otherwise, False))
        # The condition itself may be asking: `x > 0.0 and fresh`.
        return found[choice.condition] or any(
            arm is not None and found[arm] and not settles(choice.condition, truth) for arm, truth in arms
        )
    if graph.family(node) is Family.LOGIC and len(args) == 2:
        # What stands on one side counts only where the other side leaves it open.
        return any(
            found[each] and not settles(other, op is ops.AND) for each, other in zip(args, reversed(args), strict=True)
        )
    if op is ops.PUT and settles(args[3], True):
        return False
    return any(found[arg] for arg in args)
