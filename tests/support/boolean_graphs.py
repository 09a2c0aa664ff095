"""Random small graphs of bools and of choices between numbers, and their values for every assignment of the bool inputs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.language.marks import Claim, ClaimSite, Mark
from dag.operators import table as ops
from dag.operators.op import Op, Source
from dag.values.domain import whole_domain
from dag.values.types import BOOL, F64, Value

BOOLS = "pqrs"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A graph of bool inputs `p` to `s` and a number `x`: its bool nodes and its numbers, each at least one."""

    graph: Graph
    bools: tuple[int, ...]
    numbers: tuple[int, ...]


def drawn(seed: int, operations: int = 14) -> Drawn:
    """A random graph; every node of it is tapped. `flag` is a bool output and `size` a number, safe at 0.0."""
    rng = np.random.default_rng(seed)
    builder = GraphBuilder("drawn")
    bools = [builder.input(name, BOOL, "1", whole_domain(BOOL)) for name in BOOLS]
    numbers = [
        builder.input("x", F64, "1", whole_domain(F64)),
        builder.const(0.0, F64, "1"),
        builder.const(2.0, F64, "1"),
    ]
    for _ in range(operations):
        a, b, c = (bools[i] for i in rng.integers(len(bools), size=3))
        u, v = (numbers[i] for i in rng.integers(len(numbers), size=2))
        choices: tuple[tuple[Op, tuple[int, ...], list[int]], ...] = (
            (ops.AND, (a, b), bools), (ops.OR, (a, b), bools), (ops.NOT, (a,), bools), (ops.SELECT, (a, b, c), bools),
            (ops.SELECT, (a, u, v), numbers), (ops.MUL, (u, v), numbers), (ops.ADD, (u, v), numbers), (ops.MIN, (u, v), numbers),
        )  # fmt: skip
        op, args, into = choices[rng.integers(len(choices))]
        into.append(builder.op(op, args))
    for index, node in enumerate(dict.fromkeys((*bools, *numbers))):
        builder.tap(f"tap{index}", node)
    builder.output("flag", bools[-1], False)
    builder.output("size", numbers[-1], 0.0)
    graph = builder.freeze()
    kinds = {kind: tuple(node for node, type_ in enumerate(graph.types) if type_ == kind) for kind in (BOOL, F64)}
    return Drawn(graph, kinds[BOOL], kinds[F64])


def claimed(graph: Graph, *marks: tuple[int, ClaimSite, str, Mark]) -> Graph:
    """`graph` with claims of (node, place, name, mark)."""
    return replace(
        graph, claims=tuple(Claim(node, 0, place, name, (mark,), None, None) for node, place, name, mark in marks)
    )


def assignments(graph: Graph) -> Iterator[list[Value]]:
    """The values of all nodes for every assignment of the bool inputs, with `x` at a number that no constant is."""
    names = {port.node: port.name for port in graph.inputs}
    for bits in itertools.product((False, True), repeat=len(BOOLS)):
        given: dict[str, Value] = {**dict(zip(BOOLS, bits, strict=True)), "x": 3.0}
        values: list[Value] = []
        for node, op in enumerate(graph.ops):
            constant = graph.constants[node]
            if constant is not None:
                values.append(constant)
            elif op is Source.INPUT:
                values.append(given[names[node]])
            else:
                assert isinstance(op, Op)
                values.append(op.meaning(*(values[arg] for arg in graph.args[node])))
        yield values
