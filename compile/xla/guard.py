"""The guard: one bit a row that says 'a subnormal may have been flushed here', so that the row is computed again exactly.

XLA:CPU runs with flush-to-zero and denormals-are-zero. As long as every f64 of a row is zero, normal, infinite or NaN, and no
exact result was subnormal, that changes nothing. `compile.analysis.magnitude` proves it for some nodes; the rest are
watched with the functions below. All look at bits, or at values already known to be no subnormal, so flushing cannot
blind them. On hardware that keeps subnormals the guard is raised as often and costs the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from compile.xla.operators import BOOL, INFINITY, MAGNITUDE, expand, swept, swept_name, tensor_of
from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.op import Op, Source
from dag.values.types import Type

_PARTS = f"""
    %mask = stablehlo.constant dense<{MAGNITUDE}> : {{I}}
    %least_normal = stablehlo.constant dense<{1 << 52}> : {{I}}
    %none = stablehlo.constant dense<0> : {{I}}
    %bits = stablehlo.bitcast_convert %x : {{F->I}}
    %magnitude = stablehlo.and %bits, %mask : {{I}}
"""
_SUBNORMAL = (
    _PARTS
    + """
    %small = stablehlo.compare LT, %magnitude, %least_normal, SIGNED : {I?}
    %nonzero = stablehlo.compare NE, %magnitude, %none, SIGNED : {I?}
    %flag = stablehlo.and %small, %nonzero : {B}
"""
)
_VANISHED = (
    _PARTS
    + """
    %small = stablehlo.compare LT, %magnitude, %least_normal, SIGNED : {I?}
"""
)
#: Operator -> the function that watches it. An operator that is not here gives a subnormal only when it is handed one.
_WATCHER: dict[Op, str] = {
    ops.ADD: "vanished_sum",
    ops.SUB: "vanished_difference",
    ops.MUL: "vanished_product",
    ops.DIV: "vanished_quotient",
}
#: Watcher -> its parameters and statements, which define `%flag`. `%x` is the result; `%a` and `%b` made it.
_FUNCTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "subnormal": (("x",), _SUBNORMAL),
    # Multiples of 2^-1012, which numbers from 2^-960 on are, add up to nothing subnormal in whatever order.
    "tiny": (("x",), _SUBNORMAL.replace(f"{1 << 52}", str((1023 - 960) << 52))),
    # A sum of two numbers is zero only where they cancel.
    "vanished_sum": (
        ("x", "a", "b"),
        _VANISHED
        + """
        %minus_b = stablehlo.negate %b : {F}
        %remains = stablehlo.compare NE, %a, %minus_b, FLOAT : {F?}
        %flag = stablehlo.and %small, %remains : {B}""",
    ),
    "vanished_difference": (
        ("x", "a", "b"),
        _VANISHED
        + """
        %remains = stablehlo.compare NE, %a, %b, FLOAT : {F?}
        %flag = stablehlo.and %small, %remains : {B}""",
    ),
    # A product is zero only where a factor is.
    "vanished_product": (
        ("x", "a", "b"),
        _VANISHED
        + """
        %zero = stablehlo.bitcast_convert %none : {I->F}
        %a_remains = stablehlo.compare NE, %a, %zero, FLOAT : {F?}
        %b_remains = stablehlo.compare NE, %b, %zero, FLOAT : {F?}
        %both = stablehlo.and %a_remains, %b_remains : {B}
        %flag = stablehlo.and %small, %both : {B}""",
    ),
    # A quotient is zero only where the dividend is, or where the divisor is infinite.
    "vanished_quotient": (
        ("x", "a", "b"),
        _VANISHED
        + f"""
        %zero = stablehlo.bitcast_convert %none : {{I->F}}
        %a_remains = stablehlo.compare NE, %a, %zero, FLOAT : {{F?}}
        %infinity = stablehlo.constant dense<{INFINITY}> : {{I}}
        %b_bits = stablehlo.bitcast_convert %b : {{F->I}}
        %b_magnitude = stablehlo.and %b_bits, %mask : {{I}}
        %b_finite = stablehlo.compare NE, %b_magnitude, %infinity, SIGNED : {{I?}}
        %both = stablehlo.and %a_remains, %b_finite : {{B}}
        %flag = stablehlo.and %small, %both : {{B}}""",
    ),
}


def watchers(graph: Graph, unproved: Sequence[int]) -> list[tuple[str, tuple[int, ...]]]:
    """The calls whose disjunction is the guard: a function's name and the nodes it is given."""
    calls: list[tuple[str, tuple[int, ...]]] = []
    for node in unproved:
        op = graph.ops[node]
        if op in (ops.FOLD_ADD, ops.FOLD_NUMPY):
            array, _, _, initial = graph.args[node]
            calls += [_watcher(graph, "tiny", (array,)), _watcher(graph, "tiny", (initial,))]
            continue
        if isinstance(op, Op) and op in _WATCHER:
            called, nodes = _WATCHER[op], (node, *graph.args[node])
        elif isinstance(op, Source) or op in (ops.BITS_F64, ops.FMA, ops.GET):
            called, nodes = "subnormal", (node,)
        else:
            raise AssertionError(f"`{op}` at `{graph.names[node]}` gives a subnormal only when handed one")
        calls.append(_watcher(graph, called, nodes))
    return list(dict.fromkeys(calls))


def _watcher(graph: Graph, called: str, nodes: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    takes = [graph.types[each] for each in nodes]
    return f"{called}_{swept_name(takes)}" if any(each.is_array for each in takes) else called, nodes


def watcher_text(name: str, takes: Sequence[Type]) -> list[str]:
    """The lines that define the watcher `name`, of operands of these types."""
    plain = name.removesuffix(f"_{swept_name(takes)}") if any(each.is_array for each in takes) else name
    names, body = _FUNCTIONS[plain]
    parameters = dict(zip(names, map(tensor_of, takes), strict=True))
    length = next((each.length for each in takes if each.is_array), None)
    lines = [line for line in expand(body) if line]
    if length is not None:
        parameters, lines = swept(parameters, lines, length)
        wide = f"tensor<1x{length}xi1>"
        lines = [line.replace("%flag = ", "%flags = ") for line in lines]
        lines += [
            "%false = stablehlo.constant dense<false> : tensor<i1>",
            f"%flag = stablehlo.reduce(%flags init: %false) applies stablehlo.or across dimensions = [1] : ({wide}, tensor<i1>) -> {BOOL}",
        ]
    return [
        f"func.func private @{name}({', '.join(f'%{n}: {t}' for n, t in parameters.items())}) -> {BOOL} {{",
        *(f"  {line}" for line in lines),
        f"  return %flag : {BOOL}",
        "}",
    ]
