"""The graph builder: hash-consing, canonical order, names and the content hash."""

from __future__ import annotations

import pytest

from dag.builder import GraphBuilder
from dag.domain import whole_domain
from dag.graph import Graph
from dag.ops import ADD, MUL, SUB
from dag.types import BOOL, F64
from dag.units import UnitProblem


def spread_and_mid(reversed_order: bool = False, tap: str = "mid", unit: str = "px") -> Graph:
    """Two outputs of two inputs, declared in either order."""
    builder = GraphBuilder("quote")
    builder.open_scope("", "quote")
    names = ["bid", "ask"]
    port = {
        name: builder.input(name, F64, unit, whole_domain(F64)) for name in (names[::-1] if reversed_order else names)
    }

    def spread() -> None:
        node = builder.op(SUB, (port["ask"], port["bid"]))
        builder.tap("spread", node)
        builder.output("spread", node, 0.0)

    def mid() -> None:
        total = builder.op(ADD, (port["bid"], port["ask"]))
        node = builder.op(MUL, (builder.const(0.5, F64, "1"), total))
        builder.tap(tap, node)
        builder.output("mid", node, 0.0)

    for statement in (mid, spread) if reversed_order else (spread, mid):
        statement()
    builder.close_scope()
    return builder.freeze()


def test_the_order_of_declarations_does_not_show() -> None:
    one, other = spread_and_mid(), spread_and_mid(reversed_order=True)
    assert one == other
    assert one.content_hash == other.content_hash


def test_the_hash_is_the_same_on_every_machine() -> None:
    assert spread_and_mid().content_hash == "5df895b725c0b222468e5e5cb791d6bcafd8e3e02f8da42eec6c1e99b70f7774"


@pytest.mark.parametrize("changed", [{"tap": "middle"}, {"unit": "usd"}])
def test_what_a_graph_computes_or_calls_things_is_in_the_hash(changed: dict[str, str]) -> None:
    assert spread_and_mid(**changed).content_hash != spread_and_mid().content_hash  # type: ignore[arg-type]


def test_operands_come_before_their_users() -> None:
    graph = spread_and_mid()
    assert all(arg < node for node, args in enumerate(graph.args) for arg in args)


def test_every_node_has_a_name_of_its_own() -> None:
    graph = spread_and_mid()
    assert graph.names == ("ask", "bid", "mid.1", "mid.2", "mid", "spread")
    assert graph.identifiers == ("ask", "bid", "mid__1", "mid__2", "mid", "spread")
    assert graph.node("spread") == 5
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
