"""A small graph with state, and runners that tamper with one bit of what the interpreter says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from compile.backend import Batch, Result, Runner
from compile.interpreter.backend import Interpreter
from compile.pipeline import prepare
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.table import ADD, MUL
from dag.values.domain import interval
from dag.values.types import F64, I64


def running_sum() -> Graph:
    """level += gain * x."""
    builder = GraphBuilder("running_sum")
    builder.open_scope("", "running_sum")
    x = builder.input("x", F64, "px", interval(F64, above=0.0))
    builder.input("n", I64, "1", interval(I64, 1, 7))
    gain = builder.param("gain", F64, "1", interval(F64, 0.0, 1.0), 0.5)
    level = builder.state("level", F64, "px", 0.0)
    step = builder.op(MUL, (gain, x))
    builder.tap("step", step)
    new = builder.op(ADD, (level, step))
    builder.tap("level", new)
    builder.set_next("level", new)
    builder.output("level", new, 0.0)
    builder.close_scope()
    return prepare(builder.freeze())


GRAPH = running_sum()
INTERPRETER = Interpreter()
Change = Callable[[Result], None]


def interpreter() -> Runner:
    """The interpreter of GRAPH."""
    return INTERPRETER.load(GRAPH, INTERPRETER.lower(GRAPH))


@dataclass
class Tampered:
    """The interpreter with one thing changed in what it returns."""

    change: Change

    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        result = interpreter().run(batch, nodes)
        self.change(result)
        return result


def untouched(result: Result) -> None:
    """Change nothing."""


def flip(node: str, bar: int, instance: int) -> Change:
    """Flip the last bit of one value, where the result is that large."""

    def change(result: Result) -> None:
        column = result.nodes[GRAPH.node(node)]
        if column.shape[0] > bar and column.shape[1] > instance:
            column.view(np.uint64)[bar, instance] ^= np.uint64(1)

    return change


def batch_of(bars: int, instances: int) -> Batch:
    """Ordinary rows of GRAPH."""
    rng = np.random.default_rng(7)
    inputs = {"x": rng.uniform(1.0, 2.0, (bars, instances)), "n": rng.integers(1, 8, (bars, instances))}
    return Batch(inputs, {"gain": np.full(instances, 0.25)}, None, bars, instances)
