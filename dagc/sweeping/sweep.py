"""The sweep itself: bindings in pieces, each over all bars, and of every binding what is needed to judge it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from compile.backend import Batch
from compile.c.blocks import Blocks
from compile.c.library import Library
from compile.c.runner import CRunner, Entry
from dag.graphs.graph import Graph
from dag.values.types import I64
from dag.values.words import Column, column_dtype, words_of_column
from dagc.sweeping.luck import (
    Floats,
    Moments,
    deflated_ratio,
    luck_of,
    moments,
    ordered_sum,
    probability_of_overfitting,
)
from dagc.sweeping.problem import SweepProblem

#: Values computed at once, rewards of all bars and bindings of a piece: what bounds the memory.
AT_ONCE = 1 << 23
#: Blocks of bars of which the probability of overfitting takes every half: 252 of them.
BLOCKS = 10
#: A binding is better than luck from this probability on.
SURE = 0.95


@dataclass(frozen=True)
class Split:
    """The bars that choose, from 0 to `chosen`, and those that judge, from `judged` on; what lies between is left out."""

    chosen: int
    judged: int
    bars: int


@dataclass(frozen=True)
class Sweep:
    """What a sweep found. Columns are in the order of the bindings, `order` has them from the best on."""

    graph: Graph = field(repr=False)
    reward: str
    split: Split
    params: Mapping[str, Column]
    inside: Moments
    outside: Moments | None
    rejected: Column
    luck: float
    overfitting: float
    order: Column

    def rows(self, count: int) -> list[dict[str, Any]]:
        """The best `count` bindings by their ratio on the bars that choose, each with its parameters and how it is judged."""
        found: list[dict[str, Any]] = []
        for place in self.order[:count].tolist():
            sure = deflated_ratio(self.inside, place, self.luck)
            outside = None if self.outside is None else float(self.outside.ratio[place])
            found.append(
                {
                    "binding": place + 1,
                    "params": {name: column[place].item() for name, column in self.params.items()},
                    "mean": float(self.inside.mean[place]),
                    "ratio": float(self.inside.ratio[place]),
                    "above_luck": sure,
                    "outside_ratio": outside,
                    "rejected": int(self.rejected[place]),
                    "significant": sure > SURE and outside is not None and outside > 0.0,
                }
            )
        return found


def split_of(bars: int, out_of_sample: float, embargo: int) -> Split:
    """Raises SweepProblem where too few bars are left on either side."""
    judged = bars - int(bars * out_of_sample)
    chosen = judged - embargo if judged < bars else bars
    if chosen < BLOCKS * 2 or (judged < bars and bars - judged < 2):
        raise SweepProblem(
            f"{bars:,} bars, {out_of_sample:.0%} of them kept out and {embargo:,} left out between: {max(chosen, 0):,} to choose by, "
            f"and at least {BLOCKS * 2} are needed\n  fix  more bars, or a smaller --out-of-sample or --embargo"
        )
    return Split(chosen, judged, bars)


def sweep(
    graph: Graph,
    library: Library,
    columns: Mapping[str, Column],
    params: Mapping[str, Column],
    reward: str,
    split: Split,
    threads: int = 1,
    progress: Callable[[int], None] = lambda bindings: None,
) -> Sweep:
    """Run every binding of `params` (columns [bindings], one for each parameter) over the bars of `columns`, from the initial state.

    `reward` names the output that says what each bar earned. Raises SweepProblem for an output that is none, or is no number, or is
    NaN for some binding, named with its bar.
    """
    node = _reward_node(graph, reward)
    bindings = len(next(iter(params.values())))
    piece = max(AT_ONCE // split.bars, 1)
    found: list[tuple[Moments, Moments | None]] = []
    rejected, sums, squares = list[Column](), list[Floats](), list[Floats]()
    edges = np.linspace(0, split.chosen, BLOCKS + 1).astype(np.int64)
    runner = CRunner(graph, library, Entry.BATCH, Blocks(threads))
    wanted = [node] if graph.status is None else [node, graph.status]
    for first in range(0, bindings, piece):
        part = {name: column[first : first + piece] for name, column in params.items()}
        width = len(next(iter(part.values())))
        inputs = {name: np.broadcast_to(column[:, np.newaxis], (split.bars, width)) for name, column in columns.items()}
        batch = Batch(inputs, part, None, split.bars, width)
        values = runner.run(batch, wanted).nodes
        rewards = values[node].astype(np.float64)
        _refuse_nan(rewards, first, reward)
        chosen = rewards[: split.chosen]
        found.append((moments(chosen), moments(rewards[split.judged :]) if split.judged < split.bars else None))
        blocks = [chosen[a:b] for a, b in itertools.pairwise(edges.tolist())]
        sums.append(np.stack([ordered_sum(each) for each in blocks]))
        squares.append(np.stack([ordered_sum(each * each) for each in blocks]))
        status = np.zeros((1, width)) if graph.status is None else words_of_column(values[graph.status], I64)
        rejected.append((status != 0).sum(axis=0))
        progress(first + width)
    inside = _joined([each for each, _ in found])
    outside = _joined([each for _, each in found if each is not None]) if split.judged < split.bars else None
    every = np.concatenate(sums, axis=1), np.concatenate(squares, axis=1), np.diff(edges).astype(np.float64)
    order = np.lexsort((np.arange(bindings), -inside.ratio))
    overfitting = probability_of_overfitting(*every)
    return Sweep(
        graph, reward, split, params, inside, outside, np.concatenate(rejected), luck_of(inside), overfitting, order
    )


def whole_bindings(graph: Graph, varying: Mapping[str, Column], fixed: Mapping[str, Any]) -> dict[str, Column]:
    """A column for every parameter: those that vary, and the same value throughout for the others. Raises SweepProblem."""
    rows = len(next(iter(varying.values())))
    columns: dict[str, Column] = {}
    for param in graph.params:
        held = fixed.get(param.name, param.default)
        if param.name not in varying and held is None:
            raise SweepProblem(f"`{param.name}` neither varies nor has a default: give it in [space.fixed]")
        type_ = column_dtype(graph.types[param.node])
        columns[param.name] = varying[param.name] if param.name in varying else np.full(rows, held, type_)
    return columns


def _reward_node(graph: Graph, reward: str) -> int:
    outputs = {output.name: output.node for output in graph.outputs if output.node != graph.status}
    if reward not in outputs:
        raise SweepProblem(f"`{graph.name}` has no output `{reward}` to be rewarded by; it has {', '.join(outputs)}")
    if not graph.types[outputs[reward]].is_float:
        raise SweepProblem(f"`{reward}` is {graph.types[outputs[reward]]}: a reward is a float, what each bar earned")
    return outputs[reward]


def _refuse_nan(rewards: Floats, first: int, reward: str) -> None:
    bad = np.argwhere(~np.isfinite(rewards))
    if len(bad):
        bar, place = bad[np.lexsort((bad[:, 0], bad[:, 1]))[0]].tolist()
        raise SweepProblem(
            f"binding {first + place + 1}: `{reward}` is {rewards[bar, place]} at bar {bar:,}\n"
            "  fix  guard the division or the logarithm that it comes from; `dagc health` says where NaN is born"
        )


def _joined(parts: list[Moments]) -> Moments:
    columns = (
        np.concatenate([getattr(each, name) for each in parts])
        for name in ("mean", "deviation", "skewness", "kurtosis")
    )
    return Moments(parts[0].bars, *columns)
