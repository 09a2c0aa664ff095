"""The canaries: small kernels that hold every way XLA is known to change bits, run once per process before any other.

A new XLA version, another processor or a GPU may rewrite where today's does not. Then this program is the first to differ, and
loading a kernel fails, naming the hazard, instead of computing something else. `arithmetic` is for every kernel; `formats` is
for those that hold one of the operators it is about: what is computed in integers, or is exact only if nothing is rearranged.
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from compile.backend import Refused
from compile.xla.emit import emit
from compile.xla.program import FUSED_RESULTS, Program
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.meanings import I64_MAX, I64_MIN
from dag.operators.op import Op, Source
from dag.values.domain import whole_domain
from dag.values.types import F32, F64, I32, I64, Type, Value
from dag.values.words import Column, column_dtype, word_of, words_of_column

ROWS = 256
BARS = 3


class Hazard(Refused):
    """XLA changed bits on this machine; the message says how."""


def check_hazards(graph: Graph) -> None:
    """Raise `Hazard` unless this process's XLA computes every hazard that `graph` may meet exactly, or flags the row."""
    _check(arithmetic)
    if not _FORMATS.isdisjoint(graph.ops):
        _check(formats)


@functools.cache
def _check(canary: Callable[[], Graph]) -> None:
    graph = canary()
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
            values |= {port.node: inputs[port.name][bar, row].item() for port in graph.inputs}
            values |= {port.node: params[port.name][row].item() for port in graph.params}
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


def arithmetic() -> Graph:
    """The f64 arithmetic; each tap is named for the rewrite that would change it."""
    builder = GraphBuilder("canary")
    a, b, c = (builder.input(name, F64, "1", whole_domain(F64)) for name in ("a", "b", "c"))
    p = builder.param("p", F64, "1", whole_domain(F64), None)
    level = builder.state("level", F64, "1", 1.0)
    apply = _Apply(builder)
    add, sub, mul, div = (apply.op(op) for op in (ops.ADD, ops.SUB, ops.MUL, ops.DIV))
    root, size = apply.op(ops.SQRT), apply.op(ops.ABS)
    # Proved to be no subnormal, so the guard reads none of it: some rules want a value to have one reader only.
    n, m = (add(apply.op(ops.FLOOR)(size(x)), apply.const(1.0)) for x in (a, b))
    cases = {
        "fused multiply-add": add(mul(a, b), c),
        "fused multiply-subtract": sub(c, mul(a, b)),
        "fused multiply-add through a sign": add(apply.op(ops.NEG)(mul(a, b)), c),
        "reciprocal of a constant": div(a, apply.const(3.0)),
        "reciprocal of a parameter": div(a, p),
        "merged quotients (a/b)/c": div(div(a, b), c),
        "merged quotients a/(b/c)": div(a, div(b, c)),
        "reciprocal square root": div(n, root(m)),
        "square root of a square": root(mul(a, a)),
        "reassociated constant factors": mul(mul(n, apply.const(2.5)), apply.const(3.7)),
        "reassociated constant terms": add(add(a, apply.const(2.5)), apply.const(3.7)),
        "dropped addition of zero": add(a, apply.const(0.0)),
        "factored sum": add(mul(a, b), mul(a, c)),
        "minimum": apply.op(ops.MIN)(a, b),
        "maximum": apply.op(ops.MAX)(a, b),
        "clamp by constants": apply.op(ops.MAX)(apply.op(ops.MIN)(a, apply.const(1.0)), apply.const(-1.0)),
        "rounding to an integer": apply.op(ops.RINT)(a),
        "truncation": apply.op(ops.TRUNC)(a),
        "saturating conversion": apply.op(ops.F64_TO_I64)(mul(a, apply.const(1e19))),
        "bits of a NaN": apply.op(ops.F64_BITS)(sub(a, b)),
        "flushed product": mul(mul(a, a), mul(b, b)),
        "cancelled two-sum": sub(a, sub(add(a, b), b)),
    }
    average = add(level, mul(apply.const(0.1), sub(a, level)))
    cases["fused multiply-add in a recurrence"] = average
    for name, node in cases.items():
        builder.tap(name, node)
    builder.set_next("level", average)
    builder.output("out", average, 0.0)
    return builder.freeze()


def formats() -> Graph:
    """binary32, fused multiply-add, floor division, flushing: what has no operation of its own in XLA."""
    builder = GraphBuilder("canary_of_formats")
    a, b, c = (builder.input(name, F64, "1", whole_domain(F64)) for name in ("a", "b", "c"))
    n, m = (builder.input(name, I64, "1", whole_domain(I64)) for name in ("n", "m"))
    apply = _Apply(builder)
    x, y, z = (apply.op(ops.F64_TO_F32)(each) for each in (a, b, c))
    tiny = apply.op(ops.F64_TO_F32)(apply.const(2.0**-120))
    cases = {
        "rounding to binary32": x,
        "subnormal of binary32": apply.op(ops.MUL_F32)(x, tiny),
        "sum in binary32": apply.op(ops.ADD_F32)(x, y),
        "quotient in binary32": apply.op(ops.DIV_F32)(x, y),
        "square root in binary32": apply.op(ops.SQRT_F32)(x),
        "multiply-add in binary32 without its fusion": apply.op(ops.ADD_F32)(apply.op(ops.MUL_F32)(x, y), z),
        "fused multiply-add in binary32": apply.op(ops.FMA_F32)(x, y, z),
        "bits of binary32": apply.op(ops.F32_BITS)(apply.op(ops.MUL_F32)(x, tiny)),
        "binary32 of bits": apply.op(ops.BITS_F32)(apply.op(ops.I64_TO_I32)(n)),
        "rounding an integer to binary32": apply.op(ops.I64_TO_F32)(n),
        "saturating conversion of binary32": apply.op(ops.F32_TO_I64)(x),
        "fused multiply-add asked for": apply.op(ops.FMA)(a, b, c),
        "fused multiply-add that cancels": apply.op(ops.FMA)(a, b, apply.op(ops.NEG)(apply.op(ops.MUL)(a, b))),
        "flushing": apply.op(ops.FLUSH)(a),
        "flushing binary32": apply.op(ops.FLUSH_F32)(apply.op(ops.MUL_F32)(x, tiny)),
        "floor division": apply.op(ops.IDIV)(n, m),
        "floor remainder": apply.op(ops.IMOD)(n, m),
    }
    for name, node in cases.items():
        builder.tap(name, node)
    return builder.freeze()


#: The operators that `formats` is about.
_FORMATS = {ops.FMA, ops.FLUSH, ops.IDIV, ops.IMOD} | {
    op for op in ops.OPS.values() if not {F32, I32}.isdisjoint((op.gives, *op.takes))
}


@dataclass(frozen=True, slots=True)
class _Apply:
    """Short for the builder's calls."""

    builder: GraphBuilder

    def op(self, op: Op) -> Callable[..., int]:
        return lambda *args: self.builder.op(op, args)

    def const(self, value: float) -> int:
        return self.builder.const(value, F64, "1")


def _numbers(graph: Graph) -> tuple[dict[str, Column], dict[str, Column]]:
    """Fixed inputs [BARS, ROWS] and parameters [ROWS]: ordinary numbers, special values and subnormals."""
    numbers = random.Random(1)
    floats = (0.0, -0.0, math.inf, -math.inf, math.nan, 0.5, -0.5, 1.0, 2.5, 1e-160, -3e-170, 5e-324, 1e300, -9.3e18)
    integers = (0, 1, -1, 7, -7, 1 << 24, (1 << 24) + 1, (1 << 53) + 1, 0x0000_0001, 0x7F80_0001, I64_MAX, I64_MIN)

    def column(type_: Type, length: int) -> Column:
        is_float = type_ == F64
        ordinary = (lambda: numbers.uniform(-9, 9)) if is_float else (lambda: numbers.randint(-(1 << 40), 1 << 40))
        special = floats if is_float else integers
        values = [numbers.choice(special) if numbers.random() < 0.3 else ordinary() for _ in range(length)]
        return np.array(values, column_dtype(type_))

    types = graph.types
    return (
        {port.name: column(types[port.node], BARS * ROWS).reshape(BARS, ROWS) for port in graph.inputs},
        {port.name: column(types[port.node], ROWS) for port in graph.params},
    )
