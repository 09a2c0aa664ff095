"""The functions a lane may call that are not lanes: Python's own, `math`'s and dagc's. One row each."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from dag.language import intrinsics, vector
from dag.language.annotations import AnnotationProblem, read_unit
from dag.numbers.functions import copysign
from dag.numbers.numpy_words import NUMPY_WORDS
from dag.operators import table as ops
from dag.operators.table import (
    ABS,
    ADD,
    AS_UNIT,
    BITS_F32,
    BITS_F64,
    BOOL_TO_I64,
    CEIL,
    DIV,
    EQ,
    F32_BITS,
    F32_TO_F64,
    F32_TO_I64,
    F64_BITS,
    F64_TO_F32,
    F64_TO_I64,
    FLOOR,
    FMA,
    I64_TO_F32,
    I64_TO_F64,
    I64_TO_I32,
    IABS,
    IADD,
    ILT,
    IMAX,
    IMIN,
    IN_F32,
    INE,
    LE,
    MAX,
    MIN,
    MUL,
    NE,
    NEG,
    RINT,
    SELECT,
    SQRT,
    TRUNC,
    Op,
)
from dag.operators.units import DIMENSIONLESS, result_unit
from dag.trace import arrays, axes, axis_folds, numpy_words, windows
from dag.trace.expressions import items_of, static_int
from dag.trace.frame import Frame
from dag.trace.operators import (
    ARITHMETIC,
    LONGEST_TUPLE,
    Operand,
    apply,
    apply_typed,
    binary,
    both,
    constant,
    either,
    foldable,
    partly_whole,
    static_number,
)
from dag.trace.scalars import arithmetic_type, common_type, report_types, to_node, type_of, unify, unit_of, what
from dag.trace.values import POISON, Along, Array, Group, Number, Poison, Static, Value, Window
from dag.trace.ways_out import one_line, over_window
from dag.values.binary32 import float32, int32
from dag.values.decimal_round import round_decimal
from dag.values.domain import F32_MAX, F64_MAX
from dag.values.types import BOOL, F32, F64, I32, I64, Type

Handler = Callable[[Frame, ast.Call, Sequence[Operand]], Value]
DIGITS = range(13)


def _folds(python: Callable[..., Any], on_nodes: Handler) -> Handler:
    """On literals the Python function itself; on nodes `on_nodes`."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        values = [value for _, value in operands]
        if any(isinstance(value, Poison) for value in values):
            return POISON
        if foldable(frame, values):
            return constant(frame, at, python, *(value.value for value in values if isinstance(value, Static)))
        return on_nodes(frame, at, operands)

    return handle


def _float_node(frame: Frame, at: ast.Call, operand: Operand, role: str) -> int | None:
    """The operand as a float node, f32 where it is one; reported where it is no number."""
    type_ = arithmetic_type(frame, operand[1])
    if type_ is None:
        report_types(frame, at, (operand,), f"a number for `{role}`")
        return None
    return to_node(frame, operand[0], operand[1], F32 if type_ == F32 else F64, DIMENSIONLESS)


#: What a function of one float consists of, on a float32.
_ON_F32 = {**IN_F32, F64_TO_I64: F32_TO_I64, F64_BITS: F32_BITS}


def _one(name: str, *steps: Op) -> Handler:
    """A function of one float: these ops, one after the other."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        node = _float_node(frame, at, operands[0], name)
        if node is None:
            return POISON
        is_f32 = frame.builder.type_of(node).element == F32
        result: Value = Number(node)
        for op in steps:
            assert isinstance(result, Number)
            result = apply(frame, at, _ON_F32[op] if is_f32 else op, result.node)
        return result

    return handle


def _of_math(name: str, handler: Handler) -> Handler:
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


def _of_window(frame: Frame, at: ast.Call, operands: Sequence[Operand], name: str) -> Value:
    """`max(past)`: a window may be empty, so that there has to be something to begin with."""
    node, found = next((node, value) for node, value in operands if isinstance(value, Window))
    beside = [one_line(frame, each) for each, _ in operands if each is not node]
    begin = beside[0] if len(beside) == 1 else f"{name}({', '.join(beside)})" if beside else ""
    return frame.report(
        "E030",
        at,
        f"numbers or one tuple for `{name}`",
        tuple(f"{frame.text(node)}  {what(frame, value)}" for node, value in operands),
        over_window(frame, name, node, found, begin),
    )


def _extreme(python: Callable[..., Any], f64: Op, i64: Op) -> Handler:
    """`min` and `max`: from left to right, of arguments or of the items of one tuple."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        if len(operands) == 1 and isinstance(operands[0][1], Along):
            return axis_folds.extreme(frame, at, operands[0], python is max)
        if len(operands) == 1 and isinstance(operands[0][1], Group):
            operands = [(operands[0][0], item) for item in operands[0][1].items]
        if len(operands) == 1 and isinstance(operands[0][1], Array):
            operands = [(operands[0][0], item) for item in arrays.elements(frame, at, operands[0][1])]
        if any(isinstance(value, Poison) for _, value in operands):
            return POISON
        if any(isinstance(value, Window) for _, value in operands):
            return _of_window(frame, at, operands, python.__name__)
        if not operands or (len(operands) == 1 and at.args[0] is not operands[0][0]):
            return frame.report(
                "E034", at, f"something to choose from in `{python.__name__}`", "nothing", "give values"
            )
        if foldable(frame, [value for _, value in operands]):
            return constant(frame, at, python, [value.value for _, value in operands if isinstance(value, Static)])
        unified = unify(frame, at, operands, python.__name__)
        if unified is None:
            return POISON
        nodes, type_ = unified
        result: Value = Number(nodes[0])
        for node in nodes[1:]:
            assert isinstance(result, Number)
            result = apply_typed(frame, at, type_, f64, i64, result.node, node)
        return partly_whole(frame, result, zip((value for _, value in operands), nodes, strict=True))

    return handle


def _sum(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """Python's `sum` of integers and bools. Of floats it compensates its rounding errors, which no operator does."""
    (items_at, items), *begin = operands
    if isinstance(items, Window):
        return _sum_of_window(frame, at, items_at, items, begin)
    found = items_of(frame, items_at, items)
    if found is None:
        return POISON
    total: Value = begin[0][1] if begin else Static(0)
    for item in found:
        whole = _int(frame, at, ((items_at, item),)) if type_of(frame, item) == BOOL else item
        if F64 in (type_of(frame, whole), type_of(frame, total)) or type_of(frame, whole) == F32:
            shown = ", ".join((one_line(frame, items_at), *(one_line(frame, each) for each, _ in begin)))
            fix = f"write sum_seq({shown}), from dagc, which adds from left to right"
            got = f"`{frame.text(at)}`, which Python adds with a correction of its rounding errors"
            return frame.report("E043", at, "a sum whose order is said", got, fix)
        total = binary(frame, at, ast.Add(), (at, total), (items_at, whole))
    return total


def _sum_of_window(frame: Frame, at: ast.Call, items_at: ast.expr, items: Window, begin: Sequence[Operand]) -> Value:
    """`sum(v > 0.0 for v in past)`: of integers and bools, from 0."""
    item = _int(frame, at, ((items_at, items.item),)) if type_of(frame, items.item) == BOOL else items.item
    start = begin[0] if begin else (items_at, Static(0))
    if arithmetic_type(frame, item) != I64 or arithmetic_type(frame, start[1]) != I64:
        return _of_many(frame, at, "sum", items_at, items)
    return windows.folded(frame, at, "sum", ops.FOLD_ADD, ops.FOLD_IADD, replace(items, item=item), start)


def _quantified(name: str, joined: Callable[..., Value], nothing: bool) -> Handler:
    """`any` and `all` of bools, joined from left to right; of none they are `nothing`."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        items_at, items = operands[0]
        if isinstance(items, Window):
            return windows.quantified(frame, at, name, items)
        if isinstance(items, Along):
            return axis_folds.quantified(frame, at, items, joined is either)
        found = items_of(frame, items_at, items)
        result: Value = POISON if found is None else Static(nothing)
        for item in found or ():
            result = joined(frame, at, (at, result), (items_at, item))
        return result

    return handle


def _of_many(frame: Frame, at: ast.Call, name: str, window_at: ast.expr, window: Window) -> Value:
    """`any(v > x for v in past)`, and what else of Python goes over many values: a fold says from where to where, and how it begins."""
    got = f"{frame.text(window_at)}  {what(frame, window)}"
    return frame.report("E030", at, f"a tuple for `{name}`", got, over_window(frame, name, window_at, window))


def _divmod(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    quotient, remainder = (binary(frame, at, op, *operands) for op in (ast.FloorDiv(), ast.Mod()))
    return Group((quotient, remainder))


def _copysign(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """The magnitude of the first with the sign of the second, that of a zero included; a NaN is the one without a sign."""
    if any(type_of(frame, value) == F32 for _, value in operands):
        texts = ", ".join(f"float({one_line(frame, node)})" for node, _ in operands)
        fix = f"write {frame.text(at.func)}({texts})"
        return frame.report("E030", at, "floats for `copysign`", f"`{frame.text(at)}`, of a float32", fix)
    nodes = _floats_of_one_type(frame, at, operands, "copysign")
    if nodes is None:
        return POISON
    magnitude, signed = nodes
    builder, span = frame.builder, frame.span(at)
    is_negative = builder.op(ILT, (builder.op(F64_BITS, (signed,), span), builder.const(0, I64, DIMENSIONLESS)), span)
    positive = builder.op(ABS, (magnitude,), span)
    return apply(frame, at, SELECT, is_negative, builder.op(NEG, (positive,), span), positive)


def _abs(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    if isinstance(operands[0][1], Along):
        return axes.lifted(frame, at, operands, lambda x: _abs(frame, at, (x,)))
    type_ = arithmetic_type(frame, operands[0][1])
    if type_ is None:
        report_types(frame, at, operands, "a number for `abs`")
        return POISON
    node = to_node(frame, *operands[0], type_, DIMENSIONLESS)
    if node is None:
        return POISON
    return partly_whole(frame, apply_typed(frame, at, type_, ABS, IABS, node), ((operands[0][1], node),))


def _round(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    if len(operands) == 1:
        return (
            operands[0][1]
            if arithmetic_type(frame, operands[0][1]) in (I64, I32)
            else _one("round", RINT, F64_TO_I64)(frame, at, operands)
        )
    digits = static_int(frame, operands[1][0], "the number of digits", operands[1][1])
    if digits is None:
        return POISON
    if digits >= 0 and arithmetic_type(frame, operands[0][1]) in (I64, I32):
        return operands[0][1]
    if digits not in DIGITS:
        text = one_line(frame, operands[0][0])
        fix = "round to fewer digits, or to an integer: round(x)"
        if digits < 0:
            is_whole, unit = arithmetic_type(frame, operands[0][1]) in (I64, I32), 10**-digits
            fix = f"write round({text} / {unit}) * {unit}"
            fix = fix if is_whole else f"write rint({text} / {unit}.0) * {unit}.0, with rint from dagc"
        return frame.report("E041", at, f"{DIGITS.start} to {DIGITS.stop - 1} digits", f"{digits}", fix)
    if type_of(frame, operands[0][1]) == F32:
        fix = "convert it: round(float(x), digits)"
        return frame.report("E041", at, "a float to round to digits", f"`{frame.text(at)}`, a float32", fix)
    node = _float_node(frame, at, operands[0], "round")
    return (
        POISON if node is None else Number(round_decimal(frame.builder, node, digits, frame.span(at)), frame.span(at))
    )


def _int(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    node, value = operands[0]
    if type_of(frame, value) == BOOL:
        flag = to_node(frame, node, value, BOOL, DIMENSIONLESS)
        return POISON if flag is None else apply(frame, at, BOOL_TO_I64, flag)
    if arithmetic_type(frame, value) in (I64, I32):
        whole = to_node(frame, node, value, I64, DIMENSIONLESS)
        return POISON if whole is None else Number(whole, frame.span(at))
    return _one("int", F64_TO_I64)(frame, at, operands)


def _float(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    node, value = operands[0]
    if type_of(frame, value) == BOOL:
        flag = to_node(frame, node, value, BOOL, DIMENSIONLESS)
        return POISON if flag is None else _promoted(frame, at, frame.builder.op(BOOL_TO_I64, (flag,), frame.span(at)))
    if type_of(frame, value) == F64:
        return replace(value, whole=frozenset()) if isinstance(value, Number) else value
    result = _one("float")(frame, at, operands)
    if isinstance(result, Number) and frame.builder.type_of(result.node).element == F32:
        return apply(frame, at, F32_TO_F64, result.node)
    return result


def _float32(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """An integer is rounded once; of what is no number `float` speaks."""
    value = operands[0][1]
    if type_of(frame, value) == F32:
        return value
    is_whole = type_of(frame, value) == BOOL or arithmetic_type(frame, value) in (I64, I32)
    wide = (_int if is_whole else _float)(frame, at, operands)
    if isinstance(wide, Poison):
        return POISON
    # A choice of literals, or a carried value whose unit is open, is no node yet.
    node = to_node(frame, at, wide, I64 if is_whole else F64, unit_of(frame, wide) or DIMENSIONLESS)
    return POISON if node is None else apply(frame, at, I64_TO_F32 if is_whole else F64_TO_F32, node)


def _known_float32(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    """`float32(0.1)`: a literal of this type, whose unit is open still."""
    value = operands[0][1]
    if not static_number(value):
        return _float32(frame, at, operands)
    assert isinstance(value, Static)
    held = constant(frame, at, float32, value.value)
    if isinstance(held, Static) and math.isinf(held.value) and not math.isinf(value.value):  # type: ignore[arg-type]
        to_node(frame, at, value, F32, DIMENSIONLESS)  # which reports it
        return POISON
    return held


def _int32(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    if type_of(frame, operands[0][1]) == I32:
        return operands[0][1]
    wide = _int(frame, at, operands)
    return apply(frame, at, I64_TO_I32, wide.node) if isinstance(wide, Number) else POISON


def _promoted(frame: Frame, at: ast.Call, node: int) -> Value:
    return apply(frame, at, I64_TO_F64, node)


def _bool(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    node, value = operands[0]
    if type_of(frame, value) == BOOL:
        return value
    type_ = arithmetic_type(frame, value)
    if type_ is None:
        report_types(frame, at, operands, "a number for `bool`")
        return POISON
    unit = unit_of(frame, value) or DIMENSIONLESS
    number = to_node(frame, node, value, type_, unit)
    if number is None:
        return POISON
    zero = frame.builder.const(0.0 if type_.is_float else 0, type_, unit, frame.span(at))
    return apply_typed(frame, at, type_, NE, INE, number, zero)


def _len(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    value = operands[0][1]
    match value:
        case Group(items):
            return Static(len(items))
        case Array(length=length):
            return Static(length)
        case Along(cls, kept=None):
            return Static(len(cls.axis.labels))
        case Static(dict() as table):
            return Static(len(table))
        case Window(count=count, only=None):
            return Number(count, frame.span(at))
        case Window():
            got, fix = (
                f"`{frame.text(at)}`, of which an `if` leaves some out",
                "count them: sum(1 for v in past if c(v))",
            )
            return frame.report("E069", at, "all values of a window", got, fix)
        case _:
            return frame.report(
                "E030",
                at,
                "a tuple, an array or a window for `len`",
                what(frame, value),
                "lengths are those of tuples and arrays",
            )


def _range(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    ends = [static_int(frame, node, "the end of a range", value) for node, value in operands]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends):
        return POISON
    try:
        counted = range(*known)
    except (TypeError, ValueError) as problem:
        return frame.report(
            "E034", at, "range(stop), range(start, stop) or range(start, stop, step)", f"{problem}", "correct it"
        )
    if counted[LONGEST_TUPLE:]:
        got = f"`{frame.text(at)}`, which is longer"
        fix = "every pass of a loop becomes part of the graph: carry the value from bar to bar instead"
        return frame.report("E036", at, f"a range of at most {LONGEST_TUPLE} numbers", got, fix)
    return Group(tuple(Static(i) for i in counted))


def _sequences(frame: Frame, operands: Sequence[Operand]) -> list[tuple[Value, ...]] | None:
    items = [items_of(frame, *operand) for operand in operands]
    known = [each for each in items if each is not None]
    return known if len(known) == len(items) else None


def _zip(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    found = [value for _, value in operands if isinstance(value, Window)]
    if found and len(found) == len(operands):
        return windows.zipped(frame, at, found)
    if any(isinstance(value, Along) for _, value in operands):
        return axes.side_by_side(frame, at, operands)
    sequences = _sequences(frame, operands)
    if sequences is None:
        return POISON
    strict = any(isinstance(keyword.value, ast.Constant) and keyword.value.value is True for keyword in at.keywords)
    lengths = {len(items) for items in sequences}
    if strict and len(lengths) > 1:
        return frame.report("E034", at, "tuples of one length", f"lengths {sorted(lengths)}", "make them equally long")
    return Group(tuple(Group(items) for items in zip(*sequences, strict=False)))


def _enumerate(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    first = static_int(frame, operands[1][0], "the first index", operands[1][1]) if len(operands) > 1 else 0
    if isinstance(operands[0][1], Along):
        return POISON if first is None else axes.numbered(frame, at, operands[0][1], first)
    if isinstance(operands[0][1], Window):
        return POISON if first is None else windows.numbered(frame, at, operands[0][1], first)
    items = items_of(frame, *operands[0])
    if items is None or first is None:
        return POISON
    return Group(tuple(Group((Static(i), item)) for i, item in enumerate(items, first)))


def _reversed(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    items = items_of(frame, *operands[0])
    return POISON if items is None else Group(items[::-1])


def _tuple(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    if operands and isinstance(operands[0][1], Window):
        return operands[0][1]
    items = items_of(frame, *operands[0]) if operands else ()
    return POISON if items is None else Group(items)


def _divide(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    nodes = _floats_of_one_type(frame, at, operands, "ieee_div")
    if nodes is None:
        return POISON
    with frame.builder.taking_every_result():
        return apply_typed(frame, at, frame.builder.type_of(nodes[0]).element, DIV, None, *nodes)


def _wrapping(op: ast.operator) -> Handler:
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


def _on_words(name: str, python: Callable[..., Any], op: Op) -> Handler:
    """An operator on 64-bit words: of `int` alone."""

    def on_nodes(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        nodes = [_word_node(frame, at, operand, name) for operand in operands]
        known = [node for node in nodes if node is not None]
        return apply(frame, at, op, *known) if len(known) == len(nodes) else POISON

    return _folds(python, on_nodes)


def _word_node(frame: Frame, at: ast.Call, operand: Operand, name: str) -> int | None:
    if isinstance(operand[1], Poison):
        return None
    if arithmetic_type(frame, operand[1]) != I64:
        report_types(frame, at, (operand,), f"an int for `{name}`")
        return None
    return to_node(frame, *operand, I64, DIMENSIONLESS)


def _lookup(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    (table_node, table), place = operands
    if isinstance(table, Poison):
        return POISON
    items = table.items if isinstance(table, Group) else ()
    words = tuple(each.value for each in items if isinstance(each, Static) and type(each.value) is int)
    try:
        if not isinstance(table, Group) or len(words) < len(items):
            raise ValueError("it holds something else than integers known at build")
        op = ops.lookup_in(words)
    except ValueError as problem:
        return frame.report(
            "E035", table_node, "a table of integers for `lookup`, known at build", f"`{frame.text(table_node)}`: {problem}",
            "make it a tuple of 2, 4, 8, ... integers outside the lane",
        )  # fmt: skip
    return _on_words("lookup", partial(intrinsics.lookup, words), op)(frame, at, (place,))


def _fma(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    at_c, c = operands[2]
    nodes = _floats_of_one_type(frame, at, operands, "fma")
    if nodes is None:
        return POISON
    type_ = frame.builder.type_of(nodes[0]).element
    if unit_of(frame, c) is None and not isinstance(c, Poison):
        # A literal takes the unit of the product.
        product = result_unit(MUL, (frame.builder.unit_of(nodes[0]), frame.builder.unit_of(nodes[1])))
        third = to_node(frame, at_c, c, type_, product)
        nodes = nodes[:2] if third is None else [*nodes[:2], third]
    return apply_typed(frame, at, type_, FMA, None, *nodes)


def _floats_of_one_type(frame: Frame, at: ast.Call, operands: Sequence[Operand], role: str) -> list[int] | None:
    """The operands as nodes of one float type, each in its own unit; None after a report."""
    values = [value for _, value in operands]
    if any(isinstance(value, Poison) for value in values):
        return None
    type_ = common_type(frame, values)
    if type_ is None:
        report_types(frame, at, operands, f"numbers of one type for `{role}`")
        return None
    type_ = type_ if type_.is_float else F64
    nodes = [to_node(frame, node, value, type_, DIMENSIONLESS) for node, value in operands]
    known = [node for node in nodes if node is not None]
    return known if len(known) == len(nodes) else None


@dataclass(frozen=True, slots=True)
class _Fold:
    """A function of the items of one tuple or window, in the order that the function documents, and of what it begins with.

    `f64` and `i64` are the ops of one step, where the function takes tuples; the others those of a whole window.
    """

    name: str
    python: Callable[..., Any]
    over_floats: Op
    over_integers: Op | None = None
    f64: Op | None = None
    i64: Op | None = None
    needs_start: bool = False

    def __call__(self, frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        (items_at, items), *start = operands
        if isinstance(items, Along):
            if self.over_integers is not None:
                over = (self.over_floats, self.over_integers)
                return axis_folds.folded(frame, at, self.name, *over, (items_at, items), start, self.needs_start)
            found = axes.elements(frame, items_at, items)
            if found is None:
                return POISON
            items = Group(found)
        if isinstance(items, Window) and start:
            return windows.folded(frame, at, self.name, self.over_floats, self.over_integers, items, start[0])
        if not isinstance(items, Group) or not (items.items or start) or self.f64 is None:
            expected = f"a window for `{self.name}`" if self.f64 is None else f"a tuple of numbers for `{self.name}`"
            fix = "write a tuple: (a, b, c)"
            if isinstance(items, Window):
                expected = f"what `{self.name}` of a window begins with"
                fix = over_window(frame, self.name.partition("_")[0], items_at, items)
            return frame.report("E030", at, expected, f"{frame.text(items_at)}  {what(frame, items)}", fix)
        if self.needs_start and not start:
            fix = f"write {self.name.partition('_')[0]}({one_line(frame, items_at)})"
            return frame.report("E034", at, f"what `{self.name}` begins with", f"`{frame.text(at)}`", fix)
        each: list[Operand] = [*start, *((items_at, item) for item in items.items)]
        if foldable(frame, [value for _, value in each]):
            known = [value.value for _, value in each if isinstance(value, Static)]
            return constant(frame, at, self.python, *([known[1:], known[0]] if start else [known]))
        unified = unify(frame, at, each, self.name)
        if unified is None:
            return POISON
        nodes, type_ = unified
        step = self.f64

        def add(a: int, b: int) -> int:
            result = apply_typed(frame, at, type_, step, self.i64, a, b)
            assert isinstance(result, Number)  # of one unit, as they are
            return result.node

        return Number(intrinsics.fold(nodes, add, self.python is intrinsics.sum_pairwise), frame.span(at))


def _from_bits(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    type_ = arithmetic_type(frame, operands[0][1])
    if type_ not in (I64, I32):
        report_types(frame, at, operands, "an integer for `bits_float`")
        return POISON
    node = to_node(frame, *operands[0], type_, DIMENSIONLESS)
    return POISON if node is None else apply(frame, at, BITS_F64 if type_ == I64 else BITS_F32, node)


def _as_unit(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    (node, value), (unit_node, text) = operands
    if isinstance(value, Poison) or isinstance(text, Poison):
        return POISON
    if not (isinstance(text, Static) and isinstance(text.value, str)):
        return frame.report("E035", unit_node, "the unit as a string", frame.text(unit_node), 'write as_unit(x, "px")')
    try:
        unit = read_unit(text.value)
    except AnnotationProblem as problem:
        return frame.report(problem.code, unit_node, problem.expected, problem.got, problem.fix)
    type_ = arithmetic_type(frame, value)
    if type_ is None:
        report_types(frame, at, (operands[0],), "a number for `as_unit`")
        return POISON
    have = unit_of(frame, value)
    number = to_node(frame, node, value, type_, unit if have is None else have)
    if number is None:
        return POISON
    if have in (None, unit):
        return Number(number, frame.span(at))
    return Number(frame.builder.op(AS_UNIT, (number,), frame.span(at), unit=unit), frame.span(at))


def _isnan(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
    node = _float_node(frame, at, operands[0], "isnan")
    return POISON if node is None else apply_typed(frame, at, frame.builder.type_of(node).element, NE, None, node, node)


def _compared_magnitude(name: str, op: Op, bounds: Mapping[Type, float]) -> Handler:
    """`math.isfinite` and `math.isinf`: the magnitude against a bound, false for NaN."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        node = _float_node(frame, at, operands[0], name)
        if node is None:
            return POISON
        type_ = frame.builder.type_of(node).element
        magnitude = apply_typed(frame, at, type_, ABS, None, node)
        assert isinstance(magnitude, Number)
        limit = frame.builder.const(bounds[type_], type_, frame.builder.unit_of(node), frame.span(at))
        return apply_typed(frame, at, type_, op, None, magnitude.node, limit)

    return handle


def _convert_text(python: Callable[..., Any], on_nodes: Handler) -> Handler:
    """`float("inf")` and the like: Python's business."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        value = operands[0][1]
        if isinstance(value, Static) and isinstance(value.value, str):
            return constant(frame, at, python, value.value)
        return on_nodes(frame, at, operands)

    return handle


def _rounding(name: str, python: Callable[..., Any], *ops: Op) -> Handler:
    return _folds(python, _one(name, *ops))


def _of_numpy(function: object, on_nodes: Handler) -> Handler:
    return _folds(NUMPY_WORDS[function], on_nodes)


def _operator(op: ast.operator) -> Handler:
    return lambda frame, at, operands: binary(frame, at, op, *operands)


#: function -> (fewest arguments, most arguments, what it does). Only what stands here, lanes and plain functions can be called.
FUNCTIONS: dict[object, tuple[int, int, Handler]] = {
    min: (1, 99, _extreme(min, MIN, IMIN)),
    max: (1, 99, _extreme(max, MAX, IMAX)),
    abs: (1, 1, _folds(abs, _abs)),
    round: (1, 2, _folds(round, _round)),
    int: (1, 1, _folds(int, _int)),
    float: (1, 1, _convert_text(float, _folds(float, _float))),
    bool: (1, 1, _folds(bool, _bool)),
    len: (1, 1, _len),
    sum: (1, 2, _sum),
    any: (1, 1, _quantified("any", either, False)),
    all: (1, 1, _quantified("all", both, True)),
    divmod: (2, 2, _divmod),
    range: (1, 3, _range),
    zip: (1, 99, _zip),
    enumerate: (1, 2, _enumerate),
    reversed: (1, 1, _reversed),
    tuple: (0, 1, _tuple),
    math.sqrt: (1, 1, _of_math("sqrt", _rounding("sqrt", math.sqrt, SQRT))),
    math.copysign: (2, 2, _folds(copysign, _copysign)),
    math.fabs: (1, 1, _of_math("fabs", _rounding("fabs", math.fabs, ABS))),
    math.floor: (1, 1, _rounding("floor", math.floor, FLOOR, F64_TO_I64)),
    math.ceil: (1, 1, _rounding("ceil", math.ceil, CEIL, F64_TO_I64)),
    math.trunc: (1, 1, _rounding("trunc", math.trunc, F64_TO_I64)),
    math.isnan: (1, 1, _folds(math.isnan, _isnan)),
    math.isfinite: (1, 1, _folds(math.isfinite, _compared_magnitude("isfinite", LE, {F64: F64_MAX, F32: F32_MAX}))),
    math.isinf: (1, 1, _folds(math.isinf, _compared_magnitude("isinf", EQ, {F64: math.inf, F32: math.inf}))),
    np.sqrt: (1, 1, _rounding("sqrt", intrinsics.sqrt, SQRT)),
    np.isfinite: (1, 1, _folds(math.isfinite, _compared_magnitude("isfinite", LE, {F64: F64_MAX, F32: F32_MAX}))),
    np.isinf: (1, 1, _folds(math.isinf, _compared_magnitude("isinf", EQ, {F64: math.inf, F32: math.inf}))),
    np.copysign: (2, 2, _folds(copysign, _copysign)),
    np.maximum: (2, 2, _of_numpy(np.maximum, numpy_words.extreme("np.maximum", ops.GT, IMAX))),
    np.minimum: (2, 2, _of_numpy(np.minimum, numpy_words.extreme("np.minimum", ops.LT, IMIN))),
    np.clip: (3, 3, _of_numpy(np.clip, numpy_words.clip)),
    np.where: (3, 3, _of_numpy(np.where, numpy_words.where)),
    np.sign: (1, 1, _of_numpy(np.sign, numpy_words.sign)),
    np.square: (1, 1, _of_numpy(np.square, numpy_words.square)),
    np.abs: (1, 1, _folds(abs, _abs)),
    np.rint: (1, 1, _rounding("rint", intrinsics.rint, RINT)),
    np.floor: (1, 1, _rounding("floor", intrinsics.floor, FLOOR)),
    np.ceil: (1, 1, _rounding("ceil", intrinsics.ceil, CEIL)),
    np.trunc: (1, 1, _rounding("trunc", intrinsics.trunc, TRUNC)),
    np.isnan: (1, 1, _folds(math.isnan, _isnan)),
    intrinsics.sqrt: (1, 1, _rounding("sqrt", intrinsics.sqrt, SQRT)),
    intrinsics.rint: (1, 1, _rounding("rint", intrinsics.rint, RINT)),
    intrinsics.floor: (1, 1, _rounding("floor", intrinsics.floor, FLOOR)),
    intrinsics.ceil: (1, 1, _rounding("ceil", intrinsics.ceil, CEIL)),
    intrinsics.trunc: (1, 1, _rounding("trunc", intrinsics.trunc, TRUNC)),
    intrinsics.wrapping_add: (2, 2, _folds(intrinsics.wrapping_add, _wrapping(ast.Add()))),
    intrinsics.wrapping_sub: (2, 2, _folds(intrinsics.wrapping_sub, _wrapping(ast.Sub()))),
    intrinsics.wrapping_mul: (2, 2, _folds(intrinsics.wrapping_mul, _wrapping(ast.Mult()))),
    intrinsics.multiply_high: (2, 2, _on_words("multiply_high", intrinsics.multiply_high, ops.MULTIPLY_HIGH)),
    intrinsics.logical_shift_right: (2, 2, _on_words("logical_shift_right", intrinsics.logical_shift_right, ops.LSHR)),
    intrinsics.unsigned_less: (2, 2, _on_words("unsigned_less", intrinsics.unsigned_less, ops.ULT)),
    intrinsics.leading_zeros: (1, 1, _on_words("leading_zeros", intrinsics.leading_zeros, ops.CLZ)),
    intrinsics.lookup: (2, 2, _lookup),
    intrinsics.wrapping_shl: (2, 2, _folds(intrinsics.wrapping_shl, _wrapping(ast.LShift()))),
    intrinsics.ieee_div: (2, 2, _folds(intrinsics.ieee_div, _divide)),
    intrinsics.fma: (3, 3, _folds(intrinsics.fma, _fma)),
    intrinsics.sum_seq: (1, 2, _Fold("sum_seq", intrinsics.sum_seq, ops.FOLD_ADD, ops.FOLD_IADD, ADD, IADD)),
    intrinsics.min_seq: (1, 2, _Fold("min_seq", intrinsics.min_seq, ops.FOLD_MIN, ops.FOLD_IMIN, MIN, IMIN, True)),
    intrinsics.max_seq: (1, 2, _Fold("max_seq", intrinsics.max_seq, ops.FOLD_MAX, ops.FOLD_IMAX, MAX, IMAX, True)),
    intrinsics.sum_numpy: (1, 2, _Fold("sum_numpy", intrinsics.sum_numpy, ops.FOLD_NUMPY)),
    intrinsics.sum_pairwise: (1, 1, _Fold("sum_pairwise", intrinsics.sum_pairwise, ops.FOLD_ADD, None, ADD, IADD)),
    itertools.pairwise: (1, 1, windows.paired),
    float32: (1, 1, _known_float32),
    int32: (1, 1, _folds(int32, _int32)),
    intrinsics.float_bits: (1, 1, _folds(intrinsics.float_bits, _one("float_bits", F64_BITS))),
    intrinsics.bits_float: (1, 1, _folds(intrinsics.bits_float, _from_bits)),
    intrinsics.as_unit: (2, 2, _as_unit),
    vector.like: (2, 2, axes.alike),
    vector.members_in: (1, 1, axes.enum_along),
    intrinsics.array: (2, 2, arrays.filled),
    intrinsics.put: (3, 3, arrays.put),
    **{python: (2, 2, _operator(op())) for op, (_, python, _, _) in ARITHMETIC.items()},
}

#: The functions that take a value along an axis as a whole.
OF_AXES: frozenset[object] = frozenset(
    (abs, np.abs, min, max, any, all, len, zip, enumerate, vector.like, vector.members_in, intrinsics.sum_seq, intrinsics.min_seq, intrinsics.max_seq,
     intrinsics.sum_pairwise, intrinsics.sum_numpy)
)  # fmt: skip
