"""What a value said at a bar, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from compile.backend import Batch, Runner
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag import carry, lane
from dag.diagnostics.span import Span
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.graphs.json_form import graph_from_json, graph_to_json
from dag.language.lane import AnyLane
from dag.operators.table import ADD, GT, MIN, SELECT
from dag.trace import trace
from dag.values.domain import whole_domain
from dag.values.types import F64
from dag.values.words import column_dtype
from dagc.building.running import graph_of
from dagc.debugging.tap import as_text, tap
from dagc.debugging.tap_names import TapNames

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
        "variable:best = 3.0 [px]    0x4008000000000000    bar 0, interpreter",
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


CHOOSING = """\
from dagc import float32, int32, lane


@lane
def chosen(a: {of}, b: {of}, up: bool, down: bool) -> {of}:
    least = min(a, b)
    most = max(a, b)
    below = b if b < a else a
    either = up or down
    both = up and down
    return least if either and both else most if below > a else below
"""


@pytest.fixture(scope="module", params=["float", "float32", "int", "int32"])
def choosing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Batch]:
    """The same choices in every format, with two bars of operands."""
    file = tmp_path_factory.mktemp("choosing") / "choosing.py"
    file.write_text(CHOOSING.format(of=request.param))
    graph = graph_of(f"{file}:chosen")
    numbers = {name: np.array(column, column_dtype(graph.types[graph.node(name)])) for name, column in COLUMNS.items()}
    return graph, Batch(numbers, {}, None, 2, 1)


COLUMNS = {"a": [[1], [3]], "b": [[2], [2]], "up": [[True], [False]], "down": [[False], [True]]}


@pytest.mark.parametrize(
    ("name", "chosen"),
    [("least", "ab"), ("most", "ba"), ("below", "ab"), ("either", ("up", "down")), ("both", ("down", "up"))],
)
def test_the_operand_that_was_taken_whatever_the_format(
    choosing: tuple[Graph, Batch], name: str, chosen: Sequence[str]
) -> None:
    graph, bars = choosing
    runner = Interpreter().load(graph, Interpreter().lower(graph))
    for bar in range(2):
        found = tap(graph, runner, "interpreter", bars, bar, graph.node(name))
        assert found.chosen == chosen[bar]
        assert as_text(found).count("<- taken") == 1
        assert {"a", "b", "up", "down"} >= {each.name for each in found.operands} - {"below.1"}


@lane
def branched(x: float, y: float) -> float:
    """Values that the branches of an `if` assign, one of them a literal, and one that only one branch assigns."""
    size = y * 0.5
    if x > y:
        size = x - 1.0
        base = x * 2.0
    elif x == y:
        base = 1.0
    else:
        base = y * 4.0
    return base + size


@lane
def leaving(x: float, up: bool) -> float:
    """Returns before the end; neither the condition nor the arms stand where the choice is read."""
    if up:
        return x * 2.0
    half = x / 2.0
    return half if x > 1.0 else -x


@dataclass(frozen=True)
class Quote:
    bid: float
    ask: float


@lane
def aliased(x: float, y: float, hold: bool) -> Quote:
    """Branches that only name what is there already: a literal, an input, another variable, what is carried, a record."""
    last = carry(initial=0.0)
    half = x * 0.5
    size = y
    if not hold:
        size = 2.0
    elif x > 1.0:
        size = half
    elif x > 0.0:
        size = last
    twice = size * 2.0
    if y > 5.0:
        last = x
    elif y > 4.0:
        last += 1.0
    quote = Quote(1.0, 2.0)
    match hold:
        case True:
            quote = Quote(size, last)
        case False:
            for step in range(2):
                if y > 3.0 + float(step):
                    half = float(step)
    return Quote(quote.bid, quote.ask + half + twice)


@lane
def returning(x: float, up: bool) -> tuple[float, float]:
    if up:
        return 1.0, x
    if x > 2.0:
        return 0.5, 0.25
    return x, 0.0


@pytest.mark.parametrize(
    ("traced", "name", "inputs", "text"),
    [
        (aliased, "size", (1.0, 2.0, False), "size = 2.0"),
        (aliased, "size", (2.0, 2.0, True), "size = half"),
        (aliased, "size", (1.0, 2.0, True), "size = last"),
        (aliased, "size", (-1.0, 2.0, True), "size = y"),
        (aliased, "last", (1.0, 6.0, True), "last = x"),
        (aliased, "last", (1.0, 4.5, True), "last += 1.0"),
        (aliased, "last", (1.0, 4.0, True), "last = carry(initial=0.0)"),
        (aliased, "quote.bid", (1.0, 4.0, True), "quote = Quote(size, last)"),
        (aliased, "quote.bid", (1.0, 4.0, False), "quote = Quote(1.0, 2.0)"),
        (aliased, "half", (1.0, 6.0, False), "half = float(step)"),
        (aliased, "half", (1.0, 2.0, False), "half = x * 0.5"),
        (returning, "result.0", (1.0, True), "return 1.0, x"),
        (returning, "result.0", (3.0, False), "return 0.5, 0.25"),
        (returning, "result.1", (1.0, False), "return x, 0.0"),
        (branched, "base", (3.0, 2.0), "base = x * 2.0"),
        (branched, "base", (2.0, 2.0), "base = 1.0"),
        (branched, "base", (1.0, 2.0), "base = y * 4.0"),
        (branched, "size", (3.0, 2.0), "size = x - 1.0"),
        (branched, "size", (1.0, 2.0), "size = y * 0.5"),
        (branched, "branched", (1.0, 2.0), "return base + size"),
        (branched, "branched", (float("nan"), 2.0), None),
        (leaving, "leaving", (3.0, True), "return x * 2.0"),
        (leaving, "leaving", (3.0, False), "return half if x > 1.0 else -x"),
    ],
)
def test_a_chosen_value_stands_where_the_branch_taken_assigns_it(
    traced: AnyLane, name: str, inputs: tuple[object, ...], text: str | None
) -> None:
    graph = prepare(trace(traced))
    assert source_of(graph, name, inputs) == text
    assert source_of(graph_from_json(graph_to_json(graph)), name, inputs) == text


def test_a_rewritten_choice_has_its_arms_exchanged_with_it() -> None:
    graph = prepare(trace(aliased), simplify=True)
    for inputs, text in (((1.0, 2.0, False), "size = 2.0"), ((1.0, 2.0, True), "size = last")):
        assert source_of(graph, "size", inputs) == text


def source_of(graph: Graph, name: str, inputs: tuple[object, ...]) -> str | None:
    columns = {port.name: np.array([[value]]) for port, value in zip(graph.inputs, inputs, strict=True)}
    batch = Batch(columns, {}, None, 1, 1)
    interpreter = Interpreter().load(graph, Interpreter().lower(graph))
    return tap(graph, interpreter, "interpreter", batch, 0, TapNames(graph).node(name)).node.source
