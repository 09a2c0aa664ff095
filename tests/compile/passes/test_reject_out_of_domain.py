"""Rejection of rows outside their domain, as nodes of the graph."""

from __future__ import annotations

import math

import pytest

from compile.passes.reject_out_of_domain import reject_out_of_domain
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import ADD
from dag.values.domain import interval, whole_domain
from dag.values.types import BOOL, F64, Value, enum_type

SIDE = enum_type("Side", {"SHORT": -1, "LONG": 1})


def running_total() -> Graph:
    """total += x * k, with domains on everything."""
    builder = GraphBuilder("total")
    builder.open_scope("", "total")
    x = builder.input("x", F64, "1", interval(F64, above=0.0))
    builder.input("flag", BOOL, "1", whole_domain(BOOL))
    builder.input("side", SIDE, "1", whole_domain(SIDE))
    k = builder.param("k", F64, "1", interval(F64, 0.0, 1.0), 0.5)
    total = builder.state("total", F64, "1", 0.0)
    new = builder.op(ADD, (total, builder.op(ADD, (x, k))))
    builder.set_next("total", new)
    builder.output("total", new, -1.0)
    builder.close_scope()
    return reject_out_of_domain(builder.freeze())


def evaluate(graph: Graph, ports: dict[str, Value]) -> dict[str, Value]:
    values: list[Value] = []
    for node, op in enumerate(graph.ops):
        constant = graph.constants[node]
        if isinstance(op, Op):
            values.append(op.meaning(*(values[arg] for arg in graph.args[node])))
        else:
            values.append(ports[graph.names[node]] if constant is None else constant)
    return {output.name: values[output.node] for output in graph.outputs} | {"next": values[graph.states[0].next]}


GOOD: dict[str, Value] = {"x": 2.0, "flag": True, "side": -1, "k": 0.5, "total.before": 10.0}


def test_a_good_row_is_computed() -> None:
    assert evaluate(running_total(), GOOD) == {"total": 12.5, "status": 0, "next": 12.5}


@pytest.mark.parametrize(
    ("port", "value", "status"),
    [
        ("side", 0, 3),
        ("x", 0.0, 1),
        ("x", math.nan, 1),
        ("x", math.inf, 1),
        ("x", -math.inf, 1),
        ("k", 1.0000000000000002, 4),
        ("k", math.nan, 4),
    ],
)
def test_a_bad_row_names_its_first_bad_port(port: str, value: Value, status: int) -> None:
    assert evaluate(running_total(), GOOD | {port: value}) == {"total": -1.0, "status": status, "next": 10.0}
    assert running_total().ports()[status - 1].name == port


def test_the_first_of_two_bad_ports_counts() -> None:
    assert evaluate(running_total(), GOOD | {"x": -1.0, "side": 7})["status"] == 1


def test_the_pass_is_applied_once() -> None:
    graph = running_total()
    assert reject_out_of_domain(graph) is graph


def test_a_users_names_are_kept_where_the_pass_would_take_them() -> None:
    builder = GraphBuilder("total")
    builder.open_scope("", "total")
    x = builder.input("x", F64, "1", interval(F64, above=0.0))
    doubled = builder.op(ADD, (x, x))
    for name in ("status", "accepted", "in_domain.x", "output.total"):
        doubled = builder.op(ADD, (doubled, x))
        builder.tap(name, doubled)
    builder.output("total", doubled, -1.0)
    builder.close_scope()
    before = builder.freeze()
    after = reject_out_of_domain(before)
    taps = {tap.name: tap.node for tap in after.taps}
    users = {tap.name for tap in before.taps}
    assert set(taps) == users | {f"{name}_" for name in users}
    assert [after.ops[taps[name]] for name in sorted(users)] == [ADD] * 4
    assert taps["status_"] == after.status == {output.name: output.node for output in after.outputs}["status"]


def test_a_users_lane_called_status_keeps_its_path() -> None:
    builder = GraphBuilder("total")
    builder.open_scope("", "total")
    x = builder.input("x", F64, "1", interval(F64, above=0.0))
    builder.open_scope("status", "status")
    doubled = builder.op(ADD, (x, x))
    builder.close_scope()
    builder.output("total", doubled, -1.0)
    builder.close_scope()
    after = reject_out_of_domain(builder.freeze())
    assert [scope.path for scope in after.scopes] == ["", "status", "status_"]
