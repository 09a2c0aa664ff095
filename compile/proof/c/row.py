"""The row function of `kernel.c` while it runs on terms, statement by statement."""

from __future__ import annotations

from typing import Any

from pycparser import c_ast

from compile.proof.c.header import Port, Structs
from compile.proof.c.loops import Loops
from compile.proof.c.parsing import (
    called,
    counted,
    line_of_node,
    literal_number,
    name_of,
    plain_type,
    pointer_type,
)
from compile.proof.c.row_expression import RowExpressions, Value
from compile.proof.c.tables import Known
from compile.proof.core.source import SourceTerms
from compile.proof.core.terms import FOLDS, IllTyped
from compile.proof.core.verdict import Read, Reading, Unreadable
from dag.values.types import Kind, Type

#: What a fold of each kind of elements goes over.
_FOLDED = {Kind.F64: "double", Kind.F32: "float", Kind.I64: "int64_t"}

#: What reads an element of a carried array: behind a loop, which may write the array place by place.
_GETS = ("dagc_get_f64", "dagc_get_i64")
#: What reads a place of a value along an axis, and what that is.
_AT = {
    "dagc_at_f64": "double",
    "dagc_at_f32": "float",
    "dagc_at_i64": "int64_t",
    "dagc_at_i32": "int32_t",
    "dagc_at_bool": "bool",
}
_ROLES = {"dagc_in": "inputs", "dagc_params": "params", "dagc_state": "state", "dagc_out": "outputs"}
#: What the values of a row are held in.
_HELD = ("double", "float", "int64_t", "int32_t", "bool")
#: What may be cast to void, to say that it is not used.
_ARGUMENTS = frozenset((*_ROLES, "dagc_taps"))


class Row:
    """Its variables, the state as it is now (written in place: a later read sees what was written), and what was shown."""

    def __init__(self, source: SourceTerms, structs: Structs, known: Known) -> None:
        graph = source.graph
        self._source = source
        self._structs = structs
        self._expressions = RowExpressions(source.terms, known)
        self._variables: dict[str, Value] = {}
        #: Pointer -> the role and the port of the array that it leads to.
        self._arrays: dict[str, tuple[str, Port]] = {}
        self._loops = Loops(self._expressions, _FOLDED, self._value, _held_type)
        *places, _ = graph.word_places()
        self._node_of: dict[int | None, int] = {place: node for node, place in enumerate(places)}
        self._memory = {
            **{("inputs", each.name): source.of[each.node] for each in graph.inputs},
            **{("params", each.name): source.of[each.node] for each in graph.params},
            **{("state", each.name): source.of[each.node] for each in graph.states},
        }
        self.reading = Reading()
        self.reading.next_states = {each.name: Read(source.of[each.node], 0) for each in graph.states}

    def run(self, statements: list[Any]) -> None:
        """Every statement, in order. Raises Unreadable."""
        *others, last = statements or [None]
        for statement in others:
            self._guarded(self._statement, statement)
        if not isinstance(last, c_ast.Return):
            raise Unreadable("the row function ends without a status")
        self._guarded(self._status, last)

    def set_up(self, statements: list[Any]) -> None:
        """Every statement of the function that sets the initial state, in order. Raises Unreadable."""
        for statement in statements:
            self._guarded(self._initial, statement)

    def _guarded(self, action: Any, statement: Any) -> None:
        try:
            action(statement)
        except IllTyped as problem:
            raise Unreadable(f"a statement has no meaning here: {problem}", line_of_node(statement)) from problem

    def _statement(self, statement: Any) -> None:
        match statement:
            case c_ast.Decl(name=str(name), init=init) if init is not None and not self._is_taken(name):
                self._declared(statement)
            case c_ast.Decl(name=str(name), type=c_ast.ArrayDecl(), init=None):
                self._declared_array(statement)
            case c_ast.For(stmt=c_ast.Assignment(lvalue=c_ast.ArrayRef(name=c_ast.ID(name=name)))) if (
                name in self._loops.declared
            ):
                self._loops.fill(statement, self._variables)
            case c_ast.For(stmt=c_ast.Compound()):
                self._loops.run(statement, self._variables, self._shown_place)
            case c_ast.For():
                self._loops.run(statement, self._variables, self._stored_place)
            case c_ast.Cast() | c_ast.ExprList():
                _require_unused(statement)
            case c_ast.If(cond=condition, iftrue=c_ast.Compound(block_items=taps), iffalse=None):
                if name_of(condition) != "DAGC_TAPPED":
                    raise Unreadable("a condition that is not expected", line_of_node(statement))
                for each in taps or []:
                    if isinstance(each, c_ast.For):
                        self._loops.run(each, self._variables, self._tap_place)
                    else:
                        self._tap(each)
            case c_ast.Assignment(op="=", lvalue=c_ast.StructRef() as target, rvalue=value):
                self._stored(target, value)
            case c_ast.FuncCall() if (call := called(statement)) is not None:
                self._put(*call, statement)
            case _:
                raise Unreadable("a statement of this kind is not expected", line_of_node(statement))

    def _is_taken(self, name: str) -> bool:
        return any(name in names for names in (self._variables, self._arrays, self._loops.declared, _ARGUMENTS))

    def _declared(self, statement: Any) -> None:
        name, line = str(statement.name), line_of_node(statement)
        pointed = pointer_type(statement.type)
        if pointed is not None:
            role, port = self._member(statement.init)
            is_read_only = "const" in statement.type.type.quals
            if (
                is_read_only is (role == "state")
                or port.type.length is None
                or port.held != pointed
                or "const" not in statement.type.quals
            ):
                raise Unreadable(f"`{name}` does not lead to a carried array, or to a port along an axis", line)
            self._arrays[name] = role, port
            return
        type_ = plain_type(statement.type)
        if type_ not in _HELD or "const" not in statement.quals:
            raise Unreadable(f"`{name}` is declared in another way", line)
        self._variables[name] = self._expressions.converted(self._value(statement.init), type_)

    def _declared_array(self, statement: Any) -> None:
        """`double past[11];`"""
        name, type_, length = str(statement.name), plain_type(statement.type.type), literal_number(statement.type.dim)
        if self._is_taken(name) or type_ not in _HELD or not length:
            raise Unreadable(f"`{name}` is declared twice, or in another way", line_of_node(statement))
        self._loops.declared[name] = type_, length

    def _element(self, node: Any) -> Value:
        """`past[k]`, or `past[(k + 1) % 11]` of the array turned by one; k goes over all places."""
        array = name_of(node.name) or ""
        if array in self._arrays:
            role, port = self._arrays[array]
            return self._word(port, self._loops.element(self._memory[role, port.name], node.subscript))
        if array in self._loops.computed:
            return self._loops.element_of_computed(array, node.subscript)
        raise IllTyped("an element of something that is no array, or not yet one")

    def _value(self, node: Any) -> Value:
        """An expression, or what stands in a struct: arrays and members are read here, operators in `RowExpressions`."""
        return self._expressions.value(node, self._variables, self._read)

    def _read(self, node: Any) -> Value | None:
        """The value of a struct's member or of an array's element, None for any other expression."""
        if isinstance(node, c_ast.StructRef):
            role, port = self._member(node)
            if role == "outputs" or port.type.is_array:
                raise IllTyped(f"`{port.name}` is not read so")
            return self._word(port, self._memory[role, port.name])
        if isinstance(node, c_ast.ArrayRef):
            return self._element(node)
        number = self._loops.number(node)
        if number is not None:
            return Value("int", number)
        call = called(node)
        if call is not None and call[0].removeprefix("dagc_") in FOLDS and call[0] in self._expressions.helpers:
            return self._loops.fold(call[0].removeprefix("dagc_"), call[1])
        if call is not None and call[0] in _AT and call[0] in self._expressions.helpers and len(call[1]) == 3:
            found = self._loops.place(call[1], "int64_t")
            if found.type != _AT[call[0]]:
                raise IllTyped(f"`{call[0]}` of {found.type}")
            return found
        if call is not None and call[0] in _GETS and len(call[1]) == 3 and not self._loops.is_running:
            port = self._array(call[0], call[1])
            index = self._expressions.converted(self._value(call[1][2]), "int64_t")
            return self._word(port, self._source.terms.term("get", self._memory["state", port.name], index.term))
        return None

    def _word(self, port: Port, term: int) -> Value:
        """A value as the struct holds it: a bool is the integer 0 or 1."""
        if port.type.kind is Kind.BOOL:
            return Value("int64_t", self._source.terms.term("bool_to_i64", term))
        return Value(port.held, term)

    def _array(self, helper: str, arguments: list[Any]) -> Port:
        role, port = self._arrays.get(name_of(arguments[0]) or "", ("", None))
        if port is None or role != "state" or helper[-3:] != ("f64" if port.held == "double" else "i64"):
            raise IllTyped("an array that is not carried")
        if literal_number(arguments[1]) != port.type.length:
            raise IllTyped(f"`{port.name}` has {port.type.length} elements")
        return port

    def _put(self, helper: str, arguments: list[Any], statement: Any) -> None:
        if helper not in ("dagc_put_f64", "dagc_put_i64") or len(arguments) != 5:
            raise Unreadable(f"`{helper}` is not called as a statement", line_of_node(statement))
        port = self._array(helper, arguments)
        index = self._expressions.converted(self._value(arguments[2]), "int64_t").term
        element = self._held(port, self._value(arguments[3]))
        enable = self._expressions.converted(self._value(arguments[4]), "bool").term
        held = self._memory["state", port.name]
        self._write(port, self._source.terms.term("put", held, index, element, enable), statement)

    def _stored(self, target: Any, value: Any) -> None:
        role, port = self._member(target)
        if port.type.is_array or role not in ("state", "outputs"):
            raise IllTyped(f"`{port.name}` is not written so")
        term = self._held(port, self._value(value))
        if role == "state":
            self._write(port, term, target)
        elif port.name in self.reading.outputs:
            raise Unreadable(f"output `{port.name}` is written twice", line_of_node(target))
        else:
            self.reading.outputs[port.name] = Read(term, line_of_node(target))

    def _write(self, port: Port, term: int, statement: Any) -> None:
        self._memory["state", port.name] = term
        self.reading.next_states[port.name] = Read(term, line_of_node(statement))

    def _held(self, port: Port, value: Value) -> int:
        """What a port's value becomes when C stores `value` in its member."""
        if port.type.kind is Kind.BOOL:
            return self._truth(value)
        return self._expressions.converted(value, port.held).term

    def _truth(self, value: Value) -> int:
        """The bool whose word this is."""
        terms = self._source.terms
        if value.type == "bool":
            return value.term
        if value.type == "int64_t" and terms.operators[value.term] == "bool_to_i64":
            return terms.operands[value.term][0]
        raise IllTyped(f"{value.type} where a bool is stored")

    def _stored_place(self, statement: Any, place: str, length: int) -> bool:
        """`dagc_out->x[k] = ...;`, of every place."""
        match statement:
            case c_ast.Assignment(
                op="=",
                lvalue=c_ast.ArrayRef(name=c_ast.StructRef() as target, subscript=c_ast.ID(name=at)),
                rvalue=value,
            ) if at == place:
                role, port = self._member(target)
            case _:
                return False
        line = line_of_node(statement)
        if port.type.length != length or port.type.axis is None or role not in ("state", "outputs"):
            raise IllTyped(f"`{port.name}` is not written so")
        term = self._loops.everywhere(Value(port.held, self._held(port, self._value(value))), length).term
        if role == "state":
            self._write(port, term, statement)
        elif port.name in self.reading.outputs:
            raise Unreadable(f"output `{port.name}` is written twice", line)
        else:
            self.reading.outputs[port.name] = Read(term, line)
        return True

    def _shown_place(self, statement: Any, place: str, length: int) -> bool:
        """`if (DAGC_TAPPED) dagc_taps[96 + k] = ...;`."""
        match statement:
            case c_ast.If(cond=c_ast.ID(name="DAGC_TAPPED"), iftrue=c_ast.Assignment() as tap, iffalse=None):
                return self._tap_place(tap, place, length)
        return False

    def _tap_place(self, statement: Any, place: str, length: int) -> bool:
        match statement:
            case c_ast.Assignment(
                op="=",
                lvalue=c_ast.ArrayRef(
                    name=c_ast.ID(name="dagc_taps"),
                    subscript=c_ast.BinaryOp(op="+", left=first, right=c_ast.ID(name=at)),
                ),
                rvalue=value,
            ) if at == place:
                node = self._node_of.get(literal_number(first))
            case _:
                return False
        graph, line = self._source.graph, line_of_node(statement)
        if (
            node is None
            or graph.types[node].axis is None
            or graph.types[node].length != length
            or node in self.reading.nodes
        ):
            raise Unreadable("a tap that is no value of the graph, or stands twice", line)
        term = self._word_tapped(value, graph.types[node].element, line)
        self.reading.nodes[node] = Read(self._loops.everywhere(Value("", term), length).term, line)
        return True

    def _tap(self, statement: Any) -> None:
        line = line_of_node(statement)
        match statement:
            case c_ast.Assignment(
                op="=", lvalue=c_ast.ArrayRef(name=c_ast.ID(name="dagc_taps"), subscript=index), rvalue=value
            ):
                node = self._node_of.get(literal_number(index))
            case _:
                raise Unreadable("a statement that is no tap", line)
        graph = self._source.graph
        if node is None or graph.types[node].is_array or node in self.reading.nodes:
            raise Unreadable("a tap that is no value of the graph, or stands twice", line)
        self.reading.nodes[node] = Read(self._word_tapped(value, graph.types[node], line), line)

    def _word_tapped(self, value: Any, type_: Type, line: int) -> int:
        """The term whose word a tap is."""
        call = called(value)
        if type_.is_float:
            if call is None or call[0] != "dagc_word_of" or len(call[1]) != 1:
                raise Unreadable("the tap of a float that is not its word", line)
            return self._expressions.converted(self._value(call[1][0]), "double").term
        if type_.kind is Kind.BOOL:
            return self._truth(self._value(value))
        return self._expressions.converted(self._value(value), "int64_t").term

    def _status(self, statement: Any) -> None:
        status = self._expressions.converted(self._value(statement.expr), "int64_t")
        self.reading.status = Read(status.term, line_of_node(statement))

    def _initial(self, statement: Any) -> None:
        """`dagc_state->x = 0;`, or the same for each of an array's elements."""
        match statement:
            case c_ast.Cast():
                _require_unused(statement)
                return
            case c_ast.For(stmt=c_ast.Assignment(lvalue=c_ast.ArrayRef(name=member, subscript=index)) as assignment):
                role, port = self._member(member)
                if port.type.length is None or counted(statement) != (name_of(index), port.type.length):
                    raise Unreadable(f"not every element of `{port.name}` is set", line_of_node(statement))
            case c_ast.Assignment(lvalue=c_ast.StructRef() as member) as assignment:
                role, port = self._member(member)
                if port.type.is_array:
                    raise Unreadable(f"`{port.name}` is an array", line_of_node(statement))
            case _:
                raise Unreadable("a statement of this kind is not expected", line_of_node(statement))
        if role != "state" or assignment.op != "=" or port.name in self.reading.initial_states:
            raise Unreadable(f"`{port.name}` is not set so", line_of_node(statement))
        term = self._held(port, self._expressions.value(assignment.rvalue, {}, lambda node: None))
        if port.type.length is not None:
            term = self._source.terms.fill(term, port.type.length)
        self.reading.initial_states[port.name] = Read(term, line_of_node(statement))

    def _member(self, node: Any) -> tuple[str, Port]:
        match node:
            case c_ast.StructRef(name=c_ast.ID(name=pointer), type="->", field=c_ast.ID(name=field)) if (
                pointer in _ROLES
            ):
                role = _ROLES[pointer]
                if field in self._structs[role]:
                    return role, self._structs[role][field]
        raise Unreadable("what is read or written here is no member of a struct", line_of_node(node))


def _held_type(node: Any) -> str | None:
    type_ = plain_type(node)
    return type_ if type_ in _HELD else None


def _require_unused(statement: Any) -> None:
    """Only arguments cast to void, which is how C says that they are not used."""
    for each in statement.exprs if isinstance(statement, c_ast.ExprList) else [statement]:
        is_void = isinstance(each, c_ast.Cast) and plain_type(each.to_type) == "void"
        if not is_void or name_of(each.expr) not in _ARGUMENTS | {"dagc_inputs", "dagc_outputs"}:
            raise Unreadable("a statement without effect that is not expected", line_of_node(statement))
