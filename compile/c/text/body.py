"""The straight line of assignments, one a node, that `kernel.c` and `batch.c` share but for their types."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from compile.c.text.accepted import AcceptedRow
from compile.c.text.comments import comment, described
from compile.c.text.order import grouped_by_lane
from compile.c.text.table import TABLE, Lowering
from compile.c.text.tables import table_name
from dag.graphs.graph import Graph
from dag.operators.op import Op, Source
from dag.operators.table import FOLDS, GET, INDEXES, PUT, ROTATE
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
    #: The same of a port along an axis.
    port: Callable[[Type], str]
    given: Callable[[str, str, Type], str]
    #: How a place of a node along an axis is tapped: the place of its first word, the word, the type.
    tap_place: Callable[[int, str, Type], str]
    #: The number of a place, and one place of a computed array that is not the one of the loop: its name, its length, an index.
    place: str
    picked: Callable[[str, Type, str], str]


class Body:
    """One graph in one dialect: of any row, or, where `accepted` is given, of one that is not rejected."""

    def __init__(self, graph: Graph, dialect: Dialect, accepted: AcceptedRow | None = None) -> None:
        self._graph = graph
        self._dialect = dialect
        self._accepted = accepted
        self._names: dict[int, list[str]] = {}
        self._places = graph.word_places()
        self._users = graph.users()
        self._roots = {each.node for each in graph.outputs} | {each.next for each in graph.states}
        #: The states of which there is a copy, and what it is called.
        self._moved: dict[int, str] = {}
        #: The nodes of the loop that is being written.
        self._local: set[int] = set()
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
            for one in self._in_loops(nodes):
                lines += self._along(one) if isinstance(one, tuple) else self._statements(one)
        return lines

    def _statements(self, node: int) -> list[str]:
        if self._graph.types[node].is_array:
            return self._loop(node)
        return [*self._copied(node), self._assignment(node, self._expression(node)), *self._shown(node)]

    def _in_loops(self, nodes: list[int]) -> list[int | tuple[int, ...]]:
        """The nodes in an order in which they may be written, those along one axis, or of windows of one length, in runs: a loop
        each. What does not read the run that is open stands before it."""
        found: list[int | tuple[int, ...]] = []
        run: list[int] = []
        for node in nodes:
            places = self._places_of(node)
            if places is not None and (not run or places == self._places_of(run[0])):
                run.append(node)
            elif places is None and not set(self._graph.args[node]) & set(run):
                found.append(node)
            else:
                found += [tuple(run)] if run else []
                run = [node] if places is not None else []
                found += [] if places is not None else [node]
        return [*found, tuple(run)] if run else found

    def _places_of(self, node: int) -> tuple[object, int] | None:
        """Over which places a loop with other nodes computes this one: what is put into an array, or turned by a place, stands alone."""
        type_, op = self._graph.types[node], self._graph.ops[node]
        if not type_.is_array or (type_.is_memory and op in (PUT, ROTATE)):
            return None
        return type_.axis, type_.size

    def _along(self, run: tuple[int, ...]) -> list[str]:
        """One loop over the places of an axis or of windows. What is read behind the loop is an array, the rest a variable of its
        body: an array of each value would fill the stack of whoever calls."""
        graph = self._graph
        if len(run) == 1 and graph.types[run[0]].is_memory:
            return self._loop(run[0])
        kept = [node for node in run if self._outlives(node, run)]
        self._local.update(set(run))
        lines = [
            self._commented(
                f"    {self._dialect.types[graph.types[n].kind]} {graph.identifiers[n]}[{graph.types[n].size}];", n
            )
            for n in kept
        ]
        lines.append(f"    for (int dagc_k = 0; dagc_k < {graph.types[run[0]].size}; dagc_k++) {{")
        for node in run:
            type_, name = graph.types[node], graph.identifiers[node]
            name = f"dagc_each_{name}" if node in kept else name
            statement = f"        const {self._dialect.types[type_.kind]} {name} = {self._each(node)};"
            lines.append(self._commented(statement, node))
            lines += [f"        {graph.identifiers[node]}[dagc_k] = {name};"] if node in kept else []
            lines += [f"    {each}" for each in self._shown_place(node, name)]
        self._local.difference_update(run)
        return [*lines, "    }"]

    def _outlives(self, node: int, run: tuple[int, ...]) -> bool:
        """Whether a value of a loop is read behind it."""
        return node in self._roots or any(user not in run for user in self._users[node])

    def _each(self, node: int) -> str:
        """One place of a node along an axis, or one element of a window's."""
        op, type_ = self._graph.ops[node], self._graph.types[node]
        assert isinstance(op, Op)
        operands = {
            operand: self._at_place(arg, self._graph.owners[node])
            for operand, arg in zip(op.operands, self._graph.args[node], strict=True)
        }
        if op is INDEXES:
            return self._dialect.place
        return self._text(op, operands, T="f64" if type_.is_float else "i64")

    def _at_place(self, node: int, scope: int | None = None) -> str:
        """How a statement in a loop over an axis reads `node`: its element there, or the single value that it is."""
        node = self._same(node)
        if not self._graph.types[node].is_array:
            return self.operand(node, scope)
        if node in self._local:
            name = self._graph.identifiers[node]
            return f"dagc_each_{name}" if self._kept_in(node) else name
        return self._element(node, "dagc_k")

    def _same(self, node: int) -> int:
        return node if self._accepted is None else self._accepted.of(node)

    def _kept_in(self, node: int) -> bool:
        return node in self._roots or any(user not in self._local for user in self._users[node])

    def _shown_place(self, node: int, value: str) -> list[str]:
        """The tap of one place, in the loop: where the taps are asked for all at once, behind that. A window's elements have none."""
        if self._accepted is not None or self._graph.types[node].is_memory:
            return []
        tap = self._dialect.tap_place(self._places[node], value, self._graph.types[node])
        return [f"    if ({self._dialect.tapped}) {tap}" if self._dialect.tapped else f"    {tap}"]

    def stores(self, node: int, store: Callable[[str], str]) -> list[str]:
        """A loop that stores each place of `node`, a value along an axis; `store` makes a statement of the place's value."""
        size = self._graph.types[node].size
        return [f"    for (int dagc_k = 0; dagc_k < {size}; dagc_k++)", f"        {store(self._at_place(node))}"]

    def _shown(self, node: int) -> list[str]:
        """The tap that stands behind the value of `node`."""
        type_ = self._graph.types[node]
        if self._dialect.tapped or self._accepted is not None or type_.is_memory:
            return []
        return self._tap_of(node)

    def _tap_of(self, node: int) -> list[str]:
        """The tap of a value: of one along an axis, which is a port or a state, in a loop of its own."""
        type_ = self._graph.types[node]
        if type_.axis is None:
            return [f"    {self._dialect.tap(self._places[node], self.operand(node), type_)}"]
        return self.stores(node, lambda value: self._dialect.tap_place(self._places[node], value, type_))

    def array_statements(self) -> list[str]:
        """What is put into the carried arrays: after everything that reads them."""
        puts = (
            node
            for state in self._graph.states
            if self._graph.types[state.node].is_memory
            for node in self._graph.writes(state)
        )
        return [self._commented(f"    {self._expression(node)};", node) for node in puts]

    def tap_statements(self) -> list[str]:
        """The word of every node whose tap does not stand behind it, in the graph's order, for callers that ask for them."""
        words = [
            line
            for node, type_ in enumerate(self._graph.types)
            if self._dialect.tapped or self._graph.constants[node] is not None
            if not type_.is_memory and (type_.axis is None or isinstance(self._graph.ops[node], Source))
            for line in self._tap_of(node)
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

    def moved_states(self) -> list[str]:
        """Copies of the states that another one takes over as they were before the bar: each may be overwritten before it is read."""
        lines: list[str] = []
        for state in self._graph.states:
            node = self._same(state.next)
            type_ = self._graph.types[node]
            if type_.axis is None or node == state.node or self._graph.ops[node] is not Source.STATE:
                continue
            if node not in self._moved:
                name = f"dagc_was_{self._graph.identifiers[node]}"
                lines.append(f"    {self._dialect.types[type_.kind]} {name}[{type_.length}];")
                lines.append(f"    for (int dagc_k = 0; dagc_k < {type_.length}; dagc_k++)")
                lines.append(f"        {name}[dagc_k] = {self._element(node, 'dagc_k')};")
                self._moved[node] = name
        return lines

    def _element(self, node: int, place: str) -> str:
        """One element of an array: of one that is carried, or of one computed in this bar."""
        type_, name = self._graph.types[node], self._graph.identifiers[node]
        if node in self._moved:
            return f"{self._moved[node]}[{place}]"
        match self._graph.ops[node]:
            case Source.STATE:
                word = self._dialect.held(name, place, type_)
            case Source():
                word = self._dialect.given(name, place, type_)
            case _:
                return f"{name}[{place}]"
        value = self._dialect.value(word, type_.element)
        return f"({value})" if type_.kind is Kind.BOOL else value

    def _copied(self, node: int) -> list[str]:
        """A carried array as a fold reads it."""
        array = self._graph.args[node][0]
        over_all = self._graph.ops[node] is GET and self._graph.types[array].axis is not None
        if not (self._graph.ops[node] in FOLDS or over_all) or not isinstance(self._graph.ops[array], Source):
            return []
        type_, name = self._graph.types[array], f"dagc_of_{self._graph.identifiers[node]}"
        return [
            f"    {self._dialect.types[type_.kind]} {name}[{type_.length}];",
            f"    for (int dagc_k = 0; dagc_k < {type_.length}; dagc_k++)",
            f"        {name}[dagc_k] = {self._element(array, 'dagc_k')};",
        ]

    def _assignment(self, node: int, value: str) -> str:
        of = self._graph.types[node]
        type_ = f"const {self._dialect.types[of.kind]}"
        if of.is_array:
            type_ = (self._dialect.array if self._graph.ops[node] is Source.STATE else self._dialect.port)(of)
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
        array = self._same(self._graph.args[node][0])
        operands["array"] = self._graph.identifiers[self._graph.array_of(array)]
        along = self._graph.types[array].axis is not None
        if (op in FOLDS or along) and isinstance(self._graph.ops[array], Source):
            operands["array"] = f"dagc_of_{self._graph.identifiers[node]}"
        if op is GET and along:
            return self._dialect.picked(operands["array"], self._graph.types[array], operands["index"])
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
