"""Where a value goes without anyone asking first whether it may be trusted.

A choice whose condition depends on the question, and an `and` or `or` with it, ask: what comes out of them is settled there.
"""

from __future__ import annotations

from collections.abc import Iterable

from dag import ops
from dag.graph import Graph


def depends_on(graph: Graph, questions: Iterable[int]) -> list[bool]:
    """For each node whether it is computed, within a bar, from one of `questions`."""
    asked = set(questions)
    found: list[bool] = []
    for node, args in enumerate(graph.args):
        found.append(node in asked or any(found[arg] for arg in args))
    return found


def unasked(graph: Graph, value: int, asks: list[bool]) -> list[bool]:
    """For each node whether `value` comes into it, within a bar, unasked; `asks` says which nodes depend on the question."""
    found: list[bool] = []
    for node, args in enumerate(graph.args):
        op = graph.ops[node]
        reached = [found[arg] for arg in args]
        if op is ops.SELECT and asks[args[0]]:
            reached = reached[:1]  # the condition itself may be asking: `x > 0.0 and fresh`
        elif op in (ops.AND, ops.OR):
            reached = [each and not asks[other] for each, other in zip(reached, reversed(args), strict=True)]
        elif op is ops.PUT and asks[args[3]]:
            reached = []
        found.append(node == value or any(reached))
    return found
