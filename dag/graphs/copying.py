"""Copying a frozen graph into a builder: how a pass begins, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext

from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op, Source


def copy_into(
    builder: GraphBuilder,
    graph: Graph,
    then: Callable[[int, int], int] = lambda node, copied: copied,
    prefix: str = "",
) -> list[int]:
    """Add ports, nodes, scopes and taps of `graph` to `builder`; outputs and status are left to the caller.

    `then(node, copied)` may put another node in the place of the copy; names and readers go with it. Returns the builder's
    node for each node of `graph`. The root scope stays open. The builder is empty, or a `prefix` keeps names apart: "a" makes
    the port `x` `a.x`.
    """

    def called(name: str) -> str:
        return f"{prefix}.{name}" if prefix else name

    inputs = {port.node: port for port in graph.inputs}
    params = {port.node: port for port in graph.params}
    states = {port.node: port for port in graph.states}
    moved = builder.adopt_scopes(graph.scopes, prefix)
    node_of: list[int] = []
    for node, op in enumerate(graph.ops):
        type_, unit, span = graph.types[node], graph.units[node], graph.spans[node]
        match op:
            case Source.INPUT:
                port = inputs[node]
                new = builder.input(called(port.name), type_, unit, port.domain, span)
            case Source.PARAM:
                param = params[node]
                new = builder.param(called(param.name), type_, unit, param.domain, param.default, span)
            case Source.STATE:
                state = states[node]
                warm_up = called(state.warm_up) if isinstance(state.warm_up, str) else state.warm_up
                new = builder.state(called(state.name), type_, unit, state.initial, span)
                builder.describe_state(called(state.name), state.lifetime, state.cold, warm_up)
            case Source.CONST:
                constant = graph.constants[node]
                assert constant is not None
                new = builder.const(constant, type_, unit, span)
            case Op():
                operands = tuple(node_of[arg] for arg in graph.args[node])
                with builder.taking_every_result() if graph.total[node] else nullcontext():
                    new = builder.op(op, operands, span, unit, owner=graph.owners[node] + moved)
        node_of.append(then(node, new))
    for state in graph.states:
        builder.set_next(called(state.name), node_of[state.next])
    for tap in graph.taps:
        builder.tap(called(tap.name), node_of[tap.node])
    return node_of


def closed(builder: GraphBuilder, graph: Graph, node_of: Sequence[int]) -> Graph:
    """What `copy_into` began, with the outputs and the status of `graph` and its root scope closed; `node_of` is what that returned."""
    for output in graph.outputs:
        builder.output(output.name, node_of[output.node], output.safe)
    if graph.status is not None:
        builder.set_status(node_of[graph.status])
    builder.close_scope()
    return builder.freeze()
