"""The vector function of `batch.c` while it runs on terms, statement by statement: what each lane of it computes."""

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
from compile.proof.c.vector_expression import FLOATS, INTEGERS, WORDS, VectorExpressions, declared_type
from compile.proof.core.source import SourceTerms
from compile.proof.core.terms import FOLDS, IllTyped
from compile.proof.core.verdict import Read, Reading, Unreadable
from dag.values.types import Kind, Type

#: What a fold of each kind of elements goes over.
_FOLDED = {Kind.F64: FLOATS, Kind.F32: FLOATS, Kind.I64: INTEGERS}

_ARGUMENTS = frozenset(("dagc_at", "dagc_inputs", "dagc_params", "dagc_state", "dagc_outputs", "dagc_taps"))


class Lanes:
    """Its variables, the state as it is now, and what was shown. Columns are numbered as the graph's ports are."""

    def __init__(self, source: SourceTerms, helpers: set[str]) -> None:
        graph = source.graph
        self._source = source
        self._expressions = VectorExpressions(source.terms, helpers)
        self._variables: dict[str, Value] = {}
        #: Pointer -> the number of the carried array that it leads to.
        self._arrays: dict[str, int] = {}
        self._loops = Loops(self._expressions, _FOLDED, self._value)
        self._state = [source.of[each.node] for each in graph.states]
        self.reading = Reading()
        self.reading.next_states = {each.name: Read(source.of[each.node], 0) for each in graph.states}

    def run(self, statements: list[Any]) -> None:
        """Every statement, in order. Raises Unreadable."""
        *others, last = statements or [None]
        for statement in [*others, last]:
            try:
                if statement is not last:
                    self._statement(statement)
                elif isinstance(last, c_ast.Return):
                    status = self._expressions.converted(self._value(last.expr), INTEGERS)
                    self.reading.status = Read(status.term, line_of_node(last))
                else:
                    raise Unreadable("the vector function ends without a status")
            except IllTyped as problem:
                raise Unreadable(f"a statement has no meaning here: {problem}", line_of_node(statement)) from problem

    def _statement(self, statement: Any) -> None:
        line = line_of_node(statement)
        call = called(statement)
        match statement:
            case c_ast.Decl(name=str(name)) if self._is_taken(name):
                raise Unreadable(f"`{name}` is declared twice", line)
            case c_ast.Decl(name=str(name), type=c_ast.ArrayDecl(type=element, dim=dim), init=None):
                type_, length = declared_type(element), literal_number(dim)
                if type_ is None or not length:
                    raise Unreadable(f"`{name}` is declared in another way", line)
                self._loops.declared[name] = type_, length
            case c_ast.Decl(init=init) if init is not None:
                self._declared(statement)
            case c_ast.For():
                self._loops.fill(statement, self._variables)
            case c_ast.ExprList(exprs=exprs) if all(_is_unused(each) for each in exprs):
                pass
            case c_ast.If(cond=c_ast.ID(name="dagc_taps"), iftrue=c_ast.Compound(block_items=taps), iffalse=None):
                for each in taps or []:
                    self._tap(each)
            case c_ast.FuncCall() if call is not None and call[0] == "dagc_store" and len(call[1]) == 3:
                number = self._column(call[1][0], call[1][2])
                state = self._source.graph.states[number]
                self._write(number, self._stored(self._source.graph.types[state.node], call[1][1]), line)
            case c_ast.FuncCall() if call is not None and call[0] == "dagc_put" and len(call[1]) == 6:
                self._put(call[1], line)
            case c_ast.FuncCall() if call is not None and call[0] == "dagc_write" and len(call[1]) == 3:
                self._output(call[1], line)
            case _:
                raise Unreadable("a statement of this kind is not expected", line)

    def _is_taken(self, name: str) -> bool:
        return any(name in names for names in (self._variables, self._arrays, self._loops.declared, _ARGUMENTS))

    def _declared(self, statement: Any) -> None:
        name, line = str(statement.name), line_of_node(statement)
        if pointer_type(statement.type) == "int64_t" and "const" in statement.type.quals:
            number = self._number(statement.init, "dagc_state", len(self._state))
            if not self._source.graph.types[self._source.graph.states[number].node].is_array:
                raise Unreadable(f"`{name}` does not lead to a carried array", line)
            self._arrays[name] = number
            return
        type_ = declared_type(statement.type)
        if type_ is None or "const" not in statement.quals:
            raise Unreadable(f"`{name}` is declared in another way", line)
        self._variables[name] = self._expressions.converted(self._value(statement.init), type_)

    def _value(self, node: Any) -> Value:
        return self._expressions.value(node, self._variables, self._read)

    def _read(self, node: Any) -> Value | None:
        """What is loaded from a column or an array, or zero in every lane; None for any other expression."""
        graph, terms = self._source.graph, self._source.terms
        match node:
            case c_ast.CompoundLiteral(type=type_, init=c_ast.InitList(exprs=[zero])):
                if plain_type(type_) == INTEGERS and literal_number(zero) == 0:
                    return Value(INTEGERS, terms.constant(0, Kind.I64))
                raise IllTyped("a vector literal")
            case c_ast.ArrayRef(name=c_ast.ID(name=array), subscript=place) if array in self._loops.computed:
                return self._loops.element_of_computed(array, place)
        call = called(node)
        match call:
            case "dagc_held", [array, length, place, at] if name_of(at) == "dagc_at":
                number = self._array(array, length)
                element = graph.types[graph.states[number].node].element
                return self._loaded(element, self._loops.element(self._state[number], place))
            case name, [_, _, _, _, _] as operands if name[5:-1] in FOLDS and name in self._expressions.helpers:
                return self._loops.fold(name[5:-1], operands)
            case "dagc_read", [c_ast.UnaryOp(op="&", expr=column), bar, at] if name_of(at) == "dagc_at":
                if _is_member(bar, "bar"):
                    read = graph.inputs[self._number(column, "dagc_inputs", len(graph.inputs))].node
                elif literal_number(bar) == 0:
                    read = graph.params[self._number(column, "dagc_params", len(graph.params))].node
                else:
                    raise IllTyped("a column read at another bar")
                return self._loaded(graph.types[read], self._source.of[read])
            case "dagc_load", [place, lanes]:
                number = self._column(place, lanes)
                return self._loaded(graph.types[graph.states[number].node], self._state[number])
            case "dagc_get", [array, length, index, at] if name_of(at) == "dagc_at":
                number = self._array(array, length)
                where = self._expressions.converted(self._value(index), INTEGERS).term
                element = graph.types[graph.states[number].node].element
                return self._loaded(element, terms.term("get", self._state[number], where))
        return None

    def _loaded(self, type_: Type, term: int) -> Value:
        """A value as it lies in a column: a float is its word, a bool 0 or 1."""
        if type_.is_float:
            return Value(WORDS, term)
        return Value(INTEGERS, self._source.terms.term("bool_to_i64", term) if type_.kind is Kind.BOOL else term)

    def _stored(self, type_: Type, node: Any) -> int:
        """What a column of this type holds where this is stored in it."""
        value = self._value(node)
        if type_.kind is Kind.BOOL:
            return self._expressions.truth(value)
        return self._expressions.converted(value, WORDS if type_.is_float else INTEGERS).term

    def _put(self, arguments: list[Any], line: int) -> None:
        array, length, index, value, enable, at = arguments
        if name_of(at) != "dagc_at":
            raise Unreadable("an array of other instances", line)
        number = self._array(array, length)
        element = self._stored(self._source.graph.types[self._source.graph.states[number].node].element, value)
        where = self._expressions.converted(self._value(index), INTEGERS).term
        mask = self._expressions.mask(self._expressions.converted(self._value(enable), INTEGERS).term)
        self._write(number, self._source.terms.term("put", self._state[number], where, element, mask), line)

    def _write(self, number: int, term: int, line: int) -> None:
        self._state[number] = term
        self.reading.next_states[self._source.graph.states[number].name] = Read(term, line)

    def _output(self, arguments: list[Any], line: int) -> None:
        graph = self._source.graph
        output = graph.outputs[self._number(arguments[0], "dagc_outputs", len(graph.outputs))]
        if name_of(arguments[1]) != "dagc_at" or output.name in self.reading.outputs:
            raise Unreadable(f"output `{output.name}` is written elsewhere, or twice", line)
        self.reading.outputs[output.name] = Read(self._stored(graph.types[output.node], arguments[2]), line)

    def _tap(self, statement: Any) -> None:
        line, graph = line_of_node(statement), self._source.graph
        match statement:
            case c_ast.Assignment(op="=", lvalue=c_ast.ArrayRef() as target, rvalue=value):
                node = self._number(target, "dagc_taps", len(graph))
            case _:
                raise Unreadable("a statement that is no tap", line)
        if graph.types[node].is_array or node in self.reading.nodes:
            raise Unreadable("a tap that is no value of the graph, or stands twice", line)
        self.reading.nodes[node] = Read(self._stored(graph.types[node], value), line)

    def _array(self, array: Any, length: Any) -> int:
        name = name_of(array)
        if name not in self._arrays:
            raise IllTyped("an array that is not carried")
        number = self._arrays[name]
        type_ = self._source.graph.types[self._source.graph.states[number].node]
        if literal_number(length) != type_.length:
            raise IllTyped(f"`{name}` has {type_.length} elements")
        return number

    def _column(self, place: Any, lanes: Any) -> int:
        """k of `dagc_state[k] + dagc_at.first`, of the lanes there are."""
        match place:
            case c_ast.BinaryOp(op="+", left=column, right=first) if _is_member(first, "first") and _is_member(
                lanes, "lanes"
            ):
                number = self._number(column, "dagc_state", len(self._state))
                if not self._source.graph.types[self._source.graph.states[number].node].is_array:
                    return number
        raise IllTyped("a column of the state in another place")

    def _number(self, node: Any, of: str, most: int) -> int:
        """k of `of[k]`."""
        match node:
            case c_ast.ArrayRef(name=c_ast.ID(name=name), subscript=index) if name == of:
                number = literal_number(index)
                if number is not None and number < most:
                    return number
        raise IllTyped(f"this is none of the {most} that {of} has")


def _is_member(node: Any, name: str) -> bool:
    """Whether this is `dagc_at.name`."""
    match node:
        case c_ast.StructRef(name=c_ast.ID(name="dagc_at"), type=".", field=c_ast.ID(name=field)):
            return bool(field == name)
    return False


def _is_unused(node: Any) -> bool:
    return isinstance(node, c_ast.Cast) and plain_type(node.to_type) == "void" and name_of(node.expr) in _ARGUMENTS
