"""Constant folding: an op on constants is the constant that its meaning gives, which is what the interpreter computes."""

from __future__ import annotations

from dag.graphs.builder import GraphBuilder
from dag.operators.op import Op
from dag.operators.table import ON_ARRAYS
from dag.values.types import Value


def fold_of(op: Op) -> str:
    """What the steps call it. It needs no proof: a backend's op equals its meaning, or the backend is wrong."""
    return f"fold {op.name}"


def folded(builder: GraphBuilder, op: Op, args: tuple[int, ...], node: int) -> int | None:
    """The constant that `op` gives on its operands, in the unit of `node`; None where an operand is none."""
    if op in ON_ARRAYS:
        return None
    values: list[Value] = []
    for arg in args:
        value = builder.constant_of(arg)
        if value is None:
            return None
        values.append(value)
    return builder.const(op.meaning(*values), builder.type_of(node), builder.unit_of(node))
