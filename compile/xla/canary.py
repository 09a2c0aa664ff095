"""The canary: one small kernel that holds every way XLA is known to change bits, run once per process before any other.

A new XLA version, another processor or a GPU may rewrite where today's does not. Then this program is the first to differ, and
loading a kernel fails, naming the hazard, instead of computing something else.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable

import numpy as np

from compile.xla.emit import emit
from compile.xla.program import FUSED_RESULTS, Program
from dag import ops
from dag.builder import GraphBuilder
from dag.domain import whole_domain
from dag.graph import Graph
from dag.ops import Op, Source
from dag.types import F64, Value
from dag.words import Column, word_of, words_of_column

ROWS = 256
BARS = 3


class Hazard(RuntimeError):
    """XLA changed bits on this machine; the message says how."""


@functools.cache
def check_hazards() -> None:
    """Raise `Hazard` unless this process's XLA computes every hazard exactly, or flags the row."""
    graph = hazards()
    differences_in(graph, Program.from_files(emit(graph)))


def differences_in(graph: Graph, program: Program) -> None:
    """Run `program` against the meaning of `graph` on fixed numbers; raise `Hazard` at the first unflagged difference.

    Only the named values are asked for, few enough that XLA fuses: unfused, it has nothing to rewrite.
    """
    inputs, params = _numbers(graph)
    wanted = [tap.node for tap in graph.taps]
    assert len(wanted) <= FUSED_RESULTS
    state = {each.name: np.full(ROWS, each.initial) for each in graph.states}
    names = [graph.identifiers[node] for node in wanted]
    replayed = program.replay(inputs, params, state, np.ones(BARS, np.bool_), ROWS, names)
    for row in range(ROWS):
        carried: dict[int, Value] = {each.node: each.initial for each in graph.states}
        for bar in range(BARS):
            if replayed.flagged[bar, row]:
                break  # from here on the interpreter would take over
            values = dict(carried)
            values |= {port.node: float(inputs[port.name][bar, row]) for port in graph.inputs}
            values |= {port.node: float(params[port.name][row]) for port in graph.params}
            _evaluate(graph, values)
            carried = {each.node: values[each.next] for each in graph.states}
            for node, name in zip(wanted, names, strict=True):
                type_ = graph.types[node]
                got = int(words_of_column(replayed.values[name][bar, row : row + 1], type_)[0])
                expected = word_of(values[node], type_)
                if got != expected:
                    raise Hazard(
                        f"XLA changes bits on this machine: {graph.names[node]}: expected {expected:016x}, got {got:016x} "
                        f"(row {row}, bar {bar}); use the interpreter or C backend and report the jaxlib version"
                    )


def _evaluate(graph: Graph, values: dict[int, Value]) -> None:
    """Give every node of one row its value, by the meaning of its op."""
    for node, op in enumerate(graph.ops):
        constant = graph.constants[node]
        if isinstance(op, Op):
            values[node] = op.meaning(*(values[arg] for arg in graph.args[node]))
        elif op is Source.CONST:
            assert constant is not None
            values[node] = constant


def hazards() -> Graph:
    """The graph of the canary; each tap is named for the rewrite that would change it."""
    builder = GraphBuilder("canary")
    a, b, c = (builder.input(name, F64, "1", whole_domain(F64)) for name in ("a", "b", "c"))
    p = builder.param("p", F64, "1", whole_domain(F64), None)
    level = builder.state("level", F64, "1", 1.0)

    def const(value: float) -> int:
        return builder.const(value, F64, "1")

    def apply(op: Op) -> Callable[..., int]:
        return lambda *args: builder.op(op, args)

    add, sub, mul, div = apply(ops.ADD), apply(ops.SUB), apply(ops.MUL), apply(ops.DIV)
    cases = {
        "fused multiply-add": add(mul(a, b), c),
        "fused multiply-subtract": sub(c, mul(a, b)),
        "fused multiply-add through a sign": add(apply(ops.NEG)(mul(a, b)), c),
        "reciprocal of a constant": div(a, const(3.0)),
        "reciprocal of a parameter": div(a, p),
        "merged quotients (a/b)/c": div(div(a, b), c),
        "merged quotients a/(b/c)": div(a, div(b, c)),
        "reciprocal square root": div(a, apply(ops.SQRT)(apply(ops.ABS)(b))),
        "square root of a square": apply(ops.SQRT)(mul(a, a)),
        "reassociated constant factors": mul(mul(a, const(2.5)), const(3.7)),
        "reassociated constant terms": add(add(a, const(2.5)), const(3.7)),
        "dropped addition of zero": add(a, const(0.0)),
        "factored sum": add(mul(a, b), mul(a, c)),
        "minimum": apply(ops.MIN)(a, b),
        "maximum": apply(ops.MAX)(a, b),
        "clamp by constants": apply(ops.MAX)(apply(ops.MIN)(a, const(1.0)), const(-1.0)),
        "rounding to an integer": apply(ops.RINT)(a),
        "truncation": apply(ops.TRUNC)(a),
        "saturating conversion": apply(ops.F64_TO_I64)(mul(a, const(1e19))),
        "bits of a NaN": apply(ops.F64_BITS)(sub(a, b)),
        "flushed product": mul(mul(a, a), mul(b, b)),
        "cancelled two-sum": sub(a, sub(add(a, b), b)),
    }
    average = add(level, mul(const(0.1), sub(a, level)))
    cases["fused multiply-add in a recurrence"] = average
    for name, node in cases.items():
        builder.tap(name, node)
    builder.set_next("level", average)
    builder.output("out", average, 0.0)
    return builder.freeze()


def _numbers(graph: Graph) -> tuple[dict[str, Column], dict[str, Column]]:
    """Fixed inputs [BARS, ROWS] and parameters [ROWS]: ordinary numbers, special values and subnormals."""
    numbers = random.Random(1)
    special = (0.0, -0.0, math.inf, -math.inf, math.nan, 0.5, -0.5, 1.0, 2.5, 1e-160, -3e-170, 5e-324, 1e300, -9.3e18)

    def column(length: int) -> Column:
        return np.array(
            [numbers.choice(special) if numbers.random() < 0.3 else numbers.uniform(-9, 9) for _ in range(length)]
        )

    return (
        {port.name: column(BARS * ROWS).reshape(BARS, ROWS) for port in graph.inputs},
        {port.name: column(ROWS) for port in graph.params},
    )
