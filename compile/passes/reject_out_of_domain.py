"""Make bad input a status instead of a number.

The pass adds an i64 `status` output: 0 on a good row, otherwise 1 + the index of the first port (inputs, then parameters)
whose value lies outside its declared domain; NaN and infinities always do. On a rejected row every output is its declared
safe value and every state keeps what it had. All of it is ordinary nodes, so every backend rejects alike by construction.
"""

from __future__ import annotations

import itertools

from dag.graphs.builder import GraphBuilder
from dag.graphs.copying import copy_into
from dag.graphs.graph import STATUS, Graph, State
from dag.operators.op import Op
from dag.operators.table import (
    AND,
    BOOL_TO_I64,
    ENUM_EQ,
    FOLD_IADD,
    GE,
    GE_F32,
    GT,
    GT_F32,
    I32_TO_I64,
    IEQ,
    IGE,
    IGT,
    ILE,
    ILT,
    LE,
    LE_F32,
    LT,
    LT_F32,
    OR,
    PUT,
    SELECT,
)
from dag.values.domain import Domain, whole_domain
from dag.values.types import I64, Kind


def reject_out_of_domain(graph: Graph) -> Graph:
    """`graph` with a status output, safe outputs and held state on rejected rows; unchanged if it already has a status."""
    if graph.status is not None:
        return graph
    builder = GraphBuilder(graph.name)
    node_of = copy_into(builder, graph)
    taken = {each.name for each in (*graph.taps, *graph.ports())} | {scope.path for scope in graph.scopes}

    def free(name: str) -> str:
        """A name for a value of this pass; where the user has a value or a call of that name, theirs keeps it."""
        while name in taken:
            name += "_"
        return name

    builder.open_scope(free(STATUS), STATUS, "Which port, if any, is outside its declared domain.")
    status = builder.const(0, I64, "1")
    for index, port in reversed(list(enumerate(graph.ports()))):
        inside = _inside(builder, node_of[port.node], port.domain)
        if inside is None:
            continue
        builder.tap(free(f"in_domain.{port.name}"), inside)
        status = builder.op(SELECT, (inside, status, builder.const(index + 1, I64, "1")))
    builder.tap(free(STATUS), status)
    accepted = builder.op(IEQ, (status, builder.const(0, I64, "1")))
    builder.tap(free("accepted"), accepted)
    for state in graph.states:
        if graph.types[state.node].is_memory:
            held = _held_array(builder, graph, state, node_of, accepted)
        else:
            held = builder.op(SELECT, (accepted, node_of[state.next], node_of[state.node]))
            builder.tap(free(f"next.{state.name}"), held)
        builder.set_next(state.name, held)
    for output in graph.outputs:
        node = node_of[output.node]
        safe = builder.const(output.safe, builder.type_of(node).element, builder.unit_of(node))
        result = builder.op(SELECT, (accepted, node, safe))
        builder.tap(free(f"output.{output.name}"), result)
        builder.output(output.name, result, output.safe)
    names = {output.name for output in graph.outputs}
    builder.output(
        next(name for name in itertools.accumulate(itertools.repeat("_"), initial=STATUS) if name not in names),
        status,
        0,
    )
    builder.set_status(status)
    builder.close_scope()
    return builder.freeze()


def _held_array(builder: GraphBuilder, graph: Graph, state: State, node_of: list[int], accepted: int) -> int:
    """The array with what was put into it, where the row is accepted."""
    array = node_of[state.node]
    for node in graph.writes(state):
        _, index, value, enable = (node_of[arg] for arg in graph.args[node])
        enable = accepted if builder.constant_of(enable) is True else builder.op(AND, (accepted, enable))
        array = builder.op(PUT, (array, index, value, enable), graph.spans[node])
    return array


def _inside(builder: GraphBuilder, node: int, domain: Domain) -> int | None:
    """A bool node that is true where the port's value is in `domain`, along an axis where all of them are; None where no value can be
    outside."""
    inside = _each_inside(builder, node, domain)
    if inside is None or not builder.type_of(inside).is_array:
        return inside
    size, none = builder.const(builder.type_of(inside).size, I64, "1"), builder.const(0, I64, "1")
    count = builder.op(FOLD_IADD, (builder.op(BOOL_TO_I64, (inside,)), none, size, none))
    return builder.op(IEQ, (count, size))


def _each_inside(builder: GraphBuilder, node: int, domain: Domain) -> int | None:
    type_ = builder.type_of(node).element
    if type_.kind is Kind.BOOL or (type_.kind in (Kind.I64, Kind.I32) and domain == whole_domain(type_)):
        return None
    if domain.codes is not None:
        members = [builder.op(ENUM_EQ, (node, builder.const(code, type_, "1"))) for code in domain.codes]
        inside = members[0]
        for member in members[1:]:
            inside = builder.op(OR, (inside, member))
        return inside
    if type_.kind is Kind.I32:
        node, type_ = builder.op(I32_TO_I64, (node,)), I64
    above, below = _COMPARISONS[type_.kind]
    low = builder.const(domain.lo, type_, builder.unit_of(node))
    high = builder.const(domain.hi, type_, builder.unit_of(node))
    is_above = builder.op(above[domain.excludes_lo], (node, low))
    return builder.op(AND, (is_above, builder.op(below[domain.excludes_hi], (node, high))))


#: (from, above) and (up to, below) of a type with an order.
_COMPARISONS: dict[Kind, tuple[tuple[Op, Op], tuple[Op, Op]]] = {
    Kind.F64: ((GE, GT), (LE, LT)),
    Kind.F32: ((GE_F32, GT_F32), (LE_F32, LT_F32)),
    Kind.I64: ((IGE, IGT), (ILE, ILT)),
}
