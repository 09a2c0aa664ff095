"""Mistakes of a compiler that computes another graph than it was given: each is an edit of the graph that a backend lowers.

The edited graph keeps its names and the hash of the right one, as a miscompiled artifact would.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.lookups import lookup_in
from dag.operators.op import Op
from dag.values.types import Value
from dag.values.words import round_f32
from tests.mutation.subject import TABLE

Edit = Callable[[Graph], Graph]
_T = TypeVar("_T")


def _with_op(name: str, op: Op) -> Edit:
    def edit(graph: Graph) -> Graph:
        node = graph.node(name)
        return replace(graph, ops=_put(graph.ops, node, op))

    return edit


def _with_args(name: str, change: Callable[[Graph, tuple[int, ...]], tuple[int, ...]]) -> Edit:
    def edit(graph: Graph) -> Graph:
        node = graph.node(name)
        args = change(graph, graph.args[node])
        assert all(arg < node for arg in args), name
        assert [graph.types[arg] for arg in args] == [graph.types[arg] for arg in graph.args[node]], name
        return replace(graph, args=_put(graph.args, node, args))

    return edit


def _swapped(name: str) -> Edit:
    return _with_args(name, lambda graph, args: (*args[:-2], args[-1], args[-2]))


def _with_operand(name: str, place: int, other: str) -> Edit:
    return _with_args(name, lambda graph, args: (*args[:place], graph.node(other), *args[place + 1 :]))


def _constant(of: str, place: int, change: Callable[[Value], Value]) -> Edit:
    """The constant that is operand `place` of the node `of`."""

    def edit(graph: Graph) -> Graph:
        node = graph.args[graph.node(of)][place]
        value = graph.constants[node]
        assert value is not None, of
        return replace(graph, constants=_put(graph.constants, node, change(value)))

    return edit


def _state(name: str, **changes: Callable[[Graph], object]) -> Edit:
    def edit(graph: Graph) -> Graph:
        made = [
            replace(each, **{key: change(graph) for key, change in changes.items()}) if each.name == name else each  # type: ignore[arg-type]
            for each in graph.states
        ]
        return replace(graph, states=tuple(made))

    return edit


def _output(name: str, other: str) -> Edit:
    def edit(graph: Graph) -> Graph:
        made = [replace(each, node=graph.node(other)) if each.name == name else each for each in graph.outputs]
        return replace(graph, outputs=tuple(made))

    return edit


def _fused(graph: Graph) -> Graph:
    """`product + y` becomes a fused multiply-add of the product's operands."""
    node, product = graph.node("summed"), graph.node("product")
    changed = replace(graph, ops=_put(graph.ops, node, ops.FMA))
    return replace(changed, args=_put(changed.args, node, (*graph.args[product], graph.args[node][1])))


def _split(graph: Graph) -> Graph:
    """fma(gap, scale, y) becomes the rounded product plus y."""
    node, product = graph.node("fused"), graph.node("product")
    changed = replace(graph, ops=_put(graph.ops, node, ops.ADD))
    return replace(changed, args=_put(changed.args, node, (product, graph.args[node][2])))


def _regrouped(graph: Graph) -> Graph:
    """(product + y) + before becomes product + (y + before), its inner sum standing where the other one stood."""
    inner, outer = graph.node("summed"), graph.node("chained")
    product, y = graph.args[inner]
    changed = replace(graph, args=_put(graph.args, inner, (y, graph.args[outer][1])))
    return replace(changed, args=_put(changed.args, outer, (product, inner)))


def _reciprocal(graph: Graph) -> Graph:
    """x / 3 becomes x * (1 / 3)."""
    changed = _constant("third_of", 1, lambda c: 1.0 / c)(graph)
    return _with_op("third_of", ops.MUL)(changed)


def _truncated(graph: Graph) -> Graph:
    """The array has one element less."""
    shorter = [replace(t, length=t.length - 1) if t.length is not None else t for t in graph.types]
    return replace(graph, types=tuple(shorter))


def _unchecked(port: str) -> Edit:
    """The upper end of the port's domain is not looked at."""
    return _with_args(f"in_domain.{port}", lambda graph, args: (args[0], args[0]))


def _dropped_from_status(graph: Graph) -> Graph:
    """The status of the first port found outside is that of another."""
    node = graph.node("status")
    other = graph.args[node][1]
    return replace(graph, args=_put(graph.args, node, (graph.args[node][0], other, other)))


def _put(values: Sequence[_T], at: int, value: _T) -> tuple[_T, ...]:
    return (*values[:at], value, *values[at + 1 :])


def _next_of(name: str) -> Callable[[Graph], object]:
    return lambda graph: next(each.next for each in graph.states if each.name == name)


def _read_of(name: str) -> Callable[[Graph], object]:
    return lambda graph: next(each.node for each in graph.states if each.name == name)


#: What somebody got wrong -> the graph that was compiled.
GRAPH_EDITS: dict[str, Edit] = {
    "the operands of a difference are exchanged": _swapped("gap"),
    "the operands of a quotient are exchanged": _swapped("ratio"),
    "the operands of an integer difference are exchanged": _swapped("left"),
    "the operands of a comparison are exchanged": _swapped("below"),
    "the operands of a minimum are exchanged": _swapped("low"),
    "the operands of a maximum are exchanged": _swapped("high"),
    "the arms of a choice are exchanged": _swapped("chosen"),
    "the arms of a held state are exchanged": _swapped("level_next"),
    "an operand is that of a neighbour": _with_operand("summed", 1, "x"),
    "a product is fused into a sum": _fused,
    "a fused multiply-add is rounded twice": _split,
    "a sum is regrouped": _regrouped,
    "a division is by the reciprocal": _reciprocal,
    "a difference is a sum": _with_op("gap", ops.ADD),
    "a minimum is a maximum": _with_op("low", ops.MAX),
    "a maximum is a minimum": _with_op("high", ops.MIN),
    "below is at most": _with_op("below", ops.LE),
    "at most is below": _with_op("at_most", ops.LT),
    "equal is not equal": _with_op("equal", ops.NE),
    "and is or": _with_op("both", ops.OR),
    "or is and": _with_op("one_of", ops.AND),
    "a negation is a magnitude": _with_op("turned", ops.ABS),
    "a magnitude is a negation": _with_op("size", ops.NEG),
    "ties go down: to nearest is a floor": _with_op("near", ops.FLOOR),
    "to nearest is toward zero": _with_op("near", ops.TRUNC),
    "a floor is toward zero": _with_op("down", ops.TRUNC),
    "a ceiling is toward zero": _with_op("up", ops.TRUNC),
    "toward zero is a floor": _with_op("cut", ops.FLOOR),
    "a flush is left out": _with_op("flushed", ops.AS_UNIT),
    "a magnitude flushes subnormals": _with_op("size", ops.FLUSH),
    "an integer quotient is a remainder": _with_op("share", ops.IMOD),
    "a remainder is a mask": _with_op("rest", ops.IAND),
    "a shift goes left": _with_op("shifted", ops.SHL),
    "the larger is the smaller": _with_op("larger", ops.IMIN),
    "exclusive or is or": _with_op("masked", ops.IOR),
    "a constant is off by an ulp": _constant("low", 1, lambda c: math.nextafter(c, 1.0)),
    "a constant is off by an ulp downwards": _constant("third_of", 1, lambda c: math.nextafter(c, 0.0)),
    "a constant was read as binary32": _constant("low", 1, lambda c: round_f32(float(c))),
    "a binary32 constant is off by an ulp": _constant("narrow", 1, lambda c: c + 2.0**-24),
    "minus zero is plus zero": _constant("high", 1, lambda c: 0.0),
    "plus zero is minus zero": _constant("plus", 1, lambda c: -0.0),
    "an integer constant is off by one": _constant("share", 1, lambda c: c + 1),
    "a shift is by one less": _constant("shifted", 1, lambda c: c - 1),
    "the code of another member": _constant("is_long", 1, lambda c: -1),
    "the first arm of a choice is dropped": _with_args("chosen", lambda graph, args: (args[0], args[2], args[2])),
    "the second arm of a choice is dropped": _with_args("chosen", lambda graph, args: (args[0], args[1], args[1])),
    "a choice goes by another condition": _with_operand("chosen", 0, "flag"),
    "a state is never written": _state("level", next=_read_of("level")),
    "a state is that of another": _state("before", next=_next_of("level")),
    "a state begins elsewhere": _state("level", initial=lambda graph: 0.5),
    "a state begins with the other zero": _state("before", initial=lambda graph: 1.0),
    "a count begins one late": _state("count", initial=lambda graph: 4),
    "a flag begins set": _state("armed", initial=lambda graph: True),
    "a state takes its value on rejected rows too": _with_args(
        "next.level", lambda graph, args: (args[0], args[1], args[1])
    ),
    "an output is another value": _output("out_chosen", "output.out_size"),
    "an output on rejected rows is the value": _with_args(
        "output.out_chosen", lambda graph, args: (args[0], args[1], args[1])
    ),
    "the safe value of an output is that of another": _with_args(
        "output.out_cut", lambda graph, args: (args[0], args[1], graph.args[graph.node("output.out_size")][2])
    ),
    "an upper end of a domain is not checked": _unchecked("x"),
    "an open end of a domain is closed": _with_args("in_domain.y", lambda graph, args: (args[1], args[1])),
    "a port is left out of the status": _dropped_from_status,
    "an array is read at another place": _with_operand("read", 1, "n"),
    "an array is one element short": _truncated,
    "a binary32 product is a sum": _with_op("narrow", ops.ADD_F32),
    "the upper half of a product is the lower": _with_op("words", ops.IMUL),
    "a shift with zeros shifts in the sign": _with_op("upper", ops.SHR),
    "an unsigned order is signed": _with_op("under", ops.ILT),
    "leading zeros are those of the magnitude": _with_op("zeros", ops.IABS),
    "a table has one word more than another": _with_op("found", lookup_in((*TABLE[:-1], TABLE[-1] + 1))),
    "a table is read backwards": _with_op("found", lookup_in(TABLE[::-1])),
    "a table is half as long": _with_op("found", lookup_in(TABLE[:4])),
    "an integer product is a sum": _with_op("spread", ops.IADD),
    "a mask is a union": _with_op("lowest", ops.IOR),
    "a union is exclusive": _with_op("hashed", ops.IXOR),
    "a shift left goes right": _with_op("wide", ops.LSHR),
    "the smaller is the larger": _with_op("least", ops.IMAX),
    "an integer is not negated": _with_op("negated", ops.IABS),
    "an integer keeps its sign": _with_op("magnitude", ops.INEG),
    "below is not above": _with_op("order_ilt", ops.IGE),
    "above is at least": _with_op("order_igt", ops.IGE),
    "unlike is like": _with_op("order_ine", ops.IEQ),
    "floats that differ are equal": _with_op("unlike", ops.EQ),
    "a binary32 difference is a sum": _with_op("less_32", ops.ADD_F32),
    "a binary32 quotient is a product": _with_op("share_32", ops.MUL_F32),
    "a binary32 root is left out": _with_op("root_32", ops.ABS_F32),
    "a binary32 magnitude is a negation": _with_op("size_32", ops.NEG_F32),
    "a binary32 negation is a magnitude": _with_op("turned_32", ops.ABS_F32),
    "a binary32 minimum is a maximum": _with_op("low_32", ops.MAX_F32),
    "a binary32 maximum is a minimum": _with_op("high_32", ops.MIN_F32),
    "the factors of a binary32 product-sum are exchanged with its addend": _swapped("fused_32"),
    "binary32 to nearest is a floor": _with_op("near_32", ops.FLOOR_F32),
    "a binary32 floor is toward zero": _with_op("down_32", ops.TRUNC_F32),
    "a binary32 ceiling is toward zero": _with_op("up_32", ops.TRUNC_F32),
    "binary32 toward zero is a floor": _with_op("cut_32", ops.FLOOR_F32),
    "a binary32 flush is left out": _with_op("flushed_32", ops.AS_UNIT),
    "binary32 below is at most": _with_op("lt_f32", ops.LE_F32),
    "binary32 at most is below": _with_op("le_f32", ops.LT_F32),
    "binary32 above is at least": _with_op("gt_f32", ops.GE_F32),
    "binary32 at least is above": _with_op("ge_f32", ops.GT_F32),
    "binary32 equal is unequal": _with_op("eq_f32", ops.NE_F32),
    "binary32 unequal is equal": _with_op("ne_f32", ops.EQ_F32),
}
