"""Arrays that a C function computes element by element, and the folds over them: alike in rows and in vectors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pycparser import c_ast

from compile.proof.c.parsing import counted, line_of_node, literal_number, name_of, place_in_loop
from compile.proof.c.row_expression import RowExpressions, Value
from compile.proof.core.terms import FOLDS, IllTyped
from compile.proof.core.verdict import Unreadable
from dag.values.types import Kind


class Loops:
    """The computed arrays of one function, in which a type for each kind holds what is folded; `value` knows its expressions."""

    def __init__(
        self,
        expressions: RowExpressions,
        types: Mapping[Kind, str],
        value: Callable[[Any], Value],
        declared_type: Callable[[Any], str | None],
    ) -> None:
        self._expressions = expressions
        self._declared_type = declared_type
        self._types = types
        self._value = value
        #: Array -> its element type and length, and its term once a loop has filled it.
        self.declared: dict[str, tuple[str, int]] = {}
        self.computed: dict[str, Value] = {}
        #: Inside a loop over the places of an array: what counts them, and how many there are.
        self._counter: tuple[str, int] | None = None
        #: Whether such a loop may read its array turned by one place.
        self._turns = True

    @property
    def is_running(self) -> bool:
        """Whether a loop over places is being read."""
        return self._counter is not None

    def fill(self, loop: Any, variables: Collection[str]) -> None:
        """`for (int k = 0; k < 11; k++) past[k] = ...;`: what is said of element k is said of every element. Raises Unreadable."""
        line = line_of_node(loop)
        match loop.stmt:
            case c_ast.Assignment(
                op="=", lvalue=c_ast.ArrayRef(name=c_ast.ID(name=name), subscript=c_ast.ID(name=place)), rvalue=value
            ) if name in self.declared and name not in self.computed:
                type_, length = self.declared[name]
            case _:
                raise Unreadable("a loop that fills no array", line)
        if counted(loop) != (place, length) or place in variables:
            raise Unreadable(f"not every element of `{name}` is computed", line)
        self._counter = place, length
        found = self._expressions.converted(self._value(value), type_)
        self._counter = None
        if self._expressions.terms.lengths[found.term] != length:
            raise Unreadable(f"`{name}` is made of no array of {length} elements", line)
        self.computed[name] = found

    def run(self, loop: Any, variables: dict[str, Value], others: Callable[[Any, str, int], bool]) -> None:
        """A loop over the places of an axis: `const double x = ...;`, `past[k] = x;`, and what `others` takes, given the statement,
        what counts the places, and how many there are. What is said of place k is said of every place: nothing here reads another
        one, an array is read behind the loop that fills it. Raises Unreadable."""
        place, length = counted(loop)
        if place is None or length is None or place in variables:
            raise Unreadable("a loop over something else than places", line_of_node(loop))
        body = loop.stmt.block_items if isinstance(loop.stmt, c_ast.Compound) else [loop.stmt]
        own: list[str] = []
        filled: dict[str, Value] = {}
        self._counter, self._turns = (place, length), False
        for statement in body or []:
            match statement:
                case c_ast.Decl(name=str(name), init=init) if init is not None and "const" in statement.quals:
                    if name in variables or name in self.declared or name == place:
                        raise Unreadable(f"`{name}` is declared twice", line_of_node(statement))
                    type_ = self._declared_type(statement.type)
                    if type_ is None:
                        raise Unreadable(f"`{name}` is declared in another way", line_of_node(statement))
                    variables[name] = self._expressions.converted(self._value(init), type_)
                    own.append(name)
                case c_ast.Assignment(
                    op="=", lvalue=c_ast.ArrayRef(name=c_ast.ID(name=name), subscript=c_ast.ID(name=at)), rvalue=value
                ) if name in self.declared and name not in self.computed | filled and at == place:
                    held, size = self.declared[name]
                    if size != length:
                        raise Unreadable(f"not every element of `{name}` is computed", line_of_node(statement))
                    filled[name] = self.everywhere(self._expressions.converted(self._value(value), held), length)
                case _ if not others(statement, place, length):
                    raise Unreadable("a statement of this kind is not expected in a loop", line_of_node(statement))
        self._counter, self._turns = None, True
        self.computed |= filled
        for name in own:
            del variables[name]

    def everywhere(self, value: Value, length: int) -> Value:
        """What each place is, as the array: one that is the same at all of them fills it."""
        terms = self._expressions.terms
        return value if terms.lengths[value.term] == length else Value(value.type, terms.fill(value.term, length))

    def number(self, node: Any) -> int | None:
        """The term of what counts the places of the loop; None for any other expression."""
        if self._counter is None or name_of(node) != self._counter[0]:
            return None
        return self._expressions.terms.places(self._counter[1])

    def element(self, array: int, place: Any) -> int:
        """An array itself for its element k, turned by one for element `(k + 1) % length`; k goes over all places."""
        terms = self._expressions.terms
        if self._counter is None or terms.lengths[array] != self._counter[1]:
            raise IllTyped("an element outside a loop over the places of its array")
        if not place_in_loop(place, *self._counter):
            return array
        if not self._turns:
            raise IllTyped("an element at another place of the loop")
        return terms.term("rotate", array)

    def element_of_computed(self, name: str, place: Any) -> Value:
        """The same of a computed array."""
        computed = self.computed[name]
        return Value(computed.type, self.element(computed.term, place))

    def place(self, arguments: list[Any], index_type: str) -> Value:
        """`dagc_at_f64(past, 48, i)`, of a computed array."""
        array, length, index = arguments
        terms = self._expressions.terms
        over = self.computed.get(name_of(array) or "")
        if over is None or literal_number(length) != terms.lengths[over.term]:
            raise IllTyped("a place of something that is no array of its length")
        at = self._expressions.converted(self._value(index), index_type).term
        return Value(over.type, terms.term("get", over.term, at))

    def fold(self, operator: str, arguments: list[Any]) -> Value:
        """`dagc_fold_add(past, 11, first, count, initial)` of a computed array."""
        if len(arguments) != 5:
            raise IllTyped(f"a fold of {len(arguments)} values")
        array, length, first, count, initial = arguments
        terms = self._expressions.terms
        held = self._types[FOLDS[operator]]
        over = self.computed.get(name_of(array) or "")
        if over is None or over.type != held or literal_number(length) != terms.lengths[over.term]:
            raise IllTyped("a fold over something that is no array of its length")
        places = [self._expressions.converted(self._value(each), self._types[Kind.I64]).term for each in (first, count)]
        begin = self._expressions.converted(self._value(initial), held).term
        return Value(held, terms.term(operator, over.term, *places, begin))
