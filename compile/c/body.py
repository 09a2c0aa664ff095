"""The straight line of assignments, one a node, that `kernel.c` and `batch.c` share but for their types."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from compile.c.comments import comment, described
from compile.c.order import grouped_by_lane
from compile.c.table import TABLE, Lowering
from dag.graph import Graph
from dag.ops import Op, Source
from dag.types import Kind, Type, Value

_COMMENT_COLUMN = 72


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between the two texts: types, literals, expressions, and how a tap is stored."""

    types: dict[Kind, str]
    expression: Callable[[Lowering], str]
    literal: Callable[[Value, Type], str]
    tapped: str
    tap: Callable[[int, str, Type], str]


class Body:
    """One graph in one dialect."""

    def __init__(self, graph: Graph, dialect: Dialect) -> None:
        self._graph = graph
        self._dialect = dialect
        self._named = {tap.node for tap in graph.taps}

    def port_statements(self, read: Callable[[int], str]) -> list[str]:
        """`const double bid = <read>;` for every input, parameter and state, and a line for every constant with a name."""
        graph = self._graph
        lines: list[str] = []
        for node, op in enumerate(graph.ops):
            if op in (Source.INPUT, Source.PARAM, Source.STATE):
                lines.append(self._assignment(node, read(node)))
            elif op is Source.CONST and node in self._named:
                lines.append(self._assignment(node, self._constant(node)))
        return lines

    def operator_statements(self) -> list[str]:
        """Every operator's assignment, a lane call at a time."""
        lines: list[str] = []
        for scope, nodes in grouped_by_lane(self._graph):
            lines += ["", f"    {comment(_heading(self._graph, scope))}"]
            lines += [self._assignment(node, self._expression(node)) for node in nodes]
        return lines

    def tap_statements(self) -> list[str]:
        """The word of every node, in the graph's order, for callers that ask for them."""
        words = [
            f"        {self._dialect.tap(node, self.operand(node), type_)}"
            for node, type_ in enumerate(self._graph.types)
        ]
        return ["", f"    if ({self._dialect.tapped}) {{", *words, "    }"]

    def operand(self, node: int) -> str:
        """How a later statement reads `node`: its name, or the literal for a constant that the user did not name."""
        if self._graph.ops[node] is Source.CONST and node not in self._named:
            return self._constant(node)
        return self._graph.identifiers[node]

    def _assignment(self, node: int, value: str) -> str:
        type_ = self._dialect.types[self._graph.types[node].kind]
        statement = f"    const {type_} {self._graph.identifiers[node]} = {value};"
        return f"{statement:<{_COMMENT_COLUMN}} {comment(described(self._graph, node))}"

    def _constant(self, node: int) -> str:
        value = self._graph.constants[node]
        assert value is not None
        return self._dialect.literal(value, self._graph.types[node])

    def _expression(self, node: int) -> str:
        op = self._graph.ops[node]
        assert isinstance(op, Op)
        operands = dict(zip(op.operands, map(self.operand, self._graph.args[node]), strict=True))
        kind = "f64" if self._graph.types[node].kind is Kind.F64 else "i64"
        return self._dialect.expression(TABLE[op]).format(**operands, T=kind)


def helpers_used(text: str, helpers: dict[str, str]) -> str:
    """The definitions of the helpers that `text` calls, and of those that they call, in order."""
    wanted: set[str] = set()
    pending = [text]
    while pending:
        for name in re.findall(r"\bdagc_\w+", pending.pop()):
            if name in helpers and name not in wanted:
                wanted.add(name)
                pending.append(helpers[name])
    return "\n".join(definition for name, definition in helpers.items() if name in wanted)


def _heading(graph: Graph, scope: int) -> str:
    lane = graph.scopes[scope]
    title = lane.path if lane.path in ("", lane.lane) else f"{lane.path} ({lane.lane})"
    summary = lane.doc.strip().split("\n")[0]
    return f"{title or lane.lane}: {summary}" if summary else title or lane.lane
