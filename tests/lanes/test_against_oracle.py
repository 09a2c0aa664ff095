"""Every lane against its reference function, over the lane's whole joint universe, in every backend, bit for bit.

`python -m tests.lanes.campaign` does the same over millions of rows.
"""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

import pytest

from compile.backend import lowers
from compile.pipeline import prepare
from dag.graphs.graph import Graph
from dag.trace import trace
from tests.lanes.expected import expected
from tests.lanes.held import assert_words, words_in
from tests.lanes.oracles import LANES, ORACLES
from tests.lanes.packed import packed, packed_rows
from tests.lanes.universe import bars_of, rows_of_universe
from tests.support.backends import BACKENDS, backend_or_skip
from tests.support.software import SOFTWARE
from tests.support.tiers import count

ROWS, RTL_ROWS = count(10_000, 100_000), count(1_000, 10_000)
#: Bars of a simulated instance, which begins with a reset and ends when the pipeline has run empty.
RTL_BARS = 100
#: Nodes of one simulated module: enough to share what every build costs, few enough to leave work for a second core.
PACKED_NODES = 600
#: Reports, which no hardware is asked for: simulating their thousands of nodes would take minutes; what is twice `k_ncdf`, which is
#: simulated (`dagc check lanes/weather/bracket.py:bracket_prob` has it); and two that the anchor's example holds in hardware.
NOT_SIMULATED = {"anchor_summary", "shapley_r2", "bracket_prob", "residual_anchor", "saturation_guard_legacy"}
#: A row of 64 coalitions takes as long as fifty of anything else, and so does one of 500 cycles; one of eigenvalues as long as ten.
#: Of an indicator the reference goes over its whole history on every bar.
FEWER_ROWS = {
    **dict.fromkeys(
        (
            "adx",
            "garman_klass",
            "hma",
            "kama",
            "parkinson",
            "realised_volatility",
            "rolling_median",
            "rolling_quantile",
            "stochastic_fast",
            "stochastic_slow",
            "supertrend",
        ),
        ROWS // 4,
    ),
    "shapley_r2": ROWS // 50,
    "signal_corr": ROWS // 100,
    "effective_signals": ROWS // 10,
}
#: XLA takes 20 ms for a bar of its 66 folds: what looks for a place in an order is run once, as `rolling_quantile`.
IN_OTHERS = {"rolling_median"}


def test_every_lane_has_an_oracle() -> None:
    assert set(LANES) == set(ORACLES)


@cache
def graph_of(name: str) -> Graph:
    return prepare(trace(LANES[name]))


def once(name: str) -> Any:
    """`name`, left to `make long` where another lane holds the same folds."""
    return pytest.param(name, marks=pytest.mark.long) if name in IN_OTHERS else name


@pytest.mark.parametrize("name", [once(name) for name in ORACLES])
def test_every_backend_says_what_the_oracle_says(name: str) -> None:
    graph = graph_of(name)
    batch = rows_of_universe(graph, FEWER_ROWS.get(name, ROWS), seed=11)
    wanted = expected(graph, ORACLES[name], batch)
    for which in SOFTWARE:
        backend = backend_or_skip(which)
        runner = backend.load(graph, backend.lower(graph))
        assert_words(graph, batch, wanted, words_in(graph, runner, batch), which)


@cache
def modules() -> dict[str, list[str]]:
    """The lanes that Verilog takes, those of as many bars together, by the name of the first of each module."""

    def bars(name: str) -> int:
        return max(bars_of(graph_of(name)), RTL_BARS)

    names = sorted(
        (name for name in ORACLES if name not in NOT_SIMULATED and lowers(BACKENDS["rtl"], graph_of(name))), key=bars
    )
    found: list[list[str]] = []
    for _, group in itertools.groupby(names, key=bars):
        room = 0
        for name in group:
            if room < len(graph_of(name)):
                found.append([])
                room = PACKED_NODES
            found[-1].append(name)
            room -= len(graph_of(name))
    return {names[0]: names for names in found}


@pytest.mark.parametrize("first", modules())
def test_verilog_says_what_the_oracle_says(first: str) -> None:
    backend = backend_or_skip("rtl")
    graphs = {name: graph_of(name) for name in modules()[first]}
    batches = {name: rows_of_universe(graph, RTL_ROWS, seed=12, least_bars=RTL_BARS) for name, graph in graphs.items()}
    pack = packed(graphs)
    words = words_in(pack, backend.load(pack, backend.lower(pack)), packed_rows(batches))
    for name, graph in graphs.items():
        got = {output.name: words[f"{name}.{output.name}"] for output in graph.outputs}
        assert_words(graph, batches[name], expected(graph, ORACLES[name], batches[name]), got, "rtl")
