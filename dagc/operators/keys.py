"""The text that a backend emits for an operator, on which a result about that operator depends."""

from __future__ import annotations

import hashlib

from compile.backend import Backend
from compile.backends import record_of
from compile.campaign.drawing.random_graph import SAFE
from dag.graphs.builder import GraphBuilder
from dag.graphs.graph import Graph
from dag.operators.op import Op
from dag.operators.table import AS_UNIT, F32_TO_F64, I32_TO_I64
from dag.values.domain import whole_domain
from dag.values.types import Kind, Type, enum_type
from rtl.evidence.core_campaign import signature_of

#: The enum that ops on any enum are tried with.
SIDE = enum_type("Side", {"SHORT": -1, "FLAT": 0, "LONG": 1})


def operand_types(op: Op) -> tuple[Type, ...]:
    """The types an op is tried on: f64 where it takes any."""
    return tuple(SIDE if kind is Kind.ENUM else Type(kind) for kind in signature_of(op)[0])


#: What makes an f64 or an i64 of a narrow result.
_WIDENED = {Kind.F32: F32_TO_F64, Kind.I32: I32_TO_I64}


def graph_of_ops(chosen: tuple[Op, ...], name: str, widened: bool = False) -> Graph:
    """Ops of one signature on the same operands x0, x1, ...; each result is tapped as `result_` and the op's name.

    A column of f32 or i32 rounds or wraps what is put into it; `widened` taps such a result as `wide_` too, as wide as it is.
    """
    builder = GraphBuilder(name)
    builder.open_scope("", name, "Operators side by side.")
    types = operand_types(chosen[0])
    operands = tuple(builder.input(f"x{k}", type_, "1", whole_domain(type_)) for k, type_ in enumerate(types))
    for op in chosen:
        node = builder.op(op, operands, unit="1" if op is AS_UNIT else None)
        builder.tap(f"result_{op.name}", node)
        builder.output(f"out_{op.name}", node, SAFE[builder.type_of(node).kind])
        kind = builder.type_of(node).kind
        if widened and kind in _WIDENED:
            builder.tap(f"wide_{op.name}", builder.op(_WIDENED[kind], (node,)))
    return builder.freeze()


def text_key(backend: Backend, op: Op) -> str:
    """The hash of all that a backend emits to compute this op: its line, the helpers it needs, in hardware its core."""
    digest = hashlib.sha256()
    text_of_op = record_of(backend.name).text_of_op
    files = text_of_op(op) if text_of_op is not None else backend.lower(graph_of_ops((op,), op.name))
    for file, data in sorted(files.items()):
        digest.update(f"{file} {hashlib.sha256(data).hexdigest()}\n".encode())
    return digest.hexdigest()[:32]


def tools_of(backend: Backend) -> str:
    """The tools and the processor that a result was got with."""
    return record_of(backend.name).tools()
