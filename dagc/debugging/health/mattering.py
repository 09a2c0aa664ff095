"""On which bars the value of a node mattered: the rules of `dagc.debugging.why.cut`, for whole columns at once.

A node matters to what it is asked for where a chain of kept operands leads there. What a node mattered to is a mask: bit 0 is "an
output, on this bar", bit k + 1 is "what state k holds on the next".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dag.graphs.graph import Graph
from dag.operators.op import Family, Op
from dag.operators.table import AND, NOT
from dag.values.types import Type
from dag.values.words import Column, words_of_column

Bools = NDArray[np.bool_]
Masks = NDArray[np.uint64]
#: The outputs' bit; states beyond the last bit share it.
OUTPUT, LAST = 0, 63


def kept(graph: Graph, node: int, operands: Sequence[Column], result: Column) -> list[Bools]:
    """For each operand of `node`, an operator, the bars on which it is kept: as `cut_at` says, bar by bar."""
    op = graph.ops[node]
    assert isinstance(op, Op)
    match op.family:
        case Family.CHOICE:
            taken = operands[0].astype(np.bool_)
            return [np.ones_like(taken), taken, ~taken]
        case Family.MINIMUM | Family.MAXIMUM if len(operands) == 2:
            return _extreme(graph.types[node], operands, result)
        case Family.LOGIC if op is not NOT:
            return _logic(op is not AND, operands)
        case Family.PRODUCT if len(operands) == 2:
            return _product(operands)
        case _:
            return [np.ones(len(result), np.bool_) for _ in operands]


def _extreme(type_: Type, operands: Sequence[Column], result: Column) -> list[Bools]:
    words = words_of_column(result, type_)
    first, second = (words_of_column(each, type_) == words for each in operands)
    both = np.isnan(operands[0]) | np.isnan(operands[1]) | (operands[0] == operands[1])
    return [both | first, both | (second & ~first)]


def _logic(decides: bool, operands: Sequence[Column]) -> list[Bools]:
    settling = [each.astype(np.bool_) == decides for each in operands]
    none = ~np.logical_or.reduce(settling)
    found, before = list[Bools](), np.zeros(len(none), np.bool_)
    for each in settling:
        found.append(none | (each & ~before))
        before = before | each
    return found


def _product(operands: Sequence[Column]) -> list[Bools]:
    first = (operands[0] == 0) & np.isfinite(operands[1])
    second = (operands[1] == 0) & np.isfinite(operands[0]) & ~first
    return [~second, ~first]


def mattered(graph: Graph, columns: Mapping[int, Column], accepted: Bools) -> dict[int, Masks]:
    """For each node that mattered on some bar to what it mattered, bar by bar; a rejected bar is about nothing.

    `columns` has a column [bars] for every node that is no constant and no array; through an array everything is kept.
    """
    found: dict[int, Masks] = {}

    def add(node: int, masks: Masks) -> None:
        if graph.constants[node] is None:
            found[node] = found[node] | masks if node in found else masks

    ours = {output.node for output in graph.outputs if output.node == graph.status}
    for output in graph.outputs:
        if output.node not in ours:
            add(graph.passed_on(output.node), np.where(accepted, np.uint64(1 << OUTPUT), np.uint64(0)))
    for place, state in enumerate(graph.states):
        if state.next != state.node:
            bit = np.uint64(1 << min(place + 1, LAST))
            add(_written(graph, state.next), np.where(accepted, bit, np.uint64(0)))
    for node in reversed(range(len(graph))):
        if node not in found or not isinstance(graph.ops[node], Op):
            continue
        masks, args = found[node], graph.args[node]
        operands = [_column(graph, columns, arg, len(accepted)) for arg in args]
        if node not in columns or any(each is None for each in operands):
            for arg in args:
                add(arg, masks)
            continue
        given = [each for each in operands if each is not None]
        for arg, is_kept in zip(args, kept(graph, node, given, columns[node]), strict=True):
            add(arg, np.where(is_kept, masks, np.uint64(0)))
    return found


def _written(graph: Graph, node: int) -> int:
    """What a state holds after an accepted bar: a rejected bar leaves it as it was."""
    return graph.passed_on(node)


def _column(graph: Graph, columns: Mapping[int, Column], node: int, bars: int) -> Column | None:
    constant = graph.constants[node]
    if constant is None:
        return columns.get(node)
    return None if graph.types[node].is_array else np.full(bars, constant)


def alive(graph: Graph, masks: Mapping[int, int]) -> set[int]:
    """The nodes that mattered to an output on some bar, or to a state that did later. `masks` are those of all bars together."""
    live = 1 << OUTPUT
    while True:
        wider = live
        for place, state in enumerate(graph.states):
            if masks.get(state.node, 0) & live:
                wider |= 1 << min(place + 1, LAST)
        if len(graph.states) >= LAST and live >> LAST & 1 == 0:
            wider |= 1 << LAST  # too many to tell apart: what feeds one of them counts
        if wider == live:
            return {node for node, mask in masks.items() if mask & live}
        live = wider
