"""Which operands of a node mattered on one row.

The law of every rule here: with the kept operands as they are, and all others anywhere in the freedom that the rule states, at once,
the node has the same word.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dag.graphs.graph import Graph
from dag.operators.op import Family, Op
from dag.operators.table import AND, NOT
from dag.values.types import Type, Value
from dag.values.words import word_of


@dataclass(frozen=True, slots=True)
class Cut:
    """The operands that are kept, by place; `returned` is the one that the node passed on; `note` says what decided."""

    kept: tuple[int, ...]
    returned: int | None = None
    note: str = ""


def cut_at(graph: Graph, node: int, operands: Sequence[Value], result: Value) -> Cut:
    """What mattered to `node`, an operator, where its operands and its result were these.

    select: the condition and the arm taken; the other is free. min and max: the operand returned; the other is free on the side
    that cannot win; both where they tie or one is NaN. and, or: the first operand that decides; the others are free; both where
    none does. A product with a zero: the zero; the other factor is free among finite values of its sign. Anything else: all.
    """
    every = tuple(range(len(operands)))
    op = graph.ops[node]
    assert isinstance(op, Op)
    match op.family:
        case Family.CHOICE:
            taken = 1 if operands[0] else 2
            return Cut((0, taken), taken)
        case Family.MINIMUM | Family.MAXIMUM if len(operands) == 2:
            return _extreme(graph.types[node], operands, result)
        case Family.LOGIC if op is not NOT:
            return _logic(op is not AND, operands)
        case Family.PRODUCT if len(operands) == 2:
            return _product(operands)
        case _:
            return Cut(every)


def _extreme(type_: Type, operands: Sequence[Value], result: Value) -> Cut:
    same = [word_of(each, type_) == word_of(result, type_) for each in operands]
    if any(_is_nan(each) for each in operands):
        return Cut((0, 1), None, "one is NaN")
    if all(same):
        return Cut((0, 1), 0, "tie")
    if operands[0] == operands[1]:  # zeros of both signs: which one it is depends on both
        return Cut((0, 1), same.index(True), "equal")
    place = same.index(True)
    return Cut((place,), place)


def _logic(decides: bool, operands: Sequence[Value]) -> Cut:
    """`decides` is the value that settles the matter alone: True for `or`, False for `and`."""
    settling = [place for place, each in enumerate(operands) if bool(each) is decides]
    if not settling:
        return Cut(tuple(range(len(operands))))
    return Cut((settling[0],), settling[0], "as others do" if len(settling) > 1 else "")


def _product(operands: Sequence[Value]) -> Cut:
    for place, each in enumerate(operands):
        other = operands[1 - place]
        if each == 0 and not (isinstance(other, float) and not math.isfinite(other)):
            return Cut((place,), None, "zero")
    return Cut((0, 1))


def _is_nan(value: Value) -> bool:
    return isinstance(value, float) and math.isnan(value)
