"""Conditions over columns: where a condition is true, with missing values left out as SQL leaves nulls out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compile.backend import Batch, Runner
from dag.graphs.graph import Graph
from dag.values.floating_point import standard
from dag.values.types import BOOL, F64, I64, Kind, Type
from dag.values.words import Column, show, words_of_column
from dagc.debugging.search.syntax import COMPARISONS, Call, Expression, Lag, Name, Number, parse, refuse
from dagc.debugging.tap_names import NameProblem, TapNames

Bools = NDArray[np.bool_]
#: node -> its column [bars], for the nodes asked for.
Columns = Callable[[Iterable[int]], Mapping[int, Column]]


@dataclass(frozen=True, slots=True)
class _Value:
    """A column, where it is known, its type and its unit; a literal has no unit of its own and fits any."""

    values: Any
    known: Bools
    type: Type
    unit: str | None


def where(graph: Graph, condition: str, columns: Columns, rejected: Bools) -> NDArray[np.intp]:
    """The bars on which `condition` is true. What a lane computed on a rejected row is missing there, and so is what lies before the
    first bar; `known(x)` asks. Raises SearchProblem, with the place in the condition.
    """
    tree = parse(condition)
    search = _Search(graph, condition, rejected)
    nodes = search.nodes(tree)
    with standard(), np.errstate(all="ignore"):
        search.columns = columns(nodes)
        found = search.evaluate(tree)
        if found.type != BOOL:
            raise refuse(condition, 0, f"a condition is true or false, and this is {found.type}")
        return np.flatnonzero(np.asarray(found.values, np.bool_) & found.known)


@dataclass(frozen=True, slots=True)
class Hits:
    """The bars on which a condition is true, and what the values that it names were there."""

    condition: str
    total: int
    bars: NDArray[np.intp]
    values: Mapping[str, tuple[Column, Type]]

    def as_text(self, most: int) -> str:
        """A line a bar, of the first `most`."""
        lines = [f"{len(self.bars):,} of {self.total:,} bars: {self.condition}"]
        for bar in self.bars[:most]:
            told = ", ".join(
                f"{name} = {show(column[bar].item(), type_)}" for name, (column, type_) in self.values.items()
            )
            lines.append(f"  bar {bar}  {told}")
        if len(self.bars) > most:
            lines.append(f"  ... {len(self.bars) - most:,} more (--json lists them)")
        return "\n".join(lines)


def searched(graph: Graph, runner: Runner, batch: Batch, condition: str) -> Hits:
    """Search a replay of `batch`, one instance. Raises SearchProblem."""
    taken: dict[int, Column] = {}

    def columns(nodes: Iterable[int]) -> Mapping[int, Column]:
        taken.update({node: column[:, 0] for node, column in runner.run(batch, list(nodes)).nodes.items()})
        return taken

    assert graph.status is not None
    rejected = columns([graph.status])[graph.status] != 0
    bars = where(graph, condition, columns, rejected)
    names = TapNames(graph)
    named = {
        names.spelling(node): (column, graph.types[node]) for node, column in taken.items() if node != graph.status
    }
    return Hits(condition, batch.bars, bars, named)


class _Search:
    def __init__(self, graph: Graph, text: str, rejected: Bools) -> None:
        self._graph, self._text, self._rejected = graph, text, rejected
        self._names = TapNames(graph)
        self._ports = {port.node for port in graph.ports()}
        self.columns: Mapping[int, Column] = {}

    def nodes(self, tree: Expression) -> list[int]:
        """The nodes that the condition names, in its order; members of Enums are none."""
        found: dict[int, None] = {}
        pending = [tree]
        while pending:
            match pending.pop():
                case Name(text):
                    if (node := self._node(text)) is not None and self._graph.constants[node] is None:
                        found[node] = None
                case Call(_, args):
                    pending += reversed(args)
                case Lag(inner):
                    pending.append(inner)
                case Number():
                    pass
        return list(found)

    def _node(self, name: str) -> int | None:
        try:
            return self._names.node(name)
        except NameProblem:
            return None

    def evaluate(self, tree: Expression) -> _Value:
        """The column of an expression."""
        match tree:
            case Number(value, unit):
                type_ = BOOL if isinstance(value, bool) else I64 if isinstance(value, int) else F64
                return _Value(np.asarray(value), np.ones(1, np.bool_), type_, unit)
            case Name():
                return self._named(tree)
            case Lag(inner, bars):
                return self._lagged(self.evaluate(inner), bars)
            case Call(function, args, at):
                return self._called(function, args, at)

    def _named(self, name: Name) -> _Value:
        try:
            node = self._names.node(name.text)
        except NameProblem as problem:
            raise refuse(self._text, name.at, str(problem)) from None
        graph = self._graph
        if (axis := graph.types[node].axis) is not None:
            raise refuse(self._text, name.at, f"`{name.text}` is along {axis}, and a condition is of single values")
        constant = graph.constants[node]
        if constant is not None:
            return _Value(np.asarray(constant), np.ones(1, np.bool_), graph.types[node], graph.units[node])
        known = np.ones(len(self._rejected), np.bool_) if self._is_told(node) else ~self._rejected
        return _Value(self.columns[node], known, graph.types[node], graph.units[node])

    def _is_told(self, node: int) -> bool:
        """Whether a rejected row has the value too: what was given, and what is said of the row."""
        return node in self._ports or node == self._graph.status or any(o.node == node for o in self._graph.outputs)

    def _lagged(self, inner: _Value, bars: int) -> _Value:
        count = len(self._rejected)
        values, known = np.broadcast_to(inner.values, count), np.broadcast_to(inner.known, count)
        shift = min(bars, count)
        before = np.concatenate([values[:1].repeat(shift), values[: count - shift]])
        return _Value(
            before, np.concatenate([np.zeros(shift, np.bool_), known[: count - shift]]), inner.type, inner.unit
        )

    def _called(self, function: str, args: tuple[Expression, ...], at: int) -> _Value:
        if function in ("and", "or", "not"):
            return self._logic(function, [self._is_bool(self.evaluate(each), at) for each in args])
        if function in COMPARISONS:
            return self._compared(function, args, at)
        given = [self.evaluate(each) for each in args]
        match function:
            case "changed":
                return self._changed(given[0])
            case "first":
                found = self._is_bool(given[0], at)
                true = np.broadcast_to(found.values & found.known, len(self._rejected))
                first = np.zeros(len(true), np.bool_)
                first[np.argmax(true)] = bool(true.any())
                return _Value(first, np.ones(len(true), np.bool_), BOOL, None)
            case "known":
                return _Value(given[0].known, np.ones(1, np.bool_), BOOL, None)
            case "isnan":
                return _Value(np.isnan(self._number(given[0], at).values), given[0].known, BOOL, None)
            case "word":
                words = words_of_column(np.atleast_1d(given[0].values), given[0].type).view(np.int64)
                return _Value(words, given[0].known, I64, None)
            case "crosses":
                return self._crosses(*self._pair(given, at))
            case _:
                return self._arithmetic(function, given, at)

    def _arithmetic(self, function: str, given: list[_Value], at: int) -> _Value:
        numbers = [self._number(each, at) for each in given]
        known = numbers[0].known if len(numbers) == 1 else numbers[0].known & numbers[1].known
        whole = all(each.type.kind in (Kind.I64, Kind.I32) for each in numbers)
        if len(numbers) == 1:
            made = np.abs(numbers[0].values) if function == "abs" else -numbers[0].values
            return _Value(made, known, numbers[0].type, numbers[0].unit)
        left, right = numbers
        if function in ("*", "/"):
            made = left.values * right.values if function == "*" else np.true_divide(left.values, right.values)
            return _Value(made, known, I64 if whole and function == "*" else F64, None)
        left, right = self._pair(numbers, at)
        a, b = left.values, right.values
        match function:
            case "+":
                made = a + b
            case "-":
                made = a - b
            case "min":
                made = np.where(b < a, b, a)
            case _:
                made = np.where(b > a, b, a)
        return _Value(made, known, I64 if whole else F64, left.unit or right.unit)

    def _compared(self, sign: str, args: tuple[Expression, ...], at: int) -> _Value:
        left, right = self._with_members(args)
        if left.type.members is not None or right.type.members is not None:
            if left.type != right.type or sign not in ("==", "!="):
                raise refuse(self._text, at, f"`{sign}` compares {left.type} with {right.type}")
        elif (left.type == BOOL) != (right.type == BOOL):
            raise refuse(self._text, at, f"`{sign}` compares {left.type} with {right.type}")
        else:
            left, right = self._pair([left, right], at)
        a, b = left.values, right.values
        made = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[sign]
        return _Value(made, left.known & right.known, BOOL, None)

    def _with_members(self, args: tuple[Expression, ...]) -> tuple[_Value, _Value]:
        """Both sides; opposite an Enum a bare name is its member."""
        found: list[_Value | None] = [
            None if isinstance(each, Name) and self._node(each.text) is None else self.evaluate(each) for each in args
        ]
        for place, (each, value) in enumerate(zip(args, found, strict=True)):
            other = found[1 - place]
            if value is None and isinstance(each, Name):
                codes = dict(other.type.members.codes) if other is not None and other.type.members is not None else {}
                if each.text not in codes:
                    if codes:
                        raise refuse(self._text, each.at, f"`{each.text}` is no member; there are {', '.join(codes)}")
                    return self._named(each), self._named(each)  # says what the name might be
                assert other is not None
                found[place] = _Value(np.asarray(codes[each.text]), np.ones(1, np.bool_), other.type, None)
        left, right = found
        assert left is not None
        assert right is not None
        return left, right

    def _pair(self, given: list[_Value], at: int) -> tuple[_Value, _Value]:
        """Two values of one unit; a number without a unit has that of the other side."""
        left, right = given
        units = {each.unit for each in given if each.unit is not None}
        if len(units) > 1:
            raise refuse(self._text, at, f"one side is in [{left.unit}], the other in [{right.unit}]")
        return left, right

    def _logic(self, function: str, given: list[_Value]) -> _Value:
        """Kleene's: false and missing is false, true or missing is true."""
        if function == "not":
            return _Value(~given[0].values, given[0].known, BOOL, None)
        (a, b), (p, q) = [each.values for each in given], [each.known for each in given]
        if function == "and":
            return _Value(a & b, (p & q) | (p & ~a) | (q & ~b), BOOL, None)
        return _Value((a & p) | (b & q), (p & q) | (p & a) | (q & b), BOOL, None)

    def _changed(self, given: _Value) -> _Value:
        """Another word than at the last bar on which it was known."""
        count = len(self._rejected)
        words = words_of_column(np.broadcast_to(np.atleast_1d(given.values), count), given.type)
        known = np.flatnonzero(np.broadcast_to(given.known, count))
        made = np.zeros(count, np.bool_)
        made[known[1:]] = words[known[1:]] != words[known[:-1]]
        return _Value(made, np.broadcast_to(given.known, count), BOOL, None)

    def _crosses(self, left: _Value, right: _Value) -> _Value:
        """The side of `a - b` is another than the last one on which they were apart."""
        count = len(self._rejected)
        known = np.broadcast_to(left.known & right.known, count)
        side = np.broadcast_to(np.sign(np.asarray(left.values, np.float64) - right.values), count)
        apart = np.flatnonzero(known & (side != 0) & ~np.isnan(side))
        made = np.zeros(count, np.bool_)
        made[apart[1:]] = side[apart[1:]] != side[apart[:-1]]
        return _Value(made, known, BOOL, None)

    def _is_bool(self, given: _Value, at: int) -> _Value:
        if given.type != BOOL:
            raise refuse(self._text, at, f"expected something true or false, got {given.type}")
        return given

    def _number(self, given: _Value, at: int) -> _Value:
        if given.type == BOOL or given.type.members is not None:
            raise refuse(self._text, at, f"expected a number, got {given.type}")
        return given
