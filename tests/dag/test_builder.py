"""The graph builder: hash-consing, canonical order, names and the content hash."""

from __future__ import annotations

import pytest

from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, MUL, SUB
from dag.operators.units import UnitProblem
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F64


def spread_and_mid(
    statements: str = "spread mid",
    inputs: str = "bid ask",
    outputs: str = "spread mid",
    tap: str = "mid",
    unit: str = "px",
) -> Graph:
    """Two outputs of two inputs, each declared, and computed, in the order given."""
    builder = GraphBuilder("quote")
    builder.open_scope("", "quote")
    port = {name: builder.input(name, F64, unit, whole_domain(F64)) for name in inputs.split()}

    def spread() -> int:
        node = builder.op(SUB, (port["ask"], port["bid"]))
        builder.tap("spread", node)
        return node

    def mid() -> int:
        total = builder.op(ADD, (port["bid"], port["ask"]))
        node = builder.op(MUL, (builder.const(0.5, F64, "1"), total))
        builder.tap(tap, node)
        return node

    compute = {"spread": spread, "mid": mid}
    nodes = {name: compute[name]() for name in statements.split()}
    for name in outputs.split():
        builder.output(name, nodes[name], 0.0)
    builder.close_scope()
    return builder.freeze()


def test_the_order_of_statements_does_not_show() -> None:
    one, other = spread_and_mid(), spread_and_mid(statements="mid spread")
    assert one == other
    assert one.content_hash == other.content_hash


def test_ports_keep_the_order_of_their_declaration_and_the_hash_knows_it() -> None:
    graph = spread_and_mid(inputs="ask bid", outputs="mid spread")
    assert [port.name for port in graph.inputs] == ["ask", "bid"]
    assert [output.name for output in graph.outputs] == ["mid", "spread"]
    orders = [("bid ask", "spread mid"), ("ask bid", "spread mid"), ("bid ask", "mid spread")]
    assert len({spread_and_mid(inputs=i, outputs=o).content_hash for i, o in orders}) == len(orders)


def test_numbered_names_sort_by_number() -> None:
    builder = GraphBuilder("numbered")
    builder.open_scope("", "numbered")
    x = builder.input("x", F64, "px", whole_domain(F64))
    for number in (10, 2, 1):
        state = builder.state(f"past.{number}", F64, "px", 0.0)
        builder.set_next(f"past.{number}", x)
        builder.tap(f"seen.{number}", builder.op(ADD, (state, x)))
    graph = builder.freeze()
    assert [state.name for state in graph.states] == ["past.1", "past.2", "past.10"]
    assert [tap.name for tap in graph.taps] == ["seen.1", "seen.2", "seen.10"]


def test_the_hash_is_the_same_on_every_machine() -> None:
    assert spread_and_mid().content_hash == "83879cde52e50284aabb6f08cdfcaefc48f0488ebcaaeca15084c29bc69f5d0d"


@pytest.mark.parametrize("changed", [{"tap": "middle"}, {"unit": "usd"}])
def test_what_a_graph_computes_or_calls_things_is_in_the_hash(changed: dict[str, str]) -> None:
    assert spread_and_mid(**changed).content_hash != spread_and_mid().content_hash


def test_operands_come_before_their_users() -> None:
    graph = spread_and_mid()
    assert all(arg < node for node, args in enumerate(graph.args) for arg in args)


def test_every_node_has_a_name_of_its_own() -> None:
    graph = spread_and_mid()
    assert graph.names == ("bid", "ask", "spread", "mid.1", "mid.2", "mid")
    assert graph.identifiers == ("bid", "ask", "spread", "mid__1", "mid__2", "mid")
    assert graph.node("spread") == 2
    with pytest.raises(KeyError):
        graph.node("nothing")


def test_equal_nodes_are_one_but_signed_zeros_are_two() -> None:
    builder = GraphBuilder("zeros")
    x = builder.input("x", F64, "1", whole_domain(F64))
    assert builder.op(ADD, (x, x)) == builder.op(ADD, (x, x))
    assert builder.const(0.0, F64, "1") != builder.const(-0.0, F64, "1")
    assert builder.const(0.0, F64, "1") != builder.const(0.0, F64, "px")


def test_what_nothing_reads_is_dropped() -> None:
    builder = GraphBuilder("dead")
    x = builder.input("x", F64, "1", whole_domain(F64))
    builder.op(MUL, (x, x))
    builder.output("y", builder.op(ADD, (x, x)), 0.0)
    assert [str(builder.freeze().ops[node]) for node in builder.freeze().operators()] == ["add"]


def test_misuse_is_refused() -> None:
    builder = GraphBuilder("wrong")
    x = builder.input("x", F64, "px", whole_domain(F64))
    flag = builder.input("flag", BOOL, "1", whole_domain(BOOL))
    with pytest.raises(TypeError, match=r"`add` does not take \(f64, bool\)"):
        builder.op(ADD, (x, flag))
    with pytest.raises(UnitProblem):
        builder.op(ADD, (x, builder.const(1.0, F64, "usd")))
    with pytest.raises(ValueError, match="taken"):
        builder.param("x", F64, "px", whole_domain(F64), None)
    builder.state("s", F64, "px", 0.0)
    with pytest.raises(ValueError, match="without a next value: s"):
        builder.freeze()
