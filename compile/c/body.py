"""The straight line of assignments, one a node, that `kernel.c` and `batch.c` share but for their types."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from compile.c.accepted import AcceptedRow
from compile.c.comments import comment, described
from compile.c.order import grouped_by_lane
from compile.c.table import TABLE, Lowering
from compile.c.tables import table_name
from dag.graphs.graph import Graph
from dag.operators.table import FOLDS, GET, PUT, ROTATE, Op, Source
from dag.values.types import Kind, Type, Value

_COMMENT_COLUMN = 72


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between the two texts: types, literals, expressions, and how a tap is stored."""

    types: dict[Kind, str]
    expression: Callable[[Lowering], str]
    literal: Callable[[Value, Type, str], str]
    tap: Callable[[int, str, Type], str]
    #: What the taps are asked for by, all of them behind everything that is computed; empty where each stands behind its value.
    tapped: str
    #: A value as it lies in the state, and what one that was read from there is made of.
    word: Callable[[str, Type], str]
    value: Callable[[str, Type], str]
    #: The pointer type through which a carried array of this type is reached, and how an element of one is read.
    array: Callable[[Type], str]
    held: Callable[[str, str, Type], str]


class Body:
    """One graph in one dialect: of any row, or, where `accepted` is given, of one that is not rejected."""

    def __init__(self, graph: Graph, dialect: Dialect, accepted: AcceptedRow | None = None) -> None:
        self._graph = graph
        self._dialect = dialect
        self._accepted = accepted
        self._names: dict[int, list[str]] = {}
        for tap in graph.taps:
            if graph.ops[tap.node] is Source.CONST:
                self._names.setdefault(tap.node, []).append(tap.name)

    def port_statements(self, read: Callable[[int], str]) -> list[str]:
        """`const double bid = <read>;` for every input, parameter and state."""
        sources = (Source.INPUT, Source.PARAM, Source.STATE)
        lines: list[str] = []
        for node, op in enumerate(self._graph.ops):
            if op in sources:
                lines += [self._assignment(node, read(node)), *self._shown(node)]
        return lines

    def operator_statements(self, only: Collection[int] | None = None) -> list[str]:
        """The assignment of every operator, or of every one of `only`, a lane call at a time."""
        lines: list[str] = []
        begun: set[int] = set()
        for scope, found in grouped_by_lane(self._graph):
            nodes = [node for node in found if only is None or node in only]
            if not nodes:
                continue
            lines += ["", f"    {comment(_heading(self._graph, scope, scope in begun))}"]
            begun.add(scope)
            for node in nodes:
                if self._graph.types[node].is_array:
                    lines += self._loop(node)
                else:
                    lines += [*self._copied(node), self._assignment(node, self._expression(node)), *self._shown(node)]
        return lines

    def _shown(self, node: int) -> list[str]:
        """The tap that stands behind the value of `node`."""
        type_ = self._graph.types[node]
        if self._dialect.tapped or self._accepted is not None or type_.is_array:
            return []
        return [f"    {self._dialect.tap(node, self.operand(node), type_)}"]

    def array_statements(self) -> list[str]:
        """What is put into the carried arrays: after everything that reads them."""
        puts = (
            node
            for state in self._graph.states
            if self._graph.types[state.node].is_array
            for node in self._graph.writes(state)
        )
        return [self._commented(f"    {self._expression(node)};", node) for node in puts]

    def tap_statements(self) -> list[str]:
        """The word of every node whose tap does not stand behind it, in the graph's order, for callers that ask for them."""
        words = [
            f"    {self._dialect.tap(node, self.operand(node), type_)}"
            for node, type_ in enumerate(self._graph.types)
            if not type_.is_array and (self._dialect.tapped or self._graph.constants[node] is not None)
        ]
        if not self._dialect.tapped:
            return ["", *words]
        return ["", f"    if ({self._dialect.tapped}) {{", *(f"    {each}" for each in words), "    }"]

    def operand(self, node: int, scope: int | None = None) -> str:
        """How a statement of `scope` reads `node`: its name, or a constant's literal, with the name it has in that scope.

        Equal constants are one node, whose name in another lane would say nothing here.
        """
        constant = self._graph.constants[node]
        if self._accepted is not None:
            node, constant = self._accepted.of(node), self._accepted.constant(node)
        if constant is None:
            return self._graph.identifiers[node]
        path = "" if scope is None else self._graph.scopes[scope].path
        prefix = f"{path}." if path else ""
        names = [name.removeprefix(prefix) for name in self._names.get(node, ()) if name.startswith(prefix)]
        own = min((name for name in names if scope is not None and "." not in name), default="")
        return self._dialect.literal(constant, self._graph.types[node], own)

    def _loop(self, node: int) -> list[str]:
        """An array computed element by element; what is put into one comes later."""
        op, type_, name = self._graph.ops[node], self._graph.types[node], self._graph.identifiers[node]
        if op is PUT:
            return []
        assert isinstance(op, Op)
        place = f"(dagc_k + 1) % {type_.length}" if op is ROTATE else "dagc_k"
        operands = {
            operand: self._element(arg, place)
            if self._graph.types[arg].is_array
            else self.operand(arg, self._graph.owners[node])
            for operand, arg in zip(op.operands, self._graph.args[node], strict=True)
        }
        value = self._text(op, operands, T="f64" if type_.is_float else "i64")
        return [
            self._commented(f"    {self._dialect.types[type_.kind]} {name}[{type_.length}];", node),
            f"    for (int dagc_k = 0; dagc_k < {type_.length}; dagc_k++)",
            f"        {name}[dagc_k] = {value};",
        ]

    def _element(self, node: int, place: str) -> str:
        """One element of an array: of one that is carried, or of one computed in this bar."""
        type_, name = self._graph.types[node], self._graph.identifiers[node]
        if self._graph.ops[node] is not Source.STATE:
            return f"{name}[{place}]"
        return self._dialect.value(self._dialect.held(name, place, type_), type_.element)

    def _copied(self, node: int) -> list[str]:
        """A carried array as a fold reads it."""
        array = self._graph.args[node][0]
        if self._graph.ops[node] not in FOLDS or self._graph.ops[array] is not Source.STATE:
            return []
        type_, name = self._graph.types[array], f"dagc_of_{self._graph.identifiers[node]}"
        return [
            f"    {self._dialect.types[type_.kind]} {name}[{type_.length}];",
            f"    for (int dagc_k = 0; dagc_k < {type_.length}; dagc_k++)",
            f"        {name}[dagc_k] = {self._element(array, 'dagc_k')};",
        ]

    def _assignment(self, node: int, value: str) -> str:
        of = self._graph.types[node]
        type_ = self._dialect.array(of) if of.is_array else f"const {self._dialect.types[of.kind]}"
        return self._commented(f"    {type_} {self._graph.identifiers[node]} = {value};", node)

    def _commented(self, statement: str, node: int) -> str:
        return f"{statement:<{_COMMENT_COLUMN}} {comment(described(self._graph, node))}"

    def _expression(self, node: int) -> str:
        op = self._graph.ops[node]
        assert isinstance(op, Op)
        names = (self.operand(arg, self._graph.owners[node]) for arg in self._graph.args[node])
        operands = dict(zip(op.operands, names, strict=True))
        type_ = self._graph.types[node]
        kind = "f64" if type_.is_float else "i64"
        if op not in (GET, PUT, *FOLDS):
            return self._text(op, operands, T=kind)
        array = self._graph.args[node][0]
        operands["array"] = self._graph.identifiers[self._graph.array_of(array)]
        if op in FOLDS and self._graph.ops[array] is Source.STATE:
            operands["array"] = f"dagc_of_{self._graph.identifiers[node]}"
        if op is PUT:
            operands["value"] = self._dialect.word(operands["value"], type_.element)
        found = self._text(op, operands, T=kind, length=self._graph.types[array].length)
        return self._dialect.value(found, type_) if op is GET else found

    def _text(self, op: Op, operands: dict[str, str], **more: object) -> str:
        if op.table:
            more |= {"table": table_name(op), "size": len(op.table)}
        return self._dialect.expression(TABLE[op.row]).format(**operands, **more)


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


def _heading(graph: Graph, scope: int, continued: bool) -> str:
    """What a lane call's statements begin with: its path, its lane where the path does not say it, what it computes."""
    lane = graph.scopes[scope]
    title = lane.path or lane.lane
    if continued:
        return f"{title}, continued"
    if title.split(".")[-1] != lane.lane:
        title += f" ({lane.lane})"
    summary = lane.doc.strip().split("\n")[0]
    return f"{title}: {summary}" if summary else title
