"""What each core of `rtl/cores/` computes, and after how many cycles, by the parameters that an instance gives it.

This is the statement that `tests/rtl/cores` and `python -m rtl.evidence.core_proofs` hold the cores' sources to. A register stands at each
1 of CUTS, and STAGES more inside a recurrence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from compile.proof.core.verdict import Unreadable
from dag.operators.lookups import TABLE_SIZES, lookup_in
from dag.values.words import wrap_i64

Parameters = Mapping[str, int]

#: The core that keeps a value for DEPTH cycles.
DELAY = "dagc_delay"


@dataclass(frozen=True, slots=True)
class CoreOperator:
    """An operator of the graph, the ports of its operands in order, and the cycles it takes.

    `flushes`: a zero of its sign takes the place of a result up to the least normal number, if no operand is subnormal.
    """

    operator: str
    operands: tuple[str, ...]
    latency: int
    flushes: bool = False


_COMPARISONS = {
    (1, 0, 0, 0): "lt", (1, 1, 0, 0): "le", (0, 0, 1, 0): "gt", (0, 1, 1, 0): "ge", (0, 1, 0, 0): "eq", (1, 0, 1, 1): "ne",
}  # fmt: skip
_MODES = {0: "rint", 1: "floor", 2: "ceil", 3: "trunc"}
_AB, _ABC, _X, _N = ("a", "b"), ("a", "b", "c"), ("x",), ("n",)
BINARY64, BINARY32 = (11, 52), (8, 23)


def _compared(of: Parameters) -> str:
    return _COMPARISONS[of["LESS"], of["EQUAL"], of["GREATER"], of["UNORDERED"]]


#: Module of one format -> its operands, and the operator in binary64 by its parameters.
_ONE_FORMAT: Mapping[str, tuple[tuple[str, ...], Callable[[Parameters], str]]] = {
    "f_add": (_AB, lambda of: "sub" if of["SUBTRACT"] else "add"),
    "f_mul": (_AB, lambda _: "mul"),
    "f_div": (_AB, lambda _: "div"),
    "f_sqrt": (_X, lambda _: "sqrt"),
    "f_fma": (_ABC, lambda _: "fma"),
    "f_choose": (_AB, lambda of: "max" if of["LARGER"] else "min"),
    "f_compare": (_AB, _compared),
    "f_round": (_X, lambda of: _MODES[of["MODE"]]),
}
#: Module between two formats -> its operands, the parameters that say which, and the operator for each.
_TWO_FORMATS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Mapping[tuple[int, ...], str]]] = {
    "i_to_f": (_N, ("INT", "EXP", "FRAC"), {(64, *BINARY64): "i64_to_f64", (64, *BINARY32): "i64_to_f32"}),
    "f_to_i": (_X, ("INT", "EXP", "FRAC"), {(64, *BINARY64): "f64_to_i64", (64, *BINARY32): "f32_to_i64"}),
    "f_narrow": (_X, ("FROM_EXP", "FROM_FRAC", "EXP", "FRAC"), {(*BINARY64, *BINARY32): "f64_to_f32"}),
    "f_widen": (_X, ("FROM_EXP", "FROM_FRAC", "EXP", "FRAC"), {(*BINARY32, *BINARY64): "f32_to_f64"}),
    "i_resize": (_N, ("FROM", "TO"), {(64, 32): "i64_to_i32", (32, 64): "i32_to_i64"}),
    "i_mul": (_AB, ("WIDTH",), {(64,): "imul"}),
    "i_mul_high": (_AB, ("WIDTH",), {(64,): "multiply_high"}),
    "i_clz": (_X, ("WIDTH",), {(64,): "clz"}),
    "i_div": (_AB, ("WIDTH", "REMAINDER"), {(64, 0): "idiv", (64, 1): "imod"}),
}


def _lookup(of: Parameters) -> str:
    if of["LENGTH"] not in TABLE_SIZES:
        raise KeyError("LENGTH")
    words = [of["TABLE"] >> 64 * place for place in range(of["LENGTH"])]
    try:
        return lookup_in(tuple(map(wrap_i64, words))).name
    except ValueError:
        raise KeyError("LENGTH") from None


def core_operator(module: str, parameters: Parameters, line: int) -> CoreOperator:
    """The operator of an instance with these parameters, local ones included. Raises Unreadable for any other."""
    latency = parameters.get("CUTS", 0).bit_count() + parameters.get("STAGES", 0)
    try:
        if module in _ONE_FORMAT:
            operands, operator = _ONE_FORMAT[module]
            suffix = {BINARY64: "", BINARY32: "_f32"}[parameters["EXP"], parameters["FRAC"]]
            return CoreOperator(operator(parameters) + suffix, operands, latency, bool(parameters.get("FLUSH")))
        if module == "i_lookup":
            return CoreOperator(_lookup(parameters), _N, latency)
        operands, names, operators = _TWO_FORMATS[module]
        return CoreOperator(operators[tuple(parameters[name] for name in names)], operands, latency)
    except KeyError:
        given = ", ".join(f"{name}={value}" for name, value in parameters.items())
        raise Unreadable(f"`{module}` with {given} is no operator", line) from None
