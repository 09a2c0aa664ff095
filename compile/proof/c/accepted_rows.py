"""The rows of `batch.c` that are not rejected: its parts, and the loop that calls them on whole vectors, run on terms.

One vector: nothing is stored before every check is known. Where a lane is rejected the vector is left to the function that
computes any vector in full; where none is, what is stored has to be what the graph is in a row whose status is 0. A column is
read and written at one place, that of the vector, and the loop steps from vector to vector.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pycparser import c_ast

from compile.proof.c.accepted import accepted_terms, implied_by
from compile.proof.c.batch import StraightLine, is_unused, number_of
from compile.proof.c.parsing import called, line_of_node, name_of, plain_type, pointer_type, written
from compile.proof.c.row_expression import Value
from compile.proof.c.tables import Known
from compile.proof.c.vector_expression import INTEGERS, declared_type
from compile.proof.core.source import SourceTerms
from compile.proof.core.terms import IllTyped
from compile.proof.core.verdict import Read, Reading, Unreadable
from dag.values.types import Kind

_LOOP = (
    "int64_t dagc_i = dagc_from.first",
    "dagc_i < dagc_end",
    "dagc_i += DAGC_LANES",
)
_PLACE = "const dagc_place dagc_at = {dagc_from.bar, dagc_i, DAGC_LANES, dagc_from.row + (dagc_i - dagc_from.first)}"
_LEFT = (
    "{ dagc_rejected += dagc_lanes(dagc_at, dagc_inputs, dagc_params, dagc_state, dagc_outputs, dagc_taps); continue; }"
)


class Part(StraightLine):
    """One part, called: what it hands on, and the mask that it returns."""

    def __init__(self, source: SourceTerms, known: Known, function: Any) -> None:
        super().__init__(source, known)
        self._function = function
        #: Pointer -> the variable of the caller that it leads to, and its type.
        self._to: dict[str, tuple[str, str]] = {}
        self.given: dict[str, Value] = {}

    def call(self, arguments: list[Any], caller: Vectors) -> int:
        """The bool whose mask is returned. Raises Unreadable."""
        formal = self._function.decl.type.args.params
        line = line_of_node(self._function)
        if len(formal) != len(arguments) or plain_type(self._function.decl.type.type) != INTEGERS:
            raise Unreadable("a part is called with other arguments than it takes", line)
        for each, argument in zip(formal, arguments, strict=True):
            self._argument(each, argument, caller)
        *statements, last = self._function.body.block_items or [None]
        for statement in statements:
            self._statement(statement)
        if not isinstance(last, c_ast.Return) or len(self.given) != len(self._to):
            raise Unreadable("a part does not hand on all that it should", line)
        return self.mask(last.expr)

    def _argument(self, formal: Any, argument: Any, caller: Vectors) -> None:
        name, line = str(formal.name), line_of_node(formal)
        if name == "dagc_at" and plain_type(formal.type) == "dagc_place" and name_of(argument) == "dagc_at":
            return
        if self.is_taken(name) or name in self._to:
            raise Unreadable(f"`{name}` is declared twice", line)
        type_, pointed = declared_type(formal.type), pointer_type(formal.type)
        match argument:
            case c_ast.ID(name=given) if type_ is not None and given in caller.variables:
                if caller.variables[given].type != type_:
                    raise Unreadable(f"`{name}` is given a value of another type", line)
                self.variables[name] = caller.variables[given]
            case c_ast.ID(name=given) if pointed == "int64_t" and given in caller.arrays:
                self.arrays[name] = caller.arrays[given]
            case c_ast.UnaryOp(op="&", expr=c_ast.ID(name=given)) if pointed is not None:
                if caller.empty.get(given) != pointed or given in (to for to, _ in self._to.values()):
                    raise Unreadable(f"`{name}` leads to no variable that waits for it", line)
                self._to[name] = given, pointed
            case _:
                raise Unreadable(f"`{name}` is given something else", line)

    def is_taken(self, name: str) -> bool:
        """Whether a variable, an array or an argument is called that."""
        return name in self._to or super().is_taken(name)

    def _statement(self, statement: Any) -> None:
        match statement:
            case c_ast.Assignment(op="=", lvalue=c_ast.UnaryOp(op="*", expr=c_ast.ID(name=name)), rvalue=value) if (
                name in self._to and self._to[name][0] not in self.given
            ):
                to, type_ = self._to[name]
                self.given[to] = self.expressions.converted(self.value(value), type_)
            case _ if not self.declare(statement) and not is_unused(statement):
                raise Unreadable("a statement of this kind is not expected", line_of_node(statement))


class Vectors(StraightLine):
    """The loop over whole vectors."""

    def __init__(self, source: SourceTerms, known: Known, parts: Mapping[str, Any], full: Reading) -> None:
        super().__init__(source, known)
        self._known = known
        self._parts = parts
        self._full = full
        #: Variables that a part fills: their types.
        self.empty: dict[str, str] = {}
        #: What waits for a column that instances share; pointer -> node, state, output.
        self._shared: set[str] = set()
        self._lines: dict[str, int] = {}
        self._states: dict[str, int] = {}
        self._outputs: dict[str, int] = {}
        self._is_checked = False
        self._now = [source.of[each.node] for each in source.graph.states]
        self._stored: dict[int, Read] = {}
        self._written: dict[int, Read] = {}

    def run(self, statements: list[Any]) -> None:
        """The whole function. Raises Unreadable."""
        *before, loop, last = statements or [None, None]
        for statement in before:
            self._on_line(self._before, statement)
        head = tuple(written(each) for each in (loop.init, loop.cond, loop.next)) if isinstance(loop, c_ast.For) else ()
        place, *inside = loop.stmt.block_items or [None] if head == _LOOP else [None]
        if place is None or written(place) != _PLACE:
            raise Unreadable("the loop over whole vectors is another", line_of_node(loop))
        if written(last) != "return dagc_rejected;" or "dagc_rejected" not in self.variables:
            raise Unreadable("the loop over whole vectors does not count what is rejected", line_of_node(last))
        for statement in inside:
            self._on_line(self._inside, statement)
        if not self._is_checked:
            raise Unreadable("the loop over whole vectors leaves no rejected row to another", line_of_node(loop))
        self._require(line_of_node(loop))

    def _on_line(self, step: Any, statement: Any) -> None:
        try:
            step(statement)
        except IllTyped as problem:
            raise Unreadable(f"a statement has no meaning here: {problem}", line_of_node(statement)) from problem

    def is_taken(self, name: str) -> bool:
        """Whether anything here is called that."""
        others = (self.empty, self._shared, self._lines, self._states, self._outputs)
        return any(name in names for names in others) or super().is_taken(name)

    def _before(self, statement: Any) -> None:
        line = line_of_node(statement)
        if is_unused(statement):
            return
        if not isinstance(statement, c_ast.Decl) or self.is_taken(str(statement.name)):
            raise Unreadable("a statement of this kind is not expected before the loop", line)
        name = str(statement.name)
        if statement.init is None and declared_type(statement.type) == INTEGERS:
            self._shared.add(name)
        elif plain_type(statement.type) == "dagc_line" and "const" in statement.quals:
            self._lines[name] = self._line(statement.init)
        elif written(statement) == "int64_t dagc_rejected = 0":
            self.variables[name] = Value("count", -1)
        elif pointer_type(statement.type) == "int64_t" and "const" in statement.type.quals:
            graph = self.source.graph
            if isinstance(statement.init, c_ast.ArrayRef) and name_of(statement.init.name) == "dagc_outputs":
                self._outputs[name] = number_of(statement.init, "dagc_outputs", len(graph.outputs))
                return
            number = number_of(statement.init, "dagc_state", len(graph.states))
            (self.arrays if self.is_array(number) else self._states)[name] = number
        else:
            raise Unreadable(f"`{name}` is declared in another way", line)

    def _line(self, call: Any) -> int:
        """The node whose column `dagc_along(&dagc_inputs[k], dagc_from.bar, &shared)` goes along."""
        graph = self.source.graph
        match called(call):
            case "dagc_along", [
                c_ast.UnaryOp(op="&", expr=column),
                bar,
                c_ast.UnaryOp(op="&", expr=c_ast.ID(name=shared)),
            ] if shared in self._shared:
                self._shared.remove(shared)
                if written(bar) == "dagc_from.bar":
                    return graph.inputs[number_of(column, "dagc_inputs", len(graph.inputs))].node
                if written(bar) == "0":
                    return graph.params[number_of(column, "dagc_params", len(graph.params))].node
        raise IllTyped("a column read at another bar, or with another's word")

    def memory(self, call: tuple[str, list[Any]]) -> Value | None:
        """What a vector reads of a port's column, and of a state's before it is stored."""
        graph = self.source.graph
        match call:
            case "dagc_take", [line, at] if name_of(at) == "dagc_at" and name_of(line) in self._lines:
                node = self._lines[name_of(line) or ""]
                return self.loaded(graph.types[node], self.source.of[node])
            case "dagc_load", [place, lanes] if written(lanes) == "DAGC_LANES" and not self._is_checked:
                number = self._column(place)
                return self.loaded(graph.types[graph.states[number].node], self._now[number])
        return None

    def array_state(self, number: int) -> int:
        """The term of carried array `number` as it is now."""
        return self._now[number]

    def _inside(self, statement: Any) -> None:
        line = line_of_node(statement)
        if self._is_checked:
            self._store(statement, line)
            return
        match statement:
            case c_ast.Decl(name=str(name), init=None) if (
                type_ := declared_type(statement.type)
            ) is not None and not self.is_taken(name):
                self.empty[name] = type_
            case c_ast.Decl(name=str(name), init=c_ast.FuncCall() as call) if (
                found := called(call)
            ) is not None and found[0] in self._parts:
                if self.is_taken(name) or declared_type(statement.type) != INTEGERS or "const" not in statement.quals:
                    raise Unreadable(f"`{name}` is declared in another way", line)
                part = Part(self.source, self._known, self._parts[found[0]])
                ok = part.call(found[1], self)
                self.variables[name] = Value(INTEGERS, ok)
                for to, value in part.given.items():
                    self.variables[to] = value
                    del self.empty[to]
            case c_ast.If(cond=condition, iftrue=left, iffalse=None) if written(left) == _LEFT:
                match called(condition):
                    case "dagc_any_clear", [mask]:
                        ok = self.mask(mask)
                    case _:
                        raise Unreadable("a row is left for another reason", line)
                if not implied_by(self.source, ok):
                    raise Unreadable("a row that is rejected is not left to the function that rejects it", line)
                self._is_checked = True
            case _ if isinstance(statement, c_ast.For) or not self.declare(statement):
                raise Unreadable("a statement of this kind is not expected in the loop", line)

    def _store(self, statement: Any, line: int) -> None:
        graph = self.source.graph
        match called(statement):
            case "dagc_store", [place, value, lanes] if written(lanes) == "DAGC_LANES":
                number = self._column(place)
                self._now[number] = self.stored(graph.types[graph.states[number].node], value)
                self._stored[number] = Read(self._now[number], line)
            case "dagc_put", [_, _, _, _, _, _] as arguments:
                number, self._now[number] = self.put(arguments, line)
                self._stored[number] = Read(self._now[number], line)
            case "dagc_write", [c_ast.ID(name=name), at, value] if name in self._outputs and name_of(at) == "dagc_at":
                number = self._outputs[name]
                if number in self._written:
                    raise Unreadable(f"output `{graph.outputs[number].name}` is written twice", line)
                self._written[number] = Read(self.stored(graph.types[graph.outputs[number].node], value), line)
            case _:
                raise Unreadable("a statement of this kind is not expected in the loop", line)

    def _column(self, place: Any) -> int:
        """The number of the state that lies at `pointer + dagc_at.first`."""
        match place:
            case c_ast.BinaryOp(op="+", left=c_ast.ID(name=name), right=first) if name in self._states:
                if written(first) == "dagc_at.first":
                    return self._states[name]
        raise IllTyped("a column of the state in another place")

    def _require(self, line: int) -> None:
        """Where something stored is not the graph's in an accepted row, put it into the reading, to be shown as what is computed."""
        graph, full = self.source.graph, self._full
        accepted = accepted_terms(self.source)
        for number, output in enumerate(graph.outputs):
            found = self._written.get(number)
            if found is None:
                raise Unreadable(f"output `{output.name}` of a row that is not rejected is not written", line)
            if found.term not in (accepted[output.node], self.source.of[output.node]):
                full.outputs[output.name] = self._either(found, full.outputs[output.name])
        for number, state in enumerate(graph.states):
            found = self._stored.get(number, Read(self._now[number], line))
            if found.term not in (accepted[state.next], self.source.of[state.next]):
                full.next_states[state.name] = self._either(found, full.next_states[state.name])

    def _either(self, found: Read, rejected: Read) -> Read:
        """What a row is: as found where it is accepted, else as it is rejected."""
        terms, status = self.source.terms, self.source.graph.status
        if status is None or terms.lengths[found.term] is not None:
            return found
        accepted = terms.term("ieq", self.source.of[status], terms.constant(0, Kind.I64))
        other = rejected.term
        if terms.operators[other] == "select" and terms.operands[other][0] == accepted:
            other = terms.operands[other][2]
        return Read(terms.term("select", accepted, found.term, other), found.line)
