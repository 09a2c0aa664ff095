"""A function over arrays that does the same to each of their elements, as the function of one element that it is."""

from __future__ import annotations

from dataclasses import replace

from compile.proof.stablehlo.operator_expansions import SPREAD
from compile.proof.stablehlo.text import Function, Statement

#: What looks at more than one element, or at its place.
_NOT_OF_ONE = frozenset(("gather", "iota", "reshape", "pad", "concatenate", "while", "func.call"))


def of_an_element(function: Function) -> Function | None:
    """The function of one element, a last `or` over all elements left out; None where it is not one of each alone."""
    statements: list[Statement] = []
    for each in function.statements:
        if each.op in _NOT_OF_ONE:
            return None
        sort = each.sort.split("[")[0]
        if each.op == "broadcast_in_dim":
            if tuple(sorted(each.said.items())) != SPREAD:
                return None
            each = replace(each, op="optimization_barrier", said={})
        elif each.op == "reduce":
            if function.returns != (each.result,) or not _is_any(each, function):
                return None
            each = replace(each, op="optimization_barrier", operands=each.operands[:1], said={}, regions=())
        statements.append(replace(each, sort=sort))
    params = tuple(sort.split("[")[0] for sort in function.params)
    return Function(function.name, params, tuple(statements), function.returns, function.line)


def function_gives_array(function: Function) -> bool:
    """Whether the one result of `function` is an array."""
    made = function.definition(function.returns[0])
    return "[" in (function.params[function.returns[0]] if made is None else made.sort)


def _is_any(statement: Statement, function: Function) -> bool:
    """Whether a reduction is the disjunction, from false, over all elements of a row."""
    (region,) = statement.regions
    first = function.definition(statement.operands[1])
    a, b = len(region.params) - 2, len(region.params) - 1
    return (
        statement.said == {"dimensions": "array<i64: 1>"}
        and first is not None
        and (first.op, first.said) == ("constant", {"value": 0})
        and [(each.op, each.operands) for each in region.statements] == [("or", (a, b))]
        and region.returns == (region.statements[0].result,)
    )
