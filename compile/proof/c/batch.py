"""A function of `batch.c` while it runs on terms, statement by statement: what each lane of it computes."""

from __future__ import annotations

from typing import Any

from pycparser import c_ast

from compile.proof.c.loops import Loops
from compile.proof.c.parsing import (
    called,
    line_of_node,
    literal_number,
    name_of,
    plain_type,
    pointer_type,
)
from compile.proof.c.row_expression import Value
from compile.proof.c.tables import Known
from compile.proof.c.vector_expression import FLOATS, INTEGERS, WORDS, VectorExpressions, declared_type
from compile.proof.core.source import SourceTerms
from compile.proof.core.terms import FOLDS, IllTyped
from compile.proof.core.verdict import Read, Reading, Unreadable
from dag.values.types import Kind, Type

#: What a fold of each kind of elements goes over.
_FOLDED = {Kind.F64: FLOATS, Kind.F32: FLOATS, Kind.I64: INTEGERS}

_ARGUMENTS = frozenset(("dagc_at", "dagc_inputs", "dagc_params", "dagc_state", "dagc_outputs", "dagc_taps"))


class StraightLine:
    """Assignments, one after the other: the variables, and the carried arrays that pointers lead to, by the state's number."""

    def __init__(self, source: SourceTerms, known: Known) -> None:
        self.source = source
        self.expressions = VectorExpressions(source.terms, known)
        self.variables: dict[str, Value] = {}
        #: Pointer -> the number of the carried array that it leads to.
        self.arrays: dict[str, int] = {}
        self.loops = Loops(self.expressions, _FOLDED, self.value, declared_type)
        #: Pointer -> the node of the port along an axis whose column it leads to.
        self.columns: dict[str, int] = {}

    def declare(self, statement: Any) -> bool:
        """Take in a declaration of a constant or of an array, or the loop that fills one; False for any other statement."""
        line = line_of_node(statement)
        match statement:
            case c_ast.Decl(name=str(name)) if self.is_taken(name):
                raise Unreadable(f"`{name}` is declared twice", line)
            case c_ast.Decl(name=str(name), type=c_ast.ArrayDecl(type=element, dim=dim), init=None):
                type_, length = declared_type(element), literal_number(dim)
                if type_ is None or not length:
                    raise Unreadable(f"`{name}` is declared in another way", line)
                self.loops.declared[name] = type_, length
            case c_ast.Decl(name=str(name), init=init) if init is not None:
                type_ = declared_type(statement.type)
                if type_ is None or "const" not in statement.quals:
                    raise Unreadable(f"`{name}` is declared in another way", line)
                self.variables[name] = self.expressions.converted(self.value(init), type_)
            case c_ast.For(stmt=c_ast.Assignment(lvalue=c_ast.ArrayRef(name=c_ast.ID(name=name)))) if (
                name in self.loops.declared
            ):
                self.loops.fill(statement, self.variables)
            case c_ast.For(stmt=c_ast.Compound()):
                self.loops.run(statement, self.variables, self.shown_place)
            case _:
                return False
        return True

    def shown_place(self, statement: Any, place: str, length: int) -> bool:
        """Whether a statement in a loop over places shows one of them; there are no taps in the loop over whole vectors."""
        return False

    def is_taken(self, name: str) -> bool:
        """Whether a variable, an array or an argument is called that."""
        known = (self.variables, self.arrays, self.columns, self.loops.declared, _ARGUMENTS)
        return any(name in names for names in known)

    def value(self, node: Any) -> Value:
        """The value of an expression. Raises Unreadable, which names the line."""
        return self.expressions.value(node, self.variables, self._read)

    def memory(self, call: tuple[str, list[Any]]) -> Value | None:
        """What this function reads of a column by `call`, None for any other call."""
        return None

    def array_state(self, number: int) -> int:
        """The term of carried array `number` as it is now."""
        return self.source.of[self.source.graph.states[number].node]

    def _read(self, node: Any) -> Value | None:
        """What is loaded from a column or an array, or zero in every lane; None for any other expression."""
        graph, terms = self.source.graph, self.source.terms
        match node:
            case c_ast.CompoundLiteral(type=type_, init=c_ast.InitList(exprs=[zero])):
                if plain_type(type_) == INTEGERS and literal_number(zero) == 0:
                    return Value(INTEGERS, terms.constant(0, Kind.I64))
                raise IllTyped("a vector literal")
            case c_ast.ArrayRef(name=c_ast.ID(name=array), subscript=place) if array in self.loops.computed:
                return self.loops.element_of_computed(array, place)
        number = self.loops.number(node)
        if number is not None:
            return Value("int", number)
        call = called(node)
        match call:
            case "dagc_given", [c_ast.ID(name=column), bar, place, at] if (
                name_of(at) == "dagc_at" and is_member(bar, "dagc_at", "bar") and column in self.columns
            ):
                port = self.columns[column]
                return self.loaded(graph.types[port].element, self.loops.element(self.source.of[port], place))
            case "dagc_place_f64" | "dagc_place_i64" as name, [_, _, _] as operands if name in self.expressions.helpers:
                found = self.loops.place(operands, INTEGERS)
                if found.type != (FLOATS if name.endswith("f64") else INTEGERS):
                    raise IllTyped(f"`{name}` of {found.type}")
                return found
            case "dagc_held", [array, length, place, at] if name_of(at) == "dagc_at":
                number = self.array(array, length)
                element = graph.types[graph.states[number].node].element
                return self.loaded(element, self.loops.element(self.array_state(number), place))
            case name, [_, _, _, _, _] as operands if name[5:-1] in FOLDS and name in self.expressions.helpers:
                return self.loops.fold(name[5:-1], operands)
            case "dagc_get", [array, length, index, at] if name_of(at) == "dagc_at" and not self.loops.is_running:
                number = self.array(array, length)
                where = self.expressions.converted(self.value(index), INTEGERS).term
                element = graph.types[graph.states[number].node].element
                return self.loaded(element, terms.term("get", self.array_state(number), where))
        return None if call is None else self.memory(call)

    def loaded(self, type_: Type, term: int) -> Value:
        """A value as it lies in a column: a float is its word, a bool 0 or 1."""
        if type_.is_float:
            return Value(WORDS, term)
        return Value(INTEGERS, self.source.terms.term("bool_to_i64", term) if type_.kind is Kind.BOOL else term)

    def stored(self, type_: Type, node: Any) -> int:
        """What a column of this type holds where this is stored in it."""
        value = self.value(node)
        if type_.kind is Kind.BOOL:
            return self.expressions.truth(value)
        return self.expressions.converted(value, WORDS if type_.is_float else INTEGERS).term

    def mask(self, node: Any) -> int:
        """The bool whose mask an expression is."""
        return self.expressions.mask(self.expressions.converted(self.value(node), INTEGERS).term)

    def put(self, arguments: list[Any], line: int) -> tuple[int, int]:
        """The number of the carried array that `dagc_put` changes, and what it is then."""
        array, length, index, value, enable, at = arguments
        if name_of(at) != "dagc_at":
            raise Unreadable("an array of other instances", line)
        number = self.array(array, length)
        element = self.stored(self.source.graph.types[self.source.graph.states[number].node].element, value)
        where = self.expressions.converted(self.value(index), INTEGERS).term
        return number, self.source.terms.term("put", self.array_state(number), where, element, self.mask(enable))

    def array(self, array: Any, length: Any) -> int:
        """The number of the carried array of `length` elements that `array` leads to."""
        name = name_of(array)
        if name not in self.arrays:
            raise IllTyped("an array that is not carried")
        number = self.arrays[name]
        type_ = self.source.graph.types[self.source.graph.states[number].node]
        if literal_number(length) != type_.length:
            raise IllTyped(f"`{name}` has {type_.length} elements")
        return number

    def state_pointer(self, statement: Any) -> int | None:
        """The number of the state that `int64_t *const x = dagc_state[k];` leads to; None for any other statement."""
        if not isinstance(statement, c_ast.Decl) or pointer_type(statement.type) != "int64_t":
            return None
        if "const" not in statement.type.quals:
            raise Unreadable(f"`{statement.name}` is declared in another way", line_of_node(statement))
        return number_of(statement.init, "dagc_state", len(self.source.graph.states))

    def is_array(self, number: int) -> bool:
        """Whether state `number` is an array."""
        return self.source.graph.types[self.source.graph.states[number].node].is_array


class Lanes(StraightLine):
    """One vector in full: the state as it is now, and what was shown. Columns are numbered as the graph's ports are."""

    def __init__(self, source: SourceTerms, known: Known) -> None:
        super().__init__(source, known)
        self._state = [source.of[each.node] for each in source.graph.states]
        self.reading = Reading()
        self.reading.next_states = {each.name: Read(source.of[each.node], 0) for each in source.graph.states}

    def run(self, statements: list[Any]) -> None:
        """Every statement, in order. Raises Unreadable."""
        *others, last = statements or [None]
        for statement in [*others, last]:
            try:
                if statement is not last:
                    self._statement(statement)
                    continue
                match last.expr if isinstance(last, c_ast.Return) else None, line_of_node(last):
                    case c_ast.FuncCall() as counts, line if (call := called(counts)) is not None:
                        if call[0] != "dagc_count" or len(call[1]) != 2 or name_of(call[1][1]) != "dagc_at":
                            raise Unreadable("the vector function ends without a status", line)
                        status = self.expressions.converted(self.value(call[1][0]), INTEGERS)
                        self.reading.status = Read(status.term, line)
                    case _:
                        raise Unreadable("the vector function ends without a status")
            except IllTyped as problem:
                raise Unreadable(f"a statement has no meaning here: {problem}", line_of_node(statement)) from problem

    def array_state(self, number: int) -> int:
        """The term of carried array `number` as it is now."""
        return self._state[number]

    def _statement(self, statement: Any) -> None:
        line = line_of_node(statement)
        call = called(statement)
        if self._port_pointer(statement):
            return
        number = self.state_pointer(statement)
        if number is not None:
            if self.is_taken(str(statement.name)) or not self.is_array(number):
                raise Unreadable(f"`{statement.name}` does not lead to a carried array", line)
            self.arrays[str(statement.name)] = number
            return
        if self.declare(statement):
            return
        if isinstance(statement, c_ast.For):
            self.loops.run(statement, self.variables, self._stored_place)
            return
        match call:
            case "dagc_store", [place, value, lanes]:
                number = self._column(place, lanes)
                state = self.source.graph.states[number]
                self._write(number, self.stored(self.source.graph.types[state.node], value), line)
            case "dagc_put", [_, _, _, _, _, _]:
                self._write(*self.put(call[1], line), line)
            case "dagc_show", [column, at, value] if name_of(at) == "dagc_at":
                self._tap(column, value, line)
            case "dagc_write", [column, at, value] if name_of(at) == "dagc_at":
                self._output(column, value, line)
            case _:
                if not is_unused(statement):
                    raise Unreadable("a statement of this kind is not expected", line)

    def _port_pointer(self, statement: Any) -> bool:
        """Whether this is `const dagc_column *const prices = &dagc_inputs[0];`, of an input along an axis."""
        match statement:
            case c_ast.Decl(name=str(name), init=c_ast.UnaryOp(op="&", expr=column)) if (
                pointer_type(statement.type) == "dagc_column"
            ):
                inputs = self.source.graph.inputs
                node = inputs[number_of(column, "dagc_inputs", len(inputs))].node
            case _:
                return False
        quals = {*statement.type.quals}, {*statement.type.type.quals}
        if self.is_taken(name) or quals != ({"const"}, {"const"}) or self.source.graph.types[node].axis is None:
            raise Unreadable(f"`{name}` is declared in another way", line_of_node(statement))
        self.columns[name] = node
        return True

    def _stored_place(self, statement: Any, place: str, length: int) -> bool:
        """A place of a state, of an output or of a tap."""
        graph, line = self.source.graph, line_of_node(statement)
        match called(statement):
            case "dagc_keep", [column, size, k, at, value] if name_of(at) == "dagc_at" and name_of(k) == place:
                number = number_of(column, "dagc_state", len(graph.states))
                state = graph.states[number]
                self._write(number, self._each(graph.types[state.node], size, length, value), line)
            case "dagc_write_place", [
                c_ast.ArrayRef(name=c_ast.ID(name="dagc_outputs")) as column,
                size,
                k,
                at,
                value,
            ] if name_of(at) == "dagc_at" and name_of(k) == place:
                output = graph.outputs[number_of(column, "dagc_outputs", len(graph.outputs))]
                if output.name in self.reading.outputs:
                    raise Unreadable(f"output `{output.name}` is written twice", line)
                self.reading.outputs[output.name] = Read(
                    self._each(graph.types[output.node], size, length, value), line
                )
            case _:
                return self.shown_place(statement, place, length)
        return True

    def shown_place(self, statement: Any, place: str, length: int) -> bool:
        """Whether it is the tap of a place."""
        graph = self.source.graph
        match called(statement):
            case "dagc_write_place", [column, size, k, at, value] if name_of(at) == "dagc_at" and name_of(k) == place:
                node = self._tapped(column, statement)
                term = self._each(graph.types[node], size, length, value)
                self.reading.nodes[node] = Read(term, line_of_node(statement))
                return True
        return False

    def _each(self, type_: Type, size: Any, length: int, value: Any) -> int:
        """The array that a column along an axis holds where this is stored at each place."""
        if type_.axis is None or type_.length != length or literal_number(size) != length:
            raise IllTyped("places of a column that has others")
        return self.loops.everywhere(Value("", self.stored(type_.element, value)), length).term

    def _tapped(self, column: Any, statement: Any) -> int:
        """The node whose tap `column` is."""
        *places, words = self.source.graph.word_places()
        word = number_of(column, "dagc_taps", words)
        node = dict(zip(places, range(len(places)), strict=True)).get(word)
        if node is None or node in self.reading.nodes:
            raise Unreadable("a tap that is no value of the graph, or stands twice", line_of_node(statement))
        return node

    def memory(self, call: tuple[str, list[Any]]) -> Value | None:
        """What `dagc_read` reads of a port's column, and `dagc_load` of a state's."""
        graph = self.source.graph
        match call:
            case "dagc_read", [c_ast.UnaryOp(op="&", expr=column), bar, at] if name_of(at) == "dagc_at":
                if is_member(bar, "dagc_at", "bar"):
                    read = graph.inputs[number_of(column, "dagc_inputs", len(graph.inputs))].node
                elif literal_number(bar) == 0:
                    read = graph.params[number_of(column, "dagc_params", len(graph.params))].node
                else:
                    raise IllTyped("a column read at another bar")
                return self.loaded(graph.types[read], self.source.of[read])
            case "dagc_load", [place, lanes]:
                number = self._column(place, lanes)
                return self.loaded(graph.types[graph.states[number].node], self._state[number])
        return None

    def _write(self, number: int, term: int, line: int) -> None:
        self._state[number] = term
        self.reading.next_states[self.source.graph.states[number].name] = Read(term, line)

    def _output(self, column: Any, value: Any, line: int) -> None:
        graph = self.source.graph
        output = graph.outputs[number_of(column, "dagc_outputs", len(graph.outputs))]
        if output.name in self.reading.outputs:
            raise Unreadable(f"output `{output.name}` is written twice", line)
        self.reading.outputs[output.name] = Read(self.stored(graph.types[output.node], value), line)

    def _tap(self, column: Any, value: Any, line: int) -> None:
        graph = self.source.graph
        node = self._tapped(column, column)
        if graph.types[node].is_array:
            raise Unreadable("a tap that is no value of the graph, or stands twice", line)
        self.reading.nodes[node] = Read(self.stored(graph.types[node], value), line)

    def _column(self, place: Any, lanes: Any) -> int:
        """k of `dagc_state[k] + dagc_at.first`, of the lanes there are."""
        match place:
            case c_ast.BinaryOp(op="+", left=column, right=first) if is_member(first, "dagc_at", "first") and is_member(
                lanes, "dagc_at", "lanes"
            ):
                number = number_of(column, "dagc_state", len(self._state))
                if not self.is_array(number):
                    return number
        raise IllTyped("a column of the state in another place")


def number_of(node: Any, of: str, most: int) -> int:
    """k of `of[k]`. Raises IllTyped for anything else."""
    match node:
        case c_ast.ArrayRef(name=c_ast.ID(name=name), subscript=index) if name == of:
            number = literal_number(index)
            if number is not None and number < most:
                return number
    raise IllTyped(f"this is none of the {most} that {of} has")


def is_member(node: Any, struct: str, name: str) -> bool:
    """Whether this is `struct.name`."""
    match node:
        case c_ast.StructRef(name=c_ast.ID(name=of), type=".", field=c_ast.ID(name=field)):
            return bool(of == struct and field == name)
    return False


def is_unused(statement: Any) -> bool:
    """Whether this is `(void)dagc_at`, or several of the kind: it does nothing."""
    each = statement.exprs if isinstance(statement, c_ast.ExprList) else [statement]
    return all(
        isinstance(part, c_ast.Cast) and plain_type(part.to_type) == "void" and name_of(part.expr) in _ARGUMENTS
        for part in each
    )
