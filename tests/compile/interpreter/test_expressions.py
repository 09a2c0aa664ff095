"""Every op written inside every other: parentheses stand where the graph's order needs them."""

from __future__ import annotations

import numpy as np
import pytest

from compile.backend import Batch
from compile.campaign.drawing.pen import SIDE
from compile.campaign.drawing.random_graph import SAFE, random_batch
from compile.campaign.drawing.special_values import SPECIAL_F64, SPECIAL_I64
from compile.interpreter.backend import Interpreter
from compile.interpreter.expressions import Expressions, expressions_of, literal
from compile.interpreter.layout import layout_of
from compile.interpreter.record import FILE
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import ADD, AS_UNIT, DIV, MUL, ON_ARRAYS, OPS, SELECT
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F64, I64, Kind, Type, Value
from dag.values.words import word_of
from tests.support.meaning import assert_same_words, evaluate

ON_SINGLE_VALUES = [op for op in OPS.values() if op not in ON_ARRAYS]


def nested(outer: Op, any_type: Type) -> Graph:
    """`outer` once for each operand and each op that can stand there; nothing but the results has a name."""
    builder = GraphBuilder(f"nested_in_{outer}")
    types = _concrete(outer, any_type)
    for position, type_ in enumerate(types):
        for inner in ON_SINGLE_VALUES:
            for inner_any in (F64, I64, BOOL, SIDE) if inner.gives not in (F64, I64, BOOL) else (F64,):
                inner_types = _concrete(inner, inner_any)
                if inner.result_type(inner_types) != type_:
                    continue
                # Inputs of its own for every position, so that no two inner values are the same node.
                args = [_input(builder, f"{position}_{k}", each) for k, each in enumerate(inner_types)]
                value = builder.op(inner, tuple(args), unit="1" if inner is AS_UNIT else None)
                operands = [_input(builder, f"outer_{k}", each) for k, each in enumerate(types)]
                operands[position] = value
                result = builder.op(outer, tuple(operands), unit="1" if outer is AS_UNIT else None)
                name = f"{outer}_{position}_{inner}_{inner_any.kind.value}"
                builder.output(name, result, SAFE[builder.type_of(result).kind])
    return builder.freeze()


def _concrete(op: Op, any_type: Type) -> tuple[Type, ...]:
    return tuple(t if isinstance(t, Type) else SIDE if t is Kind.ENUM else any_type for t in op.takes)


def _input(builder: GraphBuilder, name: str, type_: Type) -> int:
    name = f"{type_.kind.value}_{name}"
    known = builder.ports()
    return known[name] if name in known else builder.input(name, type_, "1", whole_domain(type_))


def expressions(graph: Graph) -> Expressions:
    return expressions_of(graph, layout_of(graph))


@pytest.mark.parametrize("outer", ON_SINGLE_VALUES, ids=str)
def test_an_op_inside_an_op_keeps_its_order(outer: Op) -> None:
    for any_type in (F64, I64, BOOL, SIDE) if outer in (SELECT, AS_UNIT) else (F64,):
        graph = nested(outer, any_type)
        batch = random_batch(graph, 5, bars=1, instances=40)
        nodes = graph.single_values()
        backend = Interpreter()
        got = backend.load(graph, backend.lower(graph)).run(batch, nodes)
        assert_same_words(graph, got, evaluate(graph, batch, nodes))


@pytest.mark.parametrize("outer", [ADD, MUL, SELECT], ids=str)
def test_most_of_them_are_written_in_place(outer: Op) -> None:
    graph = nested(outer, F64)
    assert len(expressions(graph).inlined) > len(graph.outputs) / 2


def test_a_value_read_twice_in_one_text_has_a_variable() -> None:
    graph = nested(OPS["min"], F64)
    assert not expressions(graph).inlined


def test_division_by_a_good_constant_is_pythons_own() -> None:
    builder = GraphBuilder("divisions")
    x = builder.input("x", F64, "1", whole_domain(F64))
    for k, divisor in enumerate((3.0, float("inf"), 0.0, -0.0, float("nan"))):
        builder.output(f"y{k}", builder.op(DIV, (x, builder.const(divisor, F64, "1"))), 0.0)
    graph = builder.freeze()
    text = Interpreter().lower(graph)[FILE].decode()
    assert "x / 3.0" in text
    assert "x / inf" in text
    assert all(f"ieee_div(x, {each})" in text for each in ("0.0", "-0.0", "nan"))
    column = np.array([SPECIAL_F64])
    batch = Batch({"x": column}, {}, None, 1, column.size)
    nodes = graph.single_values()
    runner = Interpreter().load(graph, {FILE: text.encode()})
    assert_same_words(graph, runner.run(batch, nodes), evaluate(graph, batch, nodes))


@pytest.mark.parametrize(
    ("value", "type_"), [*((x, F64) for x in SPECIAL_F64), *((n, I64) for n in SPECIAL_I64), (True, BOOL), (-1, SIDE)]
)
def test_a_literal_gives_back_its_bits(value: Value, type_: Type) -> None:
    back = eval(literal(value, type_), {"inf": float("inf"), "nan": float("nan")})
    assert type(back) is type(value)
    assert word_of(back, type_) == word_of(value, type_)


def test_a_wide_expression_is_split() -> None:
    builder = GraphBuilder("wide")
    total = builder.input("a_name_of_some_length_0", F64, "1", whole_domain(F64))
    for k in range(1, 30):
        total = builder.op(ADD, (total, builder.input(f"a_name_of_some_length_{k}", F64, "1", whole_domain(F64))))
    builder.output("total", total, 0.0)
    text = Interpreter().lower(builder.freeze())[FILE].decode()
    assert max(len(line) for line in text.splitlines()) <= 120
    assert text[text.index("def step") :].count(" + ") == 29
