"""A traced lane against the lane called as a Python function, bar by bar, every output as a 64-bit word."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any

from hypothesis import strategies as st

from compile.campaign.drawing.special_values import SPECIAL_F32, SPECIAL_F64, SPECIAL_I32, SPECIAL_I64
from dag.graphs.graph import Graph
from dag.language.lane import AnyLane
from dag.language.leaves import code_of
from dag.operators.op import Op, Source
from dag.trace import trace
from dag.values.types import Kind, Type, Value
from dag.values.words import bits_float, bits_float_32, show, word_of


@cache
def graph_of(lane: AnyLane) -> Graph:
    """The graph of a lane, traced once."""
    return trace(lane)


def values_of(type_: Type) -> st.SearchStrategy[Value]:
    """Values of one type, half of them special."""
    match type_.kind:
        case Kind.F64:
            any_float = st.integers(0, 2**64 - 1).map(bits_float)
            return st.sampled_from(SPECIAL_F64) | any_float | st.floats(-10.0, 10.0)
        case Kind.F32:
            any_pattern = st.integers(0, 2**32 - 1).map(bits_float_32)
            return st.sampled_from(SPECIAL_F32) | any_pattern | st.floats(-10.0, 10.0, width=32)
        case Kind.I32:
            return st.sampled_from(SPECIAL_I32) | st.integers(-10, 10)
        case Kind.I64:
            return st.sampled_from(SPECIAL_I64) | st.integers(-10, 10)
        case Kind.BOOL:
            return st.booleans()
        case Kind.ENUM:
            assert type_.members is not None
            return st.sampled_from([code for _, code in type_.members.codes])


def assert_like_python(lane: AnyLane, enums: dict[str, type[Enum]], data: st.DataObject, bars: int = 4) -> None:
    """Draw bars and compare; `enums` are the classes of the Enum inputs. Where Python raises (1.0 / 0.0), the rest is cut."""
    graph = graph_of(lane)
    names = [name for name in lane.function.__code__.co_varnames if name in {port.name for port in graph.inputs}]
    types = {port.name: graph.types[port.node] for port in graph.inputs}
    stream = lane.stream()
    carried: dict[str, Any] = {
        state.name: state.initial if type_.length is None else (state.initial,) * type_.length
        for state in graph.states
        for type_ in [graph.types[state.node]]
    }
    for bar in range(data.draw(st.integers(1, bars), label="bars")):
        row = {name: data.draw(values_of(types[name]), label=f"{name} at bar {bar}") for name in names}
        arguments = [
            next(m for m in enums[name] if code_of(m) == row[name]) if name in enums else row[name] for name in names
        ]
        try:
            result = stream(*arguments)
        except (ArithmeticError, ValueError):
            return
        values = _row(graph, row, carried)
        python = list(_flat(result))
        order = [output.name for output in graph.outputs]
        if len(order) > 1 and dataclasses.is_dataclass(result):
            order = [field.name for field in dataclasses.fields(result)]
        by_name = {output.name: output.node for output in graph.outputs}
        assert len(python) == len(order)
        for name, expected in zip(order, python, strict=True):
            type_, got = graph.types[by_name[name]], values[by_name[name]]
            assert word_of(got, type_) == word_of(expected, type_), (
                f"{name} at bar {bar}: {show(got, type_)} instead of {show(expected, type_)}"
            )
        carried = {state.name: values[state.next] for state in graph.states}


def _row(graph: Graph, row: dict[str, Value], carried: dict[str, Any]) -> list[Value]:
    defaults = {param.name: param.default for param in graph.params}
    values: list[Any] = []
    for node, op in enumerate(graph.ops):
        if isinstance(op, Op):
            values.append(op.meaning(*(values[arg] for arg in graph.args[node])))
        elif op is Source.CONST:
            values.append(graph.constants[node])
        elif op is Source.STATE:
            values.append(carried[graph.names[node].removesuffix(".before")])
        else:
            values.append({**row, **defaults}[graph.names[node]])
    return values


def _flat(result: Any) -> Iterator[Value]:
    if isinstance(result, tuple):
        for item in result:
            yield from _flat(item)
    elif dataclasses.is_dataclass(result):
        for field in dataclasses.fields(result):
            yield from _flat(getattr(result, field.name))
    else:
        yield code_of(result) if isinstance(result, Enum) else result
