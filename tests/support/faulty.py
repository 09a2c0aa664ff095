"""A backend of pure Python that is wrong about one operator, or about the carried state: quick to be found out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from compile.backend import Batch, Files, Missing, Result
from compile.check.meaning import evaluate
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import DIV, OPS


@dataclass(frozen=True, slots=True)
class Faulty:
    """`wrong`: op -> what is computed in its place; `forgets_state`: every bar starts from the first bar's state."""

    wrong: Mapping[Op, Callable[..., Any]] = field(default_factory=dict[Op, Callable[..., Any]])
    forgets_state: bool = False
    name: str = "faulty"

    @property
    def table(self) -> Mapping[Op, object]:
        return dict.fromkeys(OPS.values(), "python")

    def missing(self) -> Missing | None:
        return None

    def lower(self, graph: Graph) -> Files:
        return {}

    def load(self, graph: Graph, files: Files) -> FaultyRunner:
        ops = tuple(replace(op, meaning=self.wrong[op]) if op in self.wrong else op for op in graph.ops)  # type: ignore[index, type-var]
        return FaultyRunner(replace(graph, ops=ops), self.forgets_state)


@dataclass(frozen=True, slots=True)
class FaultyRunner:
    """Evaluates what `Faulty` made of the graph."""

    graph: Graph
    forgets_state: bool

    def run(self, batch: Batch, nodes: Sequence[int]) -> Result:
        if not self.forgets_state:
            return evaluate(self.graph, batch, nodes)
        kept = replace(self.graph, states=tuple(replace(state, next=state.node) for state in self.graph.states))
        return evaluate(kept, batch, nodes)


class Fails(Faulty):
    """Takes no graph that divides."""

    def load(self, graph: Graph, files: Files) -> FaultyRunner:
        if DIV in graph.ops:
            raise ArithmeticError("no division here")
        return Faulty.load(self, graph, files)
