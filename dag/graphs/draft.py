"""A node while its graph is being built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dag.diagnostics.span import Span
from dag.graphs.paths import Paths
from dag.operators.op import Op, Source
from dag.values.types import Type, Value


@dataclass(slots=True)
class DraftNode:
    op: Op | Source
    args: tuple[int, ...]
    type: Type
    unit: str
    constant: Value | None
    label: str
    owner: int
    span: Span | None
    total: bool
    reached: Paths
    #: Of a node that one place takes on every operand and another does not: the paths of the latter.
    judged: Paths | None = None


def renumbered(paths: Paths, index: Mapping[int, int]) -> Paths:
    return tuple(tuple((index[test], truth) for test, truth in path if test in index) for path in paths)
