"""What the rows of the table are made of: a function of floats as ops, and Python's own where everything is known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from dag.operators.op import Op
from dag.operators.table import F32_BITS, F32_TO_I64, F64_BITS, F64_TO_I64, IN_F32
from dag.operators.units import DIMENSIONLESS
from dag.trace.frame import Frame
from dag.trace.operators.applying import Operand, apply, constant, foldable
from dag.trace.scalars import arithmetic_type, common_type, report_types, to_node
from dag.trace.values import POISON, Number, Poison, Static, Value
from dag.values.types import F32, F64

Handler = Callable[[Frame, ast.Call, Sequence[Operand]], Value]


def folds(python: Callable[..., Any], on_nodes: Handler) -> Handler:
    """On literals the Python function itself; on nodes `on_nodes`."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        values = [value for _, value in operands]
        if any(isinstance(value, Poison) for value in values):
            return POISON
        if foldable(frame, values):
            return constant(frame, at, python, *(value.value for value in values if isinstance(value, Static)))
        return on_nodes(frame, at, operands)

    return handle


def float_node(frame: Frame, at: ast.Call, operand: Operand, role: str) -> int | None:
    """The operand as a float node, f32 where it is one; reported where it is no number."""
    type_ = arithmetic_type(frame, operand[1])
    if type_ is None:
        report_types(frame, at, (operand,), f"a number for `{role}`")
        return None
    return to_node(frame, operand[0], operand[1], F32 if type_ == F32 else F64, DIMENSIONLESS)


#: What a function of one float consists of, on a float32.
_ON_F32 = {**IN_F32, F64_TO_I64: F32_TO_I64, F64_BITS: F32_BITS}


def of_one_float(name: str, *steps: Op) -> Handler:
    """A function of one float: these ops, one after the other."""

    def handle(frame: Frame, at: ast.Call, operands: Sequence[Operand]) -> Value:
        node = float_node(frame, at, operands[0], name)
        if node is None:
            return POISON
        is_f32 = frame.builder.type_of(node).element == F32
        result: Value = Number(node)
        for op in steps:
            assert isinstance(result, Number)
            result = apply(frame, at, _ON_F32[op] if is_f32 else op, result.node)
        return result

    return handle


def floats_of_one_type(frame: Frame, at: ast.Call, operands: Sequence[Operand], role: str) -> list[int] | None:
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


def rounding(name: str, python: Callable[..., Any], *ops: Op) -> Handler:
    return folds(python, of_one_float(name, *ops))
