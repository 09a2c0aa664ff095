"""Which clamps lie upstream of a value: the `min` and `max`, and choices that do the same, whose results it was computed from.

What a clamp cut off is lost for everything after it, at this bar and, through a state, at all later ones. A bound that
only keeps a divisor away from zero (`x / max(depth, floor)`) cuts nothing off the quotient's numerator and does not count; the
insides of a function without taps are its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from compile.analysis.flow import forward
from dag import ops
from dag.graph import Graph
from dag.ops import Source
from dag.types import Kind

_NUMBERS = (Kind.F64, Kind.F32, Kind.I64, Kind.I32)
_BOUNDS = (ops.MIN, ops.MAX, ops.MIN_F32, ops.MAX_F32, ops.IMIN, ops.IMAX)
_DIVISIONS = (ops.DIV, ops.DIV_F32, ops.IDIV)
_ORDERS = (
    *(ops.LT, ops.LE, ops.GT, ops.GE),
    *(ops.LT_F32, ops.LE_F32, ops.GT_F32, ops.GE_F32),
    *(ops.ILT, ops.ILE, ops.IGT, ops.IGE),
)


def clamps_upstream(graph: Graph) -> tuple[frozenset[int], ...]:
    """For each node the clamps that its value went through, itself included."""
    nothing: frozenset[int] = frozenset()

    def lineage(node: int, operands: Sequence[frozenset[int]]) -> frozenset[int]:
        op, args = graph.ops[node], graph.args[node]
        if graph.types[node].element.kind not in _NUMBERS:
            return nothing
        if op is ops.SELECT:
            operands = operands[1:]
        elif op in _DIVISIONS and is_clamp(graph, args[1]):
            operands = (operands[0], operands[1] - {args[1]})
        own = frozenset({node}) if is_clamp(graph, node) and not graph.total[node] else nothing
        return own.union(*operands)

    return tuple(forward(graph, nothing, lineage))


def is_clamp(graph: Graph, node: int) -> bool:
    """Whether `node` is the smaller or the larger of two values that are not both known beforehand."""
    op, args = graph.ops[node], graph.args[node]
    if op in _BOUNDS:
        return args[0] != args[1] and any(graph.ops[arg] not in (Source.CONST, Source.PARAM) for arg in args)
    if op is ops.SELECT and graph.ops[args[0]] in _ORDERS:
        return set(args[1:]) == set(graph.args[args[0]]) and args[1] != args[2]
    return False
