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

    def __init__(self, expressions: RowExpressions, types: Mapping[Kind, str], value: Callable[[Any], Value]) -> None:
        self._expressions = expressions
        self._types = types
        self._value = value
        #: Array -> its element type and length, and its term once a loop has filled it.
        self.declared: dict[str, tuple[str, int]] = {}
        self.computed: dict[str, Value] = {}
        #: Inside a loop over the places of an array: what counts them, and how many there are.
        self._counter: tuple[str, int] | None = None

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

    def element(self, array: int, place: Any) -> int:
        """An array itself for its element k, turned by one for element `(k + 1) % length`; k goes over all places."""
        terms = self._expressions.terms
        if self._counter is None or terms.lengths[array] != self._counter[1]:
            raise IllTyped("an element outside a loop over the places of its array")
        return terms.term("rotate", array) if place_in_loop(place, *self._counter) else array

    def element_of_computed(self, name: str, place: Any) -> Value:
        """The same of a computed array."""
        computed = self.computed[name]
        return Value(computed.type, self.element(computed.term, place))

    def fold(self, operator: str, arguments: list[Any]) -> Value:
        """`dagc_fold_add(past, 11, first, count, initial)` of a computed array."""
        array, length, first, count, initial = arguments
        terms = self._expressions.terms
        held = self._types[FOLDS[operator]]
        over = self.computed.get(name_of(array) or "")
        if over is None or over.type != held or literal_number(length) != terms.lengths[over.term]:
            raise IllTyped("a fold over something that is no array of its length")
        places = [self._expressions.converted(self._value(each), self._types[Kind.I64]).term for each in (first, count)]
        begin = self._expressions.converted(self._value(initial), held).term
        return Value(held, terms.term(operator, over.term, *places, begin))
