"""Random graphs through the public builder: every op, state, adversarial constants, any unit-free types."""

from __future__ import annotations

import numpy as np

from compile.backend import Batch
from dag.builder import GraphBuilder
from dag.domain import whole_domain
from dag.graph import Graph
from dag.ops import AS_UNIT, OPS, Op
from dag.types import BOOL, F32, F64, I32, I64, Kind, Type, Value, enum_type
from dag.words import value_of, word_of
from tests.support.special_values import SPECIAL_F32, SPECIAL_F64, SPECIAL_I32, SPECIAL_I64, special_column

SIDE = enum_type("Side", {"SELL": -1, "FLAT": 0, "BUY": 1})
TYPES = (F64, F32, I64, I32, BOOL, SIDE)
SAFE: dict[Kind, Value] = {Kind.F64: 0.0, Kind.F32: 0.0, Kind.I64: 0, Kind.I32: 0, Kind.BOOL: False, Kind.ENUM: 0}


def random_graph(seed: int, operators: int = 60, name: str = "random_graph") -> Graph:
    """A graph of about `operators` operator nodes, two of them carried; every operator has a name, so none is dropped."""
    rng = np.random.default_rng(seed)
    builder = GraphBuilder(name)
    builder.open_scope("", name, "A random graph.")
    pool: dict[Type, list[int]] = {type_: [] for type_ in TYPES}
    for type_ in TYPES:
        kind, whole = type_.kind.value, whole_domain(type_)
        pool[type_] += [builder.input(f"{kind}_{k}", type_, "1", whole) for k in range(2)]
        pool[type_] += [builder.param(f"p.{kind}", type_, "1", whole, None)]
        pool[type_] += [builder.const(_constant(rng, type_), type_, "1") for _ in range(2)]
    states = {type_: builder.state(f"carried.{type_.kind.value}", type_, "1", _constant(rng, type_)) for type_ in TYPES}
    for type_, node in states.items():
        pool[type_].append(node)
    ops = list(OPS.values())
    for k in range(operators):
        if k in (operators // 3, 2 * operators // 3):
            builder.open_scope(f"lane_{k}", "lane", "A lane of its own.")
        # Every op once, in some order, then at random.
        op = ops[(k + seed) % len(ops)] if k < len(ops) else ops[rng.integers(len(ops))]
        node = _apply(rng, builder, op, pool)
        pool[builder.type_of(node)].append(node)
        builder.tap(f"n{k}_{op.name}", node)
    for type_ in TYPES:
        builder.set_next(f"carried.{type_.kind.value}", pool[type_][-1])
        builder.output(f"out_{type_.kind.value}", pool[type_][-1], SAFE[type_.kind])
    return builder.freeze()


def random_batch(graph: Graph, seed: int, bars: int, instances: int) -> Batch:
    """Columns for `graph`, half of them special values."""
    rng = np.random.default_rng(seed)
    return Batch(
        inputs={p.name: special_column(rng, graph.types[p.node], (bars, instances)) for p in graph.inputs},
        params={p.name: special_column(rng, graph.types[p.node], (instances,)) for p in graph.params},
        bars=bars,
        instances=instances,
    )


def _apply(rng: np.random.Generator, builder: GraphBuilder, op: Op, pool: dict[Type, list[int]]) -> int:
    any_type = TYPES[rng.integers(len(TYPES))]
    args: list[int] = []
    for wanted in op.takes:
        type_ = wanted if isinstance(wanted, Type) else SIDE if wanted is Kind.ENUM else any_type
        # Recent nodes are likelier, so that graphs grow deep as well as wide.
        nodes = pool[type_]
        args.append(nodes[-1 - int(len(nodes) * rng.random() ** 2)])
    return builder.op(op, tuple(args), unit="1" if op is AS_UNIT else None)


def _constant(rng: np.random.Generator, type_: Type) -> Value:
    match type_.kind:
        case Kind.F64:
            return SPECIAL_F64[rng.integers(len(SPECIAL_F64))]
        case Kind.F32:
            return SPECIAL_F32[rng.integers(len(SPECIAL_F32))]
        case Kind.I32:
            return SPECIAL_I32[rng.integers(len(SPECIAL_I32))]
        case Kind.I64:
            return SPECIAL_I64[rng.integers(len(SPECIAL_I64))]
        case Kind.BOOL | Kind.ENUM:
            return value_of(word_of(int(rng.integers(2)), type_), type_)
