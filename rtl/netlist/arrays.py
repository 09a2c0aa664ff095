"""Carried arrays in the emitted Verilog: a memory, and a bit for each element that says whether it was written since the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compile.proof.core.verdict import Unreadable
from dag.values.types import Kind
from rtl.netlist.expressions import BOOL, FLOAT, INT
from rtl.netlist.text import Assign, Expr, If, Module, Statement
from rtl.netlist.value import NetlistValue, StateRead

if TYPE_CHECKING:
    from rtl.netlist.signals import Signals

#: The bits of a memory are called so.
WRITTEN = "_written"


@dataclass(slots=True)
class Arrays:
    """The memories of one module."""

    signals: Signals
    module: Module
    states: dict[str, int]

    def read(self, expression: Expr, line: int, node: int | None) -> NetlistValue | None:
        """`get`: `!(index < size) ? 0 : element`, or the element alone where the index is known; None for anything else."""
        match expression:
            case Expr("?:", (Expr("!", (inside,)), Expr("const", (), _, 0), Expr("?:") as element)):
                return self._element(element, inside, line, node)
            case Expr("?:", (Expr("|", (_, Expr("~", (Expr("[]"),)))), Expr("const"), Expr("[]"))):
                return self._element(expression, None, line, node)
            case _:
                return None

    def _element(self, element: Expr, inside: Expr | None, line: int, node: int | None) -> NetlistValue | None:
        match element:
            case Expr("?:", (Expr("|", (restart, Expr("~", (Expr("[]", (bits, bit)),)))), Expr("const", (), _, int() as initial),
                             Expr("[]", (Expr("ref", (), _, str() as memory), place), width))):  # fmt: skip
                if memory not in self.module.memories or bits.value != memory + WRITTEN or bit != place:
                    raise Unreadable("an element is read beside the bit of another", line)
                cycle = self.signals.restart(restart, line)
                index = self._index(memory, place, inside, line)
                self.signals.together({"restart": NetlistValue(1, cycle), "index": index}, line, node)
                self.signals.reads.append(StateRead(memory, cycle, initial, line))
                terms = self.signals.source.terms
                return NetlistValue(width, cycle, terms.term("get", self.states[memory], self.signals.term(index, INT)))
            case _:
                return None

    def _index(self, memory: str, place: Expr, inside: Expr | None, line: int) -> NetlistValue:
        """The index of which `place` is the address; `inside` says that it is below the size, or is None where it is known."""
        _, size = self.module.memories[memory]
        if size != (length := self.signals.source.terms.lengths[self.states[memory]]):
            raise Unreadable(f"`{memory}` has {size} elements, its state {length}", line)
        bits = (size - 1).bit_length()
        if inside is None:
            if place.op != "const" or not 0 <= int(place.value) < size:
                raise Unreadable(f"an address of `{memory}` is computed, and nothing says that it is inside", line)
            return self.signals.expression(Expr("const", (), 64, place.value), line, None)
        match inside:
            case Expr("<", (Expr("ref", (), 64) as index, Expr("const", (), _, limit))) if limit == size:
                pass
            case _:
                raise Unreadable(f"an index of `{memory}` is not compared with its length, {size}", line)
        wanted = Expr("slice", (index,), bits, 0) if bits else Expr("const", (), place.width, 0)
        if place != wanted:
            raise Unreadable(f"the address in `{memory}` is not the low bits of the index", line)
        return self.signals.expression(index, line, None)

    def written(self, memory: str, statements: tuple[Statement, ...], cycle: int) -> tuple[int, int]:
        """The array after the writes of a row whose last cycle is `cycle`, as a term, and the line of the last of them."""
        array, line = self.states[memory], statements[0].line
        match statements[0]:
            case If(restart) if self.signals.restart(restart, line) == cycle:
                pass
            case _:
                raise Unreadable(f"what was written to `{memory}` is forgotten in another cycle than {cycle}", line)
        for each in statements[1:]:
            match each:
                case If(condition, (Assign(Expr("[]", (Expr("ref", (), _, name), place)), value, line),
                                    Assign(Expr("[]", (Expr("ref", (), _, bits), bit)), Expr("const", (), _, 1), _)), ()):  # fmt: skip
                    if name != memory or bits != memory + WRITTEN or bit != place:
                        raise Unreadable(f"a write to `{memory}` marks another element as written", line)
                    array = self._put(memory, array, condition, place, value, cycle, line)
                case _:
                    raise Unreadable(f"a write to `{memory}` is not understood", each.line)
        return array, line

    def _put(self, memory: str, array: int, condition: Expr, place: Expr, value: Expr, cycle: int, line: int) -> int:
        terms, signals = self.signals.source.terms, self.signals
        enable, inside = (
            (condition.args[0], condition.args[1]) if condition.op == "&" and place.op != "const" else (condition, None)
        )
        if condition.op == "&" and condition.args[1].op == "<":
            enable, inside = condition.args
        index = self._index(memory, place, inside, line)
        element, enabled = signals.expression(value, line, None), signals.expression(enable, line, None)
        at = signals.together({"index": index, "value": element, "enable": enabled}, line, None)
        if at not in (None, cycle):
            raise Unreadable(f"`{memory}` is written in cycle {cycle} with values of cycle {at}", line)
        kind = terms.kinds[array]
        of = FLOAT if kind in (Kind.F64, Kind.F32) else BOOL if kind is Kind.BOOL else INT
        return terms.term(
            "put", array, signals.term(index, INT), signals.term(element, of), signals.term(enabled, BOOL)
        )
