"""The flush profile: subnormal numbers are made zeros, by nodes of the graph, so that every backend does the same.

A flush makes |x| <= 2^-1022 (2^-126 in binary32) a zero of the sign of x. The least normal number goes too: hardware that
flushes decides before rounding or after it, and the two differ only in results that round up to that very number.

It stands behind every port and every carried value, and behind every result that may be subnormal; where the magnitudes
prove that none is, there is none. What only a flush reads is no value of the graph any more: `unseen`.
"""

from __future__ import annotations

import math

from compile.analysis.magnitude import magnitudes
from dag import ops
from dag.builder import GraphBuilder
from dag.copying import copy_into
from dag.graph import Graph
from dag.lane import FLUSH, KEEP
from dag.meanings import LEAST_NORMAL_F32, LEAST_NORMAL_F64
from dag.ops import IN_F32, Op, Source
from dag.types import Kind, Value

FLUSHES = (ops.FLUSH, ops.FLUSH_F32)
#: Binary32 results that may be subnormal though no operand is.
_MAY_UNDERFLOW_F32 = frozenset(
    {*(IN_F32[op] for op in (ops.ADD, ops.SUB, ops.MUL, ops.DIV, ops.FMA)), ops.F64_TO_F32, ops.BITS_F32}
)
_SOURCES = (Source.INPUT, Source.PARAM, Source.STATE)


def flush_subnormals(graph: Graph) -> Graph:
    """`graph` in the flush profile. A name stays with the flushed value; the value before it has none of the user's."""
    builder = GraphBuilder(graph.name)
    wanted = _subnormal(graph)

    def flushed(node: int, copied: int) -> int:
        constant = graph.constants[node]
        if constant is not None:
            return builder.const(_flushed(constant, graph.types[node].kind), graph.types[node], graph.units[node])
        if node not in wanted:
            return copied
        op = ops.FLUSH if graph.types[node].kind is Kind.F64 else ops.FLUSH_F32
        return builder.op(op, (copied,), graph.spans[node], owner=graph.owners[node])

    node_of = copy_into(builder, graph, flushed)
    for output in graph.outputs:
        builder.output(output.name, node_of[output.node], output.safe)
    if graph.status is not None:
        builder.set_status(node_of[graph.status])
    builder.close_scope()
    return builder.freeze()


def _subnormal(graph: Graph) -> set[int]:
    """The nodes that may be subnormal though nothing they read is."""
    found = set(magnitudes(graph).unproved)
    for node, op in enumerate(graph.ops):
        if graph.types[node].kind is Kind.F32 and (op in _SOURCES or op in _MAY_UNDERFLOW_F32):
            found.add(node)
    return found


def _flushed(constant: Value, kind: Kind) -> Value:
    least = {Kind.F64: LEAST_NORMAL_F64, Kind.F32: LEAST_NORMAL_F32}.get(kind)
    return math.copysign(0.0, constant) if least is not None and abs(constant) <= least else constant


def profile_of(graph: Graph) -> str:
    """What becomes of subnormal numbers in `graph`: "keep" or "flush"."""
    return FLUSH if any(op in FLUSHES for op in graph.ops) else KEEP


def unseen(graph: Graph) -> frozenset[int]:
    """Ports and states that only flushes read, and results that only flushes read and nobody named.

    On hardware that flushes their last bits are its own; all that is made of them is defined.
    """
    named = {tap.node for tap in graph.taps} | {o.node for o in graph.outputs} | {s.next for s in graph.states}
    users = graph.users()
    return frozenset(
        node
        for node, op in enumerate(graph.ops)
        if users[node]
        and all(graph.ops[user] in FLUSHES for user in users[node])
        and (op in _SOURCES or (isinstance(op, Op) and node not in named))
    )
