"""The emitted text: readable, in order, and safe whatever users call their values."""

from __future__ import annotations

import math
import re

import pytest

from compile.backend import Batch
from compile.c.backend import C
from compile.c.runner import Entry
from compile.c.text.comments import comment
from compile.c.text.literals import row_literal, vector_literal
from compile.c.text.order import grouped_by_lane
from compile.campaign.drawing.random_graph import random_batch, random_graph
from dag.diagnostics.span import Span
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, MUL, SUB
from dag.values.domain import interval, whole_domain
from dag.values.types import BOOL, F64, I64, Value, enum_type
from tests.support.meaning import assert_same_words, evaluate


def pairs() -> Graph:
    builder = GraphBuilder("pairs")
    builder.open_scope("", "pairs", "Half the spread, limited.\n\nMore.")
    line = Span("pairs.py", 41, 5, 23, "spread = bid - ask")
    bid, ask = (builder.input(name, F64, "px", interval(F64, 0.0, 1e6)) for name in ("bid", "ask"))
    spread = builder.op(SUB, (bid, ask), line)
    builder.tap("spread", spread)
    builder.open_scope("halve", "scale", "A multiple of `x`.")
    factor = builder.const(0.5, F64, "1")
    builder.tap("halve.FACTOR", factor)
    half = builder.op(MUL, (spread, factor), Span("scale.py", 7, 5, 9))
    builder.tap("halve.half", half)
    builder.close_scope()
    builder.output("half", half, 0.0)
    return builder.freeze()


def test_a_statement_reads_like_the_users_line() -> None:
    text = C().lower(pairs())["kernel.c"].decode()
    body = text[text.index("    const double bid") : text.index("    if (DAGC_TAPPED)")]
    assert [" ".join(line.split()) for line in body.splitlines()] == [
        "const double bid = dagc_in->bid; /* bid [px] */",
        "const double ask = dagc_in->ask; /* ask [px] */",
        "",
        "/* pairs: Half the spread, limited. */",
        "const double spread = bid - ask; /* pairs.py:41 spread [px] */",
        "",
        "/* halve (scale): A multiple of `x`. */",
        "const double halve__half = spread * 0x1p-1 /* FACTOR = 0.5 */; /* scale.py:7 half [px] */",
        "",
    ]


def test_the_header_documents_units_and_domains() -> None:
    text = C().lower(pairs())["kernel.h"].decode()
    assert "/* ask: f64 [px] in [0.0, 1000000.0] */" in text
    assert re.search(
        r"typedef struct pairs_outputs \{\n    double half; +/\* half: f64 \[px\] \*/\n\} pairs_outputs;", text
    )
    assert "int64_t dagc_step(void *state, const void *inputs, const void *params, void *outputs);" in text


@pytest.mark.parametrize(
    ("value", "row", "vector"),
    [
        (0.1, "0x1.999999999999ap-4 /* 0.1 */", "dagc_all_f64(0x1.999999999999ap-4 /* 0.1 */)"),
        (1.0, "0x1p+0 /* 1.0 */", "dagc_all_f64(0x1p+0 /* 1.0 */)"),
        (-0.0, "(-0x0p+0 /* -0.0 */)", "dagc_all_f64((-0x0p+0 /* -0.0 */))"),
        (5e-324, "0x0.0000000000001p-1022 /* 5e-324 */", "dagc_all_f64(0x0.0000000000001p-1022 /* 5e-324 */)"),
        (math.inf, "dagc_bits_f64(9218868437227405312 /* inf */)", "dagc_bits_f64(dagc_all_i64(9218868437227405312 /* inf */))"),
        (math.nan, "dagc_bits_f64(9221120237041090560 /* nan */)", "dagc_bits_f64(dagc_all_i64(9221120237041090560 /* nan */))"),
    ],
)  # fmt: skip
def test_f64_literals_have_no_decimal_to_round(value: float, row: str, vector: str) -> None:
    assert row_literal(value, F64) == row
    assert vector_literal(value, F64) == vector


@pytest.mark.parametrize(
    ("value", "row"), [(0, "0"), (-1, "(-1)"), ((1 << 63) - 1, "9223372036854775807"), (-(1 << 63), "INT64_MIN")]
)
def test_i64_literals(value: int, row: str) -> None:
    assert row_literal(value, I64) == row


def test_other_literals() -> None:
    side = enum_type("Side", {"SELL": -1, "BUY": 1})
    literals: list[tuple[Value, str, str]] = [
        (1, row_literal(1, side), "1 /* BUY */"),
        (True, row_literal(True, BOOL, "ALWAYS"), "true /* ALWAYS */"),
        (True, vector_literal(True, BOOL), "dagc_all_i64((-1))"),
        (7, row_literal(7, I64, "DAYS"), "7 /* DAYS */"),
    ]
    for value, got, expected in literals:
        assert got == expected, value


def test_comments_cannot_end_early() -> None:
    assert comment("a */ b /* c\n d") == "/* a * / b / * c d */"


#: Names that mean something in C, in C++, in our own text, or to the preprocessor.
AWKWARD = ("in", "params", "state", "outputs", "taps", "template", "dagc_taps", "dagc_rint", "memcpy", "NULL", "linux",
           "double", "int64_t", "bool", "at", "words", "class", "x y", "größe", "2nd", "*/")  # fmt: skip


@pytest.mark.parametrize("entry", list(Entry))
def test_any_name_a_user_may_give_compiles(entry: Entry) -> None:
    builder = GraphBuilder("return")
    total = builder.const(0.0, F64, "1")
    for k, name in enumerate(AWKWARD):
        total = builder.op(ADD, (total, builder.input(name, F64, "1", whole_domain(F64))))
        total = builder.op(MUL, (total, builder.param(f"p.{name}", F64, "1", whole_domain(F64), 1.0)))
        state = builder.state(f"s.{name}", F64, "1", 0.5)
        builder.set_next(f"s.{name}", builder.op(ADD, (state, total)))
        builder.tap(f"lane.{name}", state if k == 0 else total)
        builder.output(name, total, 0.0)
    graph = builder.freeze()
    runner = C(entry).load(graph, C().lower(graph))
    batch = random_batch(graph, 2, 3, 5)
    assert_same_words(graph, runner.run(batch, graph.single_values()), evaluate(graph, batch, graph.single_values()))


@pytest.mark.parametrize("entry", list(Entry))
def test_a_graph_of_nothing_but_a_constant(entry: Entry) -> None:
    builder = GraphBuilder("constant")
    builder.output("y", builder.const(-0.0, F64, "1"), 0.0)
    graph = builder.freeze()
    batch = Batch({}, {}, bars=2, instances=3)
    got = C(entry).load(graph, C().lower(graph)).run(batch, [0])
    assert_same_words(graph, got, evaluate(graph, batch, [0]))


@pytest.mark.parametrize("seed", range(5))
def test_operands_are_written_before_they_are_read(seed: int) -> None:
    graph = random_graph(seed, operators=200, arrays=True, folds=True)
    written: set[int] = set()
    operators = set(graph.operators())
    groups = grouped_by_lane(graph)
    for scope, nodes in groups:
        for node in nodes:
            assert operators.intersection(graph.args[node]) <= written
            assert graph.owners[node] == scope
            written.add(node)
    assert written == operators
    changes = sum(
        graph.owners[a] != graph.owners[b] for a, b in zip(sorted(operators), sorted(operators)[1:], strict=False)
    )
    assert len(groups) <= changes + 1, "never more broken up than the graph's own order"
