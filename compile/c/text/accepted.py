"""What a graph computes in a row that is not rejected: its status is 0, so every choice that the status makes is made already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dag.graphs.graph import Graph
from dag.operators.op import Source
from dag.operators.table import AND, IEQ, SELECT
from dag.values.types import Value


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A graph under the assumption that its status is 0."""

    graph: Graph
    #: The bools that are all true exactly where the row is accepted; or the status itself, where it is not made of such bools.
    checks: tuple[int, ...]
    #: Nodes that are constants in such a row.
    constants: Mapping[int, Value]
    #: Nodes that are another node's value in such a row.
    same: Mapping[int, int]

    def of(self, node: int) -> int:
        """The node that computes the value of `node` in such a row."""
        return self.same.get(node, node)

    def constant(self, node: int) -> Value | None:
        """The constant that `node` is in such a row, None where it is none."""
        node = self.of(node)
        return self.constants.get(node, self.graph.constants[node])

    def operands(self, node: int) -> tuple[int, ...]:
        """The nodes that `node` reads in such a row, constants left out."""
        args = (self.of(arg) for arg in self.graph.args[node])
        return tuple(arg for arg in args if self.constant(arg) is None)


def accepted_row(graph: Graph) -> AcceptedRow:
    """`graph` in a row that is not rejected."""
    constants: dict[int, Value] = {}
    same: dict[int, int] = {}
    checks = _checks(graph)
    if checks is None:
        assert graph.status is not None
        return AcceptedRow(graph, (graph.status,), constants, same)
    row = AcceptedRow(graph, checks, constants, same)
    if graph.status is not None:
        constants[graph.status] = 0
    for node, op in enumerate(graph.ops):
        args = graph.args[node]
        if graph.types[node].is_array or node == graph.status:
            continue
        if op is IEQ and _asks_status(graph, args):
            constants[node] = True
        elif op is SELECT and constants.get(row.of(args[0])) is True:
            same[node] = row.of(args[1])
        elif op is AND and True in (known := [constants.get(row.of(arg)) for arg in args]):
            same[node] = row.of(args[1 if known[0] is True else 0])
    return row


def _asks_status(graph: Graph, args: tuple[int, ...]) -> bool:
    """Whether `args` are the status and 0. Where nothing is rejected the status is itself the constant 0, and what is compared
    with that may be anything.
    """
    first, second = args
    return graph.status in args and graph.constants[second if first == graph.status else first] == 0


def _checks(graph: Graph) -> tuple[int, ...] | None:
    """The conditions of `select(first, select(second, 0, 2), 1)`, in order; None where the status is no such chain."""
    if graph.status is None:
        return ()
    node, found = graph.status, list[int]()
    while graph.ops[node] is SELECT:
        condition, otherwise, number = graph.args[node]
        if not graph.constants[number]:
            return None
        found.append(condition)
        node = otherwise
    return tuple(found) if graph.ops[node] is Source.CONST and graph.constants[node] == 0 else None


def needed(row: AcceptedRow, roots: Iterable[int]) -> set[int]:
    """The nodes that `roots` are computed from in an accepted row, themselves included; no constants."""
    pending = [row.of(root) for root in roots]
    found: set[int] = set()
    while pending:
        node = pending.pop()
        if node not in found and row.constant(node) is None:
            found.add(node)
            pending.extend(row.operands(node))
    return found
