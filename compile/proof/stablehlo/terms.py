"""What a function of a StableHLO text computes, as a tensor term over its parameters.

`optimization_barrier` is the value it is given: it only stops rewrites, and `unfenced` says where one is missing. What XLA may do
behind them is looked at in what it made of the text (`compile.proof.compiled.optimised_hlo`) and in its machine code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from compile.proof.core.verdict import Unreadable
from compile.proof.stablehlo.tensor_terms import BOOL, F64, I64, LOOKED_UP, TABLES, TensorTerms
from compile.proof.stablehlo.text import Function, Statement

_FLOATS = {
    "add": "fadd",
    "subtract": "fsub",
    "multiply": "fmul",
    "divide": "fdiv",
    "negate": "fneg",
    "abs": "fabs",
    "sqrt": "fsqrt",
    "minimum": "fmin",
    "maximum": "fmax",
    "round_nearest_even": "frint",
    "floor": "ffloor",
    "ceil": "fceil",
}
_INTEGERS = {
    "add": "iadd",
    "subtract": "isub",
    "multiply": "imul",
    "divide": "idiv",
    "remainder": "irem",
    "negate": "ineg",
    "minimum": "imin",
    "maximum": "imax",
    "and": "and",
    "or": "or",
    "xor": "xor",
    "not": "not",
    "shift_left": "shl",
    "shift_right_arithmetic": "sra",
    "shift_right_logical": "srl",
    "count_leading_zeros": "clz",
    "clamp": "clamp",
}
_BOOLS = {name: name for name in ("and", "or", "xor", "not")}
_OF_SORT = {F64: _FLOATS, I64: _INTEGERS, BOOL: _BOOLS}
_CONVERSIONS = {(I64, F64): "i2f", (F64, I64): "f2i", (BOOL, I64): "b2i"}
_CASTS = {(F64, I64): "bits", (I64, F64): "float_of"}

#: Given the name of a function that is called, its arguments and the line: the term of its result.
Call = Callable[[str, tuple[int, ...], int], int]


def result_of(function: Function, arguments: Sequence[int], terms: TensorTerms, call: Call) -> tuple[int, ...]:
    """The terms that `function` returns for `arguments`. Raises Unreadable."""
    return tuple(value_terms(function, arguments, terms, call)[place] for place in function.returns)


def value_terms(function: Function, arguments: Sequence[int], terms: TensorTerms, call: Call) -> list[int]:
    """The term of every value of `function`: its parameters, then its statements. Raises Unreadable."""
    values = list(arguments)
    for statement in function.statements:
        operands = tuple(values[place] for place in statement.operands)
        if statement.op == "func.call":
            values.append(call(statement.said["callee"], operands, statement.line))
        elif statement.op == "while":
            values.append(_loop(statement, values, operands, terms, call))
        else:
            values.append(_term(statement, operands, terms))
    return values


def _loop(statement: Statement, values: list[int], first: tuple[int, ...], terms: TensorTerms, call: Call) -> int:
    """One result of a loop: what its condition and its body are of what it carries, none of it opened.

    Over the one element of an array it is no loop, as it is none to XLA.
    """
    carried = [terms.leaf("carried", place, terms.sort(term)) for place, term in enumerate(first)]
    outer = values[: len(statement.regions[0].params) - len(first)]
    if terms.are_ones_dropped:
        goes_on, once = (result_of(region, [*outer, *first], terms, call) for region in statement.regions)
        (further,) = result_of(statement.regions[0], [*outer, *once], terms, call)
        if (goes_on[0], further) == (terms.constant(1, BOOL), terms.constant(0, BOOL)):
            return once[int(statement.said["index"])]
    condition, body = (result_of(region, [*outer, *carried], terms, call) for region in statement.regions)
    return terms.loop(first, condition[0], body, statement.said["index"])


def _term(statement: Statement, operands: tuple[int, ...], terms: TensorTerms) -> int:
    op, sort, said = statement.op, terms.held(statement.sort), statement.said
    element = sort.split("[")[0]
    match op:
        case "optimization_barrier":
            return operands[0]
        case "constant":
            return terms.constant(said["value"] & 1 if element == BOOL else said["value"], sort)
        case "select":
            return terms.make("select", *operands, sort=sort)
        case "compare":
            return terms.make(_comparison(statement, terms.sort(operands[0])), *operands, sort=sort)
        case "convert" | "bitcast_convert":
            table = _CONVERSIONS if op == "convert" else _CASTS
            given, _, length = terms.sort(operands[0]).partition("[")
            found = table.get((given, element)) if length == sort.partition("[")[2] else None
            if found is None:
                raise Unreadable(f"`{op}` from {terms.sort(operands[0])} to {sort} is not known", statement.line)
            return terms.make(found, *operands, sort=sort)
        case "reduce" if is_any(statement, terms, operands):
            return terms.make("any", operands[0], sort=sort)
        case "reshape" | "broadcast_in_dim" if terms.sort(operands[0]) == sort:
            return operands[0]
        case "gather" if terms.rows[operands[0]].op == TABLES:
            return terms.make(LOOKED_UP, *operands, sort=sort)
        case "reshape" | "iota" | "broadcast_in_dim" | "gather" | "pad" | "concatenate":
            return terms.make(op, *operands, sort=sort, attribute=tuple(sorted(said.items())))
        case _:
            found = _OF_SORT[element].get(op)
            if found is None:
                raise Unreadable(f"`{op}` of {sort} is not known", statement.line)
            return terms.make(found, *operands, sort=sort)


def is_any(statement: Statement, terms: TensorTerms, operands: Sequence[int]) -> bool:
    """Whether a reduction is the disjunction, from false, over all elements of a row."""
    (region,) = statement.regions
    a, b = len(region.params) - 2, len(region.params) - 1
    return (
        statement.said == {"dimensions": "array<i64: 1>"}
        and terms.rows[operands[1]].op == "constant"
        and not terms.rows[operands[1]].attribute
        and [(each.op, each.operands) for each in region.statements] == [("or", (a, b))]
        and region.returns == (region.statements[0].result,)
    )


def _comparison(statement: Statement, sort: str) -> str:
    kind = statement.said.get("compare_type", "FLOAT" if sort == F64 else "SIGNED")
    if (sort.split("[")[0], kind) not in ((F64, "FLOAT"), (I64, "SIGNED")):
        raise Unreadable(f"a comparison of {sort} as {kind} is not known", statement.line)
    return f"{'fcmp' if kind == 'FLOAT' else 'icmp'} {statement.said['comparison_direction']}"


def unfenced(function: Function) -> tuple[str, int] | None:
    """What XLA might rewrite here, and its line: a division, a root or a result that no barrier stands around; or None.

    Products are fenced in their expansion already.
    """
    barriers = {each.result for each in function.statements if each.op == "optimization_barrier"}
    behind = {
        operand
        for each in function.statements
        if each.op in ("optimization_barrier", "bitcast_convert")  # neither is a pattern seen through
        for operand in each.operands
    }
    for each in function.statements:
        if each.sort == F64 and each.op in ("divide", "sqrt"):
            if not barriers.issuperset(each.operands):
                return f"an operand of `{each.op}` comes from no optimization_barrier", each.line
            if each.result not in behind:
                return f"the result of `{each.op}` goes through no optimization_barrier", each.line
    if not barriers.issuperset(function.returns):
        return f"`{function.name}` returns what went through no optimization_barrier", function.line
    return None
