"""Arithmetic of single numbers beyond the operators: magnitudes, signs, quotients, fused products, words and tables."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from dag.language import intrinsics
from dag.numbers.numpy_words import NUMPY_WORDS
from dag.operators.lookups import lookup_in
from dag.operators.op import Op
from dag.operators.table import ABS, DIV, F64_BITS, FMA, IABS, ILT, MUL, NE, NEG, SELECT
from dag.operators.units import DIMENSIONLESS, result_unit
from dag.trace import axes
from dag.trace.builtins.handlers import Handler, float_node, floats_of_one_type, folds
from dag.trace.frame import Frame
from dag.trace.operators.applying import Operand, apply, apply_typed, partly_whole
from dag.trace.operators.arithmetic import binary
from dag.trace.scalars import arithmetic_type, report_types, to_node, type_of, unit_of
from dag.trace.values import POISON, Along, Group, Number, Poison, Static, Value
from dag.trace.ways_out import one_line
from dag.values.types import F32, I64, Type


def of_math(name: str, handler: Handler) -> Handler:
    """A function of `math` that gives a float: Python's float, whatever it is given."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        if type_of(frame, operands[0][1]) == F32:
            given = f"{frame.text(at)}  a float32"
            return frame.report(
                "E030",
                at,
                f"a float for `math.{name}`",
                given,
                "write abs(x)" if name == "fabs" else f"write {name}(x), from dagc",
            )
        return handler(frame, at, operands)

    return handle


def floor_quotient(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    quotient, remainder = (binary(frame, at, op, *operands) for op in (ast.FloorDiv(), ast.Mod()))
    return Group((quotient, remainder))


def with_sign_of(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """The magnitude of the first with the sign of the second, that of a zero included; a NaN is the one without a sign."""
    if any(type_of(frame, value) == F32 for _, value in operands):
        texts = ", ".join(f"float({one_line(frame, node)})" for node, _ in operands)
        fix = f"write {frame.text(at.func)}({texts})"
        return frame.report("E030", at, "floats for `copysign`", f"`{frame.text(at)}`, of a float32", fix)
    nodes = floats_of_one_type(frame, at, operands, "copysign")
    if nodes is None:
        return POISON
    magnitude, signed = nodes
    builder, span = frame.builder, frame.span(at)
    is_negative = builder.op(ILT, (builder.op(F64_BITS, (signed,), span), builder.const(0, I64, DIMENSIONLESS)), span)
    positive = builder.op(ABS, (magnitude,), span)
    return apply(frame, at, SELECT, is_negative, builder.op(NEG, (positive,), span), positive)


def magnitude(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    if isinstance(operands[0][1], Along):
        return axes.lifted(frame, at, operands, lambda x: magnitude(frame, at, (x,)))
    type_ = arithmetic_type(frame, operands[0][1])
    if type_ is None:
        report_types(frame, at, operands, "a number for `abs`")
        return POISON
    node = to_node(frame, *operands[0], type_, DIMENSIONLESS)
    if node is None:
        return POISON
    return partly_whole(frame, apply_typed(frame, at, type_, ABS, IABS, node), ((operands[0][1], node),))


def ieee_quotient(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    nodes = floats_of_one_type(frame, at, operands, "ieee_div")
    if nodes is None:
        return POISON
    with frame.builder.taking_every_result():
        return apply_typed(frame, at, frame.builder.type_of(nodes[0]).element, DIV, None, *nodes)


def wrapping(op: ast.operator) -> Handler:
    """`wrapping_add` and its like: the operator on integers, whose author takes what is left of it in 64 or 32 bits."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        left, right = operands
        for _, value in operands:
            type_ = arithmetic_type(frame, value)
            if type_ is None or type_.is_float:
                report_types(frame, at, operands, "two integers")
                return POISON
        with frame.builder.taking_every_result():
            return binary(frame, at, op, left, right)

    return handle


def on_words(name: str, python: Callable[..., Any], op: Op) -> Handler:
    """An operator on 64-bit words: of `int` alone."""

    def on_nodes(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        nodes = [_word_node(frame, at, operand, name) for operand in operands]
        known = [node for node in nodes if node is not None]
        return apply(frame, at, op, *known) if len(known) == len(nodes) else POISON

    return folds(python, on_nodes)


def _word_node(frame: Frame, at: ast.Call, operand: Operand, name: str) -> int | None:
    if isinstance(operand[1], Poison):
        return None
    if arithmetic_type(frame, operand[1]) != I64:
        report_types(frame, at, (operand,), f"an int for `{name}`")
        return None
    return to_node(frame, *operand, I64, DIMENSIONLESS)


def looked_up(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    (table_node, table), place = operands
    if isinstance(table, Poison):
        return POISON
    items = table.items if isinstance(table, Group) else ()
    words = tuple(each.value for each in items if isinstance(each, Static) and type(each.value) is int)
    try:
        if not isinstance(table, Group) or len(words) < len(items):
            raise ValueError("it holds something else than integers known at build")
        op = lookup_in(words)
    except ValueError as problem:
        return frame.report(
            "E035", table_node, "a table of integers for `lookup`, known at build", f"`{frame.text(table_node)}`: {problem}",
            "make it a tuple of 2, 4, 8, ... integers outside the lane",
        )  # fmt: skip
    return on_words("lookup", partial(intrinsics.lookup, words), op)(frame, at, (place,))


def fused(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    at_c, c = operands[2]
    nodes = floats_of_one_type(frame, at, operands, "fma")
    if nodes is None:
        return POISON
    type_ = frame.builder.type_of(nodes[0]).element
    if unit_of(frame, c) is None and not isinstance(c, Poison):
        # A literal takes the unit of the product.
        product = result_unit(MUL, (frame.builder.unit_of(nodes[0]), frame.builder.unit_of(nodes[1])))
        third = to_node(frame, at_c, c, type_, product)
        nodes = nodes[:2] if third is None else [*nodes[:2], third]
    return apply_typed(frame, at, type_, FMA, None, *nodes)


def is_nan(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    node = float_node(frame, at, operands[0], "isnan")
    return POISON if node is None else apply_typed(frame, at, frame.builder.type_of(node).element, NE, None, node, node)


def compared_magnitude(name: str, op: Op, bounds: Mapping[Type, float]) -> Handler:
    """`math.isfinite` and `math.isinf`: the magnitude against a bound, false for NaN."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        node = float_node(frame, at, operands[0], name)
        if node is None:
            return POISON
        type_ = frame.builder.type_of(node).element
        magnitude = apply_typed(frame, at, type_, ABS, None, node)
        assert isinstance(magnitude, Number)
        limit = frame.builder.const(bounds[type_], type_, frame.builder.unit_of(node), frame.span(at))
        return apply_typed(frame, at, type_, op, None, magnitude.node, limit)

    return handle


def of_numpy(function: object, on_nodes: Handler) -> Handler:
    return folds(NUMPY_WORDS[function], on_nodes)


def as_operator(op: ast.operator) -> Handler:
    return lambda frame, at, operands: binary(frame, at, op, *operands)
