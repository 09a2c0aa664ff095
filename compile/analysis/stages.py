"""The earliest stage at which each value of a graph is known: when it is built, when parameters are bound, at a bar, in a row.

What is known early is computed once and used often: a value of the parameters alone once for all bars, one of the inputs alone
once for all instances that share them. A carried value differs from instance to instance and from bar to bar, so it is known
only in the row, and so is whatever depends on it or on both an input and a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum, unique

from dag.graphs.graph import Graph
from dag.operators.op import Source


@unique
class Stage(IntEnum):
    """When a value is known, the earliest first."""

    BUILD = 0
    BIND = 1
    BAR = 2
    ROW = 3


_OF_SOURCE = {Source.CONST: Stage.BUILD, Source.PARAM: Stage.BIND, Source.INPUT: Stage.BAR, Source.STATE: Stage.ROW}


def joined(first: Stage, second: Stage) -> Stage:
    """The stage of what depends on values of both; a parameter and an input meet in the row."""
    return Stage.ROW if {first, second} == {Stage.BIND, Stage.BAR} else max(first, second)


def stages(graph: Graph, operands: Callable[[int], Iterable[int]] | None = None) -> tuple[Stage, ...]:
    """The stage of every node, in the graph's order; `operands` says what a node reads where that is not what the graph says."""
    found: list[Stage] = []
    for node, op in enumerate(graph.ops):
        stage = _OF_SOURCE[op] if isinstance(op, Source) else Stage.BUILD
        for operand in graph.args[node] if operands is None else operands(node):
            stage = joined(stage, found[operand])
        found.append(stage)
    return tuple(found)
