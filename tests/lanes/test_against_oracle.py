"""Every lane against its reference function, over the lane's whole joint universe, in every backend, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

import numpy as np
import pytest

import lanes.anchor
import lanes.num
import lanes.signal
import lanes.size
from compile.backend import Batch
from compile.campaign.sample import sample, universe_of
from compile.pipeline import prepare
from dag.graph import Graph
from dag.lane import AnyLane, Lane
from dag.trace import trace
from dag.types import Value
from dag.words import word_of, words_of_column
from dagc.backends import CHECKED, backend
from tests.oracle import anchor, num, signal, size

BARS, INSTANCES = 12, 400
#: Building a simulator takes seconds; the other lanes' Verilog is checked inside the five-factor graph.
RTL_LANES, RTL_INSTANCES = ("direction_confirm", "exch_lev_linear", "basis_baseline", "esof_haircut_post"), 60
Row = Mapping[str, Any]
Oracle = Callable[[Iterator[Row]], Iterator[dict[str, Value]]]


def pure(function: Callable[[Row], Any]) -> Oracle:
    """An oracle without state: from a row of inputs and parameters by name to its outputs by name."""
    return lambda rows: map(function, rows)


def one(name: str, function: Callable[[Row], Value]) -> Oracle:
    return pure(lambda row: {name: function(row)})


def named(names: str, function: Callable[[Row], tuple[Value, ...]]) -> Oracle:
    return pure(lambda row: dict(zip(names.split(), function(row), strict=True)))


def direction(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    ring: tuple[float, ...] = ()
    for r in rows:
        # The lane always remembers the prices; its reference cuts its memory to the lookback of the moment.
        kept, out = signal.direction_confirm(
            ring[-r["lookback"] :], r["price"], r["side"], r["lookback"], r["min_bps"], r["on"]
        )
        ring = (*ring, kept[-1])[-7:]
        yield {"verdict": out[0], "move_bps": out[1]}


def baseline(rows: Iterator[Row]) -> Iterator[dict[str, Value]]:
    state: anchor.State = (0.0, 0, False)
    for r in rows:
        state, level = anchor.basis_baseline(state, r["basis"], r["span"], r["form"])
        yield {"baseline": level, "count": state[1]}


ORACLES: dict[str, Oracle] = {
    "k_exp": one("k_exp", lambda r: num.k_exp(r["x"])),
    "k_log": one("k_log", lambda r: num.k_log(r["x"])),
    "powc": one("powc", lambda r: num.powc(r["s"], r["c"])),
    "row_guard": one("row_guard", lambda r: signal.row_guard(r["vel_div"], r["price"])),
    "vel_div_gate": named("entry extreme side", lambda r: signal.vel_div_gate(r["vel_div"], r["thr"], r["ext"], r["side"])),
    "direction_confirm": direction,
    "base_cubic_sizer": named(
        "lev fraction s c",
        lambda r: size.base_cubic_sizer(r["vel_div"], r["hi"], r["thr"], r["ext"], r["lo"], r["convexity"], r["fraction"]),
    ),
    "dc_lev_mult": named(
        "mult skip",
        lambda r: size.dc_lev_mult(r["status"], r["boost"], r["reduce"], r["skip_contradicts"], r["use_reduce"]),
    ),
    "acb_boost": named(
        "boost day_beta",
        lambda r: size.acb_boost(
            r["signals"], r["w750"], r["w750_split"], r["c"], r["gain"], r["beta_hi"], r["beta_lo"], r["beta_in_boost"]
        ),
    ),
    "mc_scale": named("scale halt", lambda r: size.mc_scale(r["status"], r["ok"], r["orange"], r["red"])),
    "regime_size_mult": one("regime_size_mult", lambda r: size.regime_size_mult(r["acb"], r["meta"], r["mc"])),
    "market_ob_mult": named(
        "mult eff",
        lambda r: size.market_ob_mult(
            r["imb"], r["agree"], r["side"], r["imb_thr"], r["agree_thr"], r["up"], r["down"], r["shape"]
        ),
    ),
    "esof_mult": one(
        "esof_mult",
        lambda r: size.esof_mult(
            r["score"], r["present"], r["fresh"], r["weight"], r["neutral"], r["unfav"], r["stale_fb"], r["edge"]
        ),
    ),
    "esof_haircut_post": named(
        "lev notional applied", lambda r: size.esof_haircut_post(r["lev"], r["notional"], r["mult"], r["near1"])
    ),
    "hazard_base_max": one(
        "hazard_base_max",
        lambda r: size.hazard_base_max(
            r["hazard"], r["soft_cap"] if r["has_soft_cap"] else None, r["floor"], r["default_ceiling"]
        ),
    ),
    "mc_ref_view": named("base_max sizer_max abs_max", lambda r: size.mc_ref_view(r["mc_ref"])),
    "lev_compose": named(
        "lev raw cap",
        lambda r: size.lev_compose(
            r["base"], r["dc"], r["regime"], r["ob"], r["esof"], r["posture"], r["base_max"], r["abs_max"],
            r["stalker_cap"], r["lo"], r["esof_in"], r["stalker_on"], r["floor_on"],
        ),
    ),
    "notional": named("notional wallet_mult", lambda r: size.notional(r["capital"], r["lev"], r["fraction"])),
    "exch_lev_linear": one("exch_lev_linear", lambda r: size.exch_lev_linear(r["lev"], r["cap"], r["src_lo"], r["src_hi"])),
    "structural_basis_bps": one(
        "structural_basis_bps", lambda r: anchor.structural_basis_bps(r["clob_mid"], r["amm"], r["sign"])
    ),
    "basis_baseline": baseline,
    "residual_distortion_bps": one(
        "residual_distortion_bps", lambda r: anchor.residual_distortion_bps(r["basis"], r["baseline"])
    ),
}  # fmt: skip


def lanes_of_the_library() -> dict[str, AnyLane]:
    packages = (lanes.num, lanes.signal, lanes.size, lanes.anchor)
    return {name: each for package in packages for name, each in vars(package).items() if isinstance(each, Lane)}


LANES = lanes_of_the_library()


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


@pytest.mark.parametrize(("name", "which"), [(n, w) for n in ORACLES for w in CHECKED if w != "rtl" or n in RTL_LANES])
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


@pytest.mark.parametrize(
    "name", [n for n in ORACLES if not graph_of(n).states and not graph_of(n).params and n != "powc"]
)
def test_called_with_numbers_a_lane_is_its_oracle(name: str) -> None:
    graph, batch = graph_of(name), universe(name)
    words, answered = expected(name)
    types = {o.name: graph.types[o.node] for o in graph.outputs}
    for bar, instance in np.argwhere(answered)[:2_000]:
        result = LANES[name](**{p.name: batch.inputs[p.name][bar, instance].item() for p in graph.inputs})
        values = asdict(result) if is_dataclass(result) and not isinstance(result, type) else {name: result}
        for output, value in values.items():
            plain = value.value if isinstance(value, Enum) else value
            assert word_of(plain, types[output]) == int(words[output][bar, instance])
