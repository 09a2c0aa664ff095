"""Random f64 graphs whose rows mostly stay clear of subnormals, so that a flushing backend is judged by its own results."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compile.backend import Batch, Result
from compile.campaign.drawing.special_values import SPECIAL_F64
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import (
    ABS,
    ADD,
    AND,
    BOOL_TO_I64,
    CEIL,
    DIV,
    EQ,
    F64_BITS,
    F64_TO_I64,
    FLOOR,
    I64_TO_F64,
    IADD,
    LE,
    LT,
    MAX,
    MIN,
    MUL,
    NEG,
    RINT,
    SELECT,
    SQRT,
    SUB,
    TRUNC,
)
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F64, I64, Type
from dag.values.words import Column
from tests.support.meaning import evaluate

#: Arithmetic stands several times: it is what compilers rewrite.
_OPS = (
    *(ADD, SUB, MUL) * 4, *(DIV,) * 3, *(SQRT, MIN, MAX, NEG, ABS) * 2, RINT, FLOOR, CEIL, TRUNC, LT, LE, EQ, AND, SELECT,
    SELECT, I64_TO_F64, F64_TO_I64, F64_BITS, BOOL_TO_I64, IADD,
)  # fmt: skip
_CONSTANTS = (0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 3.0, 0.1, 2.5, -7.3, 1e6)
NORMAL_SPECIALS = tuple(x for x in SPECIAL_F64 if not 0.0 < abs(x) < sys.float_info.min)
SUBNORMALS = tuple(x for x in SPECIAL_F64 if 0.0 < abs(x) < sys.float_info.min)


def arithmetic_graph(seed: int, operators: int = 30, stateful: bool = False) -> Graph:
    """A graph of `operators` operators, each of them named; with two carried values where `stateful`."""
    rng = np.random.default_rng(seed)
    builder = GraphBuilder("arithmetic")
    builder.open_scope("", "arithmetic")
    pool: dict[Type, list[int]] = {
        F64: [builder.input(f"x{k}", F64, "1", whole_domain(F64)) for k in range(4)]
        + [builder.param(f"p{k}", F64, "1", whole_domain(F64), None) for k in range(2)]
        + [builder.const(float(value), F64, "1") for value in rng.choice(_CONSTANTS, 5, replace=False)],
        I64: [builder.const(int(rng.integers(-9, 9)), I64, "1")],
        BOOL: [builder.input("flag", BOOL, "1", whole_domain(BOOL))],
    }
    states = [f"carried{k}" for k in range(2 if stateful else 0)]
    pool[F64] += [builder.state(name, F64, "1", 0.5) for name in states]
    for k in range(operators):
        op = _OPS[rng.integers(len(_OPS))]
        node = builder.op(op, _operands(rng, op, pool))
        pool[builder.type_of(node)].append(node)
        builder.tap(f"n{k}", node) if node not in pool[F64][:11] else None
    for k, name in enumerate(states):
        builder.set_next(name, pool[F64][-1 - k])
    for k in range(3):
        builder.output(f"out{k}", pool[F64][-1 - k], 0.0)
    return builder.freeze()


def _operands(rng: np.random.Generator, op: Op, pool: dict[Type, list[int]]) -> tuple[int, ...]:
    chosen: list[int] = []
    for wanted in op.takes:
        nodes = pool[wanted if isinstance(wanted, Type) else F64]
        recent = nodes[-8:] if rng.random() < 0.6 else nodes
        chosen.append(recent[rng.integers(len(recent))])
    return tuple(chosen)


def arithmetic_batch(graph: Graph, seed: int, bars: int, instances: int, subnormal: float = 0.01) -> Batch:
    """Columns for `graph`: ordinary numbers, a quarter special values, the share `subnormal` subnormals."""
    rng = np.random.default_rng(seed)

    def column(type_: Type, shape: tuple[int, ...]) -> Column:
        if type_ == BOOL:
            return rng.random(shape) < 0.5
        which = rng.random(shape)
        ordinary = np.where(
            which < 0.5, rng.normal(size=shape), rng.normal(size=shape) * 10.0 ** rng.integers(-9, 9, shape)
        )
        special = rng.choice(np.array(NORMAL_SPECIALS), shape)
        tiny = rng.choice(np.array(SUBNORMALS), shape)
        return np.where(which < 0.75, ordinary, np.where(which < 1.0 - subnormal, special, tiny))

    return Batch(
        inputs={port.name: column(graph.types[port.node], (bars, instances)) for port in graph.inputs},
        params={port.name: column(graph.types[port.node], (instances,)) for port in graph.params},
        bars=bars,
        instances=instances,
    )


@dataclass(slots=True)
class Meaning:
    """A runner that evaluates the meaning of every op, and counts the rows it was asked for."""

    graph: Graph
    rows: int = 0

    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        """See `compile.backend.Runner`."""
        self.rows += batch.bars * batch.instances
        return evaluate(self.graph, batch, nodes)
