"""The flush profile: subnormal numbers are made zeros, by nodes of the graph, so that every backend does the same.

A flush makes |x| <= 2^-1022 (2^-126 in binary32) a zero of the sign of x. The least normal number goes too: hardware that
flushes decides before rounding or after it, and the two differ only in results that round up to that very number.

It stands behind every port, every carried value and every operation, except where the magnitudes prove that nothing is there
to flush: every value of the graph is then a zero, beyond 2^-1022, or NaN, however much was proved. What only a flush reads is
no value of the graph any more: `unseen`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from compile.analysis.magnitude import LEAST_NORMAL, magnitudes
from dag.graphs.builder import GraphBuilder
from dag.graphs.copying import closed, copy_into
from dag.graphs.graph import Graph
from dag.language.lane import FLUSH, KEEP
from dag.operators import table as ops
from dag.operators.meanings import LEAST_NORMAL_F32, LEAST_NORMAL_F64
from dag.operators.op import Family, Law, Op, Source
from dag.operators.table import FAMILIES, IN_F32
from dag.values.types import Kind, Value

FLUSHES = tuple(op for op in FAMILIES[Family.RELABELLING] if Law.EXACT not in op.laws)
#: What they give is one of their operands, but for its sign: flushed already.
_CHOICES = frozenset({ops.NEG, ops.ABS, ops.AS_UNIT, ops.MIN, ops.MAX, ops.SELECT})
#: Results of binary32 that may be subnormal though no operand is.
_MAY_UNDERFLOW_F32 = frozenset(
    {*(IN_F32[op] for op in (ops.ADD, ops.SUB, ops.MUL, ops.DIV, ops.FMA)), ops.F64_TO_F32, ops.BITS_F32, ops.GET}
)
_SOURCES = (Source.INPUT, Source.PARAM, Source.STATE)
#: What stands for a node of the old graph in the new one: given the builder, the node and its copy.
_Standing = Callable[[GraphBuilder, int, int], int]


def flush_subnormals(graph: Graph) -> Graph:
    """`graph` in the flush profile. A name stays with the flushed value; the value before it has none of the user's."""
    return _with_flushes(_with_flushed_constants(graph))


def _with_flushed_constants(graph: Graph) -> Graph:
    """First of all: a constant that counts as non-zero would prove what does not hold once it is a zero."""

    def standing(builder: GraphBuilder, node: int, copied: int) -> int:
        constant = graph.constants[node]
        if constant is None:
            return copied
        return builder.const(_flushed(constant, graph.types[node].kind), graph.types[node], graph.units[node])

    return _copied(graph, standing)


def _with_flushes(graph: Graph) -> Graph:
    wanted = _to_flush(graph)

    def standing(builder: GraphBuilder, node: int, copied: int) -> int:
        if node not in wanted:
            return copied
        op = ops.FLUSH if graph.types[node].kind is Kind.F64 else ops.FLUSH_F32
        return builder.op(op, (copied,), graph.spans[node], owner=graph.owners[node])

    return _copied(graph, standing)


def _copied(graph: Graph, standing: _Standing) -> Graph:
    builder = GraphBuilder(graph.name)
    node_of = copy_into(builder, graph, lambda node, copied: standing(builder, node, copied))
    return closed(builder, graph, node_of)


def _to_flush(graph: Graph) -> set[int]:
    """The nodes that may be at or below the least normal number, and not zero, though nothing they read is."""
    found: set[int] = set()
    for node, (op, bound) in enumerate(zip(graph.ops, magnitudes(graph).bounds, strict=True)):
        kind = graph.types[node].kind
        if (
            (kind in (Kind.F64, Kind.F32) and op in _SOURCES and not graph.types[node].is_array)
            or (kind is Kind.F32 and isinstance(op, Op) and op in _MAY_UNDERFLOW_F32)
            or (isinstance(op, Op) and op not in _CHOICES and bound is not None and bound.least <= LEAST_NORMAL)
        ):
            found.add(node)
    return found


def _flushed(constant: Value, kind: Kind) -> Value:
    least = {Kind.F64: LEAST_NORMAL_F64, Kind.F32: LEAST_NORMAL_F32}.get(kind)
    return math.copysign(0.0, constant) if least is not None and abs(constant) <= least else constant


def profile_of(graph: Graph) -> str:
    """What becomes of subnormal numbers in `graph`: "keep" or "flush"."""
    return FLUSH if any(op in FLUSHES for op in graph.ops) else KEEP


def unseen(graph: Graph) -> frozenset[int]:
    """Ports and states that only flushes read, or nothing, and results that only flushes read and nobody named.

    On hardware that flushes their last bits are its own; all that is made of them is defined.
    """
    kept = {output.node for output in graph.outputs} | {state.next for state in graph.states}
    named = {tap.node for tap in graph.taps}
    users = graph.users()
    return frozenset(
        node
        for node, op in enumerate(graph.ops)
        if node not in kept
        and all(graph.ops[user] in FLUSHES for user in users[node])
        and (op in _SOURCES or (isinstance(op, Op) and node not in named and users[node]))
    )
