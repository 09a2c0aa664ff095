"""Every lane against its reference function, over the lane's whole joint universe, in every backend, bit for bit."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from compile.backend import Batch
from compile.campaign.sample import sample, universe_of
from compile.pipeline import prepare
from dag.graph import Graph
from dag.trace import trace
from dag.words import word_of, words_of_column
from dagc.backends import BY_DEFAULT, backend
from tests.lanes.oracles import LANES, ORACLES

BARS, INSTANCES = 12, 400
#: Building a simulator takes seconds; the other lanes' Verilog is checked inside the five-factor graph.
RTL_LANES, RTL_INSTANCES = ("direction_confirm", "exch_lev_linear", "basis_baseline", "esof_haircut_post"), 60


def test_every_lane_has_an_oracle() -> None:
    assert set(LANES) == set(ORACLES)


@cache
def graph_of(name: str) -> Graph:
    return prepare(trace(LANES[name]))


@cache
def universe(name: str) -> Batch:
    return sample(universe_of(graph_of(name)), BARS, INSTANCES, np.random.default_rng(11))


@cache
def expected(name: str) -> tuple[dict[str, np.ndarray[Any, Any]], np.ndarray[Any, Any]]:
    """The oracle's words for every output [bars, instances], and where it has an answer.

    Rejected bars are not shown to it: the lane keeps its state over them. It has none either where Python's int() refuses
    an infinity that arises inside.
    """
    graph, batch = graph_of(name), universe(name)
    words = {o.name: np.zeros((BARS, INSTANCES), np.uint64) for o in graph.outputs if o.name != "status"}
    answered = np.zeros((BARS, INSTANCES), bool)
    types = {o.name: graph.types[o.node] for o in graph.outputs}
    for i in range(INSTANCES):
        params = {p.name: batch.params[p.name][i].item() for p in graph.params}
        bars = [t for t in range(BARS) if accepted(graph, batch, t, i)]
        rows = ({p.name: batch.inputs[p.name][t, i].item() for p in graph.inputs} | params for t in bars)
        answers = ORACLES[name](rows)
        for t in bars:
            try:
                answer = next(answers)
            except (OverflowError, ValueError):
                assert name == "exch_lev_linear"
                continue
            answered[t, i] = True
            for output, value in answer.items():
                words[output][t, i] = word_of(value, types[output])
    return words, answered


def accepted(graph: Graph, batch: Batch, bar: int, instance: int) -> bool:
    inputs = all(p.domain.contains(batch.inputs[p.name][bar, instance].item()) for p in graph.inputs)
    return inputs and all(p.domain.contains(batch.params[p.name][instance].item()) for p in graph.params)


@pytest.mark.parametrize(
    ("name", "which"), [(n, w) for n in ORACLES for w in BY_DEFAULT if w != "rtl" or n in RTL_LANES]
)
def test_every_backend_says_what_the_oracle_says(name: str, which: str) -> None:
    graph, batch = graph_of(name), universe(name)
    instances = RTL_INSTANCES if which == "rtl" else INSTANCES
    part = Batch(
        {port: column[:, :instances] for port, column in batch.inputs.items()},
        {port: column[:instances] for port, column in batch.params.items()},
        None,
        BARS,
        instances,
    )
    each = backend(which)
    if (absent := each.missing()) is not None:
        pytest.skip(f"{which} is missing {absent.tool}: {absent.fix}")
    outputs = {o.name: o.node for o in graph.outputs}
    result = each.load(graph, each.lower(graph)).run(part, list(outputs.values()))
    words, answered = expected(name)
    here = answered[:, :instances]
    assert here.mean() > 0.7
    assert ((result.nodes[outputs["status"]] == 0) >= here).all()
    for output, wanted in words.items():
        got = words_of_column(result.nodes[outputs[output]], graph.types[outputs[output]])
        wrong = (got != wanted[:, :instances]) & here
        assert not wrong.any(), first_difference(graph, batch, output, wrong, got, wanted)


def first_difference(graph: Graph, batch: Batch, output: str, wrong: Any, got: Any, wanted: Any) -> str:
    bar, instance = (int(k) for k in np.argwhere(wrong)[0])
    row = {p.name: batch.inputs[p.name][bar, instance].item() for p in graph.inputs}
    row |= {p.name: batch.params[p.name][instance].item() for p in graph.params}
    return (
        f"{graph.name}.{output}: {int(wrong.sum())} differ, first at bar {bar}: "
        f"{int(got[bar, instance]):016x}, oracle {int(wanted[bar, instance]):016x}, row {row}"
    )
