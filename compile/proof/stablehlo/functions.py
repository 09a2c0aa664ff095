"""The functions of a StableHLO text as the operators and watchers that they are, by what they compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compile.proof.core.terms import FOLDS
from compile.proof.core.verdict import Unreadable
from compile.proof.stablehlo.element_of_array import function_gives_array, of_an_element
from compile.proof.stablehlo.fold_expansions import fold_expansions
from compile.proof.stablehlo.guard import WATCHERS, watcher_expansions
from compile.proof.stablehlo.operator_expansions import (
    EXPANSIONS,
    PINNED,
    PLACES,
    SPREAD,
    array_expansions,
    expansions,
    lookup_expansion,
)
from compile.proof.stablehlo.tensor_terms import I64, TensorTerms, digest
from compile.proof.stablehlo.term_builder import Builder
from compile.proof.stablehlo.terms import result_of, unfenced
from compile.proof.stablehlo.text import Function
from dag.operators.table import LOOKUP

#: What moves values and computes none.
_MOVES = frozenset(("broadcast_in_dim", "iota", "optimization_barrier"))
#: Operands of the operators that `EXPANSIONS` does not list.
_OPERANDS = {
    "as_unit": 1,
    "select": 3,
    "get": 2,
    "put": 4,
    "rotate": 1,
    **dict.fromkeys(FOLDS, 4),
    **dict.fromkeys(PINNED.values(), 3),
}


@dataclass(frozen=True, slots=True)
class RecognisedFunction:
    """What a function is: the operator or watcher, and how many of its arguments count, from the first."""

    name: str
    operands: int
    is_watcher: bool


@dataclass(slots=True)
class Functions:
    """`functions` as they are asked for."""

    functions: Mapping[str, Function]
    #: What recognising rests on, for the certificate.
    assumed: set[str] = field(default_factory=set[str])
    _terms: TensorTerms = field(default_factory=TensorTerms)
    _operators: dict[int, str] = field(default_factory=dict[int, str])
    _watchers: dict[int, str] = field(default_factory=dict[int, str])
    _arrays: set[str] = field(default_factory=set[str])
    _found: dict[tuple[str, tuple[bool, ...]], RecognisedFunction] = field(
        default_factory=dict[tuple[str, tuple[bool, ...]], RecognisedFunction]
    )

    def __post_init__(self) -> None:
        self._operators |= expansions(self._terms)
        self._watchers |= watcher_expansions(self._terms)

    def called(self, name: str, is_zero: tuple[bool, ...], line: int) -> RecognisedFunction:
        """What the function `name` is where those of its arguments are the run-time zero. Raises Unreadable."""
        found = self._found.get((name, is_zero))
        if found is None:
            found = self._found[name, is_zero] = self._recognise(name, is_zero, line)
        return found

    def _recognise(self, name: str, is_zero: tuple[bool, ...], line: int) -> RecognisedFunction:
        if name not in self.functions or len(self.functions[name].params) != len(is_zero):
            raise Unreadable(f"`{name}` is called, and there is no such function", line)
        function = self.functions[name]
        s = Builder(self._terms)
        arguments = [
            s.zero() if zero and sort == I64 else s.param(place, sort)
            for place, (sort, zero) in enumerate(zip(function.params, is_zero, strict=True))
        ]
        if self._is_lookup(function):
            return RecognisedFunction(LOOKUP.name, 2, is_watcher=False)
        if any("[" in sort for sort in function.params):
            found = self._of_places(function, arguments) or self._swept(function, is_zero)
            if found is not None:
                return found
        results = result_of(function, arguments, self._terms, _refuse)
        if len(results) != 1:
            raise Unreadable(f"`{name}` returns {len(results)} values", function.line)
        for sort in function.params:
            if "[" in sort and sort not in self._arrays:
                self._arrays.add(sort)
                self._operators |= array_expansions(self._terms, sort) | fold_expansions(self._terms, sort)
        if results[0] in self._watchers:
            watcher = self._watchers[results[0]]
            return RecognisedFunction(watcher, WATCHERS[watcher], is_watcher=True)
        operator = self._operators.get(results[0]) or self._pinned(results[0])
        if operator is None:
            shown = self._terms.show(results[0])
            raise Unreadable(f"function `{name}` is no operator: it computes {shown}", function.line)
        if problem := unfenced(function):
            raise Unreadable(f"function `{name}`: {problem[0]}; XLA may rewrite across it", problem[1])
        operands = len(EXPANSIONS[operator][0]) if operator in EXPANSIONS else _OPERANDS[operator]
        return RecognisedFunction(operator, operands, is_watcher=False)

    def _is_lookup(self, function: Function) -> bool:
        expected = lookup_expansion(self._terms, function.params)
        if expected is None or any(each.op == "func.call" for each in function.statements):
            return False
        s = Builder(self._terms)
        arguments = [s.param(place, sort) for place, sort in enumerate(function.params)]
        return result_of(function, arguments, self._terms, _refuse) == (expected,) and unfenced(function) is None

    def _of_places(self, function: Function, arguments: list[int]) -> RecognisedFunction | None:
        """`spread` or `indexes`, which make an array of no element of another; None where the function is neither."""
        if not {each.op for each in function.statements} <= _MOVES or unfenced(function):
            return None
        (*single, like), (result,) = function.params, function.returns
        made = function.definition(result)
        _, _, length = like.partition("[")
        if made is None or not length or len(single) > 1 or "[" in "".join(single):
            return None
        (term,) = result_of(function, arguments, self._terms, _refuse)
        if not single:
            expected, name = self._terms.make("iota", sort=f"{I64}[{length}", attribute=PLACES), "indexes"
        else:
            sort = f"{single[0]}[{length}"
            expected = self._terms.make("broadcast_in_dim", arguments[0], sort=sort, attribute=SPREAD)
            name = "spread"
        return RecognisedFunction(name, len(function.params), is_watcher=False) if term == expected else None

    def _swept(self, function: Function, is_zero: tuple[bool, ...]) -> RecognisedFunction | None:
        """What a function over arrays is if it does the same to each of their elements; a watcher is raised by any element."""
        single = of_an_element(function)
        if single is None:
            return None
        s = Builder(self._terms)
        arguments = [
            s.zero() if zero else s.param(place, sort)
            for place, (sort, zero) in enumerate(zip(single.params, is_zero, strict=True))
        ]
        (term,) = result_of(single, arguments, self._terms, _refuse)
        if term in self._watchers and not function_gives_array(function):
            watcher = self._watchers[term]
            return RecognisedFunction(watcher, WATCHERS[watcher], is_watcher=True)
        operator = (self._operators.get(term) or self._pinned(term)) if function_gives_array(function) else None
        if operator is None or unfenced(function):
            return None
        operands = len(EXPANSIONS[operator][0]) if operator in EXPANSIONS else _OPERANDS[operator]
        return RecognisedFunction(operator, operands, is_watcher=False)

    def _pinned(self, term: int) -> str | None:
        operator = PINNED.get(digest(self._terms, term))
        if operator is not None:
            self.assumed.add(f"`{operator}` in integers is the operator: tested, not proved; its expansion is pinned")
        return operator


def _refuse(name: str, _: tuple[int, ...], line: int) -> int:
    raise Unreadable(f"the function of an operator calls `{name}`", line)
