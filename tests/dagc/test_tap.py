"""What a value said at a bar, and why."""

from __future__ import annotations

import numpy as np
import pytest

from compile.backend import Batch, Runner
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag.builder import GraphBuilder
from dag.domain import whole_domain
from dag.graph import Graph
from dag.ops import ADD, GT, MIN, SELECT
from dag.source import Span
from dag.types import F64
from dagc.tap import as_text, tap

HERE = Span("quote.py", 7, 5, 20, "    best = a if a > b else b")


def graph_of_choices() -> Graph:
    builder = GraphBuilder("choices")
    builder.open_scope("", "choices")
    a, b = (builder.input(name, F64, "px", whole_domain(F64)) for name in "ab")
    above = builder.op(GT, (a, b))
    best = builder.op(SELECT, (above, a, b), HERE)
    builder.tap("above", above)
    builder.tap("best", best)
    builder.tap("offer", best)
    builder.tap("least", builder.op(MIN, (a, b)))
    total = builder.state("total", F64, "px", 0.5)
    new = builder.op(ADD, (total, best))
    builder.tap("total", new)
    builder.set_next("total", new)
    builder.output("best", best, 0.0)
    builder.close_scope()
    return prepare(builder.freeze())


GRAPH = graph_of_choices()
BARS = Batch({"a": np.array([[1.0], [2.0], [0.0]]), "b": np.array([[3.0], [1.0], [-0.0]])}, {}, None, 3, 1)


@pytest.fixture(scope="module")
def runner() -> Runner:
    return Interpreter().load(GRAPH, Interpreter().lower(GRAPH))


@pytest.mark.parametrize(
    ("name", "bar", "value", "chosen"),
    [
        ("best", 0, "3.0", "b"),
        ("best", 1, "2.0", "a"),
        ("best", 2, "-0.0", "b"),
        ("least", 0, "1.0", "a"),
        ("least", 2, "0.0", "a"),
        ("above", 1, "True", None),
        ("total", 1, "5.5", None),
    ],
)
def test_a_value_and_the_arm_it_came_from(runner: Runner, name: str, bar: int, value: str, chosen: str | None) -> None:
    found = tap(GRAPH, runner, "interpreter", BARS, bar, GRAPH.node(name))
    assert (found.node.value, found.chosen) == (value, chosen)


def test_the_page_says_bits_unit_source_and_other_names(runner: Runner) -> None:
    text = as_text(tap(GRAPH, runner, "interpreter", BARS, 0, GRAPH.node("best")))
    assert text.splitlines() == [
        "best = 3.0 [px]    0x4008000000000000    bar 0, interpreter",
        "  quote.py:7  best = a if a > b else b",
        "  also called offer",
        "  = select(above, a, b)",
        "    above = False    0x0000000000000000",
        "    a     = 1.0 [px]    0x3ff0000000000000",
        "    b     = 3.0 [px]    0x4008000000000000  <- taken",
    ]


def test_a_state_is_read_as_it_was_before_the_bar(runner: Runner) -> None:
    found = tap(GRAPH, runner, "interpreter", BARS, 2, GRAPH.node("total.before"))
    assert (found.node.value, found.op, found.operands) == ("5.5", "state", ())
    assert as_text(found).endswith("a state of the graph")


def test_a_constant_has_its_value(runner: Runner) -> None:
    constant = next(node for node in range(len(GRAPH)) if GRAPH.constants[node] == 0)
    assert tap(GRAPH, runner, "interpreter", BARS, 0, constant).node.value in ("0", "0.0")
