"""The D_LIQ engine over twenty years of real prices and over a seeded market, in every backend, against its reference."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compile.backend import Batch
from compile.hazards.search import refuse_hazards
from compile.pipeline import prepare
from dag.files.loading import load_lane
from dag.graphs.binding import flatten
from dag.graphs.graph import Graph
from dag.trace import trace
from dag.values.types import Value
from dag.values.words import column_dtype, words_of_column
from examples.d_liq_table import d_liq_rows
from examples.market_table import load_days
from lanes import engine_presets
from lanes.engine import Engine
from lanes.enums import ExitReason, McStatus, Posture
from lanes.presets import FIVE_FACTOR_8B
from tests.examples.d_liq_reference import engine
from tests.lanes.expected import Expected
from tests.lanes.held import assert_words, words_in
from tests.support.backends import backend_or_skip
from tests.support.tiers import few

ASSETS, BARS_OF_DAY = 4, 50
ROOT = Path(__file__).resolve().parents[2]
#: The presets, and the gold one with every switch of the five-factor composition on.
ENGINES = {
    "D_LIQ_GOLD_ENGINE": engine_presets.D_LIQ_GOLD_ENGINE,
    "BRONZE_ENGINE": engine_presets.BRONZE_ENGINE,
    "with the five-factor composition": replace(engine_presets.D_LIQ_GOLD_ENGINE, compose=FIVE_FACTOR_8B.compose),
}
#: Bars for each backend: XLA takes ten milliseconds a bar of two instances, whatever their number, so it sees the first of them.
SOFTWARE = {"interpreter": 1500, "xla": 300, "c": 5000, "c_batch": 5000}
Rows = list[dict[str, Any]]


@cache
def graph() -> Graph:
    return prepare(trace(load_lane(str(ROOT / "examples" / "d_liq_engine.py:d_liq_engine"))))


def real() -> Rows:
    """Twenty years of days."""
    return [
        {**row, "mc_status": int(McStatus[str(row["mc_status"])]), "posture": int(Posture[str(row["posture"])])}
        for row in d_liq_rows(load_days())
    ]


def seeded() -> Rows:
    """Bars of five seconds' size that cross every threshold: falling and rising stretches, stress, halts, odd values."""
    rng = np.random.default_rng(8)
    prices, btc, rows = [100.0, 3.0, 2_000.0, 1.0], 30_000.0, []
    for bar in range(3000):
        size = 1e-5 if (bar // 300) % 2 else 2e-3  # half of the time so quiet that trades grow old
        for asset in range(ASSETS):
            prices[asset] *= 1.0 + float(rng.normal(0.0, size))
            prices[asset] *= (1.0 - 0.13 * (bar % 397 == 396)) * (1.0 + 0.14 * (bar % 397 == 198))
        btc *= 1.0 + float(rng.normal(0.0, 2e-4))
        rows.append(
            {
                "day": bar // BARS_OF_DAY, "bar": bar % BARS_OF_DAY,
                "vel_div": float(rng.choice([-0.02, -0.05, -605.0, float(rng.normal(-0.02, 0.02))], p=[0.02, 0.02, 0.02, 0.94])),
                "instability_50": float(rng.choice([0.25, float(rng.normal(0.3, 0.1))])), "v750": float(rng.normal(0.0, 0.1)),
                **{f"prices.{asset}": price for asset, price in enumerate(prices)}, "btc": btc,
                "signals": float(rng.integers(0, 4)),
                "meta": float(rng.uniform(0.5, 1.5)), "mc_status": int(rng.choice(3, p=[0.8, 0.15, 0.05])),
                "imbalance": float(rng.uniform(-0.2, 0.2)), "agreement": float(rng.uniform(0.5, 1.0)),
                "edge_bps": float(rng.choice([5.0, float(rng.uniform(0.0, 20.0))])), "confirm_rate": float(rng.choice([0.4, 0.3999, 0.9])),
                "ob_cascade": bool(rng.random() < 0.002), "ob_withdrawal": bool(rng.random() < 0.002),
                "hazard": float(rng.choice([0.0, 1.0, float(rng.random())])), "posture": int(rng.integers(0, 3)),
                "score": float(rng.choice([0.02, -0.02, float(rng.uniform(-0.1, 0.1))])),
                "score_present": bool(rng.random() < 0.9), "score_fresh": bool(rng.random() < 0.9),
            }
        )  # fmt: skip
    return rows


@cache
def data(which: str) -> tuple[Rows, Batch]:
    rows = {"real prices": real, "seeded": seeded}[which]()
    types = {port.name: graph().types[port.node] for port in graph().inputs}
    columns = {
        name: np.array([row[name] for row in rows], column_dtype(type_))[:, None] for name, type_ in types.items()
    }
    return rows, Batch(columns, {}, None, len(rows), 1)


def bound(tuned: Engine) -> dict[str, Value]:
    values = {name.removeprefix("engine."): value for name, value in flatten({"engine": tuned}).items()}
    assert set(values) == {param.name for param in graph().params}
    return values


@cache
def outcomes(which: str, name: str) -> list[dict[str, Value]]:
    return list(engine(data(which)[0], bound(ENGINES[name])))


def test_the_engines_table_is_the_same_bytes_everywhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "examples.d_liq_table", "-o", str(tmp_path / "d_liq.csv")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=500)
    assert "4860 bars, 1999-09-08 to 2018-12-31" in done.stdout
    digest = hashlib.sha256((tmp_path / "d_liq.csv").read_bytes()).hexdigest()
    assert digest == "37dbe7f23d8ab72991ad7a2cee105b1d5fba661f2ed77ef5b1f0e0443ff317d9"


def test_no_operation_of_the_engine_can_fail() -> None:
    refuse_hazards(graph())


@pytest.mark.parametrize("which", few(["real prices", "seeded"], 2))
def test_every_bar_is_the_reference_in_every_backend(which: str) -> None:
    """The engines side by side, an instance each."""
    rows, market = data(which)
    count = len(ENGINES)
    types = {output.name: graph().types[output.node] for output in graph().outputs}
    tuned = {param.name: [bound(each)[param.name] for each in ENGINES.values()] for param in graph().params}
    params = {p.name: np.array(tuned[p.name], column_dtype(graph().types[p.node])) for p in graph().params}
    inputs = {name: np.repeat(column, count, axis=1) for name, column in market.inputs.items()}
    wanted = [outcomes(which, name) for name in ENGINES]
    words = {
        name: words_of_column(np.array([[row[name] for row in each] for each in wanted], column_dtype(type_)).T, type_)
        for name, type_ in types.items()
    }
    for each, bars in SOFTWARE.items():
        backend = backend_or_skip(each)
        runner = backend.load(graph(), backend.lower(graph()))
        bars = min(bars, len(rows))
        batch = Batch({name: column[:bars] for name, column in inputs.items()}, params, None, bars, count)
        every = Expected({name: column[:bars] for name, column in words.items()}, np.ones((bars, count), np.bool_))
        assert_words(graph(), batch, every, words_in(graph(), runner, batch), each)


def test_the_seeded_market_reaches_every_exit() -> None:
    reasons = Counter(
        ExitReason(int(row["reason"])) for row in outcomes("seeded", "D_LIQ_GOLD_ENGINE") if row["closed"]
    )
    assert set(reasons) == set(ExitReason) - {ExitReason.NONE}
    assert sum(reasons.values()) > 20


def test_an_entry_and_an_exit_never_share_a_bar_and_no_trade_is_of_no_bars() -> None:
    for row in outcomes("seeded", "D_LIQ_GOLD_ENGINE"):
        assert not (row["enter"] and row["closed"])
        assert not row["closed"] or int(row["bars"]) >= 1


def test_equity_is_the_capital_and_every_trade() -> None:
    rows = outcomes("real prices", "D_LIQ_GOLD_ENGINE")
    equity = 25_000.0
    for row in rows:
        equity = equity + float(row["pnl"])
        assert row["eq"] == equity
    assert rows[-1]["trades"] == sum(bool(row["closed"]) for row in rows) > 0


def test_the_figures_that_follow_from_formulas() -> None:
    stop = outcomes("seeded", "D_LIQ_GOLD_ENGINE")[0]["stop"]
    assert f"{100.0 * float(stop):.3f}" == "10.556"  # published; liquidation itself is at 1/9
    assert f"{100.0 / 9.0:.2f}" == "11.11"
    largest = {name: max(float(row["lev"]) for row in outcomes("seeded", name)) for name in ENGINES}
    assert (largest["D_LIQ_GOLD_ENGINE"], largest["BRONZE_ENGINE"]) == (
        9.0,
        6.0,
    )  # "never exceeds 9"; the base engine's cap
    assert all(
        row["mc_ref"] == 5.0 for row in outcomes("seeded", "D_LIQ_GOLD_ENGINE")
    )  # what the forewarner must be shown
    assert f"{181.81 / 17.65:.2f}" == "10.30"  # the published Calmar is return by drawdown
    assert 0.20 * 9.0 == 1.8  # wallets staked at most


@pytest.mark.parametrize("name", ["hazard.has_soft_cap", "guard_on", "boost_on"])
def test_each_part_of_the_engine_matters(name: str) -> None:
    """The cap that was once overwritten (8 became 6), the stop and the boost each change what the account ends with."""
    gold = bound(engine_presets.D_LIQ_GOLD_ENGINE)
    assert gold[name] is True
    without = list(engine(data("seeded")[0], gold | {name: False}))
    assert without[-1]["eq"] != outcomes("seeded", "D_LIQ_GOLD_ENGINE")[-1]["eq"]
