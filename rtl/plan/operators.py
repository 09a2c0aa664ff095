"""Which hardware computes each node, and of which operands.

Usually that is the row of the node's op in `rtl/core_table.py`. The exception is a `flush` behind arithmetic: flush(a * b) is one
core, smaller and earlier than the two, which reads a and b (`FLUSHED`). It is taken where nothing but the flush reads the
product, and where no operand can be subnormal, which is what that core asks for. The product itself is then left to the taps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dag.graphs.graph import Graph
from dag.operators import table as ops
from dag.operators.meanings import LEAST_NORMAL_F32, LEAST_NORMAL_F64
from dag.operators.op import Op
from dag.operators.table import IN_F32
from dag.values.types import Kind
from rtl.core_table import FLUSHED, row_of
from rtl.plan.lowering import Access, Core, Expression

_FLUSHES = frozenset({ops.FLUSH, ops.FLUSH_F32})
#: Never subnormal, whatever the operands: integers, numbers that a shorter format holds, roots.
_NEVER = frozenset({ops.RINT, ops.FLOOR, ops.CEIL, ops.TRUNC, ops.SQRT})
NEVER_SUBNORMAL = frozenset(
    {*_FLUSHES, *_NEVER, *(IN_F32[op] for op in _NEVER), ops.I64_TO_F64, ops.I64_TO_F32, ops.F32_TO_F64}
)
#: The magnitude of one of the floating operands: subnormal only where that one is.
_PASSED = frozenset({ops.NEG, ops.ABS, ops.MIN, ops.MAX})
PASSED_ON = frozenset({*_PASSED, *(IN_F32[op] for op in _PASSED), ops.SELECT, ops.AS_UNIT})


@dataclass(frozen=True, slots=True)
class Operator:
    """What computes a node: a row of the table of cores, and the node on each of its ports."""

    row: Core | Expression | Access
    operands: Mapping[str, int]


def operators(graph: Graph) -> tuple[Operator | None, ...]:
    """For each node of `graph` its operator; None for a source."""
    readers = Counter(arg for args in graph.args for arg in args)
    readers.update(output.node for output in graph.outputs)
    readers.update(state.next for state in graph.states)
    subnormal = maybe_subnormal(graph)
    found: list[Operator | None] = []
    for node, op in enumerate(graph.ops):
        if not isinstance(op, Op):
            found.append(None)
            continue
        if op in _FLUSHES:
            (producer,) = graph.args[node]
            made_by, args = graph.ops[producer], graph.args[producer]
            core = FLUSHED.get(made_by) if isinstance(made_by, Op) else None
            if core and readers[producer] == 1 and not any(subnormal[arg] for arg in args):
                assert isinstance(made_by, Op)
                found.append(Operator(core, dict(zip(made_by.operands, args, strict=True))))
                continue
        row = row_of(op)
        operands = zip(op.operands, graph.args[node], strict=True)
        # An array is no signal: what reads and writes it knows where it is kept.
        found.append(Operator(row, {name: arg for name, arg in operands if not graph.types[arg].is_array}))
    return tuple(found)


def maybe_subnormal(graph: Graph) -> Sequence[bool]:
    """For each node whether it may be subnormal, by what its ops can give: sound, and blind to domains.

    A state may: the load ports take any word.
    """
    known: list[bool] = []
    for node, op in enumerate(graph.ops):
        kind = graph.types[node].kind
        constant = graph.constants[node]
        if kind not in (Kind.F64, Kind.F32) or op in NEVER_SUBNORMAL:
            known.append(False)
        elif constant is not None:
            known.append(_is_subnormal(constant, kind))
        elif op in PASSED_ON:
            known.append(any(known[arg] for arg in graph.args[node]))
        else:
            known.append(True)
    return known


def _is_subnormal(value: float, kind: Kind) -> bool:
    return 0.0 < abs(value) < (LEAST_NORMAL_F32 if kind is Kind.F32 else LEAST_NORMAL_F64)
