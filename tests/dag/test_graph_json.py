"""A graph survives its file bit for bit, and nothing that was changed in the file survives unnoticed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from compile.campaign.drawing.pen import SIDE
from compile.campaign.drawing.random_graph import random_graph
from compile.pipeline import prepare
from dag.diagnostics.span import Span
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.graphs.json_form import DamagedGraph, graph_from_json, graph_to_json
from dag.operators.table import ADD, SELECT
from dag.values.domain import interval, whole_domain
from dag.values.types import BOOL, F64, I64


def example() -> Graph:
    builder = GraphBuilder("example")
    builder.open_scope("", "example", 'Says "hello" to prices, in €.', Span("example.py", 1, 1, 3, "def"))
    price = builder.input("price", F64, "px", interval(F64, above=0.0), Span("example.py", 3, 5, 9, "    price"))
    side = builder.input("side", SIDE, "1", whole_domain(SIDE))
    shift = builder.param("p.shift", F64, "px", interval(F64, -0.0, 1e-310), 5e-324)
    count = builder.param("p.count", I64, "1", interval(I64, lo=-(1 << 63), below=1 << 62), (1 << 62) - 1)
    flag = builder.state("flag", BOOL, "1", True)
    builder.open_scope("inner", "inner")
    moved = builder.op(ADD, (price, shift), Span("example.py", 4, 5, 6, "x"))
    builder.close_scope()
    chosen = builder.op(SELECT, (flag, moved, builder.const(float("inf"), F64, "px")))
    builder.set_next("flag", builder.const(False, BOOL, "1"))
    builder.tap("moved", moved)
    builder.tap("side_again", side)
    builder.tap("count", count)
    builder.output("chosen", chosen, -0.0)
    return builder.freeze()


GRAPHS = {
    "example": example(),
    "prepared": prepare(example()),
    "random": prepare(random_graph(1, 120, arrays=True, folds=True)),
}


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=list(GRAPHS))
def test_a_graph_comes_back_whole(graph: Graph) -> None:
    data = graph_to_json(graph)
    back = graph_from_json(data)
    assert graph_to_json(back) == data
    assert back.content_hash == graph.content_hash
    for table in (
        "ops",
        "args",
        "types",
        "units",
        "names",
        "identifiers",
        "spans",
        "owners",
        "scopes",
        "taps",
        "ports",
    ):
        assert repr(getattr(back, table)) == repr(getattr(graph, table))
    assert repr(back.constants) == repr(graph.constants)  # by text: NaN is not equal to itself, -0.0 is equal to 0.0
    assert back.ports() == graph.ports()
    assert (repr(back.states), repr(back.outputs), back.status) == (
        repr(graph.states), repr(graph.outputs), graph.status,
    )  # fmt: skip


def test_floats_and_integers_are_texts_that_no_reader_can_round() -> None:
    document = json.loads(graph_to_json(example()))
    by_name = {param["name"]: param for param in document["params"]}
    assert by_name["p.shift"]["default"] == (5e-324).hex()
    assert by_name["p.shift"]["domain"]["lo"] == "-0x0.0p+0"
    assert by_name["p.count"]["default"] == "4611686018427387903"


def canonical(document: dict[str, Any]) -> bytes:
    """The layout of the file, restated: an edit below differs from the original by the edit alone."""
    lines: list[str] = []
    for key, value in sorted(document.items()):
        items = (
            [json.dumps(item, sort_keys=True, separators=(",", ":"), ensure_ascii=False) for item in value]
            if isinstance(value, list)
            else []
        )
        text = "[\n" + ",\n".join(items) + "\n]" if items else json.dumps(value, sort_keys=True, separators=(",", ":"))
        lines.append(f'"{key}": {text}')
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def test_the_layout_restated_here_is_the_layout() -> None:
    data = graph_to_json(example())
    assert canonical(json.loads(data)) == data


EDITS: dict[str, tuple[tuple[str | int, ...], object]] = {
    "a constant": (("nodes", -1, "constant"), "0x1.0p+0"),
    "a default by one ulp": (("params", 0, "default"), (1e-323).hex()),
    "a domain": (("inputs", 0, "domain", "excludes_lo"), False),
    "an initial state": (("states", 0, "initial"), False),
    "a safe value": (("outputs", 0, "safe"), "0x0.0p+0"),
    "a unit": (("nodes", 0, "unit"), "usd"),
    "a tap": (("taps", 0, "name"), "renamed"),
    "the name": (("name",), "another"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_graph_is_refused_with_both_hashes(edit: str) -> None:
    graph = example()
    document = json.loads(graph_to_json(graph))
    path, value = EDITS[edit]
    at: Any = document
    if edit == "a constant":
        path = ("nodes", next(k for k, node in enumerate(document["nodes"]) if node["constant"] == "inf"), "constant")
    for key in path[:-1]:
        at = at[key]
    assert at[path[-1]] != value
    at[path[-1]] = value
    with pytest.raises(
        DamagedGraph, match=rf"says its content hash is {graph.content_hash}, but what it holds has [0-9a-f]{{64}}"
    ):
        graph_from_json(canonical(document))


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "truncated": (lambda data: data[:-40], "this is not JSON"),
    "no UTF-8": (lambda data: data.replace("€".encode(), b"\xff"), "this is not JSON"),
    "a list": (lambda data: b"[]", "reads graphs of format 3, this one has None"),
    "a later format": (lambda data: data.replace(b'"format": 3', b'"format": 4'), "this one has 4"),
    "an unknown op": (lambda data: data.replace(b'"op":"add"', b'"op":"plus"'), "'plus' is not a valid Source"),
    "an op that does not fit": (lambda data: data.replace(b'"op":"add"', b'"op":"iadd"'), "`iadd` does not fit"),
    "a cycle": (lambda data: re.sub(rb'"args":\[0,', b'"args":[99,', data), "does not stand before it"),
    "a span alone": (lambda data: data.replace(b'"line":4', b'"line":4 '), "not in its canonical form"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_graph_is_refused_with_the_reason(case: str) -> None:
    break_it, reason = BROKEN[case]
    data = graph_to_json(example())
    assert break_it(data) != data
    with pytest.raises(DamagedGraph, match=re.escape(reason)):
        graph_from_json(break_it(data))
