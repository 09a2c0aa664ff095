"""What a round of rewriting leaves behind for its check: each step, and the nodes that the steps speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dag.operators.op import Op, Source
from dag.values.types import Type, Value


@dataclass(frozen=True, slots=True)
class BuiltNode:
    """A node while the new graph was being built: `args` are rows too, `label` is a port's or a state's name."""

    op: Op | Source
    args: tuple[int, ...]
    type: Type
    constant: Value | None
    label: str


@dataclass(frozen=True, slots=True)
class RewriteStep:
    """A rule at work: what filled its holes, and what stands there now. All are rows."""

    rule: str
    binding: tuple[tuple[str, int], ...]
    result: int


@dataclass(frozen=True, slots=True)
class RewriteTrace:
    """The steps at each node of the old graph, in order, and the rows they speak of. `node_of`: the row of each old node."""

    rows: Mapping[int, BuiltNode]
    steps: Mapping[int, tuple[RewriteStep, ...]]
    node_of: tuple[int, ...]
