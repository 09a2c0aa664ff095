"""Numbers in formulas that deserve a name."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

from compile.lint.finding import finding
from dag.diagnostics.diagnostic import Diagnostic
from dag.diagnostics.span import Span
from dag.graphs.graph import Graph
from dag.operators.op import Source
from dag.values.types import Kind, Type, Value
from dag.values.words import round_f32


def unnamed_numbers(graph: Graph) -> Iterator[Diagnostic]:
    named = {tap.node for tap in graph.taps}
    users = graph.users()
    for node, op in enumerate(graph.ops):
        value, span = graph.constants[node], graph.spans[node]
        if op is not Source.CONST or value is None or node in named or span is None:
            continue
        if users[node] and all(graph.total[each] for each in users[node]):
            continue  # inside a lane without taps, which answers for its own interior
        if (
            graph.types[node].kind not in (Kind.BOOL, Kind.ENUM)
            and not _speaks_for_itself(value, graph.types[node])
            and _is_written(span, value, graph.types[node])
        ):
            into = graph.names[users[node][0]] if users[node] else graph.names[node]
            yield finding(
                "W004", graph, node, into,
                "a number that says what it means",
                (span.text[span.column - 1 : span.end_column - 1],),
                "make it a field of the lane's parameters, or a constant with a name at the top of the file",
            )  # fmt: skip


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
