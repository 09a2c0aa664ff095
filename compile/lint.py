"""Remarks on a graph that compiles: what is declared and never used, and numbers that deserve a name.

Lint the graph as it was traced: once it is prepared, its status reads every input and parameter.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

from dag.diagnostic_codes import CODES
from dag.diagnostics import Diagnostic
from dag.graph import Graph
from dag.ops import ADD, DIV, EQ, F64_TO_F32, FMA, I64_TO_F32, IN_F32, MUL, NE, SQRT, SUB, Source
from dag.source import Span
from dag.types import Kind, Type, Value
from dag.words import round_f32, show


def lint(graph: Graph) -> list[Diagnostic]:
    """All warnings about `graph`, in the order of its source; empty when there is nothing to say."""
    live = _live_nodes(graph)
    found = [
        *_unread_parameters(graph, live),
        *_unread_inputs(graph, live),
        *_unused_values(graph, live),
        *_unnamed_literals(graph),
        *_float_equalities(graph),
    ]
    return sorted(found, key=_place)


def _live_nodes(graph: Graph) -> set[int]:
    """The nodes that an output, a state's next value or the status depends on."""
    live = {output.node for output in graph.outputs} | {state.next for state in graph.states}
    if graph.status is not None:
        live.add(graph.status)
    for node in reversed(range(len(graph))):
        if node in live:
            live.update(graph.args[node])
    return live


def _unread_parameters(graph: Graph, live: set[int]) -> Iterator[Diagnostic]:
    for port in graph.params:
        if port.node not in live:
            yield _warning(
                "W001", graph, port.node, port.name,
                "every parameter to have an effect on an output or a carried value",
                ("no output and no carried value depends on it",),
                f"use `{port.name}`, or delete the field",
            )  # fmt: skip


def _unread_inputs(graph: Graph, live: set[int]) -> Iterator[Diagnostic]:
    for port in graph.inputs:
        if port.node not in live:
            yield _warning(
                "W002", graph, port.node, port.name,
                "every input to have an effect on an output or a carried value",
                ("no output and no carried value depends on it; rows outside its domain are rejected all the same",),
                f"use `{port.name}`, or delete the argument",
            )  # fmt: skip


def _unused_values(graph: Graph, live: set[int]) -> Iterator[Diagnostic]:
    named = {tap.node for tap in graph.taps} - _warm_flags(graph)
    for node in graph.operators():
        if node in named and node not in live:
            yield _warning(
                "W003", graph, node, graph.names[node],
                "every value to be used",
                ("no output and no carried value depends on it; it is computed only to be tapped",),
                "use it, or delete its assignment",
            )  # fmt: skip


def _warm_flags(graph: Graph) -> set[int]:
    """What `carry(warm_up=...)` is there to be tapped: nobody assigned it."""
    counted = [f"{state.name}." for state in graph.states if state.warm_up]
    ends = [(tap.name.removesuffix("warm"), tap.node) for tap in graph.taps if tap.name.endswith(".warm")]
    return {node for carried, node in ends if any(state.startswith(carried) for state in counted)}


def _unnamed_literals(graph: Graph) -> Iterator[Diagnostic]:
    named = {tap.node for tap in graph.taps}
    users = graph.users()
    for node, op in enumerate(graph.ops):
        value, span = graph.constants[node], graph.spans[node]
        if op is not Source.CONST or value is None or node in named or span is None:
            continue
        if (
            graph.types[node].kind not in (Kind.BOOL, Kind.ENUM)
            and not _speaks_for_itself(value, graph.types[node])
            and _is_written(span, value, graph.types[node])
        ):
            into = graph.names[users[node][0]] if users[node] else graph.names[node]
            yield _warning(
                "W004", graph, node, into,
                "a number that says what it means",
                (show(value, graph.types[node]),),
                "make it a field of the lane's parameters, or a constant with a name at the top of the file",
            )  # fmt: skip


def _float_equalities(graph: Graph) -> Iterator[Diagnostic]:
    """`==` of a rounded result with something that varies. `x == x` asks for NaN, and a constant is a guard: both are fine."""
    for node in graph.operators():
        op, operands = graph.ops[node], dict.fromkeys(graph.args[node])
        if op not in _EQUALITIES or len(operands) == 1 or any(graph.ops[arg] is Source.CONST for arg in operands):
            continue
        rounded = tuple(arg for arg in operands if graph.ops[arg] in _ROUNDS)
        if rounded:
            yield _warning(
                "W005", graph, node, graph.names[node],
                f"no `{'==' if op in (EQ, IN_F32[EQ]) else '!='}` on a computed float: the last bit of a rounded result decides it",
                tuple(f"`{graph.names[arg]}`, the rounded result of `{graph.ops[arg]}`" for arg in rounded),
                "compare the distance with a bound: abs(a - b) <= slack",
            )  # fmt: skip


_EQUALITIES = (EQ, NE, IN_F32[EQ], IN_F32[NE])
_IN_F64 = (ADD, SUB, MUL, DIV, SQRT, FMA)
#: The operators whose result is rounded.
_ROUNDS = (*_IN_F64, *(IN_F32[op] for op in _IN_F64), F64_TO_F32, I64_TO_F32)


def _speaks_for_itself(value: Value, type_: Type) -> bool:
    """Zero, a power of two or a power of ten, of either sign: their meaning is plain where they stand."""
    magnitude = abs(value)
    if magnitude == 0 or not math.isfinite(magnitude):
        return True
    return math.frexp(magnitude)[0] == 0.5 or any(magnitude == _held(power, type_) for power in _POWERS_OF_TEN)


_POWERS_OF_TEN = [float(f"1e{exponent}") for exponent in range(-18, 19)]


def _held(written: float, type_: Type) -> float:
    """A literal as a constant of this type holds it."""
    return round_f32(float(written)) if type_.kind is Kind.F32 else written


def _is_written(span: Span, value: Value, type_: Type) -> bool:
    """Whether the source says this very number here; the constants that `round` is made of are nobody's literals."""
    try:
        written: object = ast.literal_eval(span.text[span.column - 1 : span.end_column - 1])
    except (ValueError, SyntaxError):
        return False
    return isinstance(written, int | float) and abs(_held(written, type_)) == abs(value)


def _warning(
    code: str, graph: Graph, node: int, name: str, expected: str, got: tuple[str, ...], fix: str
) -> Diagnostic:
    return Diagnostic(code, CODES[code][0], graph.spans[node], name, expected, got, fix)


def _place(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    span = diagnostic.span
    file, line, column = (span.file, span.line, span.column) if span else ("", 0, 0)
    return file, line, column, diagnostic.code, diagnostic.node
