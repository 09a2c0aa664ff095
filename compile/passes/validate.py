"""A pass against the graph that it was given: both evaluated by the meanings of their operators on sampled rows.

This is a test of the passes, not a proof: `simplify` proves every step of its own besides (`compile.rewrites.validate`).
"""

from __future__ import annotations

import numpy as np

from compile.backend import Result
from compile.campaign.drawing.sample import sample, universe_of
from compile.check.meaning import evaluate
from dag.graphs.graph import Graph
from dag.operators.meanings import LEAST_NORMAL_F32, LEAST_NORMAL_F64
from dag.values.floating_point import in_standard_environment
from dag.values.types import Kind
from dag.values.words import words_of_column

BARS, INSTANCES, SEED = 4, 32, 7
#: A flush takes these and whatever is smaller.
_LEAST = {Kind.F64: LEAST_NORMAL_F64, Kind.F32: LEAST_NORMAL_F32}


class PassMismatch(Exception):
    """A pass made another program of a graph; the message names the pass, the output or state, the row and both words."""


@in_standard_environment
def refuse_changed(name: str, before: Graph, after: Graph, flushes: bool = False) -> int:
    """How many words of `after`, which the pass `name` made of `before`, are those of `before`. Raises Changed at the first other.

    Compared are the outputs and states of both, on rows that say something of the pass: where `before` has no status yet, up to
    the first row that `after` rejects; where the pass `flushes`, up to the first value that a flush changes.
    """
    batch = sample(universe_of(before), BARS, INSTANCES, np.random.default_rng(SEED))
    first = evaluate(before, batch, [*(o.node for o in before.outputs), *_floats(before)])
    second = evaluate(after, batch, [o.node for o in after.outputs])
    alike = np.logical_and.accumulate(_comparable(before, after, first, second, flushes), axis=0)
    nodes = {output.name: output.node for output in after.outputs}
    words = 0
    for output in before.outputs:
        type_ = before.types[output.node]
        wanted = words_of_column(first.nodes[output.node], type_)
        got = words_of_column(second.nodes[nodes[output.name]], type_)
        each = alike if wanted.ndim == 2 else np.broadcast_to(alike[..., np.newaxis], wanted.shape)
        _compare(name, f"output `{output.name}`", wanted, got, each)
        words += int(np.count_nonzero(each))
    kept = {state.name for state in after.states}
    for state in before.states:
        if state.name not in kept:
            raise PassMismatch(f"{name}: state `{state.name}` is gone")
        type_ = before.types[state.node]
        wanted, got = (words_of_column(each.state[state.name], type_) for each in (first, second))
        whole = alike[-1] if wanted.ndim == 1 else np.broadcast_to(alike[-1][:, np.newaxis], wanted.shape)
        _compare(name, f"state `{state.name}` after the last bar", wanted, got, whole)
        words += int(np.count_nonzero(whole))
    return words


def _floats(graph: Graph) -> list[int]:
    return [node for node in graph.shown_values() if graph.types[node].kind in _LEAST]


def _comparable(
    before: Graph, after: Graph, first: Result, second: Result, flushes: bool
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """On which rows [bars, instances] the two have to agree."""
    rows = np.ones((BARS, INSTANCES), dtype=bool)
    if before.status is None and after.status is not None:
        rows &= second.nodes[after.status] == 0
    if flushes:
        for node in _floats(before):
            column = np.abs(first.nodes[node])
            flushed = (column > 0) & (column <= _LEAST[before.types[node].kind])
            rows &= ~flushed.reshape(*rows.shape, -1).any(axis=2)
    return rows


def _compare(
    name: str,
    what: str,
    wanted: np.ndarray[tuple[int, ...], np.dtype[np.uint64]],
    got: np.ndarray[tuple[int, ...], np.dtype[np.uint64]],
    rows: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> None:
    wrong = np.argwhere((wanted != got) & rows)
    if wrong.size:
        place = tuple(int(each) for each in wrong[0])
        raise PassMismatch(f"{name}: {what} is 0x{int(got[place]):016x} at {place}, was 0x{int(wanted[place]):016x}")
