"""How near each row came to an event: 0 where it happened, else a distance that falls on the way there; what the search descends.

Distances are base-2 logarithms of counts of representable numbers, so that those of the parts of a condition can be added
(both must hold) or the smaller be taken (either will do), as in search-based testing (B. Korel, 1990; N. Tracey et al., 1998).
Events that no gradient leads to, such as a tie, have none: the search meets them by trying.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from compile.backend import Result
from compile.campaign.drawing.ordinals import gap
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Family, Op
from dag.values.types import Kind
from dag.values.words import Column, column_dtype

Distances = NDArray[np.float64]
#: How deep a condition is taken apart; what lies deeper is near or not, with nothing between.
DEPTH = 12
UNREACHED = 64.0
_LESS = {"<": (0, 1), "<=": (0, 0), ">": (1, 1), ">=": (1, 0)}


def nearness(graph: Graph, node: int, event: str, result: Result) -> Distances | None:
    """The distance of every row from `event` at `node`, [bars, instances]; None where nothing leads there."""
    with np.errstate(all="ignore"):
        return _Rows(graph, result).to_event(node, event)


def _far(steps: Distances) -> Distances:
    return np.log2(1.0 + np.maximum(steps, 0.0))


class _Rows:
    def __init__(self, graph: Graph, result: Result) -> None:
        self.graph, self.result = graph, result
        self.shape = next(iter(result.nodes.values())).shape[:2]

    def column(self, node: int) -> Column | None:
        constant, type_ = self.graph.constants[node], self.graph.types[node]
        if type_.is_array:
            return None
        if constant is not None:
            return np.broadcast_to(np.array(constant, column_dtype(type_)), self.shape)
        return self.result.nodes.get(node)

    def operands(self, node: int) -> list[Column] | None:
        columns = [self.column(arg) for arg in self.graph.args[node] if not self.graph.types[arg].is_array]
        return (
            None if any(column is None for column in columns) else [column for column in columns if column is not None]
        )

    def to_event(self, node: int, event: str) -> Distances | None:
        op, args = self.graph.ops[node], self.graph.args[node]
        if node == self.graph.status:
            return self.to_rejection(event)
        if not isinstance(op, Op):
            return None
        match event:
            case "true" | "false":
                return self.to_truth(node, event == "true", DEPTH)
            case "first arm" | "second arm":
                return self.to_truth(args[0], event == "first arm", DEPTH)
            case "both true" | "first only" | "second only" | "neither":
                first, second = event in ("both true", "first only"), event in ("both true", "second only")
                return self.to_truth(args[0], first, DEPTH) + self.to_truth(args[1], second, DEPTH)
        columns = self.operands(node)
        return None if columns is None else self.of_columns(op, node, event, columns)

    def of_columns(self, op: Op, node: int, event: str, columns: list[Column]) -> Distances | None:
        if op in (ops.GET, ops.PUT):
            return self.to_place(node, event, columns)
        numeric = [column for column in columns if column.dtype != np.bool_]
        if len(numeric) >= 2:
            a, b = numeric[0], numeric[1]
            apart = gap(a, b)
            match event:
                case "equal":
                    return _far(np.abs(apart))
                case "one below" | "one apart":
                    return _far(np.abs(apart + 1))
                case "one above":
                    return _far(np.abs(apart - 1))
                case "takes the first" | "takes the second":
                    wants_less = (op.family is Family.MINIMUM) is (event == "takes the first")
                    return _far(apart + 1 if wants_less else 1 - apart)
                case "cancels to zero" | "cancellation":
                    other = b if op.family is Family.DIFFERENCE else -b
                    steps = np.abs(gap(a, other))
                    return _far(steps) if event == "cancels to zero" else _far(np.abs(steps - 64.0))
                case "divides by zero":
                    return _far(np.abs(gap(b, np.zeros_like(b))))
                case "zeros of two signs":
                    return _far(np.abs(gap(a, np.zeros_like(a)))) + _far(np.abs(gap(b, np.zeros_like(b))))
        return self.to_magnitude(node, event, columns)

    def to_magnitude(self, node: int, event: str, columns: list[Column]) -> Distances | None:
        value, kind = self.column(node), self.graph.types[node].kind
        if value is None:
            return None
        if value.dtype.kind == "f":
            single = kind is Kind.F32
            exponent = np.where(value == 0.0, -np.inf, np.frexp(value)[1])
            least, most = (-125, 129) if single else (-1021, 1025)
            match event:
                case "overflow" | "infinite":
                    return np.where(np.isfinite(exponent), np.maximum(most - exponent, 0.0) / 16.0, UNREACHED * 2)
                case "subnormal":
                    there = np.where(exponent == -np.inf, 8.0, np.maximum(exponent - least + 1, 0.0) / 16.0)
                    return np.where(np.isfinite(value), there, UNREACHED * 2)
                case "+0" | "-0":
                    zero = np.zeros_like(value)
                    return _far(np.abs(gap(value, zero))) + np.where(np.signbit(value) == (event == "-0"), 0.0, 1.0)
                case "positive" | "negative":
                    steps = gap(value, np.zeros_like(value))
                    return _far(1 - steps if event == "positive" else 1 + steps)
        if columns and columns[0].dtype.kind == "f":
            match event:
                case "saturates high":
                    return _far(gap(np.full_like(columns[0], 2.0**63), columns[0]))
                case "saturates low":
                    return _far(gap(columns[0], np.full_like(columns[0], -(2.0**63))) + 1)
                case "flushed":
                    exponents = np.frexp(columns[0])[1].astype(np.float64)
                    return np.abs(exponents + (126.0 if kind is Kind.F32 else 1022.0)) / 16.0
        if value.dtype.kind == "i":
            as_float = value.astype(np.float64)
            match event:
                case "zero":
                    return _far(np.abs(as_float))
                case "positive" | "negative":
                    return _far(1 - as_float if event == "positive" else 1 + as_float)
                case "greatest" | "wrapped":
                    return _far(2.0**63 - np.abs(as_float))
                case "least":
                    return _far(as_float + 2.0**63)
        return None

    def to_place(self, node: int, event: str, columns: list[Column]) -> Distances | None:
        length = self.graph.types[self.graph.args[node][0]].length
        assert length is not None
        index = columns[0].astype(np.float64)
        enable: Distances = np.zeros(self.shape)
        if self.graph.ops[node] is ops.PUT:
            wanted = event != "not enabled"
            enable = self.to_truth(self.graph.args[node][3], wanted, DEPTH)
            if not wanted:
                return enable
        match event:
            case "first place":
                return _far(np.abs(index)) + enable
            case "last place":
                return _far(np.abs(index - (length - 1))) + enable
            case "before the array":
                return _far(index + 1) + enable
            case "beyond the array":
                return _far(length - index) + enable
            case _:
                return _far(np.maximum(1 - index, index - (length - 2))) + enable

    def to_rejection(self, event: str) -> Distances | None:
        """Each port's own check is a node `in_domain.PORT`, of which the status chooses."""
        name = event.removeprefix("rejected for ")
        if name == event:
            return None
        try:
            return self.to_truth(self.graph.node(f"in_domain.{name}"), False, DEPTH)
        except KeyError:
            return None

    def to_truth(self, node: int, truth: bool, depth: int) -> Distances:
        """How far the bool `node` is from `truth`."""
        op, args = self.graph.ops[node], self.graph.args[node]
        value = self.column(node)
        if value is not None and isinstance(op, Op) and depth:
            if op is ops.NOT:
                return self.to_truth(args[0], not truth, depth - 1)
            if op in (ops.AND, ops.OR):
                a, b = (self.to_truth(arg, truth, depth - 1) for arg in args)
                return a + b if (op is ops.AND) is truth else np.minimum(a, b)
            if op is ops.SELECT:
                chosen, first, second = args
                return np.minimum(
                    self.to_truth(chosen, True, depth - 1) + self.to_truth(first, truth, depth - 1),
                    self.to_truth(chosen, False, depth - 1) + self.to_truth(second, truth, depth - 1),
                )
            columns = self.operands(node)
            if columns is not None and len(columns) == 2 and columns[0].dtype != np.bool_:
                if op.family is Family.EQUALITY:
                    steps = np.abs(gap(*columns))
                    return _far(steps if (op.symbol == "==") is truth else np.where(steps == 0, 1.0, 0.0))
                if op.family is Family.ORDER:
                    swapped, strict = _LESS[op.symbol]
                    low, high = columns[swapped], columns[1 - swapped]
                    over = gap(low, high) + strict if truth else gap(high, low) + (1 - strict)
                    return _far(np.where(np.isnan(over), math.inf, over))
        if value is None:
            return np.full(self.shape, UNREACHED)
        return np.where(value.astype(np.bool_) == truth, 0.0, UNREACHED / 2)
